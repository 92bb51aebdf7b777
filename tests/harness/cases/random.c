// SPDX-License-Identifier: GPL-2.0
/* Random values, for the driver to compare. */
#include "case.h"

static void show(void)
{
	char word[12];
	u64 any, some;

	check_random_word(word, sizeof(word));
	any = check_random();
	some = check_random_range(10, 1000000);
	check_note("%llu %llu %s", any, some, word);
}

CHECK(first) { show(); }
CHECK(second) { show(); show(); }
CHECK(third, .needs = "first") { show(); }

FIXTURE(fx) { u64 x; };
FIXTURE_SETUP(fx) { self->x = check_random(); }
FIXTURE_TEARDOWN(fx) { check_note("%llu", check_random()); }
CHECK_F(fx, fourth) { check_note("%llu", self->x); }

CHECK(ranges, .title = "Both ends come, and nothing else")
{
	unsigned int seen[7] = { 0 };
	char word[3] = "??", one[1] = "?", none[1] = "?";

	for (int i = 0; i < 7000; i++) {
		u64 x = check_random_range(100, 106);

		ASSERT_BETWEEN(x, 100, 106);
		seen[x - 100]++;
	}
	for (int i = 0; i < 7; i++)
		EXPECT_BETWEEN(seen[i], 800, 1200, "About 1000 of each of 7");
	EXPECT_EQ(check_random_range(5, 5), 5);
	EXPECT_EQ(check_random_range(~0ULL, ~0ULL), ~0ULL);
	for (int i = 0; i < 100; i++)
		EXPECT_GE(check_random_range(~0ULL - 1, ~0ULL), ~0ULL - 1);
	EXPECT_NE(check_random_range(0, ~0ULL), check_random_range(0, ~0ULL));
	check_random_word(word, sizeof(word));
	EXPECT_MATCH(word, "^[a-z][a-z]$");
	check_random_word(one, sizeof(one));
	EXPECT_EQ(one[0], '\0');
	check_random_word(none, 0);
	EXPECT_EQ(none[0], '?');
}

CHECK(wide, .title = "A range that does not divide 2^64")
{
	for (int i = 0; i < 3; i++)
		check_note("%llu", check_random_range(0, 1ULL << 63));
}

CHECK(swapped)
{
	check_random_range(2, 1);
}
