// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the kernel stumble, at a place that depends on a number
 *
 *	insmod crash.ko seed=N
 *
 * Give it a number of your own, and find the line. You find nothing out by
 * reading this file alone: which function is called, and which one of its
 * pointers is bad, follows from N. The init function is not marked __init, so
 * that all code is in one section, and each address is there only once.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>

static unsigned int seed;
module_param(seed, uint, 0444);
MODULE_PARM_DESC(seed, "which of the faults; 0 for none");

struct cargo {
	u64 weight;
	char label[40];
	u64 value;
};

struct wagon {
	struct wagon *next;
	u32 number;
	u32 seats;
	struct cargo *cargo;
};

static struct cargo cargo = { 10, "coal", 100 };
static struct wagon wagons[3];

/* Bits of the seed, mixed, say which pointers are missing. */
static bool missing(unsigned int nr)
{
	return seed && hash_32(seed, 4) == nr;
}

static noinline u64 weigh(struct wagon *w, u64 sum)
{
	sum += w->number;
	sum *= 3;
	if (missing(1))
		w->cargo = NULL;
	sum += w->cargo->weight;
	sum ^= seed;
	if (missing(2))
		w = w->next->next;
	sum -= READ_ONCE(w->seats);
	return sum;
}

static noinline u64 load(struct wagon *w, u64 sum)
{
	if (missing(3))
		w->cargo = NULL;
	WRITE_ONCE(w->cargo->value, sum);
	sum = weigh(w, sum + 1);
	if (missing(4))
		w = NULL;
	WRITE_ONCE(w->seats, sum);
	return sum + weigh(w, sum);
}

static noinline u64 couple(struct wagon *first, struct wagon *second)
{
	u64 sum = load(first, 1);

	if (missing(5))
		second = NULL;
	sum += READ_ONCE(second->number);
	sum += load(second, sum);
	if (missing(6))
		first = (struct wagon *)0xdead000000000100;
	WRITE_ONCE(first->next, second);
	return sum;
}

static noinline u64 inspect(struct wagon *w)
{
	u64 sum = 0;

	for (; w; w = w->next) {
		sum += weigh(w, sum);
		if (missing(7))
			w->cargo = (struct cargo *)1;
		sum += READ_ONCE(w->cargo->value);
	}
	return sum;
}

static int crash_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wagons); i++)
		wagons[i] = (struct wagon){ NULL, i, 8 * i, &cargo };
	/* A seed that hits none of the faults is made one that does. */
	while (seed && !(hash_32(seed, 4) >= 1 && hash_32(seed, 4) <= 7))
		seed = seed * 1664525 + 1013904223;
	pr_info("the train has %llu\n",
		couple(&wagons[0], &wagons[1]) + inspect(wagons));
	return 0;
}
module_init(crash_init);

static void crash_exit(void)
{
}
module_exit(crash_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Makes the kernel stumble, for those who learn to read an oops");
