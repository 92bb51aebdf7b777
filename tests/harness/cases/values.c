// SPDX-License-Identifier: GPL-2.0
/* Integers of every type: compared as numbers, printed as what they are. */
#include <limits.h>
#include <stdint.h>

#include "case.h"

/* Every type against every type; the judge is a wider type, __int128. */
#define TYPES(X, ...)							\
	X(bool, __VA_ARGS__) X(char, __VA_ARGS__) X(schar, __VA_ARGS__)	\
	X(short, __VA_ARGS__) X(int, __VA_ARGS__) X(long, __VA_ARGS__)	\
	X(llong, __VA_ARGS__) X(uchar, __VA_ARGS__) X(ushort, __VA_ARGS__) \
	X(uint, __VA_ARGS__) X(ulong, __VA_ARGS__) X(u64, __VA_ARGS__)

/* The same once more: a macro does not expand inside itself. */
#define TYPES2(X, ...)							\
	X(bool, __VA_ARGS__) X(char, __VA_ARGS__) X(schar, __VA_ARGS__)	\
	X(short, __VA_ARGS__) X(int, __VA_ARGS__) X(long, __VA_ARGS__)	\
	X(llong, __VA_ARGS__) X(uchar, __VA_ARGS__) X(ushort, __VA_ARGS__) \
	X(uint, __VA_ARGS__) X(ulong, __VA_ARGS__) X(u64, __VA_ARGS__)

typedef signed char schar;
typedef unsigned char uchar;
typedef long long llong;

static unsigned int compared, mistakes;

#define SIDE(sign, name)						\
	do {								\
		bool said = check_compare_(CHECK_##name##_,		\
					   CHECK_VALUE_(a), "a",	\
					   CHECK_VALUE_(b), "b");	\
		compared++;						\
		if (said == ((__int128)a sign (__int128)b))		\
			break;						\
		mistakes++;						\
		check_note("%s " #sign " %s: %lld, %lld", a_type, b_type, \
			   (long long)a, (long long)b);			\
	} while (0)

#define PAIR(b_t, a_t)							\
	{								\
		const char *a_type = #a_t, *b_type = #b_t;		\
		b_t b = (b_t)y;						\
									\
		SIDE(==, EQ);						\
		SIDE(!=, NE);						\
		SIDE(<, LT);						\
		SIDE(<=, LE);						\
		SIDE(>, GT);						\
		SIDE(>=, GE);						\
	}

#define ROW(a_t, unused)						\
	{								\
		a_t a = (a_t)x;						\
									\
		TYPES2(PAIR, a_t)					\
	}

CHECK(grid)
{
	const u64 bits[] = {
		0, 1, -1ULL, INT_MAX, (u64)INT_MIN, UINT_MAX, 1ULL << 63,
		(1ULL << 63) - 1, 0x7f, 0x80, 0xffff8000, check_random(),
		check_random() >> 32,
	};
	const size_t n = sizeof(bits) / sizeof(bits[0]);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < n; j++) {
			u64 x = bits[i], y = bits[j];

			TYPES(ROW, 0)
		}
	}
	check_note("%u comparisons, %u wrong", compared, mistakes);
	ASSERT_EQ(mistakes, 0);
}

enum color { RED, GREEN };

struct flags {
	unsigned int low : 3;
	signed int sign : 4;
};

CHECK(shown)
{
	int minus = -1;
	unsigned int most = UINT_MAX;
	enum color color = GREEN;
	struct flags flags = { .low = 5, .sign = -3 };
	long long least = LLONG_MIN;
	u64 big = ~0ULL;
	bool yes = true;
	char letter = 'x', quote = '\'', newline = '\n';
	int near = 4095, at = 4096;
	void *where = (void *)0x1000;
	const int *nowhere = NULL;

	EXPECT_EQ(minus, most);
	EXPECT_GT(minus, most);
	EXPECT_EQ(color, RED);
	EXPECT_EQ(flags.low, flags.sign);
	EXPECT_EQ(least, big);
	EXPECT_EQ(yes, false);
	EXPECT_EQ(letter, quote);
	EXPECT_EQ(newline, 10u);
	EXPECT_NE(newline, 10u);
	EXPECT_EQ(near, at);
	EXPECT_EQ(where, nowhere);
	EXPECT_EQ(1, 2);
	EXPECT_EQ(sizeof(int), 010);
	EXPECT_ERR(-EINVAL, ENODEV);
	EXPECT_OK(-512);
	EXPECT_EQ((short)-1, (unsigned short)-1);
}

CHECK(once, .title = "Each operand is evaluated once, from left to right")
{
	int i = 0, calls = 0;
	const char *text = "abc";

	EXPECT_EQ(i++, 0);
	EXPECT_EQ(i++, i++ - 1);
	EXPECT_BETWEEN(i++, 3, 3);
	EXPECT_EQ(i, 4);
	EXPECT_TRUE(i++);
	EXPECT_STREQ(text++, "abc");
	EXPECT_MATCH(text++, "^bc$");
	EXPECT_NOTNULL(text++);
	EXPECT_STREQ(text, "");
	EXPECT_OK(i++);
	EXPECT_EQ(i, 6);
	EXPECT_TRUE(true, "not evaluated %d", calls++);
	EXPECT_EQ(calls, 0);
	if (i)
		EXPECT_EQ(i, 6);
	else
		EXPECT_EQ(i, 7);
}

CHECK(lines)
{
	check_note("line %d", __LINE__); EXPECT_EQ(1, 2);
}

CHECK(texts, .title = "The title stands in for a missing message, once")
{
	const char *control = "tab\t\"quoted\" back\\slash\r\x01\n";
	const char *several = "one\ntwo\n\nfour";
	const char *long_one = given("CASE_LONG");

	EXPECT_STREQ(control, "");
	EXPECT_MATCH(several, "five");
	EXPECT_STREQ(several, "one\ntwo\n\nfou");
	EXPECT_STREQ(long_one, "");
	errno = ENOENT;
	EXPECT_OK(-1, "errno is kept for the message: %m");
	EXPECT_EQ(errno, ENOENT);
	EXPECT_EQ(libc_ret(-1), -ENOENT);
	EXPECT_EQ(libc_ret(-2), -2);
	EXPECT_EQ(libc_ret(5), 5);
}
