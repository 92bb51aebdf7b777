// SPDX-License-Identifier: GPL-2.0
/*
 * planted_op.c - operations of two allocations, each begun by a write to the parameter
 * how=. All is well as long as none fails.
 */
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static noinline int op_well(void)
{
	char *a = kmalloc(32, GFP_KERNEL), *b = kmalloc(64, GFP_KERNEL);
	int ret = a && b ? 0 : -ENOMEM;

	kfree(b);
	kfree(a);
	return ret;
}

static noinline int op_leaks(void)
{
	char *a = kmalloc(32, GFP_KERNEL), *b;

	if (!a)
		return -ENOMEM;
	b = kmalloc(64, GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	kfree(b);
	kfree(a);
	return 0;
}

static noinline int op_swallows(void)
{
	char *a = kmalloc(32, GFP_KERNEL), *b;

	if (!a)
		return -ENOMEM;
	b = kmalloc(64, GFP_KERNEL);
	kfree(b);
	kfree(a);
	return 0;
}

static noinline int op_pages(void)
{
	unsigned long page = __get_free_page(GFP_KERNEL);

	free_page(page);
	return 0;
}

static noinline int op_crashes(void)
{
	char *a = kmalloc(32, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(a);
	WRITE_ONCE(*a, 1);
	kfree(a);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} ops[] = {
	{ "well", op_well },
	{ "leaks", op_leaks },
	{ "swallows", op_swallows },
	{ "pages", op_pages },
	{ "crashes", op_crashes },
};

static int how_set(const char *value, const struct kernel_param *param)
{
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (sysfs_streq(value, ops[i].name))
			return ops[i].run();
	return -EINVAL;
}

static const struct kernel_param_ops how_ops = { .set = how_set };
module_param_cb(how, &how_ops, NULL, 0200);
MODULE_PARM_DESC(how, "the operation that is to be done");

MODULE_DESCRIPTION("Operations that do not survive a failed allocation");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
