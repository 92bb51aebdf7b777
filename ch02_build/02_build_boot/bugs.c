// SPDX-License-Identifier: GPL-2.0
/*
 * bugs.c - commits a mistake on demand, one of each kind that your kernel is to
 * report. Complete; nothing in here is to be changed.
 *
 *	echo "past_end 40 3" > /sys/module/bugs/parameters/plant
 *
 * writes 3 bytes behind the end of an object of 40. The kinds and their numbers
 * stand in the table kinds[] below. "well" does what all others do, and does it
 * right: it is the proof that a report means something.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define LOCAL_SIZE 16
#define TABLE_SIZE 24
#define ROW_SIZE 8

/* Of a size that the compiler does not know. Wiped: a free object points to the next. */
static char *get(unsigned int size)
{
	char *p = kzalloc(size, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	return p;
}

static noinline int past_end(unsigned int size, unsigned int at)
{
	char *p = get(size);

	if (!p)
		return -ENOMEM;
	WRITE_ONCE(p[size + at], 1);
	kfree(p);
	return 0;
}

static noinline int after_free(unsigned int size, unsigned int at)
{
	char *p = get(size), *again = p;

	if (!p)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(again);
	kfree(p);
	WRITE_ONCE(again[at], 1);
	return 0;
}

static noinline int past_stack(unsigned int at, unsigned int unused)
{
	char local[LOCAL_SIZE] = "";
	char *p = local;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[LOCAL_SIZE + at], 1);
	return 0;
}

static noinline int past_table(unsigned int at, unsigned int unused)
{
	static char table[TABLE_SIZE];
	char *p = table;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[TABLE_SIZE + at], 1);
	return 0;
}

/* The row has space behind it, for an index that UBSAN reports and lets pass. */
static noinline int index_row(unsigned int index, unsigned int unused)
{
	static struct {
		int row[ROW_SIZE];
		int space[ROW_SIZE];
	} both;

	both.row[index] = 1;
	barrier_data(&both);
	return 0;
}

static noinline int shift_one(unsigned int bits, unsigned int unused)
{
	int one = 1;

	OPTIMIZER_HIDE_VAR(one);
	one <<= bits;
	OPTIMIZER_HIDE_VAR(one);
	return 0;
}

static noinline int forget(unsigned int size, unsigned int count)
{
	while (count--)
		if (!get(size))
			return -ENOMEM;
	return 0;
}

static noinline int add_twice(unsigned int times, unsigned int unused)
{
	struct list_head list, entry;

	INIT_LIST_HEAD(&list);
	while (times--)
		list_add(&entry, &list);
	return 0;
}

/* What the others do, up to the last byte, index and bit that is theirs. */
static noinline int well(unsigned int size, unsigned int unused)
{
	char *p = get(size);

	if (!p)
		return -ENOMEM;
	WRITE_ONCE(p[size - 1], 1);
	kfree(p);
	index_row(ROW_SIZE - 1, 0);
	shift_one(30, 0);
	return add_twice(1, 0);
}

static const struct kind {
	const char *name;
	int (*commit)(unsigned int a, unsigned int b);
	unsigned int a_max, b_max;	/* what does no harm beyond a report */
} kinds[] = {
	{ "well", well, 4096, 0 },		/* size */
	{ "past_end", past_end, 48, 15 },	/* size, how far behind the end */
	{ "after_free", after_free, 4096, 4095 },	/* size, where in it */
	{ "past_stack", past_stack, 7, 0 },	/* how far behind the end */
	{ "past_table", past_table, 7, 0 },	/* how far behind the end */
	{ "index", index_row, 2 * ROW_SIZE - 1, 0 },	/* index, 8 and more are wrong */
	{ "shift", shift_one, 200, 0 },		/* bits, 32 and more are wrong */
	{ "forget", forget, 4096, 16 },		/* size, how many objects */
	{ "list", add_twice, 2, 0 },		/* how often one entry is added */
};

static int plant_set(const char *text, const struct kernel_param *kp)
{
	unsigned int a = 0, b = 0;
	char name[16];

	if (sscanf(text, "%15s %u %u", name, &a, &b) < 1)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].name, name))
			continue;
		if (a > kinds[i].a_max || b > kinds[i].b_max)
			return -ERANGE;
		return kinds[i].commit(a, b);
	}
	return -EINVAL;
}

static const struct kernel_param_ops plant_ops = {
	.set = plant_set,
};

module_param_cb(plant, &plant_ops, NULL, 0200);
MODULE_PARM_DESC(plant, "a mistake and its numbers; see the source");

static int __init bugs_init(void)
{
	return 0;
}
module_init(bugs_init);

static void __exit bugs_exit(void)
{
}
module_exit(bugs_exit);

MODULE_DESCRIPTION("A mistake of each kind, on demand");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
