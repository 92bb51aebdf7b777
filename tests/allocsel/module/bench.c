// SPDX-License-Identifier: GPL-2.0
/*
 * What it costs to let the rules decide, in the kernel
 *
 * Each request is made in three ways: by the call that one would write, by
 * alloc_call() with the request as a constant, and by alloc_call() with a
 * request that the compiler cannot know. The ways take turns, so that whatever
 * else the machine does hits all alike. A sample is the time of a few calls,
 * divided; the memory is freed between samples. The answer is in the log.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sort.h>
#include <linux/utsname.h>

#include "alloc_select.h"
#include "alloc_call.h"

#define MAX_BATCH 32
#define MAX_ROUNDS 10000

static unsigned int rounds = 500;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "samples of each way, 100 to 10000");

enum way { BY_HAND, CONSTANT, RUN_TIME, NR_WAYS };

static u32 *samples[NR_WAYS];

/* The compiler must not know what is in there. */
static noinline void *call_at_run_time(const struct alloc_request *req)
{
	return alloc_call(req, NULL);
}

static noinline void free_at_run_time(const struct alloc_request *req,
				      void *addr)
{
	alloc_call_free(req, NULL, addr);
}

#define MEASURE(name, call, ...)						\
static const struct alloc_request request_##name = { __VA_ARGS__ };	\
static noinline void *by_hand_##name(void)				\
{									\
	return call;							\
}									\
static noinline void *constant_##name(void)				\
{									\
	ALLOC_MUST_SERVE(&request_##name);				\
	return alloc_call(&request_##name, NULL);			\
}

MEASURE(small, kmalloc(64, GFP_KERNEL), ALLOC_BYTES(64))
MEASURE(page, kmalloc(4096, GFP_KERNEL), ALLOC_BYTES(4096))
MEASURE(atomic, kmalloc(64, GFP_ATOMIC), ALLOC_BYTES(64), .ctx = ALLOC_ATOMIC)
MEASURE(pages, alloc_pages_exact(40 << 10, GFP_KERNEL),
	ALLOC_BYTES(40 << 10), .contig = ALLOC_PHYS)
MEASURE(large, kvmalloc(40 << 10, GFP_KERNEL), ALLOC_BYTES(40 << 10))
MEASURE(mapped, vmalloc_user(40 << 10), ALLOC_BYTES(40 << 10), .user_map = true)

static const struct bench {
	const char *text;
	const char *api;
	const struct alloc_request *req;
	void *(*by_hand)(void);
	void *(*constant)(void);
	unsigned int batch;
} benches[] = {
#define BENCH(name, text, api, batch) \
	{ text, api, &request_##name, by_hand_##name, constant_##name, batch }
	BENCH(small, "size=64", "kmalloc", MAX_BATCH),
	BENCH(page, "size=4K", "kmalloc", MAX_BATCH),
	BENCH(atomic, "size=64 ctx=atomic", "kmalloc", MAX_BATCH),
	BENCH(pages, "size=40K contig=phys", "alloc_pages_exact", 8),
	BENCH(large, "size=40K", "kvmalloc", 8),
	BENCH(mapped, "size=40K user_map=1", "vmalloc_user", 8),
};

static void *call_once(const struct bench *bench, enum way way)
{
	switch (way) {
	case BY_HAND:
		return bench->by_hand();
	case CONSTANT:
		return bench->constant();
	default:
		return call_at_run_time(bench->req);
	}
}

/* Nanoseconds for one call, or -ENOMEM. */
static int sample(const struct bench *bench, enum way way)
{
	void *addrs[MAX_BATCH];
	unsigned int i;
	bool all = true;
	u64 begin, took;

	begin = ktime_get_ns();
	for (i = 0; i < bench->batch; i++)
		addrs[i] = call_once(bench, way);
	took = ktime_get_ns() - begin;
	for (i = 0; i < bench->batch; i++) {
		all &= !!addrs[i];
		free_at_run_time(bench->req, addrs[i]);
	}
	return all ? div_u64(took, bench->batch) : -ENOMEM;
}

static int by_value(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u32 part(enum way way, unsigned int percent)
{
	return samples[way][(rounds - 1) * percent / 100];
}

static int run(const struct bench *bench)
{
	unsigned int round, turn;
	enum way way;

	for (round = 0; round < rounds; round++) {
		for (turn = 0; turn < NR_WAYS; turn++) {
			int took;

			way = (round + turn) % NR_WAYS;
			took = sample(bench, way);
			if (took < 0) {
				pr_err("%s: no memory\n", bench->text);
				return took;
			}
			samples[way][round] = took;
		}
		cond_resched();
	}
	for (way = BY_HAND; way < NR_WAYS; way++)
		sort(samples[way], rounds, sizeof(u32), by_value, NULL);
	pr_info("%-21s %-17s %7u %7u %8u %7u %8u %7u\n", bench->text,
		bench->api, part(BY_HAND, 50), part(BY_HAND, 99),
		part(CONSTANT, 50), part(CONSTANT, 99),
		part(RUN_TIME, 50), part(RUN_TIME, 99));
	return 0;
}

static int run_all(void)
{
	size_t i;
	int err = 0;

	pr_info("Linux %s, %u samples each, ns for one allocation\n",
		init_utsname()->release, rounds);
	pr_info("%-21s %-17s %15s %16s %16s\n", "", "", "by hand",
		"constant", "run time");
	pr_info("%-21s %-17s %7s %7s %8s %7s %8s %7s\n", "request", "call",
		"p50", "p99", "p50", "p99", "p50", "p99");
	for (i = 0; i < ARRAY_SIZE(benches) && !err; i++)
		err = run(&benches[i]);
	return err;
}

static int __init bench_init(void)
{
	enum way way;
	int err = -ENOMEM;

	if (rounds < 100 || rounds > MAX_ROUNDS) {
		pr_err("rounds=%u: it takes 100 to %u\n", rounds, MAX_ROUNDS);
		return -EINVAL;
	}
	for (way = BY_HAND; way < NR_WAYS; way++) {
		samples[way] = kvmalloc_array(rounds, sizeof(u32), GFP_KERNEL);
		if (!samples[way])
			goto out;
	}
	err = run_all();
out:
	for (way = BY_HAND; way < NR_WAYS; way++)
		kvfree(samples[way]);
	return err;
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Measures what the allocation selector costs");
