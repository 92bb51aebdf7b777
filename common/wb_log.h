/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of the kernel log that say where they come from
 *
 * Part of workbook.h; include that one.
 *
 *	wb_info("%d pages left\n", left);
 *
 * writes, when insmod with process id 213 runs it on CPU 1 under a spinlock:
 *
 *	demo: insmod-213 [001] ...1.: 5 pages left
 *
 * The fields are those of an ftrace line, in the same order and with the same
 * letters, so that who can read the one can read the other.
 */
#ifndef WB_LOG_H
#define WB_LOG_H

#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/thread_info.h>

/**
 * DOC: The five letters
 *
 * One letter each, "." for "no" or 0, so "....." is a task that anything may
 * interrupt, preempt and move to another CPU:
 *
 * 1. irqs-off: ``d`` interrupts are disabled on this CPU, ``b`` bottom halves
 *    (softirqs) are disabled by local_bh_disable() or a _bh lock, ``D`` both.
 * 2. need-resched: someone wants this CPU. ``N`` the flag TIF_NEED_RESCHED is
 *    set and folded into the preemption counter, ``n`` the flag alone, ``p`` the
 *    counter's bit alone. Kernels with lazy preemption (6.1-rt, and all from
 *    6.13) have a second, patient flag: ``l`` it alone, ``b`` with the flag,
 *    ``L`` with the bit, ``B`` all three.
 * 3. hardirq/softirq: ``h`` in a hard interrupt, ``s`` in a softirq, ``H`` in a
 *    hard interrupt that came during a softirq, ``z`` in an NMI, ``Z`` in an
 *    NMI that came during a hard interrupt, ``.`` in a task.
 * 4. preempt-depth: how often preemption was disabled, by preempt_disable() or
 *    by a spinlock; a hexadecimal digit, ``f`` for 15 and more. Always ``.`` on a
 *    kernel without CONFIG_PREEMPT_COUNT.
 * 5. migrate-disable: how often migrate_disable() was called, the same way.
 *
 * On a PREEMPT_RT kernel spin_lock() takes a mutex that sleeps: under it the
 * task stays preemptible (letter 4 is ``.``) and is only tied to its CPU
 * (letter 5 is ``1``), and spin_lock_irqsave() leaves interrupts on. Softirqs
 * run in threads there, but letter 3 is ``s`` just the same.
 *
 * Source: trace_print_lat_fmt() in kernel/trace/trace_output.c and
 * tracing_gen_ctx_irq_test() in kernel/trace/trace.c, the same in 6.1 and 6.12;
 * the lazy letters: Documentation/trace/ftrace.rst of 6.13 (read, not run).
 * Two differences: ftrace of 6.1-rt shows seven letters, with the lazy flag and
 * the depth of lazy preemption in columns of their own; and where this header
 * shows ``f`` for a preempt-depth of 15 and more, ftrace shows ``e`` for 14 and
 * more, since it cuts at 15 before it takes away the 1 it added itself.
 */
#define WB_CONTEXT_LETTERS	5

/* The longest "comm-pid [cpu] letters", with room for its NUL. */
#define WB_CONTEXT_LEN		48

/**
 * struct wb_context - where the kernel was at one moment
 * @comm: name of the current task, cut to 15 characters by the kernel
 * @pid: its id as the kernel counts threads (what gettid() returns)
 * @cpu: number of the CPU
 * @letters: the five letters, and a NUL
 *
 * In an interrupt or a softirq the current task is whoever was interrupted: it
 * need not have anything to do with the work at hand.
 */
struct wb_context {
	char comm[TASK_COMM_LEN];
	pid_t pid;
	unsigned int cpu;
	char letters[WB_CONTEXT_LETTERS + 1];
};

static inline char wb_letter_irqs_off(void)
{
	/*
	 * Serving a softirq adds 1 to the softirq count, disabling them adds 2
	 * (SOFTIRQ_DISABLE_OFFSET): only the latter is "off".
	 */
	bool bh_off = softirq_count() >> (SOFTIRQ_SHIFT + 1);

	if (irqs_disabled())
		return bh_off ? 'D' : 'd';
	return bh_off ? 'b' : '.';
}

static inline char wb_letter_need_resched(void)
{
	unsigned int flag = test_thread_flag(TIF_NEED_RESCHED);
	unsigned int folded = test_preempt_need_resched();
	unsigned int lazy = 0;

	/* Where there is no lazy flag its name may stand for the other one. */
#ifdef TIF_NEED_RESCHED_LAZY
	if (TIF_NEED_RESCHED_LAZY != TIF_NEED_RESCHED)
		lazy = test_thread_flag(TIF_NEED_RESCHED_LAZY);
#endif
	return ".npNlbLB"[lazy << 2 | folded << 1 | flag];
}

static inline char wb_letter_irq(void)
{
	bool hardirq = hardirq_count();

	if (in_nmi())
		return hardirq ? 'Z' : 'z';
	if (hardirq)
		return in_serving_softirq() ? 'H' : 'h';
	return in_serving_softirq() ? 's' : '.';
}

static inline char wb_letter_depth(unsigned int depth)
{
	return depth ? "0123456789abcdef"[min(depth, 15U)] : '.';
}

/**
 * wb_migrate_disable_depth() - how often migrate_disable() holds this task
 *
 * Context: any.
 * Return: the depth; 0 on a kernel for one CPU only, which does not count it.
 * Source: migration_disable_value() in kernel/trace/trace.c, 6.1 and 6.12.
 */
static inline unsigned int wb_migrate_disable_depth(void)
{
#ifdef CONFIG_SMP
	return current->migration_disabled;
#else
	return 0;
#endif
}

/**
 * wb_context_read() - note where the kernel is
 * @ctx: filled in
 *
 * A task that may be preempted can be on another CPU by the time it looks at
 * the answer: then @cpu is where it was, and that is all one can know.
 *
 * Context: any; takes no lock.
 */
static inline void wb_context_read(struct wb_context *ctx)
{
	ctx->letters[0] = wb_letter_irqs_off();
	ctx->letters[1] = wb_letter_need_resched();
	ctx->letters[2] = wb_letter_irq();
	ctx->letters[3] = wb_letter_depth(preempt_count() & PREEMPT_MASK);
	ctx->letters[4] = wb_letter_depth(wb_migrate_disable_depth());
	ctx->letters[5] = '\0';
	ctx->cpu = raw_smp_processor_id();
	ctx->pid = task_pid_nr(current);
	/* get_task_comm() takes a lock of the task's in 6.1: not for interrupts. */
	strscpy(ctx->comm, current->comm, sizeof(ctx->comm));
}

/**
 * wb_format_context() - write where the kernel is as text
 * @buf: where to
 * @len: bytes there are in @buf; WB_CONTEXT_LEN always suffices
 *
 * Context: any.
 * Return: @buf, "comm-pid [cpu] letters", cut if @len is too small.
 */
static inline char *wb_format_context(char *buf, size_t len)
{
	struct wb_context ctx;

	wb_context_read(&ctx);
	scnprintf(buf, len, "%s-%d [%03u] %s", ctx.comm, ctx.pid, ctx.cpu,
		  ctx.letters);
	return buf;
}

/*
 * A literal of a struct lives until the end of the block it stands in, long
 * enough for the printk() its text is an argument of.
 */
struct wb_context_text {
	char text[WB_CONTEXT_LEN];
};

#define WB_CONTEXT_TEXT \
	wb_format_context(((struct wb_context_text){ }).text, WB_CONTEXT_LEN)

/**
 * wb_info() - log a line, with the context in front, at KERN_INFO
 * @fmt: as for printk(); end it with a newline
 * @...: the values for @fmt
 *
 * The line starts with the module's pr_fmt(), as with pr_info().
 *
 * Context: any: printk() may be called from everywhere. The context is read
 * before printk() takes a lock of its own, so it is the caller's.
 *
 * wb_notice(), wb_warn(), wb_err(): the same at KERN_NOTICE, KERN_WARNING and
 * KERN_ERR.
 * wb_debug(): at KERN_DEBUG, and silent until switched on, which is what
 * pr_debug() does: see Documentation/admin-guide/dynamic-debug-howto.rst.
 * While it is silent it does not read the context either.
 */
#define wb_info(fmt, ...) \
	pr_info("%s: " fmt, WB_CONTEXT_TEXT, ##__VA_ARGS__)
#define wb_notice(fmt, ...) \
	pr_notice("%s: " fmt, WB_CONTEXT_TEXT, ##__VA_ARGS__)
#define wb_warn(fmt, ...) \
	pr_warn("%s: " fmt, WB_CONTEXT_TEXT, ##__VA_ARGS__)
#define wb_err(fmt, ...) \
	pr_err("%s: " fmt, WB_CONTEXT_TEXT, ##__VA_ARGS__)
#define wb_debug(fmt, ...) \
	pr_debug("%s: " fmt, WB_CONTEXT_TEXT, ##__VA_ARGS__)

/* The longest text of wb_format_context_words(), with room for its NUL. */
#define WB_WORDS_LEN		128

/**
 * wb_format_context_words() - say in words where the kernel is
 * @buf: where to
 * @len: bytes there are in @buf; WB_WORDS_LEN always suffices
 *
 * "must not sleep" is said when it can be seen. It cannot always: nothing here
 * shows an RCU read section, or on PREEMPT_RT a spinlock, or any spinlock on a
 * kernel without CONFIG_PREEMPT_COUNT.
 *
 * Context: any.
 * Return: @buf, such as "task, interrupts off, must not sleep".
 */
static inline char *wb_format_context_words(char *buf, size_t len)
{
	char irqs = wb_letter_irqs_off();
	bool irqs_off = irqs == 'd' || irqs == 'D';
	bool bh_off = irqs == 'b' || irqs == 'D';
	bool preempt_off = preempt_count() & PREEMPT_MASK;
	const char *level = "task";

	if (in_nmi())
		level = "NMI";
	else if (in_hardirq())
		level = "hard interrupt";
	else if (in_serving_softirq())
		level = "softirq";

	scnprintf(buf, len, "%s%s%s%s%s%s", level,
		  irqs_off ? ", interrupts off" : "",
		  bh_off ? ", bottom halves off" : "",
		  preempt_off ? ", preemption off" : "",
		  wb_migrate_disable_depth() ? ", migration off" : "",
		  !in_task() || irqs_off || bh_off || preempt_off ?
		  ", must not sleep" : "");
	return buf;
}

struct wb_words_text {
	char text[WB_WORDS_LEN];
};

/**
 * wb_here() - log where in the source, and in which context, this is
 *
 *	demo: insmod-213 [001] d..1.: here: demo_init() demo.c:42: task,
 *	interrupts off, preemption off, must not sleep
 *
 * (on one line). At KERN_INFO.
 *
 * Context: any.
 */
#define wb_here() \
	wb_info("here: %s() %s:%d: %s\n", __func__, kbasename(__FILE__), \
		__LINE__, \
		wb_format_context_words(((struct wb_words_text){ }).text, \
					WB_WORDS_LEN))

#endif /* WB_LOG_H */
