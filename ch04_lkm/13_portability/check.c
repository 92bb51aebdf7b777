// SPDX-License-Identifier: GPL-2.0
/*
 * What the module depot must answer, whichever kernel it was built for.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define DEPOT	"/proc/depot"

static char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* Each check finds the module just loaded. */
FIXTURE(depot) {
	u64 mark;		/* where the kernel log ended before the check */
};

FIXTURE_SETUP(depot)
{
	mod_unload("depot");	/* left by a check that was stopped */
	self->mark = kmsg_mark();
	ASSERT_OK(mod_load("depot.ko", NULL), "The module was not loaded.");
}

FIXTURE_TEARDOWN(depot)
{
	EXPECT_OK(mod_unload("depot"), "The module was not unloaded.");
	EXPECT_NOMATCH(kmsg_since(self->mark), "WARNING: ");
}

static const char *answer(const char *question)
{
	char *got;

	ASSERT_OK(file_write(DEPOT, question), "\"%s\" was refused.", question);
	got = file_read(DEPOT);
	ASSERT_NOTNULL(got);
	got[strcspn(got, "\n")] = '\0';
	return got;
}

CHECK_F(depot, block,
	.title = "The largest block is known, and can be had")
{
	/* x86-64 has 4 MiB unless somebody configured it otherwise. */
	ASSERT_OK(file_write(DEPOT, "block"),
		  "top_order() names an order that alloc_pages() does not take. MAX_ORDER is one more than the highest in Linux 6.1, the highest in 6.4, and gone in 6.8. Look into compat.h for a name that means the same everywhere.");
	EXPECT_STREQ(answer("block"), "4096",
		     "A larger block could be had: top_order() is too low.");
}

CHECK_F(depot, wire,
	.title = "A record has the same bytes on every machine")
{
	for (int i = 0; i < 50; i++) {
		unsigned int kind = check_random_range(0, USHRT_MAX);
		unsigned int value = check_random();
		u64 stamp = check_random();
		char *hex = text("%04x%016llx%08x", kind, stamp, value);
		char *numbers = text("%u %llu %u", kind, stamp, value);

		ASSERT_STREQ(answer(text("pack %s", numbers)), hex,
			     "%s is to be packed, which is 2, 8 and 4 bytes, nothing between, the most significant byte first. A struct in memory has gaps, and the order of this CPU.",
			     numbers);
		ASSERT_STREQ(answer(text("unpack %s", hex)), numbers,
			     "These bytes came over the wire: %s.", hex);
	}
}

CHECK_F(depot, bytes,
	.title = "Bytes have a sign, or not, on purpose")
{
	for (int i = 0; i < 50; i++) {
		unsigned int len = check_random_range(1, 200), sum = 0;
		char hex[401];
		int least = 127;

		for (unsigned int j = 0; j < len; j++) {
			unsigned char byte = check_random();

			/* Sometimes all are above 0 for both. */
			byte &= i % 4 ? 0xff : 0x7f;
			sum += byte;
			least = (signed char)byte < least ? (signed char)byte : least;
			sprintf(hex + 2 * j, "%02x", byte);
		}
		ASSERT_STREQ(answer(text("sum %s", hex)), text("%u", sum),
			     "The bytes are numbers from 0 to 255. Whether a plain char has a sign depends on the kernel: -funsigned-char came with 6.2.");
		ASSERT_STREQ(answer(text("coldest %s", hex)), text("%d", least),
			     "The bytes are numbers from -128 to 127. Whether a plain char has a sign depends on the kernel: -funsigned-char came with 6.2.");
	}
}

CHECK_F(depot, flags,
	.title = "Each of 64 bits can be set")
{
	for (unsigned int nr = 0; nr < 64; nr++)
		ASSERT_STREQ(answer(text("flag %u", nr)), text("0x%016llx", 1ull << nr),
			     "Bit %u was asked for. In which type is the 1 that is shifted?",
			     nr);
}

CHECK_F(depot, times,
	.title = "Times are right beyond 2038, and so are long spans")
{
	for (int i = 0; i < 50; i++) {
		long long seconds = check_random_range(0, i % 2 ? 1ull << 40 : INT_MAX);
		unsigned int days = check_random_range(0, i % 3 ? 100 : UINT_MAX);

		ASSERT_STREQ(answer(text("later %lld %u", seconds, days)),
			     text("%lld", seconds + days * 86400ll),
			     "%u days after second %lld. 32 bits of seconds end in 2038; a product has the type of its factors.",
			     days, seconds);
	}
}

/* Milliseconds that a question takes, the shortest of three times. */
static long duration(const char *question)
{
	long least = LONG_MAX;

	for (int i = 0; i < 3; i++) {
		struct timespec before, after;
		long ms;

		clock_gettime(CLOCK_MONOTONIC, &before);
		answer(question);
		clock_gettime(CLOCK_MONOTONIC, &after);
		ms = (after.tv_sec - before.tv_sec) * 1000 +
		     (after.tv_nsec - before.tv_nsec) / 1000000;
		least = ms < least ? ms : least;
	}
	return least;
}

CHECK_F(depot, waiting,
	.title = "A wait takes as long as was asked for")
{
	long ms = check_random_range(150, 300);
	long took = duration(text("wait %ld", ms));

	EXPECT_GE(took, ms - 1, "A wait of %ld ms ended after %ld.", ms, took);
	EXPECT_LT(took, 2 * ms,
		  "A wait of %ld ms took %ld. A timer counts in jiffies: HZ of them are a second, and HZ differs from kernel to kernel.",
		  ms, took);
}
