// SPDX-License-Identifier: GPL-2.0
/* The module holds a reference to itself, to be there in the next run */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_info("the init function runs\n");
	pr_info("hello, %s (pid %d)\n", current->comm, task_pid_nr(current));
	__module_get(THIS_MODULE);
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
	pr_info("goodbye, %s (pid %d)\n", current->comm, task_pid_nr(current));
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
