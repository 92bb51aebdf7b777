// SPDX-License-Identifier: GPL-2.0
/*
 * What the module share must answer, to the last digit.
 *
 * The answers are computed here with 128-bit integers, and compared as text.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME	"/proc/share"

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
FIXTURE(share) {
	int fd;
};

FIXTURE_SETUP(share)
{
	mod_unload("share");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("share.ko", NULL), "The module was not loaded.");
	self->fd = open(FILE_NAME, O_RDWR);
	ASSERT_OK(libc_ret(self->fd));
}

FIXTURE_TEARDOWN(share)
{
	close(self->fd);
	EXPECT_OK(mod_unload("share"), "The module was not unloaded.");
}

static void expect_answer(const char *question, const char *answer)
{
	ASSERT_OK(file_write(FILE_NAME, question), "\"%s\" was refused.", question);
	ASSERT_STREQ(file_read(FILE_NAME), text("%s\n", answer),
		     "\"%s\" has another answer: %s.", question, answer);
}

/* Numbers of all sizes: half of them small. */
static u64 any_number(unsigned int bits)
{
	return check_random() >> (64 - check_random_range(1, bits));
}

/* ------------------------------------------------------------ registers --- */

/* write(2), with these 16 SSE registers before, and what they are after it. */
static long write_with(int fd, const char *line, const unsigned char before[256],
		       unsigned char after[256])
{
	long ret;

	asm volatile("movdqu 0(%[b]), %%xmm0\n\t movdqu 16(%[b]), %%xmm1\n\t"
		"movdqu 32(%[b]), %%xmm2\n\t movdqu 48(%[b]), %%xmm3\n\t"
		"movdqu 64(%[b]), %%xmm4\n\t movdqu 80(%[b]), %%xmm5\n\t"
		"movdqu 96(%[b]), %%xmm6\n\t movdqu 112(%[b]), %%xmm7\n\t"
		"movdqu 128(%[b]), %%xmm8\n\t movdqu 144(%[b]), %%xmm9\n\t"
		"movdqu 160(%[b]), %%xmm10\n\t movdqu 176(%[b]), %%xmm11\n\t"
		"movdqu 192(%[b]), %%xmm12\n\t movdqu 208(%[b]), %%xmm13\n\t"
		"movdqu 224(%[b]), %%xmm14\n\t movdqu 240(%[b]), %%xmm15\n\t"
		"syscall\n\t"
		"movdqu %%xmm0, 0(%[a])\n\t movdqu %%xmm1, 16(%[a])\n\t"
		"movdqu %%xmm2, 32(%[a])\n\t movdqu %%xmm3, 48(%[a])\n\t"
		"movdqu %%xmm4, 64(%[a])\n\t movdqu %%xmm5, 80(%[a])\n\t"
		"movdqu %%xmm6, 96(%[a])\n\t movdqu %%xmm7, 112(%[a])\n\t"
		"movdqu %%xmm8, 128(%[a])\n\t movdqu %%xmm9, 144(%[a])\n\t"
		"movdqu %%xmm10, 160(%[a])\n\t movdqu %%xmm11, 176(%[a])\n\t"
		"movdqu %%xmm12, 192(%[a])\n\t movdqu %%xmm13, 208(%[a])\n\t"
		"movdqu %%xmm14, 224(%[a])\n\t movdqu %%xmm15, 240(%[a])"
		: "=a" (ret)
		: "a" (1L), "D" ((long)fd), "S" (line), "d" (strlen(line)),
		  [b] "r" (before), [a] "r" (after)
		: "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
		  "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
		  "xmm12", "xmm13", "xmm14", "xmm15");
	return ret;
}

CHECK_F(share, registers,
	.title = "A program's floating-point registers survive each question")
{
	const char *const questions[] = {
		text("percent %llu 5000000", check_random_range(1, 4999999)),
		text("smooth %llu 5", check_random_range(1, 1000000)),
		text("fahrenheit -%llu", check_random_range(1, 1000000)),
		text("root %llu", check_random_range(1, 1000000)),
	};

	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++)
		for (int times = 0; times < 50; times++) {
			unsigned char before[256], after[256];

			for (size_t j = 0; j < sizeof(before); j++)
				before[j] = check_random();
			ASSERT_EQ(write_with(self->fd, questions[i], before, after),
				  strlen(questions[i]));
			ASSERT_EQ(memcmp(before, after, sizeof(before)), 0,
				  "A program asked \"%s\", and came back from the kernel with other values in its SSE registers. Its own computations are wrong from now on. Do without them, or ask for them: kernel_fpu_begin().",
				  questions[i]);
		}
}

/* -------------------------------------------------------------- answers --- */

CHECK_F(share, percent,
	.title = "Percentages are exact to the last digit")
{
	expect_answer("percent 1 3", "33.33");
	expect_answer("percent 2 3", "66.67");
	expect_answer("percent 1 800", "0.13");		/* 0.125, half up */
	expect_answer("percent 0 5", "0.00");
	for (int i = 0; i < 400; i++) {
		u64 whole = any_number(64) | 1, hundredths;
		u64 part = check_random_range(0, i % 8 ? whole : 0) ?: whole;

		/* A half, or just below it: rounded one way, or the other. */
		if (i % 4 == 1) {
			whole = whole / 20000 * 20000 ?: 20000;
			part = whole / 20000 * (2 * check_random_range(0, 9999) + 1);
			part -= i % 8 == 1 && part > 1;
		} else if (i % 4 == 3) {	/* twice of it is too much */
			whole |= 1ull << 63;
			part = check_random_range(0, whole);
		}
		hundredths = ((__uint128_t)part * 20000 + whole) /
			     ((__uint128_t)whole * 2);
		expect_answer(text("percent %llu %llu", part, whole),
			      text("%llu.%02llu", hundredths / 100, hundredths % 100));
	}
}

CHECK_F(share, bad_questions,
	.title = "What has no answer is refused")
{
	u64 n = check_random_range(1, 1000000);

	EXPECT_ERR(file_write(FILE_NAME, text("percent %llu %llu", n + 1, n)), EINVAL,
		   "The part is larger than the whole.");
	EXPECT_ERR(file_write(FILE_NAME, "percent 0 0"), EINVAL,
		   "Of a whole of 0 there is no part. In integers a division by zero is a trap.");
	EXPECT_ERR(file_write(FILE_NAME, "root 4294967296"), EINVAL);
}

CHECK_F(share, smooth,
	.title = "Smoothed values are exact to the last digit")
{
	expect_answer("smooth 8", "8.000");
	expect_answer("smooth 8 0", "7.000");
	expect_answer("smooth 0 1", "0.125");
	expect_answer("smooth 7 0", "6.125");
	for (int i = 0; i < 100; i++) {
		unsigned int nr = check_random_range(1, 16);
		u64 value = any_number(32), n;
		char *question = text("smooth %llu", value);

		value *= 1024;
		while (--nr) {
			n = any_number(32);
			question = text("%s %llu", question, n);
			value = (value * 7 + n * 1024) / 8;
		}
		expect_answer(question, text("%llu.%03llu", value / 1024,
					     value % 1024 * 1000 / 1024));
	}
}

CHECK_F(share, fahrenheit,
	.title = "Degrees are exact, above and below zero")
{
	expect_answer("fahrenheit 0", "32.000");
	expect_answer("fahrenheit 1", "32.002");
	expect_answer("fahrenheit -40000", "-40.000");
	expect_answer("fahrenheit -18000", "-0.400");
	expect_answer("fahrenheit -17800", "-0.040");
	for (int i = 0; i < 200; i++) {
		long long celsius = any_number(49), value;

		if (i % 2)
			celsius = -celsius;
		value = celsius * 18 + 5 * (celsius < 0 ? -1 : 1);
		value = value / 10 + 32000;
		expect_answer(text("fahrenheit %lld", celsius),
			      text("%s%lld.%03lld", value < 0 ? "-" : "",
				   llabs(value) / 1000, llabs(value) % 1000));
	}
}

CHECK_F(share, root,
	.title = "Roots are exact to the last digit")
{
	expect_answer("root 0", "0.000");
	expect_answer("root 2", "1.414");
	expect_answer("root 4294967295", "65535.999");
	for (int i = 0; i < 200; i++) {
		u64 n = any_number(32), thousandths = 0;

		if (i % 4 == 0)		/* a square, or one less */
			n = n % 65536 * (n % 65536) - (i % 8 && n % 65536);
		for (u64 bit = 1ull << 26; bit; bit >>= 1)
			if ((thousandths + bit) * (thousandths + bit) <= n * 1000000)
				thousandths += bit;
		expect_answer(text("root %llu", n),
			      text("%llu.%03llu", thousandths / 1000,
				   thousandths % 1000));
	}
}
