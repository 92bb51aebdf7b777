// SPDX-License-Identifier: GPL-2.0
/*
 * What store.c must do with secrets: keep them while they are there, and leave
 * nothing of them behind. check.c has the other checks.
 */

#include <stdlib.h>

#include "check_memory.h"
#include "check_store.h"

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

CHECK_F(store, secret_kept, .title = "A secret that grows keeps what it was")
{
	u64 model[512];
	size_t len = 0;

	for (size_t i = 0; i < 512; i++)
		model[i] = check_random();
	while (len < sizeof(model)) {
		size_t more = check_random_range(1, 300);
		void *data;

		if (more > sizeof(model) - len)
			more = sizeof(model) - len;
		put(len ? "append" : "secret", (char *)model + len, more);
		len += more;
		data = get("secret", len);
		ASSERT_MEMEQ(data, model, len,
			     "After %zu bytes were appended, the secret is another one.",
			     more);
		free(data);
	}
	ASSERT_OK(tell("drop", "now"));
	free(get_all("secret", &len));
	EXPECT_EQ(len, 0, "After secret_drop() the secret has still %zu bytes.",
		  len);
}

/* One text for each size of memory that kmalloc() keeps in stock. */
static const size_t sizes[] = { 64, 96, 128, 192, 256, 512, 1024, 2048 };

#define SIZES	(sizeof(sizes) / sizeof(*sizes))

static void leave_note(unsigned int id, size_t size)
{
	ASSERT_OK(trace_write(DIR "note", id, size));
	ASSERT_OK(tell("note", "another"));
}

static void leave_dropped(unsigned int id, size_t size)
{
	ASSERT_OK(trace_write(DIR "secret", id, size));
	ASSERT_OK(tell("drop", "now"));
}

static void leave_replaced(unsigned int id, size_t size)
{
	ASSERT_OK(trace_write(DIR "secret", id, size));
	ASSERT_OK(tell("secret", "another"));
}

static void leave_grown(unsigned int id, size_t size)
{
	ASSERT_OK(trace_write(DIR "secret", id, size));
	ASSERT_OK(tell("append", "more, so that it must move"));
	ASSERT_OK(tell("drop", "now"));
}

static void leave_at_unload(unsigned int id, size_t size)
{
	ASSERT_OK(trace_write(DIR "secret", id, size));
	ASSERT_OK(mod_unload(MODULE));
	ASSERT_OK(mod_load(MODULE ".ko", NULL));
}

/*
 * Do something with texts of all sizes, and search memory for them at once: the
 * next to come would take the same places. Returns how many were found.
 */
static unsigned int left_by(void (*leave)(unsigned int id, size_t size))
{
	size_t found[TRACE_IDS];
	unsigned int left = 0;

	trace_begin();
	for (size_t i = 0; i < SIZES; i++)
		leave(i, sizes[i]);
	if (!trace_search(found))
		check_skip("this kernel does not show its memory: no /proc/kcore");
	for (size_t i = 0; i < SIZES; i++)
		left += found[i] > 0;
	return left;
}

CHECK_F(store, secrets_gone, .title = "No secret is left", .needs = "secret_kept", .deadline = 120)
{
	static const struct {
		void (*leave)(unsigned int id, size_t size);
		const char *what;
		const char *advice;
	} ways[] = {
		{ leave_dropped, "secrets that were dropped",
		  "kfree() does not wipe what it frees: kfree_sensitive() does." },
		{ leave_replaced, "secrets in whose place came another",
		  "Wipe the old one, too." },
		{ leave_grown, "secrets that grew and were dropped",
		  "krealloc() frees the place where they were before, without a wipe." },
		{ leave_at_unload, "secrets that were there at unload",
		  "secret_drop() is called then." },
	};
	unsigned int left = left_by(leave_note);

	check_note("All of RAM was searched. Still there:");
	check_note("%u of %zu notes, freed with kfree()", left, SIZES);
	if (left < SIZES / 2)
		check_skip("this kernel wipes what is freed: nothing can be told");
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		left = left_by(ways[i].leave);
		check_note("%u of %zu %s", left, SIZES, ways[i].what);
		EXPECT_EQ(left, 0, "Can still be read in memory: %u %s. %s",
			  left, ways[i].what, ways[i].advice);
	}
}
