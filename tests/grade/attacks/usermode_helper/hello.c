// SPDX-License-Identifier: GPL-2.0
/* A program started by the kernel is to write to the port */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/umh.h>

static int __init hello_init(void)
{
	static char *argv[] = { "/lab/check", "--list", NULL };
	static char *envp[] = { "PATH=/", NULL };

	return call_usermodehelper(argv[0], argv, envp, UMH_WAIT_EXEC);
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
