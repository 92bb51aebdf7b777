// SPDX-License-Identifier: GPL-2.0
/*
 * What a decision costs when it is made at run time, here and now: a batch of
 * decisions between two looks at the clock, many batches, and of these the
 * median and the 99th percentile. The clock's own cost is measured the same
 * way and shown, not subtracted. Nothing passes or fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "domain.h"
#include "../../solutions/ch09_selection/11_allocsel/alloc_select.h"

#define BATCH 64
#define BATCHES 20000
#define POOL (1 << 14)

static struct {
	struct alloc_request req;
	struct alloc_env env;
} pool[POOL];
static double samples[BATCHES];
static u64 state = 88172645463325252ULL;

static u64 draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Keeps a fair sample of the domain. */
static void keep(const struct alloc_request *req, const struct alloc_env *env,
		 void *data)
{
	u64 *seen = data;
	u64 at = (*seen)++;

	if (at >= POOL)
		at = draw() % *seen;
	if (at >= POOL)
		return;
	pool[at].req = *req;
	pool[at].env = *env;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Not inlined: the request comes from memory, as in a driver. */
static __attribute__((__noinline__)) u32 decide(const struct alloc_request *req,
						const struct alloc_env *env)
{
	struct alloc_decision decision = alloc_select(req, env);

	return decision.gfp + decision.api;
}

static void measure(const char *what, u32 mask, u32 first)
{
	volatile u32 sink = 0;
	u32 batch, i;

	for (batch = 0; batch < BATCHES; batch++) {
		u32 start = mask ? draw() : first;
		double begin = now();

		for (i = 0; i < BATCH; i++) {
			u32 at = (start + i * (mask ? 97 : 0)) % POOL;

			sink += decide(&pool[at].req, &pool[at].env);
		}
		samples[batch] = (now() - begin) / BATCH;
	}
	qsort(samples, BATCHES, sizeof(*samples), by_value);
	printf("%-34s%8.1f%8.1f\n", what, samples[BATCHES / 2],
	       samples[BATCHES / 100 * 99]);
}

static void measure_rule(int number, const char *what)
{
	u32 i;

	for (i = 0; i < POOL; i++) {
		struct alloc_decision decision =
			alloc_select(&pool[i].req, &pool[i].env);

		if (decision.rule->number == number) {
			measure(what, 0, i);
			return;
		}
	}
	printf("%-34s not among the requests\n", what);
}

int main(void)
{
	u64 seen = 0;
	u32 i;

	domain_each(keep, &seen);
	printf("%-34s%8s%8s\n", "one decision, in ns", "p50", "p99");
	measure_rule(1, "the first rule, always");
	measure_rule(20, "rule 20 (kmalloc), always");
	measure_rule(26, "rule 26 (kvmalloc), always");
	measure_rule(27, "rule 27 (the last), always");
	measure("any request of the domain", 1, 0);
	for (i = 0; i < BATCHES; i++) {
		double begin = now();

		samples[i] = (now() - begin) / BATCH;
	}
	qsort(samples, BATCHES, sizeof(*samples), by_value);
	printf("%-34s%8.1f%8.1f\n", "of these, the clock", samples[BATCHES / 2],
	       samples[BATCHES / 100 * 99]);
	return 0;
}
