// SPDX-License-Identifier: GPL-2.0
/* Escape sequences for whoever reads the log on a terminal */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_info("\033]0;title\a\033[2J\033[31mred \x80\xff\n");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("\033[2J");
MODULE_DESCRIPTION("to be written");
