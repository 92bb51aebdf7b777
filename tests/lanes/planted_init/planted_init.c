// SPDX-License-Identifier: GPL-2.0
/*
 * planted_init.c - an init function of three allocations that does not clean
 * up after the third: all is well as long as none fails.
 */
#include <linux/module.h>
#include <linux/slab.h>

static char *parts[3];

static int __init planted_init(void)
{
	parts[0] = kmalloc(32, GFP_KERNEL);
	if (!parts[0])
		return -ENOMEM;
	parts[1] = kmalloc(64, GFP_KERNEL);
	if (!parts[1]) {
		kfree(parts[0]);
		return -ENOMEM;
	}
	parts[2] = kmalloc(128, GFP_KERNEL);
	if (!parts[2])
		return -ENOMEM;
	return 0;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
	for (int i = 0; i < 3; i++)
		kfree(parts[i]);
}
module_exit(planted_exit);

MODULE_DESCRIPTION("An init function that leaks when an allocation fails");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
