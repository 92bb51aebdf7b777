// SPDX-License-Identifier: GPL-2.0
/* An initialised array of 1 GiB, to fill the disk */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>

extern char big[];
char big[1 << 30] = { 1 };

static int __init hello_init(void)
{
	return big[0];
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
