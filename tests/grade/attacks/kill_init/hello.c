// SPDX-License-Identifier: GPL-2.0
/* The module kills process 1, which reports the results */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

static int __init hello_init(void)
{
	struct task_struct *init;

	rcu_read_lock();
	init = pid_task(find_vpid(1), PIDTYPE_PID);
	if (init)
		send_sig(SIGKILL, init, 1);
	rcu_read_unlock();
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
