// SPDX-License-Identifier: GPL-2.0
/*
 * The five letters, in every context a module can get into
 *
 * Where it looks, it also calls timer_setup(): that has a trace event, so that
 * the kernel's own tracer writes down its letters for the same moment.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "workbook.h"
#include "compat.h"
#include "convenience.h"

#define DEEPEST		30
#define PATIENCE	(5 * NSEC_PER_SEC)

static DEFINE_SPINLOCK(lock);
static DEFINE_RAW_SPINLOCK(raw_lock);

static struct wb_context sample;
static struct timer_list mark;

static void mark_fn(struct timer_list *unused)
{
}

/* Look at what is the same before and after the tracer looked. */
static void take_silently(void)
{
	struct wb_context after;
	int tries = 10;

	do {
		wb_context_read(&sample);
		timer_setup(&mark, mark_fn, 0);
		wb_context_read(&after);
	} while ((strcmp(after.letters, sample.letters) ||
		  after.cpu != sample.cpu) && --tries);
}

static void take(void)
{
	take_silently();
	wb_info("sample\n");
	wb_here();
}

/* ----------------------------------------------------- tasks and locks --- */

static void in_preempt(unsigned int depth)
{
	unsigned int i;

	for (i = 0; i < depth; i++)
		preempt_disable();
	take();
	for (i = 0; i < depth; i++)
		preempt_enable();
}

static void in_migrate(unsigned int depth)
{
	unsigned int i;

	for (i = 0; i < depth; i++)
		migrate_disable();
	take();
	for (i = 0; i < depth; i++)
		migrate_enable();
}

static void in_irqs_off(unsigned int depth)
{
	unsigned long flags;

	local_irq_save(flags);
	in_preempt(depth);
	local_irq_restore(flags);
}

static void in_bh_off(unsigned int irqs_off)
{
	unsigned long flags;

	local_bh_disable();
	if (irqs_off)
		local_irq_save(flags);
	take();
	if (irqs_off)
		local_irq_restore(flags);
	local_bh_enable();
}

static void in_spin(unsigned int unused)
{
	spin_lock(&lock);
	take();
	spin_unlock(&lock);
}

static void in_spin_irq(unsigned int unused)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	take();
	spin_unlock_irqrestore(&lock, flags);
}

static void in_raw_spin_irq(unsigned int unused)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&raw_lock, flags);
	take();
	raw_spin_unlock_irqrestore(&raw_lock, flags);
}

/*
 * 1: the counter's bit, 2: the flag, 4: the lazy flag, where there is one. They
 * stay set, which is harmless: the task is scheduled once more than needed.
 */
static void in_need_resched(unsigned int which)
{
	unsigned long flags;

	local_irq_save(flags);
	if (which & 2)
		set_tsk_need_resched(current);
	if (which & 1)
		set_preempt_need_resched();
	else
		clear_preempt_need_resched();
#ifdef TIF_NEED_RESCHED_LAZY
	if (which & 4)
		set_tsk_thread_flag(current, TIF_NEED_RESCHED_LAZY);
#endif
	take_silently();
	set_tsk_need_resched(current);
	set_preempt_need_resched();
	local_irq_restore(flags);
	cond_resched();
}

/* ---------------------------------------------------------- interrupts --- */

static DECLARE_COMPLETION(softirq_done);
static struct hrtimer hard_timer;
static bool hard_awaited;
static bool hard_fired;
static void (*hard_work)(void);

static enum hrtimer_restart hard_fn(struct hrtimer *timer)
{
	/* Not while hrtimer_start() still holds a lock: that would be counted. */
	if (!READ_ONCE(hard_awaited)) {
		hrtimer_forward_now(timer, ns_to_ktime(NSEC_PER_MSEC));
		return HRTIMER_RESTART;
	}
	hard_work();
	WRITE_ONCE(hard_fired, true);
	return HRTIMER_NORESTART;
}

/* Have @work run in a hard interrupt on this CPU, on top of what runs here. */
static bool interrupt_here(void (*work)(void))
{
	struct wb_timer patience = wb_timer_start();

	hard_work = work;
	WRITE_ONCE(hard_awaited, false);
	WRITE_ONCE(hard_fired, false);
	hrtimer_setup(&hard_timer, hard_fn, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_PINNED_HARD);
	hrtimer_start(&hard_timer, ns_to_ktime(NSEC_PER_MSEC),
		      HRTIMER_MODE_REL_PINNED_HARD);
	WRITE_ONCE(hard_awaited, true);
	while (!READ_ONCE(hard_fired) && wb_timer_ns(&patience) < PATIENCE)
		cpu_relax();
	return READ_ONCE(hard_fired);
}

static void in_hardirq_over_task(unsigned int depth)
{
	unsigned int i;

	for (i = 0; i < depth; i++)
		preempt_disable();
	WB_EXPECT(interrupt_here(take));
	for (i = 0; i < depth; i++)
		preempt_enable();
	hrtimer_cancel(&hard_timer);
}

static unsigned int softirq_way;

static void softirq_fn(struct timer_list *unused)
{
	unsigned long flags;

	switch (softirq_way) {
	case 1:
		local_irq_save(flags);
		take();
		local_irq_restore(flags);
		break;
	case 2:
		/* On PREEMPT_RT this is a thread, which could be moved. */
		preempt_disable();
		WB_EXPECT(interrupt_here(take));
		preempt_enable();
		break;
	default:
		take();
	}
	complete(&softirq_done);
}

static void in_softirq_way(unsigned int way)
{
	struct timer_list timer;

	softirq_way = way;
	reinit_completion(&softirq_done);
	timer_setup_on_stack(&timer, softirq_fn, TIMER_PINNED);
	mod_timer(&timer, jiffies + 1);
	wait_for_completion(&softirq_done);
	timer_delete_sync(&timer);
	timer_destroy_on_stack(&timer);
	if (way == 2)
		hrtimer_cancel(&hard_timer);
}

/* ------------------------------------------------------- other threads --- */

static DECLARE_COMPLETION(thread_ran);

static int thread_fn(void *unused)
{
	take();
	complete(&thread_ran);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void in_kthread(unsigned int unused)
{
	struct task_struct *thread = kthread_create(thread_fn, NULL, "wb_sampler");

	if (!WB_EXPECT(!IS_ERR(thread)))
		return;
	reinit_completion(&thread_ran);
	kthread_bind(thread, 0);
	wake_up_process(thread);
	/* Stopped before it ran at all, its function would never be called. */
	wait_for_completion(&thread_ran);
	kthread_stop(thread);
}

static void work_fn(struct work_struct *unused)
{
	take();
}

static void in_work(unsigned int unused)
{
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, work_fn);
	queue_work_on(0, system_percpu_wq, &work);
	flush_work(&work);
	destroy_work_on_stack(&work);
}

static const struct {
	const char *name;
	void (*enter)(unsigned int arg);
} context[] = {
	{ "preempt", in_preempt },
	{ "migrate", in_migrate },
	{ "irqs", in_irqs_off },
	{ "bh", in_bh_off },
	{ "spin", in_spin },
	{ "spin_irq", in_spin_irq },
	{ "raw_spin_irq", in_raw_spin_irq },
	{ "need_resched", in_need_resched },
	{ "hardirq", in_hardirq_over_task },
	{ "softirq", in_softirq_way },
	{ "kthread", in_kthread },
	{ "work", in_work },
};

/* sample NAME NUMBER: take a sample in that context */
int run_sample(char *args)
{
	unsigned int number;
	char name[32];
	int i;

	if (sscanf(args, "%31s %u", name, &number) != 2 || number > DEEPEST)
		return -EINVAL;
	memset(&sample, 0, sizeof(sample));
	for (i = 0; i < ARRAY_SIZE(context); i++)
		if (!strcmp(context[i].name, name))
			context[i].enter(number);
	if (!sample.letters[0])
		return -ENODATA;
	answer("%s-%d [%03u] %s timer=%#lx\n", sample.comm, sample.pid,
	       sample.cpu, sample.letters, (unsigned long)&mark);
	return 0;
}

/* levels: a line of each level; its arguments are evaluated if it is shown */
int run_levels(char *args)
{
	unsigned int shown = 0;

	wb_debug("line %u\n", ++shown);
	wb_info("line %u\n", ++shown);
	wb_notice("line %u\n", ++shown);
	wb_warn("line %u\n", ++shown);
	wb_err("line %u\n", ++shown);
	wb_info("no values\n");
	answer("%u\n", shown);
	return 0;
}

/* ------------------------------------------------- all in an interrupt --- */

static void *slab;
static void *area;
static struct wb_contig contig;
static enum wb_region region[2];
static bool held;

static void all_pieces(void)
{
	struct wb_timer timer = wb_timer_start();

	region[0] = wb_region_of(slab);
	region[1] = wb_region_of(area);
	contig = wb_contig_of(area, 3 * PAGE_SIZE);
	wb_show_alloc("slab", slab, 100);
	wb_show_contig("area", area, 3 * PAGE_SIZE);
	wb_hexdump("slab", slab, 100, 0, 16);
	held = WB_EXPECT_EQ(contig.pages, 4);
	wb_timer_stop(&timer, "all of it");
}

/* interrupt: call the other headers' functions in a hard interrupt */
int run_interrupt(char *args)
{
	slab = kzalloc(100, GFP_KERNEL);
	area = vzalloc(3 * PAGE_SIZE);
	if (slab && area) {
		preempt_disable();
		WB_EXPECT(interrupt_here(all_pieces));
		preempt_enable();
		hrtimer_cancel(&hard_timer);
		answer("%s, %s, %lu pages, %s\n", wb_region_name(region[0]),
		       wb_region_name(region[1]), contig.pages,
		       held ? "held" : "failed");
	}
	vfree(area);
	kfree(slab);
	return slab && area ? 0 : -ENOMEM;
}
