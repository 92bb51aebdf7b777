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
static int compare(const void *left, const void *right)
{
	u64 a = *(const u64 *)left;
	u64 b = *(const u64 *)right;

	/* a - b can be more than an int holds. */
	return a < b ? -1 : a > b;
}

static u64 percentile(const u64 *sorted, unsigned int n, unsigned int percent)
{
	return sorted[DIV_ROUND_UP(n * percent, 100) - 1];
}

void summarize(u64 *values, unsigned int n, struct summary *s)
{
	sort(values, n, sizeof(*values), compare, NULL);
	s->min = values[0];
	s->p50 = percentile(values, n, 50);
	s->p99 = percentile(values, n, 99);
	s->max = values[n - 1];
}

/* END TODO 1 */

u64 measure_clock(struct bench *b)
{
	/* TODO 2: time bench_nothing() some hundred times; the median */
	const unsigned int n = 301;
	struct summary s;
	unsigned int i;

	for (i = 0; i < n; i++) {
		u64 from = bench_clock(b);

		bench_nothing(b);
		b->scratch[i] = bench_clock(b) - from;
		cond_resched();
	}
	summarize(b->scratch, n, &s);
	return s.p50;
	/* END TODO 2 */
}

u64 span(const struct bench *b, u64 from, u64 to)
{
	/* TODO 3: subtract b->clock; a time is never negative */
	u64 ns = to - from;

	return ns > b->clock ? ns - b->clock : 0;
	/* END TODO 3 */
}

int measure_cold(struct bench *b)
{
	/* TODO 4: take all, then give back all, each of them timed */
	unsigned int i;
	u64 from, to;

	for (i = 0; i < b->rounds; i++) {
		from = bench_clock(b);
		b->mem[i] = bench_alloc(b);
		to = bench_clock(b);
		if (!b->mem[i])
			goto unwind;
		b->sample[COLD_ALLOC][i] = span(b, from, to);
		cond_resched();
	}
	for (i = 0; i < b->rounds; i++) {
		from = bench_clock(b);
		bench_free(b, b->mem[i]);
		to = bench_clock(b);
		b->sample[COLD_FREE][i] = span(b, from, to);
		cond_resched();
	}
	return 0;
unwind:
	while (i--)
		bench_free(b, b->mem[i]);
	return -ENOMEM;
	/* END TODO 4 */
}

int measure_warm(struct bench *b)
{
	/* TODO 5: one that does not count; then take and give back, in turn */
	unsigned int i;
	u64 from, to;
	void *mem;

	mem = bench_alloc(b);
	if (!mem)
		return -ENOMEM;
	bench_free(b, mem);
	for (i = 0; i < b->rounds; i++) {
		from = bench_clock(b);
		mem = bench_alloc(b);
		to = bench_clock(b);
		if (!mem)
			return -ENOMEM;
		b->sample[WARM_ALLOC][i] = span(b, from, to);
		from = bench_clock(b);
		bench_free(b, mem);
		to = bench_clock(b);
		b->sample[WARM_FREE][i] = span(b, from, to);
		cond_resched();
	}
	return 0;
	/* END TODO 5 */
}

size_t real_size(const struct bench *b, const void *mem)
{
	/* TODO 6: pages that are mapped one by one, whole pages, or a bucket */
	size_t bytes = 0;

	if (is_vmalloc_addr(mem)) {
		while (vmalloc_to_page(mem + bytes))
			bytes += PAGE_SIZE;
		return bytes;
	}
	if (b->api->whole_pages)
		return PAGE_ALIGN(b->size);
	return ksize(mem);
	/* END TODO 6 */
}
