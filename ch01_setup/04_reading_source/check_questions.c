// SPDX-License-Identifier: GPL-2.0
/*
 * The questions. A place is told by what stands there, never by a number: so the
 * same table holds for every version of the kernel.
 */
#include <ctype.h>
#include <string.h>

#include "check_questions.h"

const struct question questions[] = {
	{ "current",
	  "current is the task that runs on this CPU. Where does x86 define it?",
	  "^arch/x86/", NULL, "^#define current " },
	{ "sleep",
	  "One flag in GFP_KERNEL lets the allocator reclaim memory at once, and so sleep. Where is the macro of that flag defined that code uses?",
	  "^include/linux/", NULL, "^#define __GFP_DIRECT_RECLAIM " },
	{ "gfp_kernel",
	  "Where is GFP_KERNEL put together?",
	  "^include/linux/", NULL, "^#define GFP_KERNEL " },
	{ "gfp_atomic",
	  "Where is GFP_ATOMIC put together?",
	  "^include/linux/", NULL, "^#define GFP_ATOMIC " },
	{ "init_call",
	  "Which line calls a module's init function?",
	  "^kernel/module/", "[ *]do_init_module\\(", "do_one_initcall\\(mod->init\\)" },
	{ "suspicious",
	  "An init function returned 1. Which line begins the kernel's message about it?",
	  "^kernel/module/", "[ *]do_init_module\\(", "suspiciously returned" },
	{ "same_magic",
	  "A module was built for another kernel. Which line decides that its vermagic is another?",
	  "^kernel/module/", "[ *]check_modinfo\\(", "!same_magic\\(" },
	{ "vermagic",
	  "Where is the text of the kernel's own vermagic put together?",
	  "^include/linux/", NULL, "^#define VERMAGIC_STRING " },
	{ "try_stop",
	  "In the system call that unloads a module: which line asks whether somebody uses it, and stops it if not?",
	  "^kernel/module/", "SYSCALL_DEFINE2\\(delete_module,", "try_stop_module\\(" },
	{ "taint",
	  "A module from outside of the tree taints the kernel. Where does the number of that bit stand?",
	  "^include/linux/", NULL, "^#define TAINT_OOT_MODULE " },
	{ "stack",
	  "How many pages has a kernel stack on x86-64? Where is the order defined?",
	  "^arch/x86/include/asm/page_64", NULL, "^#define THREAD_SIZE_ORDER " },
	{ "comm",
	  "In which line of struct task_struct is the task's short name?",
	  "^include/linux/", "^struct task_struct ", " comm\\[TASK_COMM_LEN\\];" },
	{ "comm_len",
	  "A task's short name has 16 bytes, its NUL among them. Where does that number stand?",
	  "^include/linux/", NULL, "TASK_COMM_LEN = 16" },
	{ "state",
	  "In which line of struct task_struct is the task's state?",
	  "^include/linux/", "^struct task_struct ", " __state;" },
	{ "panic_on_oops",
	  "panic_on_oops is what /proc/sys/kernel/panic_on_oops shows. Where is the variable defined?",
	  "^kernel/", NULL, "^int panic_on_oops " },
	{ "write",
	  "Where does the system call write(2) begin?",
	  "^fs/", NULL, "^SYSCALL_DEFINE3\\(write," },
	{ "write_op",
	  "Which line of vfs_write() calls the .write of your file_operations?",
	  "^fs/", "[ *]vfs_write\\(", "->f_op->write\\(" },
	{ "write_number",
	  "Which number has write(2) on x86-64? Name the line of the table that says it.",
	  "^arch/x86/entry/syscalls/syscall_64", NULL, "^1 common write " },
	{ "kfree_null",
	  "kfree(NULL) is allowed. Which line of kfree() sees to it, in the allocator that Debian's kernels have (SLUB)?",
	  "^mm/(slab_common|slub)\\.c$", "^void kfree\\(", "ZERO_OR_NULL_PTR\\(" },
	{ "zero_size",
	  "kmalloc(0) returns neither NULL nor memory. Where is what it returns defined?",
	  "^include/linux/", NULL, "^#define ZERO_SIZE_PTR " },
	{ "kmalloc_most",
	  "Where is the most that kmalloc() can give defined?",
	  "^include/linux/", NULL, "^#define KMALLOC_MAX_SIZE " },
	{ "max_errno",
	  "ERR_PTR() takes errors up to a largest number. Where is that defined?",
	  "^include/linux/", NULL, "^#define MAX_ERRNO " },
	{ "container_of",
	  "Where is container_of() defined?",
	  "^include/linux/", NULL, "^#define container_of\\(" },
	{ "list_poison",
	  "list_del() leaves a pointer in the entry that makes its next use an oops. Which line sets next to it?",
	  "^include/linux/", "[ *]list_del\\(", "->next = LIST_POISON1;" },
	{ "pr_info",
	  "Where is pr_info() defined for modules and the kernel?",
	  "^include/linux/printk", NULL, "^#define pr_info\\(" },
	{ "kern_info",
	  "Where is the level of pr_info()'s messages defined?",
	  "^include/linux/", NULL, "^#define KERN_INFO " },
	{ "atomic_bug",
	  "A task was scheduled away in atomic context. Which line begins the message about it?",
	  "^kernel/sched/", "[ *]__schedule_bug\\(", "BUG: scheduling while atomic" },
	{ "sleep_bug",
	  "might_sleep() was called in atomic context. Which line begins the message about it?",
	  "^kernel/sched/", NULL, "BUG: sleeping function called from invalid" },
	{ "preempt_bits",
	  "How many bits of the preemption counter count preempt_disable()? Where does it stand?",
	  "^include/linux/", NULL, "^#define PREEMPT_BITS " },
	{ "in_atomic",
	  "Where is in_atomic() defined?",
	  "^include/linux/", NULL, "^#define in_atomic\\(\\)" },
	{ "mutex_owner",
	  "A mutex remembers who has it. In which line of struct mutex, on kernels without PREEMPT_RT?",
	  "^include/linux/", "^struct mutex ", "atomic_long_t owner;" },
	{ "irqsave",
	  "Where is spin_lock_irqsave() defined, for all kernels?",
	  "^include/linux/spinlock\\.h$", NULL, "^#define spin_lock_irqsave\\(" },
	{ "start",
	  "When the architecture's code is done, C begins. In which line does that first function start?",
	  "^init/", NULL, "start_kernel\\(void\\)$" },
	{ "first_init",
	  "Nobody has said init= or made an initramfs. Which line tries the first program of all?",
	  "^init/", "[ *]kernel_init\\(", "try_to_run_init_process\\(\"/sbin/init\"\\)" },
	{ "maintainer",
	  "Somebody looks after kernel/module/. Which line of which file says that a patch there goes to them?",
	  "^MAINTAINERS$", NULL, "^F: kernel/module/$" },
	{ "rt_option",
	  "Where is the option defined that makes a kernel fully preemptible, as 6.1-rt is?",
	  "Kconfig", NULL, "^config PREEMPT_RT$" },
	{ "page_offset",
	  "Where does x86 define where its map of all memory begins, as a number that code can use?",
	  "^arch/x86/", NULL, "^#define PAGE_OFFSET " },
	{ "jiffies",
	  "Where is jiffies declared for those who include its header?",
	  "^include/linux/", NULL, "^extern .*[ *]jiffies;" },
	{ "rundown",
	  "remove_proc_entry() waits for whoever is inside the entry's functions. Which line does?",
	  "^fs/proc/", "[ *]remove_proc_entry\\(", "proc_entry_rundown\\(" },
	{ "misc_minor",
	  "Which number stands for any free minor number of a misc device? Where?",
	  "^include/linux/", NULL, "^#define MISC_DYNAMIC_MINOR " },
};

const size_t question_count = sizeof(questions) / sizeof(*questions);

const struct question *question_find(const char *id)
{
	for (size_t i = 0; i < question_count; i++)
		if (!strcmp(questions[i].id, id))
			return &questions[i];
	return NULL;
}

static unsigned long long number_of(const char *name)
{
	unsigned long long sum = 14695981039346656037ull;	/* FNV-1a */

	for (; *name; name++)
		if (!isspace((unsigned char)*name))
			sum = (sum ^ tolower((unsigned char)*name)) * 1099511628211ull;
	return sum ? sum : 1;
}

static unsigned long long next_number(unsigned long long *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

void questions_draw(const char *name, const struct question *out[QUESTIONS_DRAWN])
{
	unsigned long long state = number_of(name);
	size_t order[sizeof(questions) / sizeof(*questions)];

	for (size_t i = 0; i < question_count; i++)
		order[i] = i;
	for (size_t i = 0; i < QUESTIONS_DRAWN; i++) {
		size_t other = i + next_number(&state) % (question_count - i);
		size_t chosen = order[other];

		order[other] = order[i];
		out[i] = &questions[chosen];
	}
}
