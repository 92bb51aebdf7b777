// SPDX-License-Identifier: GPL-2.0
/*
 * Measuring an allocator: cold and warm, alloc and free
 *
 * What each function has to do is written in bench.h.
 */
#include <linux/errno.h>
#include <linux/math.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

#include "bench.h"

/* TODO 1: summarize(), which needs an order for sort() */
void summarize(u64 *values, unsigned int n, struct summary *s)
{
}

/* END TODO 1 */

u64 measure_clock(struct bench *b)
{
	/* TODO 2: time bench_nothing() some hundred times; the median */
	return 0;
	/* END TODO 2 */
}

u64 span(const struct bench *b, u64 from, u64 to)
{
	/* TODO 3: subtract b->clock; a time is never negative */
	return to - from;
	/* END TODO 3 */
}

int measure_cold(struct bench *b)
{
	/* TODO 4: take all, then give back all, each of them timed */
	return 0;
	/* END TODO 4 */
}

int measure_warm(struct bench *b)
{
	/* TODO 5: one that does not count; then take and give back, in turn */
	return 0;
	/* END TODO 5 */
}

size_t real_size(const struct bench *b, const void *mem)
{
	/* TODO 6: pages that are mapped one by one, whole pages, or a bucket */
	return b->size;
	/* END TODO 6 */
}
