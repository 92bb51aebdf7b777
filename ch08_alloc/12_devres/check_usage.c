// SPDX-License-Identifier: GPL-2.0
/* How much memory the kernel has in use, before and after. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_usage.h"

const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* Objects in use of the cache for kmalloc() of this size. */
static long in_use(unsigned int size)
{
	char *next = file_read("/proc/slabinfo"), *line;
	const char *start = text("kmalloc-%u ", size);
	const char *thousands = text("kmalloc-%uk ", size >> 10);
	long sum = 0;

	ASSERT_NOTNULL(next);
	while ((line = strsep(&next, "\n")))
		if (!strncmp(line, start, strlen(start)) ||
		    !strncmp(line, thousands, strlen(thousands)))
			sum += atol(strchr(line, ' '));
	return sum;
}

static long free_kib(void)
{
	const char *line = strstr(file_read("/proc/meminfo"), "MemFree:");

	ASSERT_NOTNULL(line);
	return atol(line + strlen("MemFree:"));
}

static const unsigned int sizes[USAGE_SIZES] = {
	8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096
};

struct usage usage_now(void)
{
	struct usage usage = { .free = free_kib() };

	for (size_t i = 0; i < COUNT(sizes); i++)
		usage.objects[i] = slab_counts_exact() ? in_use(sizes[i]) : 0;
	return usage;
}

static bool is_back(const struct usage *before, long most)
{
	struct usage now = usage_now();
	bool back = !slab_counts_exact() || before->free - now.free < 4096;

	for (size_t i = 0; i < COUNT(sizes); i++)
		back = back && now.objects[i] - before->objects[i] < most;
	return back;
}

void usage_compare(const struct usage *before, unsigned int rounds, const char *what)
{
	struct usage now;

	/* Some of the kernel's own is freed behind a grace period. */
	WAIT_UNTIL(is_back(before, rounds / 4), 6000);
	now = usage_now();
	for (size_t i = 0; i < COUNT(sizes); i++)
		EXPECT_LT(now.objects[i] - before->objects[i], rounds / 4,
			  "%u times %s: so many objects of %u bytes are in use that were not before. Was something got without devm_, or for another device?",
			  rounds, what, sizes[i]);
	if (slab_counts_exact())
		EXPECT_LT(before->free - now.free, 4096,
			  "%u times %s: so many KiB are missing. The ring?", rounds, what);
}
