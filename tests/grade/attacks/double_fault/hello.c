// SPDX-License-Identifier: GPL-2.0
/* The table of interrupt handlers is emptied: a triple fault */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <asm/desc.h>

static int __init hello_init(void)
{
	const struct desc_ptr nothing = { 0 };

	load_idt(&nothing);
	asm volatile("int3");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
