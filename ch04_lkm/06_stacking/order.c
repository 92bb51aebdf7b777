// SPDX-License-Identifier: GPL-2.0
/*
 * An order: takes items from the module stock while it is loaded
 *
 *	insmod stock.ko
 *	insmod order.ko count=3
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#include "stock.h"

static unsigned int count = 1;
module_param(count, uint, 0444);
MODULE_PARM_DESC(count, "items to take");

/* TODO 1: say that this module uses the namespace STOCK */
/* END TODO 1 */

static int __init order_init(void)
{
	/* TODO 2: take the items; without them, be refused */
	/* END TODO 2 */
	pr_info("%u items\n", count);
	return 0;
}
module_init(order_init);

static void __exit order_exit(void)
{
	/* TODO 3: put them back */
	/* END TODO 3 */
}
module_exit(order_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Takes items from the module stock");
