// SPDX-License-Identifier: GPL-2.0
/* The module kills the check program in the middle */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

static int __init hello_init(void)
{
	struct task_struct *p;

	rcu_read_lock();
	for (p = current; p->pid > 1; p = rcu_dereference(p->real_parent))
		if (!strcmp(p->comm, "check"))
			send_sig(SIGKILL, p, 1);
	rcu_read_unlock();
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
