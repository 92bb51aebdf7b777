// SPDX-License-Identifier: GPL-2.0
/*
 * random.c - numbers that follow from the seed and the check's name
 *
 * The generator is splitmix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", 2014): one addition and a mix.
 */

#include "internal.h"

static u64 state;

static u64 mix(u64 x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/* The name goes in by FNV-1a, so that two checks do not draw the same. */
void random_start(u64 seed, const char *name)
{
	u64 hash = 0xcbf29ce484222325ULL;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 0x100000001b3ULL;
	state = mix(seed + mix(hash));
}

u64 check_random(void)
{
	state += 0x9e3779b97f4a7c15ULL;
	return mix(state);
}

u64 check_random_range(u64 lo, u64 hi)
{
	u64 range = hi - lo + 1;	/* 0: all 2^64 */
	u64 uneven, x;

	if (lo > hi)
		child_fault("check_random_range(%llu, %llu): the ends are swapped",
			    lo, hi);
	if (!range)
		return check_random();
	/*
	 * The 2^64 numbers do not fall evenly into range parts.  Without those
	 * that are left over, here the smallest, every part is as likely.
	 */
	uneven = -range % range;	/* 2^64 modulo range */
	do
		x = check_random();
	while (x < uneven);
	return lo + x % range;
}

void check_random_word(char *buf, size_t len)
{
	if (!len)
		return;
	for (size_t i = 0; i < len - 1; i++)
		buf[i] = 'a' + check_random_range(0, 25);
	buf[len - 1] = '\0';
}
