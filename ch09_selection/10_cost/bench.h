/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A measuring bench for allocators. bench.c has the allocators and the clock, and
 * files.c the way in and out; both are finished. You write measure.c.
 */
#ifndef BENCH_H
#define BENCH_H

#include <linux/list.h>
#include <linux/slab.h>
#include <linux/types.h>

#define BENCH_ROUNDS_MAX	1000	/* samples of each kind */
#define BENCH_DELAY_MAX		200000	/* ns that one call can be slowed down */

/* The four things that are measured, each as often as there are rounds. */
enum series {
	COLD_ALLOC,	/* while nothing is given back: memory not used before */
	COLD_FREE,	/* giving back all of that */
	WARM_ALLOC,	/* right after as much was given back */
	WARM_FREE,	/* giving back what was just taken */
	NR_SERIES
};

struct bench;

/**
 * struct api - one way to get memory
 * @name: as a request names it
 * @toy: it allocates nothing, but takes a known time
 * @whole_pages: memory comes as single pages, without a header or a bucket
 * @alloc: take b->size bytes; NULL if there are none
 * @free: give them back
 */
struct api {
	const char *name;
	bool toy;
	bool whole_pages;
	void *(*alloc)(struct bench *b);
	void (*free)(struct bench *b, void *mem);
};

/**
 * struct bench - one request, and what was measured for it
 * @api: what is measured
 * @size: bytes of each allocation
 * @rounds: how many samples of each series
 * @fail: the number of the allocation that fails, counted from 1; 0: none does
 * @clock_ns: how much slower the clock is made, to see whether you notice
 * @alloc_ns: what allocating costs a toy
 * @free_ns: what freeing costs a toy
 * @clock: what measure_clock() returned
 * @real: bytes that one allocation of @size really takes
 * @sample: nanoseconds, without what the clock costs; @rounds of each
 * @mem: room for the memory that you hold
 * @scratch: room for numbers; no content is kept here
 * @calls: allocations asked for until now
 * @cache: bench.c's own
 * @shelf: bench.c's own
 *
 * All is in here, so that the bench itself allocates nothing while it measures.
 */
struct bench {
	const struct api *api;
	size_t size;
	unsigned int rounds;
	unsigned int fail;
	u64 clock_ns;
	u64 alloc_ns;
	u64 free_ns;

	u64 clock;
	size_t real;
	u64 sample[NR_SERIES][BENCH_ROUNDS_MAX];
	void *mem[BENCH_ROUNDS_MAX];
	u64 scratch[BENCH_ROUNDS_MAX];

	unsigned int calls;
	struct kmem_cache *cache;
	struct list_head shelf;
};

/**
 * struct summary - many samples in four numbers
 * @min: the smallest
 * @p50: the median: the smallest one that at least 50 % are no larger than
 * @p99: the same for 99 %
 * @max: the largest
 */
struct summary {
	u64 min;
	u64 p50;
	u64 p99;
	u64 max;
};

/* ------------------------------------------------------------ for you --- */

/* bench_clock() - now, in nanoseconds; may be called with anything held */
u64 bench_clock(const struct bench *b);

/* bench_alloc() - one allocation of b->size bytes; NULL if it fails; may sleep */
void *bench_alloc(struct bench *b);

/* bench_free() - give back what bench_alloc() gave; may sleep */
void bench_free(struct bench *b, void *mem);

/* bench_nothing() - the way to an allocator and back, without any allocator */
void bench_nothing(struct bench *b);

/* ------------------------------------------------------- yours: measure.c --- */

/**
 * summarize() - many samples in four numbers
 * @values: the samples, in any order; you may change the order
 * @n: how many, at least 1 and at most BENCH_ROUNDS_MAX
 * @s: where to put the result
 *
 * A percentile is one of the samples, never something between two of them.
 */
void summarize(u64 *values, unsigned int n, struct summary *s);

/**
 * measure_clock() - what a measurement costs when there is nothing to measure
 * @b: the bench; only @scratch of it is changed
 *
 * Return: the median of many such measurements, in ns.
 */
u64 measure_clock(struct bench *b);

/**
 * span() - what lies between two looks at the clock, without the looking
 * @b: the bench, with @clock known
 * @from: what bench_clock() said before
 * @to: and after
 *
 * Return: ns, 0 at least.
 */
u64 span(const struct bench *b, u64 from, u64 to);

/**
 * measure_cold() - fill the series COLD_ALLOC and COLD_FREE
 * @b: the bench
 *
 * No memory is given back before all of it was taken.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM when an allocation failed. Nothing is left allocated.
 */
int measure_cold(struct bench *b);

/**
 * measure_warm() - fill the series WARM_ALLOC and WARM_FREE
 * @b: the bench
 *
 * Each allocation, the first one too, comes after another of the same size was
 * given back.
 *
 * Context: may sleep.
 * Return: 0, or -ENOMEM when an allocation failed. Nothing is left allocated.
 */
int measure_warm(struct bench *b);

/**
 * real_size() - how many bytes are behind an allocation
 * @b: the bench
 * @mem: from bench_alloc()
 *
 * Return: bytes that nobody else can use as long as @mem is there. Bookkeeping of
 * the allocator that lies elsewhere does not count.
 */
size_t real_size(const struct bench *b, const void *mem);

/* ---------------------------------------------------- bench.c for files.c --- */

/* bench_find() - the API with this name, or NULL */
const struct api *bench_find(const char *name);

/* bench_name() - the name of the API with this number, or NULL after the last */
const char *bench_name(unsigned int i);

/* bench_open() - get ready to measure; 0, or -ENOMEM, and nothing to close */
int bench_open(struct bench *b);

/* bench_close() - the opposite */
void bench_close(struct bench *b);

/* What bench_alloc() gave and bench_free() did not get back, over all requests */
extern atomic_t bench_left;

#endif /* BENCH_H */
