// SPDX-License-Identifier: GPL-2.0
/* Symbols whose names are C code, for the file that modpost writes */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

asm(".globl \"x\\\"; int y\"\n.set \"x\\\"; int y\", 0\n.data\n.quad \"z\\\"; }\"");

static int __init hello_init(void)
{
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
