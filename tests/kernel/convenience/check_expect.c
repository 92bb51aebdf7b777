// SPDX-License-Identifier: GPL-2.0
/*
 * Expectations: the verdict, and every word of the message
 */
#include "check_util.h"

static const char *const op[] = { "==", "!=", "<", "<=", ">", ">=" };

static int holds(int i, long long a, long long b)
{
	switch (i) {
	case 0:
		return a == b;
	case 1:
		return a != b;
	case 2:
		return a < b;
	case 3:
		return a <= b;
	case 4:
		return a > b;
	default:
		return a >= b;
	}
}

/* As a regex: what the log shows of a value. */
static void show(char *text, size_t size, long long value)
{
	if (value >= 0 && value < 256)
		snprintf(text, size, "%lld", value);
	else if (value >= 256)
		snprintf(text, size, "%lld \\(0x%llx\\)", value, value);
	else if (value >= -133)
		/* the numbers up to 133 all have names, but for 41 and 58 */
		snprintf(text, size, "%lld \\(-[A-Z0-9]+\\)", value);
	else
		snprintf(text, size, "%lld( \\([-A-Z0-9a-f]+\\))?", value);
}

static void expect_pair(long long a, long long b)
{
	char got[64], want[64], verdict[7], regex[512];
	u64 mark = kmsg_mark();
	char *log;
	int i;

	for (i = 0; i < 6; i++)
		verdict[i] = holds(i, a, b) ? '1' : '0';
	verdict[6] = '\0';
	EXPECT_STREQ(ask("expect %lld %lld", a, b), verdict);
	log = kmsg_since(mark);
	show(got, sizeof(got), a);
	show(want, sizeof(want), b);
	for (i = 0; i < 6; i++) {
		snprintf(regex, sizeof(regex),
			 "^<3>convenience: [^ ]+-%d \\[[0-9]+\\] [^ ]{5}: expect\\.c:[0-9]+ run_expect\\(\\): expected got %s want: got is %s, want is %s$",
			 getpid(), op[i], got, want);
		if (holds(i, a, b))
			EXPECT_NOMATCH(log, regex);
		else
			EXPECT_MATCH(log, regex);
	}
}

CHECK(expectations, .title = "Expectations compare, and show both values",
	.needs = "loads")
{
	long long a = check_random(), b = check_random();

	expect_pair(-12, 0);
	expect_pair(a, b);
	expect_pair(a, a);
	/* Three pairs, as no place in the source may log more than ten lines. */
}

CHECK(expectation_edges, .title = "The ends of the range, and errno's names",
	.needs = "expectations")
{
	char *log;
	u64 mark;

	/* the ten lines in five seconds of the check before are over */
	usleep(5500000);
	expect_pair(INT64_MIN, INT64_MAX);
	expect_pair(INT64_MAX, INT64_MIN);
	expect_pair(255, 256);
	expect_pair(-4095, -4096);
	mark = kmsg_mark();
	ask("expect -28 -110");
	log = kmsg_since(mark);
	EXPECT_MATCH(log, "got is -28 \\(-ENOSPC\\), want is -110 \\(-ETIMEDOUT\\)$");
}

CHECK(types, .title = "Mixed types are compared as numbers, each once",
	.needs = "loads")
{
	u64 mark = kmsg_mark();
	char *log;

	EXPECT_STREQ(ask("types"),
		     "uint_is_not_minus_one 0\n"
		     "u64_is_not_minus_one 1\n"
		     "minus_one_is_less 1\n"
		     "u8_is_not_s8 0\n"
		     "s8_is_minus_56 1\n"
		     "gfp 1\n"
		     "le32 1\n"
		     "bool 1\n"
		     "bit_field 1\n"
		     "errno 0\n"
		     "side_effect 1 and 0 makes 2\n"
		     "condition 1\n"
		     "no_condition 0\n"
		     "pointer 1\n"
		     "no_pointer 0");
	log = kmsg_since(mark);
	EXPECT_MATCH(log, "run_types\\(\\): expected most == none: most is 4294967295 \\(0xffffffff\\), none is -1 \\(-EPERM\\)$");
	EXPECT_MATCH(log, "expected byte == small: byte is 200, small is -56 ");
	EXPECT_MATCH(log, "expected ret >= 0: ret is -12 \\(-ENOMEM\\)$",
		     "A side whose text is its value needs no \"0 is 0\".");
	EXPECT_MATCH(log, "expected 7 == calls\\+\\+ \\+ 1: calls\\+\\+ \\+ 1 is 2$");
	EXPECT_MATCH(log, "expected byte > 100 && !yes: it does not hold$");
	EXPECT_MATCH(log, "expected null == ERR_PTR\\(-EIO\\): null is [^ ]+, ERR_PTR\\(-EIO\\) is -EIO$");
}

CHECK(flood, .title = "A place that fails in a loop logs ten lines, not more",
	.needs = "loads")
{
	u64 n = check_random_range(1000, 5000);
	u64 mark = kmsg_mark();
	char *log, *at;
	int lines = 0;

	EXPECT_EQ(strtoull(ask("flood %llu", n), NULL, 10), n,
		  "It must tell the caller of each failure.");
	log = kmsg_since(mark);
	for (at = log; (at = strstr(at, "expected i == n:")); at++)
		lines++;
	EXPECT_EQ(lines, 10);
}

CHECK(no_taint, .title = "A failed expectation is no warning of the kernel's",
	.needs = "types")
{
	EXPECT_EQ(kernel_taint() & (1 << 9), 0, "The kernel is tainted W.");
}
