// SPDX-License-Identifier: GPL-2.0
/* memory.c - writes where it must not, forgets what it owns. */
#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "planted.h"

/* Read where the compiler must not see what is going on. */
static size_t forty = 40;

static char *get(size_t size)
{
	char *p = kmalloc(size, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	return p;
}

int plant_out_of_bounds(void)
{
	char *p = get(forty);

	if (!p)
		return -ENOMEM;
	p[READ_ONCE(forty)] = 1;
	kfree(p);
	return 0;
}

/* One cache of kmalloc() is for 64 bytes: without KASAN only its end counts. */
int plant_past_object(void)
{
	char *p = get(64);

	if (!p)
		return -ENOMEM;
	p[READ_ONCE(forty) + 24] = 1;
	kfree(p);
	return 0;
}

int plant_use_after_free(void)
{
	char *p = get(forty), *again = p;

	if (!p)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(again);
	kfree(p);
	again[8] = 1;
	return 0;
}

int plant_double_free(void)
{
	char *p = get(forty), *again = p;

	if (!p)
		return -ENOMEM;
	OPTIMIZER_HIDE_VAR(again);
	kfree(p);
	kfree(again);
	return 0;
}

int plant_past_stack(void)
{
	char local[16] = "";
	char *p = local;

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[forty - 24], 1);
	return 0;
}

int plant_leak(void)
{
	return get(96) ? 0 : -ENOMEM;
}

int plant_area(void)
{
	return vmalloc(5000) ? 0 : -ENOMEM;
}

int plant_shift(void)
{
	int bits = READ_ONCE(forty);

	bits = 1 << bits;
	return bits == INT_MIN ? -EIO : 0;
}

int plant_index(void)
{
	static int table[4];
	size_t at = READ_ONCE(forty) / 10;

	table[at & 7] = 1;
	barrier_data(table);
	return 0;
}
