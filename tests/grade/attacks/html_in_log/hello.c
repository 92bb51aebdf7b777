// SPDX-License-Identifier: GPL-2.0
/* Script tags in the log, in the description, in errors */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_info("<script>alert(1)</script>\n");
	pr_info("hello, <img src=x onerror=alert(1)>\n");
	return 0;
}
module_init(hello_init);

static void __exit hello_exit(void)
{
}
module_exit(hello_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("</pre><script>alert(2)</script>");
MODULE_DESCRIPTION("to be written");
