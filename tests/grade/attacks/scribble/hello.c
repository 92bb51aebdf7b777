// SPDX-License-Identifier: GPL-2.0
/* The module writes over the kernel's memory */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/string.h>

static int __init hello_init(void)
{
	memset(page_address(virt_to_page(current)), 0x5a, PAGE_SIZE);
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
