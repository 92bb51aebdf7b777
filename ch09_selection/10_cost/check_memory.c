// SPDX-License-Identifier: GPL-2.0
/* What memory really takes, failures, and that nothing stays behind. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_bench.h"

#define HUGE	(2UL << 20)

FIXTURE(memory) {
	struct result r;
	u64 mark;
};

FIXTURE_SETUP(memory)
{
	self->mark = kmsg_mark();
	bench_start();
}

FIXTURE_TEARDOWN(memory)
{
	(void)self;
	bench_stop();
}

static u64 up(u64 size, u64 unit)
{
	return (size + unit - 1) / unit * unit;
}

/* ---------------------------------------------------------------- TODO 6 --- */

/* Above a page kvmalloc() may have found no room for a bucket. */
static bool real_right(const char *api, u64 size, u64 real)
{
	if (!strcmp(api, "kmalloc"))
		return real == bucket(size);
	if (!strcmp(api, "cache"))
		return real == up(size, 8);
	if (strcmp(api, "kvmalloc"))
		return real == up(size, PAGE);
	if (size <= KMALLOC_MAX && real == bucket(size))
		return true;
	return size > PAGE && (real == up(size, PAGE) ||
			       (size >= HUGE && real == up(size, HUGE)));
}

static void expect_real(struct result *r, const char *api, u64 size)
{
	ASSERT_OK(ask("api=%s size=%llu rounds=1", api, size));
	answer(r);
	ASSERT_TRUE(real_right(api, size, r->real),
		    "%s: %llu bytes were asked for, and real_size() says that %llu were taken.",
		    api, size, r->real);
}

CHECK_F(memory, real_size, .deadline = 240,
	.title = "real_size() says what an allocation really takes")
{
	struct result *r = &self->r;

	expect_real(r, "kmalloc", PAGE + 1);
	expect_real(r, "kmalloc", 2 * PAGE + 1);
	expect_real(r, "kmalloc", HUGE + 1);
	expect_real(r, "exact", HUGE + 1);
	expect_real(r, "vmalloc", KMALLOC_MAX + 1);
	expect_real(r, "kvmalloc", KMALLOC_MAX + 1);
	for (size_t i = 0; i < 12 * ARRAY_SIZE(real_apis); i++) {
		const char *api = real_apis[i % ARRAY_SIZE(real_apis)];
		u64 most = 1ULL << check_random_range(3, 21);

		expect_real(r, api, check_random_range(1, most));
	}
}

/* ------------------------------------------------------------- failures --- */

static void expect_nothing_left(const char *after)
{
	ASSERT_EQ(left_behind(), 0,
		  "Allocations less frees should be none left, after %s.", after);
	ASSERT_EQ(mapped_areas(), 0,
		  "In /proc/vmallocinfo there is memory of the module, after %s.",
		  after);
}

static void expect_unwound(const char *api, u64 size, u64 rounds, u64 fail)
{
	char after[128];

	snprintf(after, sizeof(after),
		 "allocation %llu failed, in %llu rounds of %llu bytes by %s", fail,
		 rounds, size, api);
	ASSERT_ERR(ask("api=%s size=%llu rounds=%llu fail=%llu", api, size, rounds,
		       fail),
		   ENOMEM, "A failed allocation must make the request fail: %s.",
		   after);
	expect_nothing_left(after);
}

CHECK_F(memory, unwinds, .deadline = 240,
	.title = "When an allocation fails, all that was taken is given back")
{
	(void)self;
	for (size_t i = 0; i < 10 * ARRAY_SIZE(real_apis); i++) {
		u64 rounds = check_random_range(2, 40);
		u64 fails[] = { 1, rounds, rounds + 1, 2 * rounds,
				check_random_range(1, 2 * rounds) };

		expect_unwound(real_apis[i % 5], check_random_range(1, 100000),
			       rounds, fails[i / 5 % 5]);
	}
	ASSERT_OK(ask("api=kmalloc size=64 rounds=20 fail=1000"),
		  "With fail=1000 none of the 20 allocations fails, and the request should succeed.");
}

CHECK_F(memory, unwinds_much, .needs = "unwinds", .deadline = 240,
	.title = "Also when it was much memory")
{
	u64 before, after;

	(void)self;
	ask("api=vmalloc size=1048576 rounds=15");
	before = memory_line("MemFree");
	for (int i = 0; i < 20; i++) {
		const char *api = real_apis[i % 4];

		EXPECT_ERR(ask("api=%s size=1048576 rounds=15 fail=15", api), ENOMEM);
	}
	after = memory_line("MemFree");
	EXPECT_LT(before, after + (60UL << 20),
		  "20 requests that failed, each after 14 MiB, cost the machine %llu MiB.",
		  (before - after) >> 20);
}

CHECK_F(memory, impossible, .deadline = 120,
	.title = "What no allocator gives is ENOMEM, without a word in the log")
{
	static const char *const apis[] = { "kmalloc", "exact", "cache" };
	char *log, *table;

	(void)self;
	for (size_t i = 0; i < 3 * ARRAY_SIZE(apis); i++) {
		u64 size = KMALLOC_MAX + 1;

		if (i >= ARRAY_SIZE(apis))
			size = check_random_range(KMALLOC_MAX + 1, 16UL << 20);
		EXPECT_ERR(ask("api=%s size=%llu rounds=1", apis[i % 3], size),
			   ENOMEM, "%s of %llu bytes must fail.", apis[i % 3], size);
		table = file_read(BENCH "table");
		EXPECT_NULL(table, "There is a table of a request that failed.");
		free(table);
	}
	EXPECT_EQ(left_behind(), 0);
	log = kmsg_since(self->mark);
	EXPECT_NOMATCH(log, "WARNING|allocation failure|Call Trace",
		       "The kernel complained about the size.");
	free(log);
}

static unsigned int own_caches(void)
{
	DIR *dir = opendir("/sys/kernel/slab");
	unsigned int count = 0;
	struct dirent *d;

	if (!dir)
		return 0;
	while ((d = readdir(dir)))
		count += !strncmp(d->d_name, "alloc_cost", 10);
	closedir(dir);
	return count;
}

CHECK_F(memory, leaves_nothing, .deadline = 240,
	.title = "After measuring, nothing is left allocated")
{
	u64 before, after, size;

	(void)self;
	ask("api=vmalloc size=1048576 rounds=20");
	before = memory_line("MemFree");
	for (size_t i = 0; i < 6 * ARRAY_SIZE(real_apis); i++) {
		size = check_random_range(1, 1 << check_random_range(3, 20));
		ASSERT_OK(ask("api=%s size=%llu rounds=20", real_apis[i % 5], size));
		expect_nothing_left("a request");
	}
	EXPECT_TRUE(WAIT_UNTIL(!own_caches(), 5000),
		    "In /sys/kernel/slab there are caches of the module.");
	after = memory_line("MemFree");
	EXPECT_LT(before, after + (60UL << 20),
		  "Measuring cost the machine %llu MiB of memory.",
		  (before - after) >> 20);
}

CHECK_F(memory, refuses, .deadline = 120,
	.title = "Requests that make no sense are refused")
{
	static const char *const bad[] = {
		"", " ", "api=kmalloc", "size=8", "api= size=8", "api=malloc size=8",
		"api=kmalloc size=0", "api=kmalloc size=", "api=kmalloc size=-1",
		"api=kmalloc size=8x", "api=kmalloc size=18446744073709551616",
		"api=kmalloc size=8 size=8", "api=kmalloc api=kmalloc size=8",
		"api=kmalloc size=8 rounds=0", "api=kmalloc size=8 rounds=1001",
		"api=kmalloc size=8 colour=1", "api=kmalloc size=8 rounds",
		"api=delay size=8 alloc_ns=200001", "api=delay size=8 clock_ns=1e3",
	};

	(void)self;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_ERR(ask("%s", bad[i]), EINVAL, "Refused was not: '%s'",
			   bad[i]);
	EXPECT_ERR(ask("api=vmalloc size=%llu rounds=1000",
		       memory_line("MemTotal") / 4000),
		   ERANGE, "A quarter of the memory should be too much.");
	EXPECT_ERR(file_write(BENCH "numbers", "1 2 x"), EINVAL);
	EXPECT_ERR(file_write(BENCH "numbers", "\n"), EINVAL);
	EXPECT_EQ(left_behind(), 0);
}
