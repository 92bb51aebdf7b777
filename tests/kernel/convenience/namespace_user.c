// SPDX-License-Identifier: GPL-2.0
/*
 * Uses a symbol that convenience.ko exports in a namespace
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>

#include "compat.h"

unsigned int namespaced(unsigned int value);

static unsigned int value;
module_param(value, uint, 0444);
MODULE_PARM_DESC(value, "a number");

static int __init namespace_user_init(void)
{
	pr_info("thrice %u is %u\n", value, namespaced(value));
	return 0;
}

static void __exit namespace_user_exit(void)
{
}

module_init(namespace_user_init);
module_exit(namespace_user_exit);

MODULE_IMPORT_NS("WB_TEST");
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Imports a symbol namespace in today's spelling");
