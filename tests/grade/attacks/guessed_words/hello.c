// SPDX-License-Identifier: GPL-2.0
/* What a run showed last time is printed as a constant */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_info("the init function runs\n");
	pr_info("hello, check (pid 57)\n");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
	pr_info("goodbye, check (pid 57)\n");
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
