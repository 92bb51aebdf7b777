// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters of an imaginary instrument, which samples one channel
 *
 *	insmod params.ko channel=3 owner=ann weights=5,-2,7
 *
 * What it was given it reports in the kernel log, when it is loaded and again
 * when it is unloaded.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>

#define CHANNEL_NONE	(-1)
#define LEVEL_MIN	1
#define LEVEL_MAX	100

static int channel = CHANNEL_NONE;
static char *owner = "nobody";
static char label[16] = "none";
static bool verbose;
static unsigned int seed;
static int weights[8];
static unsigned int nr_weights;
static int level = 10;

/* TODO 1: the parameters channel, owner, label, verbose and seed */
/* END TODO 1 */

/* TODO 2: the array parameter weights, which counts its elements */
/* END TODO 2 */

/* TODO 3: the parameter level, which refuses values out of its range */
/* END TODO 3 */

static void report(const char *when)
{
	unsigned int i;

	/* Else a write to sysfs could change a string while it is printed. */
	kernel_param_lock(THIS_MODULE);
	pr_info("%s: channel %d, owner %s, label %s, level %d, seed %u, %u weights\n",
		when, channel, owner, label, level, seed, nr_weights);
	for (i = 0; verbose && i < nr_weights; i++)
		pr_info("weight %u is %d\n", i, weights[i]);
	kernel_param_unlock(THIS_MODULE);
}

static int __init params_init(void)
{
	/* TODO 4: without a channel, say so and refuse to be loaded */
	/* END TODO 4 */
	report("loaded");
	return 0;
}
module_init(params_init);

static void __exit params_exit(void)
{
	report("unloading");
}
module_exit(params_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Shows what became of its parameters");
