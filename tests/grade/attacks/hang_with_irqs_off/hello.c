// SPDX-License-Identifier: GPL-2.0
/* An endless loop with interrupts off */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
