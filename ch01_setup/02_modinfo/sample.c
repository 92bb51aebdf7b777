// SPDX-License-Identifier: GPL-2.0
/* A module to be looked into; it is never loaded. */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>

static int turns = 3;
module_param(turns, int, 0444);
MODULE_PARM_DESC(turns, "how often, with = and\na newline in the text");

static void *memory;

static int __init sample_init(void)
{
	memory = kmalloc(turns, GFP_KERNEL);
	return memory ? 0 : -ENOMEM;
}
module_init(sample_init);

static void __exit sample_exit(void)
{
	kfree(memory);
}
module_exit(sample_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("A module to be looked into");
MODULE_ALIAS("wb-sample");
