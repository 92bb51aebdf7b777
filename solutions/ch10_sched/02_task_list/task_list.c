// SPDX-License-Identifier: GPL-2.0
/*
 * All processes and threads, in /proc/task_list
 *
 * One line for each thread that exists, a process without further threads
 * being one thread:
 *
 *	TGID TID PPID KIND NAME
 *
 * TGID is the number of the process (thread group id), TID that of the thread,
 * PPID that of the process's parent, or 0 if it has none here. KIND is
 * "kernel" for a thread of the kernel; of the others "process" for the first
 * thread of a process, and "thread" for any further one. NAME is all the rest
 * of the line: the thread's own name, in which a newline stands as \012 and a
 * backslash as \134.
 *
 * What starts or ends during the read may be there or not. All other threads
 * are there, once. The numbers are those of the reader's pid namespace.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/proc_fs.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include "workbook.h"

/* Each container mounts a procfs of its own, which knows its pid namespace. */
static struct pid_namespace *list_ns(struct seq_file *m)
{
	return proc_pid_ns(file_inode(m->file)->i_sb);
}

/* TODO 1: find the thread with the lowest number from *pos on; set *pos to it */
/* Call it inside an RCU read section only. NULL: there is none. */
static struct task_struct *task_from(struct pid_namespace *ns, loff_t *pos)
{
	struct task_struct *task;
	struct pid *pid;

	/*
	 * A number can outlive its thread, as that of a process group or a
	 * session: then pid_task() finds none.
	 */
	for (; (pid = find_ge_pid(*pos, ns)); ++*pos) {
		*pos = pid_nr_ns(pid, ns);
		task = pid_task(pid, PIDTYPE_PID);
		if (task)
			return task;
	}
	return NULL;
}

/* END TODO 1 */

/* TODO 2: begin a stretch of lines with the first thread from *pos on */
static void *list_start(struct seq_file *m, loff_t *pos)
	__acquires(RCU)
{
	rcu_read_lock();
	return task_from(list_ns(m), pos);
}

/* END TODO 2 */

/* TODO 3: go on to the next thread */
static void *list_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return task_from(list_ns(m), pos);
}

/* END TODO 3 */

/* TODO 4: end the stretch; list_start() has been called, whatever it returned */
static void list_stop(struct seq_file *m, void *v)
	__releases(RCU)
{
	rcu_read_unlock();
}

/* END TODO 4 */

static int list_show(struct seq_file *m, void *v)
{
	/* TODO 5: write the line of one thread, or none if it has just gone */
	struct pid_namespace *ns = list_ns(m);
	struct task_struct *task = v;
	pid_t tgid = task_tgid_nr_ns(task, ns);
	pid_t tid = task_pid_nr_ns(task, ns);
	char name[TASK_COMM_LEN];
	const char *kind = "thread";

	/* RCU keeps the memory, not the thread: it may have lost its numbers. */
	if (!tgid || !tid)
		return SEQ_SKIP;
	if (task->flags & PF_KTHREAD)
		kind = "kernel";
	else if (tid == tgid)
		kind = "process";
	seq_printf(m, "%d %d %d %s ", tgid, tid, task_ppid_nr_ns(task, ns),
		   kind);
	get_task_comm(name, task);
	seq_escape(m, name, "\n\\");
	seq_putc(m, '\n');
	return 0;
	/* END TODO 5 */
}

static const struct seq_operations list_ops = {
	.start = list_start,
	.next = list_next,
	.stop = list_stop,
	.show = list_show,
};

static int __init list_init(void)
{
	if (!proc_create_seq("task_list", 0444, NULL, &list_ops))
		return -ENOMEM;
	pr_info("see /proc/task_list\n");
	return 0;
}

static void __exit list_exit(void)
{
	/* Returns when nobody is in our functions any more. */
	remove_proc_entry("task_list", NULL);
}

module_init(list_init);
module_exit(list_exit);

MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("All processes and threads, in /proc/task_list");
MODULE_LICENSE("GPL");
