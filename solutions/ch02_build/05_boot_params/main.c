// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that is told on the command line what it should do
 *
 *	insmod ring.ko spec=64K,8,stop		as a module
 *	... ring.spec=64K,8,stop ...		built in, on the kernel's command line
 *	... ring=64K,8,stop ...			the same, under a name of its own
 *
 * ring.h says what may stand there.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "ring.h"

static struct ring_spec ring = { .size = SZ_64K, .slots = 1 };

/* TODO 1: the parameter spec, mode 0644, which sets and shows ring */
static int spec_set(const char *val, const struct kernel_param *kp)
{
	return ring_parse(val, kp->arg);
}

static int spec_get(char *buffer, const struct kernel_param *kp)
{
	const struct ring_spec *spec = kp->arg;

	return sysfs_emit(buffer, "%lu,%u,%s\n", spec->size, spec->slots,
			  spec->stop ? "stop" : "wrap");
}

static const struct kernel_param_ops spec_ops = {
	.set = spec_set,
	.get = spec_get,
};

module_param_cb(spec, &spec_ops, &ring, 0644);
MODULE_PARM_DESC(spec, "SIZE[,SLOTS[,wrap|stop]], for instance 64K,8,stop");
/* END TODO 1 */

/* A module has no part in the kernel's start: there __setup() is nothing. */
#ifndef MODULE

/* TODO 2: ring=..., for a user who does not know the name of the driver */
#define RING_WORD	"ring="

static int __init ring_setup(char *text)
{
	int ret = ring_parse(text, &ring);

	if (ret)
		pr_warn("ring=%s is refused with %d; it stays as it was\n", text, ret);
	/* Ours in any case: with 0 it would go on to init, as a variable. */
	return 1;
}
__setup(RING_WORD, ring_setup);
/* END TODO 2 */

#endif

static void report(const char *when)
{
	kernel_param_lock(THIS_MODULE);
	pr_info("%s: %lu bytes, %u slots, %s\n", when, ring.size, ring.slots,
		ring.stop ? "stop" : "wrap");
	kernel_param_unlock(THIS_MODULE);
}

static int __init ring_init(void)
{
	report("starts");
	return 0;
}
module_init(ring_init);

static void __exit ring_exit(void)
{
	report("ends");
}
module_exit(ring_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Takes one text as a module parameter and at boot");
