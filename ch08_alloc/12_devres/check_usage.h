/* SPDX-License-Identifier: GPL-2.0 */
/* check_usage.h - how much memory the kernel has in use, before and after */
#ifndef CHECK_USAGE_H
#define CHECK_USAGE_H

#include "check.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define USAGE_SIZES	12

/* Objects of kmalloc(), by size, and KiB of free memory. */
struct usage {
	long objects[USAGE_SIZES];
	long free;
};

struct usage usage_now(void);
/* Expects that it is what it was, after so many rounds of something. */
void usage_compare(const struct usage *before, unsigned int rounds, const char *what);

/* A printed text, in memory that is never given back: a check does not live long. */
const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);

#endif /* CHECK_USAGE_H */
