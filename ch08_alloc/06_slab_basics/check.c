// SPDX-License-Identifier: GPL-2.0
/*
 * What store.c must do with tables and grids, asked through the files in debugfs
 * that files.c makes. check_secrets.c has the checks of secrets.
 *
 * The machine for this lab is started with init_on_alloc=0, so that memory comes
 * as its last owner left it, and with slub_debug=FZ, so that a double free is
 * noticed, but a free alone does not overwrite what was there.
 */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_store.h"

#define KMALLOC_MAX	(4UL << 20)	/* the most kmalloc() gives on x86-64 */

struct record {
	u64 key;
	u64 value;
};

/* Each check finds the module just loaded. */
FIXTURE(store) {
	u64 mark;		/* where the kernel log ended before the check */
};

FIXTURE_SETUP(store)
{
	self->mark = kmsg_mark();
	store_open();
}

FIXTURE_TEARDOWN(store)
{
	store_close(self->mark);
}

static void make_table(size_t nr)
{
	ASSERT_OK(tell("new", "%zu", nr), "table_new() made no table of %zu records.",
		  nr);
}

/* Random bytes into all records of the table; remember them in model. */
static void fill_table(struct record *model, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		model[i] = (struct record){ check_random(), ~check_random() };
	if (nr)
		put("records", model, nr * sizeof(*model));
}

static bool all_zero(const void *data, size_t bytes)
{
	const char *c = data;

	return !bytes || (!*c && !memcmp(c, c + 1, bytes - 1));
}

/* ------------------------------------------------------------- TODO 1, 3 --- */

CHECK_F(store, zeroed, .title = "New tables and grids are zero, whatever was there before")
{
	for (int i = 0; i < 16; i++) {
		size_t nr = check_random_range(1, 200);
		struct record *model = calloc(nr, sizeof(*model));
		void *data;

		make_table(nr);
		fill_table(model, nr);
		make_table(nr);
		data = get("records", nr * sizeof(*model));
		ASSERT_TRUE(all_zero(data, nr * sizeof(*model)),
			    "A new table of %zu records is not zero: it has what was in that memory before.",
			    nr);
		fill_table(model, nr);
		free(data);
		make_table(0);

		/* As many bytes, so that the same memory is likely. */
		ASSERT_OK(tell("grid", "%zu %zu", nr, sizeof(*model) / 4),
			  "grid_new() made no grid of %zu rows with 4 cells.", nr);
		data = get("grid", nr * sizeof(*model));
		ASSERT_TRUE(all_zero(data, nr * sizeof(*model)),
			    "A new grid of %zu rows with 4 cells is not zero.", nr);
		free(data);
		free(model);
	}
}

/* ---------------------------------------------------------------- TODO 2 --- */

CHECK_F(store, keeps_data, .title = "A table that is resized keeps its records", .needs = "zeroed")
{
	enum { MAX = 400 };
	static struct record model[MAX];
	size_t nr = check_random_range(20, 60);

	make_table(nr);
	fill_table(model, nr);
	for (int i = 0; i < 40; i++) {
		/* By a little, for the same piece of memory, or by any number. */
		size_t want = i & 1 ? check_random_range(0, MAX) :
				      nr - nr / 4 + check_random_range(0, nr / 2);
		struct record *data;
		size_t kept;

		if (want > MAX)
			want = nr;
		kept = want < nr ? want : nr;
		ASSERT_OK(tell("resize", "%zu", want),
			  "table_resize() failed: %zu to %zu records.", nr, want);
		data = get("records", want * sizeof(*data));
		ASSERT_MEMEQ(data, model, kept * sizeof(*data),
			     "From %zu to %zu records: the first %zu are not what they were.",
			     nr, want, kept);
		ASSERT_TRUE(all_zero(data + kept, (want - kept) * sizeof(*data)),
			    "From %zu to %zu records: the new ones are not zero. krealloc() leaves there what it finds, which may be records dropped before.",
			    nr, want);
		nr = want;
		fill_table(model, nr);
		free(data);
	}
}

/* ------------------------------------------------------------- overflow --- */

/* Numbers of records for which no memory can be had, but some pretend to fit. */
static size_t impossible_nr(unsigned int i)
{
	switch (i) {
	case 0:			/* times 16 is 2^64 and a little: wraps to little */
		return (1UL << 60) + check_random_range(1, 100);
	case 1:			/* times 16 is 2^32 and a little: not an int */
		return (1UL << 28) + check_random_range(1, 100);
	case 2:			/* nearly all that a size_t can say */
		return SIZE_MAX / sizeof(struct record);
	case 3:
		return SIZE_MAX - check_random_range(0, 100);
	case 4:			/* no overflow: just more than kmalloc() has */
		return KMALLOC_MAX / sizeof(struct record) +
		       check_random_range(0, 1 << 20);
	default:
		return 0;
	}
}

CHECK_F(store, refuses_overflow, .title = "Sizes that overflow are refused", .needs = "zeroed")
{
	size_t nr;

	for (unsigned int i = 0; (nr = impossible_nr(i)); i++)
		ASSERT_ERR(tell("new", "%zu", nr), ENOMEM,
			   "table_new() made a table of %zu records. Its size is not what was multiplied: it wrapped round, or was cut. Use struct_size(), and size_t.",
			   nr);
}

CHECK_F(store, grid_overflow, .title = "A grid of too many cells is refused", .needs = "zeroed")
{
	size_t small = check_random_range(2, 60);
	size_t odd = check_random() | 1 | 1UL << 63;
	size_t inverse = odd;
	size_t sizes[][2] = {
		/* rows * cols wraps to a small number */
		{ odd, small },
		{ 1UL << 33, 1UL << 31 },
		/* cols * 4, or rows * 4, wraps to a small number */
		{ small, (1UL << 62) + small },
		{ (1UL << 62) + small, small },
		/* rows * cols fits, rows * cols * 4 does not */
		{ small, ((1UL << 62) + small) / small },
		/* more than 32 bits hold */
		{ 1UL << 17, (1UL << 15) + 1 },
		{ 1UL << 16, (1UL << 14) + 1 },
		/* more than kmalloc() has */
		{ KMALLOC_MAX / 1024, 257 },
	};

	/* Newton's way to the number with odd * inverse == 1 (mod 2^64). */
	for (int i = 0; i < 6; i++)
		inverse *= 2 - odd * inverse;
	sizes[0][1] = inverse * small;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		ASSERT_ERR(tell("grid", "%zu %zu", sizes[i][0], sizes[i][1]),
			   ENOMEM,
			   "grid_new() made a grid of %zu rows with %zu cells each. There are three factors, the cell's size is one: each product must be tested.",
			   sizes[i][0], sizes[i][1]);
}

CHECK_F(store, failed_resize, .title = "A resize that fails changes nothing", .needs = "keeps_data")
{
	static struct record model[100];
	size_t nr = check_random_range(50, 100), want;

	make_table(nr);
	fill_table(model, nr);
	for (unsigned int i = 0; (want = impossible_nr(i)); i++) {
		size_t bytes;
		void *data;

		ASSERT_NE(tell("resize", "%zu", want), 0,
			  "table_resize() gave the table %zu records. Use struct_size() here, too.",
			  want);
		/* Takes the table's memory if it was freed. */
		for (int j = 0; j < 8; j++)
			ASSERT_OK(tell("grid", "%zu 4", nr));
		data = get_all("records", &bytes);
		ASSERT_EQ(bytes, nr * sizeof(*model),
			  "After a resize that failed, the table is gone. When krealloc() returns NULL, the old memory is still there, and still yours: do not free it, and do not lose the pointer to it.");
		ASSERT_MEMEQ(data, model, bytes,
			     "After a resize that failed, the records are not what they were.");
		free(data);
	}
}

/* ---------------------------------------------------------------- leaks --- */

/* Objects that are in use in the caches of kmalloc(). */
static long objects_in_use(void)
{
	char *text = file_read("/proc/slabinfo");
	char *next = text, *line;
	long sum = 0, active;

	ASSERT_NOTNULL(text);
	while ((line = strsep(&next, "\n")))
		if (!strncmp(line, "kmalloc-", 8) &&
		    sscanf(line, "%*s %ld", &active) == 1)
			sum += active;
	free(text);
	return sum;
}

static int failing_resize(void)
{
	return tell("resize", "%lu", KMALLOC_MAX) ? 0 : -EINVAL;
}

static int good_resize(void)
{
	return tell("resize", "%d", (int)check_random_range(1, 200));
}

static int good_grid(void)
{
	return tell("grid", "%d 3", (int)check_random_range(1, 200));
}

static int good_append(void)
{
	return tell("append", "%d", (int)check_random_range(1, 100));
}

static int set_and_drop(void)
{
	return tell("secret", "%d", (int)check_random_range(1, 100)) ?:
	       tell("drop", "now");
}

CHECK_F(store, leaks_nothing, .title = "No memory is lost", .needs = "failed_resize")
{
	static const struct {
		int (*what)(void);
		const char *name;
	} actions[] = {
		{ failing_resize, "a resize that fails" },
		{ good_resize, "a resize" },
		{ good_grid, "a new grid" },
		{ good_append, "a secret that grows" },
		{ set_and_drop, "a secret that is set and dropped" },
	};
	enum { TIMES = 300 };

	if (!slab_counts_exact())
		check_skip("KASAN keeps what was freed for a while; kmemleak counts here");
	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++) {
		long before;

		make_table(30);
		ASSERT_OK(actions[i].what(), "Failed: %s.", actions[i].name);
		before = objects_in_use();
		for (int j = 0; j < TIMES; j++)
			ASSERT_OK(actions[i].what(), "Failed: %s.",
				  actions[i].name);
		EXPECT_LT(objects_in_use() - before, TIMES / 2,
			  "%d times %s: so many more pieces of memory are in use now. What does it not free?",
			  TIMES, actions[i].name);
	}
}
