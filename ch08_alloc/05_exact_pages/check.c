// SPDX-License-Identifier: GPL-2.0
/*
 * What the module exact must do: buffers of any size, in three ways.
 *
 * What the module says of its buffers is compared with how much free memory the
 * machine has left.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME	"/proc/exact"
#define PAGE		4096ULL
#define MIB		(1024 * 1024ULL)
#define MAX		16		/* buffers in a set */

static const char *const hows[] = { "order", "exact", "cut" };

struct buffer {
	char how[8];
	u64 size, taken, wasted, addr;
};

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

FIXTURE(exact) {
	u64 mark;
};

FIXTURE_SETUP(exact)
{
	mod_unload("exact");	/* left by a check that was stopped */
	self->mark = kmsg_mark();
	/* Let each CPU keep few free pages for itself: those are not counted as free. */
	file_write("/proc/sys/vm/percpu_pagelist_high_fraction", "4000");
	ASSERT_OK(mod_load("exact.ko", NULL), "The module was not loaded.");
}

FIXTURE_TEARDOWN(exact)
{
	EXPECT_OK(mod_unload("exact"), "The module was not unloaded.");
	EXPECT_NOMATCH(kmsg_since(self->mark), "Bad page|BUG: ",
		       "The kernel found a page in a state that it cannot have. Was a page freed twice, or freed and then used?");
	EXPECT_NOMATCH(kmsg_since(self->mark), "WARNING: ",
		       "The kernel warned of what it was asked for. A size of 0 is none that its functions know: test it first.");
}

static int make(const char *how, const u64 *sizes, unsigned int nr)
{
	const char *line = how;

	for (unsigned int i = 0; i < nr; i++)
		line = text("%s %llu", line, sizes[i]);
	return file_write(FILE_NAME, line);
}

/* What the module says of its set; how many buffers that has. */
static unsigned int look(struct buffer b[MAX])
{
	char *list = file_read(FILE_NAME), *next = list, *line;
	unsigned int nr = 0;

	ASSERT_NOTNULL(list, FILE_NAME " could not be read.");
	while (nr < MAX && (line = strsep(&next, "\n")) && *line) {
		int n = sscanf(line, "%7s %llu: %llu taken, %llu wasted, at 0x%llx",
			       b[nr].how, &b[nr].size, &b[nr].taken, &b[nr].wasted,
			       &b[nr].addr);

		ASSERT_EQ(n, 5, "This line of the list cannot be understood: %s", line);
		nr++;
	}
	free(list);
	return nr;
}

/* From one byte to 4 MiB, small ones as often as large ones. */
static u64 any_size(void)
{
	u64 size = 1ULL << check_random_range(0, 21);

	switch (check_random_range(0, 3)) {
	case 0:
		return size;
	case 1:
		return size + 1;
	default:
		return check_random_range(size, 2 * size);
	}
}

static u64 power_of_two(u64 size)
{
	u64 bytes = PAGE;

	while (bytes < size)
		bytes *= 2;
	return bytes;
}

static u64 whole_pages(u64 size)
{
	return (size + PAGE - 1) / PAGE * PAGE;
}

CHECK_F(exact, own_memory,
	.title = "No two buffers have a page in common")
{
	for (int round = 0; round < 30; round++) {
		const char *how = hows[1 + round % 2];
		unsigned int nr = check_random_range(8, MAX);
		struct buffer b[MAX];
		u64 sizes[MAX];

		for (unsigned int i = 0; i < nr; i++)
			sizes[i] = check_random_range(1, 5 * PAGE);
		ASSERT_OK(make(how, sizes, nr),
			  "%u buffers of a few pages, by \"%s\", were refused.", nr, how);
		ASSERT_EQ(look(b), nr, "Some of %u buffers are not in the list.", nr);
		for (unsigned int i = 0; i < nr; i++) {
			EXPECT_EQ(b[i].addr % PAGE, 0, "A buffer begins at a page.");
			for (unsigned int j = 0; j < i; j++)
				ASSERT_TRUE(b[i].addr >= b[j].addr + whole_pages(b[j].size) ||
					    b[j].addr >= b[i].addr + whole_pages(b[i].size),
					    "Two buffers have a page in common, one of %llu and one of %llu bytes. Was it given back as one of the rest? 4097 bytes need two pages.",
					    b[j].size, b[i].size);
		}
	}
}

CHECK_F(exact, numbers, .needs = "own_memory",
	.title = "What is taken and what is wasted is as computed")
{
	for (int round = 0; round < 60; round++) {
		const char *how = hows[round % 3];
		u64 size = any_size();
		u64 want = round % 3 ? whole_pages(size) : power_of_two(size);
		struct buffer b[MAX];

		ASSERT_OK(make(how, &size, 1),
			  "One buffer of %llu bytes, by \"%s\", was refused.", size, how);
		ASSERT_EQ(look(b), 1, "One buffer was made, and is not in the list.");
		ASSERT_STREQ(b[0].how, how);
		ASSERT_EQ(b[0].size, size);
		ASSERT_EQ(b[0].taken, want,
			  "%llu bytes, by \"%s\": a block is a power of two of pages, and what is cut to size is as many whole pages as are needed.",
			  size, how);
		ASSERT_EQ(b[0].wasted, want - size);
	}
}

/* ------------------------------------------------------- memory in use --- */

static long long free_bytes(void)
{
	const char *line = strstr(file_read("/proc/meminfo"), "MemFree:");

	ASSERT_NOTNULL(line);
	return atoll(line + strlen("MemFree:")) * 1024;
}

/* The kernel keeps some free pages in lists for each CPU, and does not count them. */
#define TOLERANCE	(4 * MIB)

CHECK_F(exact, memory_in_use, .needs = "numbers",
	.title = "So much memory is in use, and no more")
{
	for (int how = 0; how < 3; how++) {
		unsigned int nr = check_random_range(12, MAX);
		long long before, used;
		u64 sizes[MAX], sum = 0;

		for (unsigned int i = 0; i < nr; i++) {
			sizes[i] = MIB + check_random_range(1, 64 * 1024);
			sum += how ? whole_pages(sizes[i]) : power_of_two(sizes[i]);
		}
		ASSERT_OK(make(hows[how], NULL, 0));
		before = free_bytes();
		ASSERT_OK(make(hows[how], sizes, nr),
			  "%u buffers of 1 MiB and a little were refused.", nr);
		used = before - free_bytes();
		check_note("%s: %u buffers of 1 MiB and a little: %lld KiB", hows[how], nr,
			   used / 1024);
		EXPECT_LT(used, sum + TOLERANCE,
			  "\"%s\" takes more memory than it says. What was cut off must be given back.",
			  hows[how]);
		EXPECT_GT(used, sum - TOLERANCE,
			  "\"%s\" takes less memory than the buffers have bytes: it frees what is still needed.",
			  hows[how]);
	}
}

/* ------------------------------------------------------------- refusals --- */

CHECK_F(exact, refuses_zero, .needs = "own_memory",
	.title = "A buffer of no bytes is refused")
{
	for (int how = 0; how < 3; how++) {
		u64 sizes[] = { check_random_range(1, MIB), 0, PAGE };

		EXPECT_ERR(make(hows[how], sizes + 1, 1), EINVAL,
			   "A buffer of 0 bytes, by \"%s\": nobody can mean that.", hows[how]);
		EXPECT_ERR(make(hows[how], sizes, 3), EINVAL,
			   "The second of three buffers has 0 bytes.");
	}
}

CHECK_F(exact, refuses_too_large, .needs = "own_memory",
	.title = "A buffer that cannot be had is refused")
{
	u64 sizes[] = {
		4 * MIB + 1, 4 * MIB + check_random_range(1, 1000 * MIB),
		1ULL << 44, -PAGE, -1ULL,
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (int how = 0; how < 3; how++)
			EXPECT_ERR(make(hows[how], &sizes[i], 1), ENOMEM,
				   "No block has %llu bytes.", sizes[i]);
}

CHECK_F(exact, unwound, .needs = "numbers", .title = "When one of them fails, none stays")
{
	struct buffer b[MAX];
	u64 kept = any_size();

	for (int how = 0; how < 3; how++) {
		long long before;

		ASSERT_OK(make(hows[how], &kept, 1));
		before = free_bytes();
		for (int i = 0; i < 24; i++) {
			unsigned int nr = check_random_range(2, MAX);
			unsigned int bad = check_random_range(1, nr - 1);
			u64 sizes[MAX];

			for (unsigned int j = 0; j < nr; j++)
				sizes[j] = check_random_range(MIB / 2, MIB);
			sizes[bad] = i & 1 ? 0 : 5 * MIB;
			ASSERT_ERR(make(hows[how], sizes, nr), i & 1 ? EINVAL : ENOMEM,
				   "Buffer %u of %u cannot be had: the whole set fails.",
				   bad + 1, nr);
			ASSERT_LT(before - free_bytes(), 2 * TOLERANCE,
				  "Buffer %u of %u failed, and the memory of the ones before it was not given back.",
				  bad + 1, nr);
		}
		ASSERT_EQ(look(b), 1);
		EXPECT_EQ(b[0].size, kept, "The set that was there before is another now.");
	}
}

CHECK_F(exact, leaks_nothing, .needs = "memory_in_use", .deadline = 60,
	.title = "All of it is given back")
{
	for (int how = 0; how < 3; how++) {
		long long before;

		ASSERT_OK(make(hows[how], NULL, 0));
		before = free_bytes();
		for (int i = 0; i < 250; i++) {
			u64 sizes[MAX];

			for (int j = 0; j < MAX; j++)
				sizes[j] = check_random_range(1, 9 * PAGE);
			ASSERT_OK(make(hows[how], sizes, MAX));
			ASSERT_OK(make(hows[how], NULL, 0));
			ASSERT_LT(before - free_bytes(), 2 * TOLERANCE,
				  "After %d sets that are gone, so many bytes are missing. Are all pages of a buffer given back, the last one, too?",
				  i + 1);
		}
	}
}
