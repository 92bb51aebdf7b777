/* SPDX-License-Identifier: GPL-2.0 */
/*
 * splitmix.h - the random numbers of the tests: splitmix64, which is small, and
 * the same sequence everywhere. The state is the seed before the first of them.
 */
#ifndef SPLITMIX_H
#define SPLITMIX_H

#include <stdint.h>

static inline uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

#endif
