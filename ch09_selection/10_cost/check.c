// SPDX-License-Identifier: GPL-2.0
/*
 * What measure.c must do, asked through the files that the module makes in debugfs
 *
 * No check wants a certain time of an allocator. Known times come from toys in the
 * module, and its clock can be made slow. On a busy machine a measurement may be
 * spoilt, so those that compare times are repeated, and one good one suffices.
 * check_memory.c has the checks of memory, check_program.c those of the program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_bench.h"

#define TRIES	8

FIXTURE(bench) { struct result r; };

FIXTURE_SETUP(bench)
{
	(void)self;
	bench_start();
}

FIXTURE_TEARDOWN(bench)
{
	(void)self;
	bench_stop();
}

CHECK(loads, .title = "The module loads, makes its files and unloads")
{
	bench_start();
	EXPECT_OK(access(BENCH "request", W_OK));
	EXPECT_OK(access(BENCH "table", R_OK));
	bench_stop();
	EXPECT_ERR(libc_ret(access(BENCH "request", W_OK)), ENOENT);
}

/* ---------------------------------------------------------------- TODO 1 --- */

static void expect_summary(u64 *values, size_t n)
{
	char *text = malloc(n * 22 + 1), *at = text, *told;
	struct figures should, is = { 0 };
	char what[64];
	int got;

	for (size_t i = 0; i < n; i++)
		at += sprintf(at, "%llu ", values[i]);
	ASSERT_OK(file_write(BENCH "numbers", text));
	told = file_read(BENCH "numbers");
	ASSERT_NOTNULL(told, "%s", strerror(errno));
	got = sscanf(told, "numbers %llu %llu %llu %llu", &is.min, &is.p50,
		     &is.p99, &is.max);
	ASSERT_EQ(got, 4);
	should = figures_of(values, n);
	snprintf(what, sizeof(what), "summarize() of %zu numbers", n);
	figures_expect(what, &is, &should);
	free(told);
	free(text);
}

CHECK_F(bench, summarizes, .deadline = 120,
	.title = "summarize() finds minimum, median, p99, maximum")
{
	static const size_t counts[] = { 1, 2, 3, 99, 100, 101, ROUNDS_MAX };
	u64 values[ROUNDS_MAX];

	(void)self;
	for (int i = 0; i < 24; i++) {
		size_t n = i < 7 ? counts[i] : check_random_range(1, ROUNDS_MAX);
		unsigned int most = check_random_range(0, 60);

		/* Close together, or so far apart that an int cannot tell. */
		for (size_t j = 0; j < n; j++)
			values[j] = check_random() >>
				    (most + check_random_range(0, 3));
		expect_summary(values, n);
	}
}

/* A difference below 0 is a huge number. */
static void expect_times(const struct result *r)
{
	for (int s = 0; s < NR_SERIES; s++)
		ASSERT_LT(r->f[s].max, 1ULL << 50,
			  "%s: a sample of %llu ns is no time. Less was measured than the clock costs, and the difference of unsigned numbers went below 0.",
			  series_name[s], r->f[s].max);
}

CHECK_F(bench, counts_samples, .needs = "summarizes", .deadline = 180,
	.title = "There are as many samples as rounds")
{
	struct result *r = &self->r;

	for (size_t i = 0; i < 2 * ARRAY_SIZE(real_apis); i++) {
		const char *api = real_apis[i / 2];
		u64 size = check_random_range(1, 20000);
		u64 rounds = check_random_range(1, 300);

		ASSERT_OK(ask("api=%s size=%llu rounds=%llu", api, size, rounds));
		answer(r);
		expect_times(r);
		EXPECT_STREQ(r->api, api);
		EXPECT_EQ(r->size, size);
		EXPECT_EQ(r->rounds, rounds);
		for (int s = 0; s < NR_SERIES; s++) {
			struct figures f = figures_of(r->sample[s], rounds);

			figures_expect(series_name[s], &r->f[s], &f);
			if (!strcmp(api, "vmalloc"))
				ASSERT_GT(f.max, 0,
					  "%s: vmalloc() seems to take no time; was anything measured?",
					  series_name[s]);
		}
	}
}

/* ------------------------------------------------------------- TODO 2, 3 --- */

static bool nothing_is_nothing(const struct result *r, u64 clock)
{
	for (int s = 0; s < NR_SERIES; s++)
		if (r->f[s].p50 > clock / 4)
			return false;
	return r->clock >= clock && r->clock < clock * 3 / 2 + 20000;
}

CHECK_F(bench, subtracts_clock, .needs = "summarizes", .deadline = 180,
	.title = "What the clock costs is measured, and subtracted")
{
	u64 slow = check_random_range(20000, 60000);
	struct result *r = &self->r;

	for (int i = 0; i < TRIES; i++) {
		ASSERT_OK(ask("api=nothing size=1 rounds=100 clock_ns=%llu", slow));
		answer(r);
		expect_times(r);
		if (nothing_is_nothing(r, slow))
			break;
	}
	EXPECT_GE(r->clock, slow,
		  "The clock was made slow: each look at it takes %llu ns. measure_clock() found %llu.",
		  slow, r->clock);
	EXPECT_LT(r->clock, slow * 3 / 2 + 20000,
		  "The clock was made slow: each look at it takes %llu ns. measure_clock() found %llu; between two readings of the clock lies one look, not two.",
		  slow, r->clock);
	for (int s = 0; s < NR_SERIES; s++)
		EXPECT_LE(r->f[s].p50, slow / 4,
			  "%s: doing nothing seems to take %llu ns. That is the clock, made %llu ns slow.",
			  series_name[s], r->f[s].p50, slow);
}

CHECK_F(bench, subtracts_each_time, .needs = "subtracts_clock", .deadline = 180,
	.title = "It is measured anew for each request")
{
	struct result *r = &self->r;

	/* First a slow clock, then as it is. */
	ASSERT_OK(ask("api=nothing size=1 clock_ns=100000"));
	for (int i = 0; i < TRIES; i++) {
		ASSERT_OK(ask("api=nothing size=1"));
		answer(r);
		if (r->clock < 50000)
			break;
	}
	EXPECT_LT(r->clock, 50000,
		  "A request made the clock slow. In the next one it was not, but measure_clock() still returns %llu ns.",
		  r->clock);
}

/* ------------------------------------------------------------- TODO 3 to 5 --- */

/* As far as a busy machine allows to tell. */
static bool about(u64 ns, u64 should)
{
	return ns >= should * 4 / 5 && ns <= should * 5 / 4 + 5000;
}

CHECK_F(bench, finds_delay, .needs = "subtracts_clock", .deadline = 240,
	.title = "A known time is found again, for alloc and for free")
{
	struct result *r = &self->r;

	for (int n = 0; n < 3; n++) {
		u64 clock = check_random_range(0, 50000);
		u64 ns[2] = { check_random_range(30000, 60000),
			      check_random_range(100000, 200000) };
		bool swap = check_random() & 1;
		u64 alloc = ns[swap], free = ns[!swap];

		for (int i = 0; i < TRIES; i++) {
			ASSERT_OK(ask("%s clock_ns=%llu alloc_ns=%llu free_ns=%llu",
				      "api=delay size=1 rounds=40", clock, alloc,
				      free));
			answer(r);
			if (about(r->f[COLD_ALLOC].p50, alloc) &&
			    about(r->f[WARM_ALLOC].p50, alloc) &&
			    about(r->f[COLD_FREE].p50, free) &&
			    about(r->f[WARM_FREE].p50, free))
				break;
		}
		for (int s = 0; s < NR_SERIES; s++) {
			u64 should = s == COLD_ALLOC || s == WARM_ALLOC ? alloc :
									  free;

			ASSERT_TRUE(about(r->f[s].p50, should),
				    "%s: %llu ns were measured for what takes %llu ns (alloc %llu, free %llu, and the clock %llu).",
				    series_name[s], r->f[s].p50, should, alloc,
				    free, clock);
			ASSERT_GE(r->f[s].min, should / 2,
				  "%s: at least one of %llu samples is %llu ns, for what takes %llu ns.",
				  series_name[s], r->rounds, r->f[s].min, should);
		}
	}
}

CHECK_F(bench, longer_is_longer, .needs = "finds_delay", .deadline = 180,
	.title = "What takes longer is measured as longer")
{
	u64 step = check_random_range(10000, 50000);
	struct result *r = &self->r;
	u64 last[NR_SERIES] = { 0 };

	for (u64 ns = step; ns <= 4 * step; ns *= 2) {
		bool longer = false;

		for (int i = 0; i < TRIES && !longer; i++) {
			ASSERT_OK(ask("api=delay size=1 rounds=30 alloc_ns=%llu free_ns=%llu",
				      ns, ns));
			answer(r);
			longer = true;
			for (int s = 0; s < NR_SERIES; s++)
				longer &= r->f[s].p50 > last[s] &&
					  r->f[s].p50 < 2 * ns;
		}
		for (int s = 0; s < NR_SERIES; s++) {
			ASSERT_GT(r->f[s].p50, last[s],
				  "%s: what takes %llu ns is measured as no longer than what takes half of it.",
				  series_name[s], ns);
			last[s] = r->f[s].p50;
		}
	}
}

/* ------------------------------------------------------------- TODO 4, 5 --- */

static bool shelf_right(const struct result *r, u64 ns)
{
	return r->f[COLD_ALLOC].min >= ns / 2 && r->f[COLD_FREE].p50 < ns / 2 &&
	       r->f[WARM_ALLOC].p50 < ns / 2 && r->sample[WARM_ALLOC][0] < ns / 2;
}

CHECK_F(bench, cold_and_warm, .needs = "subtracts_clock", .deadline = 240,
	.title = "Cold takes what is new, warm what was given back")
{
	u64 ns = check_random_range(100000, 200000);
	u64 rounds = check_random_range(20, 100);
	struct result *r = &self->r;

	for (int i = 0; i < TRIES; i++) {
		ASSERT_OK(ask("api=shelf size=8 rounds=%llu alloc_ns=%llu", rounds,
			      ns));
		answer(r);
		if (shelf_right(r, ns))
			break;
	}
	EXPECT_GE(r->f[COLD_ALLOC].min, ns / 2,
		  "A new thing takes %llu ns, one that was given back takes nothing. A cold one took %llu ns: something was given back before all was taken.",
		  ns, r->f[COLD_ALLOC].min);
	EXPECT_LT(r->f[COLD_FREE].p50, ns / 2,
		  "Giving back takes nothing here, and %llu ns were measured.",
		  r->f[COLD_FREE].p50);
	EXPECT_LT(r->f[WARM_ALLOC].p50, ns / 2,
		  "A new thing takes %llu ns, one that was given back takes nothing. The warm ones took %llu ns: they were new.",
		  ns, r->f[WARM_ALLOC].p50);
	EXPECT_LT(r->sample[WARM_ALLOC][0], ns / 2,
		  "The first warm one was a new one, again and again. Nothing may have been given back before it: take one and give it back, untimed.");
}

CHECK_F(bench, more_pages_cost_more, .needs = "finds_delay", .deadline = 240,
	.title = "vmalloc() of 1024 pages costs more than of one, by far")
{
	static const int series[] = { COLD_ALLOC, COLD_FREE, WARM_ALLOC, WARM_FREE };
	struct result *r = &self->r;
	struct figures one[NR_SERIES];

	for (int i = 0; i < TRIES; i++) {
		bool more = true;

		ASSERT_OK(ask("api=vmalloc size=%lu rounds=11", PAGE));
		answer(r);
		memcpy(one, r->f, sizeof(one));
		ASSERT_OK(ask("api=vmalloc size=%lu rounds=11", 1024 * PAGE));
		answer(r);
		for (size_t s = 0; s < ARRAY_SIZE(series); s++)
			more &= r->f[s].p50 > 5 * one[s].p50;
		if (more)
			break;
	}
	for (size_t s = 0; s < ARRAY_SIZE(series); s++)
		EXPECT_GT(r->f[s].p50, 5 * one[s].p50,
			  "%s: 1024 pages were measured with %llu ns, one page with %llu ns.",
			  series_name[s], r->f[s].p50, one[s].p50);
}
