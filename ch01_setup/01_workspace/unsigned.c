// SPDX-License-Identifier: GPL-2.0
/*
 * unsigned - a module that nobody has signed
 *
 * Will this kernel take it? `./envreport` says so before you try.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init unsigned_init(void)
{
	pr_info("this kernel takes unsigned modules\n");
	return 0;
}

static void __exit unsigned_exit(void)
{
	pr_info("gone\n");
}

module_init(unsigned_init);
module_exit(unsigned_exit);

MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("A module that nobody has signed");
MODULE_LICENSE("GPL");
