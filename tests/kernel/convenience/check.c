// SPDX-License-Identifier: GPL-2.0
/*
 * The module with every piece of the headers loads; sizes and times are
 * formatted as a model of them says.
 */
#include <time.h>

#include "check_util.h"

CHECK(loads, .title = "A module that uses every piece of the headers loads")
{
	ASSERT_OK(mod_load("convenience.ko", NULL));
}

/* ------------------------------------------------------------- sizes --- */

static void expect_size(u64 bytes)
{
	static const char *const unit[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"
	};
	u64 size = 1;
	char want[64];
	int i = 0;

	while (i < 6 && bytes / size >= 1024) {
		size *= 1024;
		i++;
	}
	if (bytes % size == 0)
		snprintf(want, sizeof(want), "%llu %s", bytes / size, unit[i]);
	else
		snprintf(want, sizeof(want), "%llu B (%llu.%llu %s)", bytes,
			 bytes / size,
			 (u64)((unsigned __int128)(bytes % size) * 10 / size),
			 unit[i]);
	EXPECT_STREQ(ask("size %llu", bytes), want);
}

CHECK(sizes, .title = "Sizes have the unit that suits them", .needs = "loads")
{
	int shift;

	EXPECT_STREQ(ask("size 0"), "0 B");
	EXPECT_STREQ(ask("size 3145728"), "3 MiB");
	EXPECT_STREQ(ask("size 4097"), "4097 B (4.0 KiB)");
	EXPECT_STREQ(ask("size 4194303"), "4194303 B (3.9 MiB)",
		     "It claims more than there is.");
	EXPECT_STREQ(ask("size 18446744073709551615"),
		     "18446744073709551615 B (15.9 EiB)");
	for (shift = 0; shift < 64; shift++) {
		u64 power = 1ull << shift;

		expect_size(power);
		expect_size(power - 1);
		expect_size(power + check_random_range(1, power));
		expect_size(check_random() >> shift);
	}
}

/* ------------------------------------------------------------- times --- */

static void expect_ns(u64 ns)
{
	char want[64];

	if (ns < 1000)
		snprintf(want, sizeof(want), "%llu ns", ns);
	else if (ns < 1000000)
		snprintf(want, sizeof(want), "%llu.%03llu us", ns / 1000,
			 ns % 1000);
	else if (ns < 1000000000)
		snprintf(want, sizeof(want), "%llu.%03llu ms", ns / 1000000,
			 ns / 1000 % 1000);
	else
		snprintf(want, sizeof(want), "%llu.%03llu s",
			 ns / 1000000000, ns / 1000000 % 1000);
	EXPECT_STREQ(ask("ns %llu", ns), want);
}

CHECK(times, .title = "Times have the unit that suits them", .needs = "loads")
{
	int shift;

	EXPECT_STREQ(ask("ns 999"), "999 ns");
	EXPECT_STREQ(ask("ns 1000"), "1.000 us");
	EXPECT_STREQ(ask("ns 999999"), "999.999 us");
	EXPECT_STREQ(ask("ns 18446744073709551615"), "18446744073.709 s");
	for (shift = 0; shift < 64; shift++)
		expect_ns(check_random() >> shift);
}

static u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

CHECK(stopwatch, .title = "The stopwatch agrees with this program's clock",
	.needs = "loads")
{
	int i;

	for (i = 0; i < 5; i++) {
		u64 us = check_random_range(500, 30000);
		u64 mark = kmsg_mark();
		u64 before = now_ns();
		char *answer = ask("timer %llu", us);
		u64 all = now_ns() - before;
		u64 ns = strtoull(answer, NULL, 10);

		EXPECT_GE(ns, us * 1000);
		EXPECT_LE(ns, all);
		EXPECT_MATCH(kmsg_since(mark),
			     "^<6>convenience: .* waiting took [0-9]+\\.[0-9]{3} [um]?s$");
	}
}
