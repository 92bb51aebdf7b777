// SPDX-License-Identifier: GPL-2.0
/*
 * A first kernel module
 *
 * When it works, "insmod hello.ko" and "rmmod hello" leave these lines in the
 * kernel log, with the name and the number of the process that did it:
 *
 *	hello: the init function runs
 *	hello: hello, insmod (pid 213)
 *	hello: goodbye, rmmod (pid 214)
 */

/* TODO 1: make every message of this file start with the module's name */
/* END TODO 1 */

#include <linux/init.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sched.h>

static int __init hello_init(void)
{
	pr_info("the init function runs\n");
	/* TODO 2: greet the process that loads the module */
	/* END TODO 2 */
	return 0;
}
module_init(hello_init);

/* TODO 3: a function that runs at unload, and says goodbye */
/* END TODO 3 */

/* TODO 4: the licence GPL, and your own author and description */
MODULE_LICENSE("Proprietary");
MODULE_DESCRIPTION("to be written");
/* END TODO 4 */
