// SPDX-License-Identifier: GPL-2.0
/*
 * The start of a kernel, played in a module
 *
 *	insmod startup.ko line="ring=64K dog=1"	with this command line
 *	insmod startup.ko			with that of the running kernel
 *
 * walk.c has the part that the kernel plays, builtin.c the driver.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "startup.h"

#define LINE_MAX	4096

/* Linked last: see walk.c. */
const char wb_setup_end[0] __section(".init.setup");
const char wb_initcall_end[0] __section(".initcall6.init");

static char *line;
module_param(line, charp, 0);
MODULE_PARM_DESC(line, "a command line instead of that in /proc/cmdline");

/* What this kernel was booted with; modules get no nearer to it than we do. */
static ssize_t __init read_cmdline(char *buf, size_t size)
{
	struct file *file = filp_open("/proc/cmdline", O_RDONLY, 0);
	ssize_t len;
	loff_t pos = 0;

	if (IS_ERR(file))
		return PTR_ERR(file);
	len = kernel_read(file, buf, size - 1, &pos);
	filp_close(file, NULL);
	if (len >= 0)
		buf[len] = '\0';
	return len;
}

static int __init startup_init(void)
{
	char *buf = kzalloc(LINE_MAX, GFP_KERNEL);
	ssize_t len;

	if (!buf)
		return -ENOMEM;
	if (line)
		len = strscpy(buf, line, LINE_MAX);
	else
		len = read_cmdline(buf, LINE_MAX);
	if (len >= 0) {
		parse_line(strim(buf), THIS_MODULE->kp, THIS_MODULE->num_kp);
		call_initcalls();
	}
	kfree(buf);
	return len < 0 ? len : 0;
}
module_init(startup_init);

static void __exit startup_exit(void)
{
}
module_exit(startup_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Plays the start of a kernel for code that is built in");
