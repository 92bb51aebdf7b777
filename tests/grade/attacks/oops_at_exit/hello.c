// SPDX-License-Identifier: GPL-2.0
/* The exit function follows a pointer to nowhere, after the load has passed */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_info("the init function runs\n");
	pr_info("hello, %s (pid %d)\n", current->comm, task_pid_nr(current));
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
	int *nowhere = NULL;

	OPTIMIZER_HIDE_VAR(nowhere);
	WRITE_ONCE(*nowhere, 1);
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
