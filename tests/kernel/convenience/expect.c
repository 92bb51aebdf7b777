// SPDX-License-Identifier: GPL-2.0
/*
 * Expectations that hold and that fail, and times
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/module.h>

#include "workbook.h"
#include "convenience.h"

/* ns N: a time as text */
int run_ns(char *args)
{
	char text[WB_NS_LEN];
	u64 ns;

	if (kstrtou64(args, 0, &ns))
		return -EINVAL;
	answer("%s\n", wb_format_ns(text, sizeof(text), ns));
	return 0;
}

/* timer US: wait that many microseconds, and measure it */
int run_timer(char *args)
{
	struct wb_timer timer;
	unsigned int us;

	if (kstrtouint(args, 0, &us) || us > 100000)
		return -EINVAL;
	timer = wb_timer_start();
	usleep_range(us, us + 1);
	answer("%llu\n", wb_timer_stop(&timer, "waiting"));
	return 0;
}

/* expect A B: all six comparisons of two signed numbers */
int run_expect(char *args)
{
	s64 got, want;

	if (sscanf(args, "%lld %lld", &got, &want) != 2)
		return -EINVAL;
	answer("%d", WB_EXPECT_EQ(got, want));
	answer("%d", WB_EXPECT_NE(got, want));
	answer("%d", WB_EXPECT_LT(got, want));
	answer("%d", WB_EXPECT_LE(got, want));
	answer("%d", WB_EXPECT_GT(got, want));
	answer("%d\n", WB_EXPECT_GE(got, want));
	return 0;
}

/* types: one line "what result" each, 1 where it held */
int run_types(char *args)
{
	struct { unsigned int three:3; } field = { 5 };
	unsigned int most = UINT_MAX;
	u64 most64 = U64_MAX;
	u8 byte = 200;
	s8 small = -56;		/* the same bits */
	gfp_t gfp = GFP_KERNEL;
	__le32 little = cpu_to_le32(3);
	int none = -1;
	bool yes = true;
	int calls = 0;
	int ret = -ENOMEM;
	void *null = NULL;

	answer("uint_is_not_minus_one %d\n", WB_EXPECT_EQ(most, none));
	answer("u64_is_not_minus_one %d\n", WB_EXPECT_NE(most64, none));
	answer("minus_one_is_less %d\n", WB_EXPECT_LT(none, most));
	answer("u8_is_not_s8 %d\n", WB_EXPECT_EQ(byte, small));
	answer("s8_is_minus_56 %d\n", WB_EXPECT_EQ(small, -56));
	answer("gfp %d\n", WB_EXPECT_EQ(gfp, GFP_KERNEL));
	answer("le32 %d\n", WB_EXPECT_EQ(little, cpu_to_le32(3)));
	answer("bool %d\n", WB_EXPECT_EQ(yes, true));
	answer("bit_field %d\n", WB_EXPECT_EQ(field.three + 0, 5));
	answer("errno %d\n", WB_EXPECT_GE(ret, 0));
	answer("side_effect %d", WB_EXPECT_EQ(calls++, 0));
	answer(" and %d", WB_EXPECT_EQ(7, calls++ + 1));
	answer(" makes %d\n", calls);
	answer("condition %d\n", WB_EXPECT(byte > 100 && yes));
	answer("no_condition %d\n", WB_EXPECT(byte > 100 && !yes));
	answer("pointer %d\n", WB_EXPECT_PTR_EQ(&ret, &ret));
	answer("no_pointer %d\n", WB_EXPECT_PTR_EQ(null, ERR_PTR(-EIO)));
	return 0;
}

/* flood N: the same expectation fails N times */
int run_flood(char *args)
{
	unsigned int n, i, failed = 0;

	if (kstrtouint(args, 0, &n) || n > 100000)
		return -EINVAL;
	for (i = 0; i < n; i++)
		failed += !WB_EXPECT_EQ(i, n);
	answer("%u\n", failed);
	return 0;
}
