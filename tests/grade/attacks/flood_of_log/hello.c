// SPDX-License-Identifier: GPL-2.0
/* Twenty thousand lines in the log */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	for (int i = 0; i < 20000; i++)
		pr_info("line %d of very many that nobody reads\n", i);
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
