// SPDX-License-Identifier: GPL-2.0
/*
 * A stock of items that other modules share
 *
 *	insmod stock.ko size=100
 *	cat /sys/module/stock/parameters/left
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "stock.h"

static unsigned int size = 100;
module_param(size, uint, 0444);
MODULE_PARM_DESC(size, "items that there are");

/* TODO 1: the functions of stock.h, and who may call them */
int stock_take(unsigned int count)
{
	return -ENOSPC;
}

void stock_give(unsigned int count)
{
}

unsigned int stock_left(void)
{
	return 0;
}

/* END TODO 1 */

static int left_get(char *text, const struct kernel_param *kp)
{
	return sysfs_emit(text, "%u\n", stock_left());
}

static const struct kernel_param_ops left_ops = {
	.get = left_get,
};
module_param_cb(left, &left_ops, NULL, 0444);
MODULE_PARM_DESC(left, "items that are left");

static int __init stock_init(void)
{
	pr_info("%u items\n", size);
	return 0;
}
module_init(stock_init);

static void __exit stock_exit(void)
{
	pr_info("closed, with %u of %u items\n", stock_left(), size);
}
module_exit(stock_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("A stock that other modules share");
