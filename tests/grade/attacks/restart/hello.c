// SPDX-License-Identifier: GPL-2.0
/* The module restarts the machine */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	emergency_restart();
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
