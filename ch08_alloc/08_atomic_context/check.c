// SPDX-License-Identifier: GPL-2.0
/*
 * What record.c must do, in every context that an event can happen in.
 *
 * With which flags memory is asked for, and in which context, is what the kernel's
 * own tracing tells: the event kmem:kmalloc. A text of a length drawn at random
 * tells which request is for which event.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME	"/proc/events"
#define TRACING		"/sys/kernel/tracing/"
#define SLEEPS		"gfp_flags=[^ ]*(GFP_KERNEL|GFP_NOFS|GFP_NOIO|GFP_USER|GFP_HIGHUSER|DIRECT_RECLAIM|__GFP_RECLAIM)"

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

FIXTURE(events) { u64 mark; };

FIXTURE_SETUP(events)
{
	mod_unload("events");	/* left by a check that was stopped */
	self->mark = kmsg_mark();
	ASSERT_OK(mod_load("events.ko", NULL), "The module was not loaded.");
	ASSERT_OK(file_write(TRACING "events/kmem/kmalloc/enable", "1"));
}

FIXTURE_TEARDOWN(events)
{
	file_write(TRACING "events/kmem/kmalloc/enable", "0");
	EXPECT_OK(mod_unload("events"), "The module was not unloaded.");
	EXPECT_NOMATCH(kmsg_since(self->mark), "BUG|WARNING: ",
		       "The kernel complains of what was done in a context where that must not be.");
}

/* A text of this length. */
static char *words(size_t len)
{
	char *made = calloc(len + 1, 1);

	ASSERT_NOTNULL(made);
	check_random_word(made, len + 1);
	return made;
}

static int happen(const char *what, const char *argument)
{
	return file_write(FILE_NAME, text("%s%s%s", what, *argument ? " " : "", argument));
}

/*
 * Let something happen. The trace then has the lines in which the module asked for
 * memory, and those that asked for as much as "bytes".
 */
static char *trace_of(const char *what, const char *argument, size_t bytes)
{
	char *all, *line, *kept = calloc(1, 1), *number = strdup(text("bytes_req=%zu ", bytes));

	ASSERT_OK(file_write(TRACING "trace", "0"));
	ASSERT_OK(happen(what, argument), "An event was refused: %s.", what);
	all = file_read(TRACING "trace");
	ASSERT_NOTNULL(all);
	while ((line = strsep(&all, "\n")))
		if (strstr(line, " kmalloc: ") && !strstr(line, "=events_") &&
		    (strstr(line, "[events]") || strstr(line, number)))
			kept = strdup(text("%s%s\n", kept, line));
	ASSERT_MATCH(kept, number, "Nobody asked for %zu bytes: a record keeps a copy of its text.",
		     bytes);
	return kept;
}

/* The five letters after the CPU: "d..2.", as the head of the trace explains. */
static bool is_atomic(const char *line)
{
	const char *flags = strchr(line, ']');

	ASSERT_NOTNULL(flags);
	flags += 2;
	return flags[0] != '.' || strchr("hHsSzZ", flags[2]) || flags[3] != '.';
}

/* ------------------------------------------------------------- the checks --- */

CHECK_F(events, keeps_records, .title = "Events of every source are recorded, in their order")
{
	static const char *const sources[] = { "process", "work", "timer", "tasklet" };
	const char *want = "";

	for (unsigned int i = 1; i <= 40; i++) {
		const char *source = sources[check_random_range(0, 3)];
		const char *what = words(check_random_range(1, 60));

		ASSERT_OK(happen(source, what), "An event was refused: %s.", source);
		want = text("%s%s %s\n", want, source, what);
		if (i % 10 == 0)
			ASSERT_STREQ(file_read(FILE_NAME), text("%u records\n%s", i, want),
				     "The list is another.");
	}
	ASSERT_OK(happen("clear", ""));
	EXPECT_STREQ(file_read(FILE_NAME), "0 records\n");
}

CHECK_F(events, may_sleep, .needs = "keeps_records",
	.title = "Who may sleep says so")
{
	static const char *const sources[] = { "process", "work" };

	for (int i = 0; i < 6; i++) {
		size_t len = check_random_range(1500, 8000);
		char *trace = trace_of(sources[i % 2], words(len), len + 1), *line;

		while ((line = strsep(&trace, "\n")) && *line) {
			ASSERT_MATCH(line, SLEEPS,
				     "\"%s\" may sleep, and does not say so. GFP_ATOMIC takes from the reserves for those who must not, and fails where GFP_KERNEL would wait.",
				     sources[i % 2]);
			ASSERT_FALSE(is_atomic(line),
				     "This request was made with a lock held or with interrupts off: %s",
				     line);
		}
	}
}

CHECK_F(events, must_not_sleep, .needs = "keeps_records",
	.title = "In a timer and in a tasklet nobody sleeps")
{
	static const char *const sources[] = { "timer", "tasklet" };

	for (int i = 0; i < 6; i++) {
		size_t len = check_random_range(1500, 8000);
		char *trace = trace_of(sources[i % 2], words(len), len + 1), *line;

		while ((line = strsep(&trace, "\n")) && *line)
			ASSERT_NOMATCH(line, SLEEPS,
				       "A %s must not sleep, and memory was asked for with flags that allow it. Each function that allocates must be told the flags by its caller.",
				       sources[i % 2]);
	}
}

CHECK_F(events, merge_and_lock, .needs = "must_not_sleep",
	.title = "With a lock held nobody sleeps")
{
	for (int i = 0; i < 6; i++) {
		unsigned int nr = check_random_range(2, 30);
		const char *all = "";
		char *trace, *line;

		ASSERT_OK(happen("clear", ""));
		for (unsigned int j = 0; j < nr; j++) {
			const char *what = words(check_random_range(1, 200));

			ASSERT_OK(happen(j & 1 ? "process" : "work", what));
			all = text("%s%s", all, what);
		}
		ASSERT_OK(file_write(TRACING "trace", "0"));
		ASSERT_OK(happen("merge", ""));
		trace = file_read(TRACING "trace");
		ASSERT_STREQ(file_read(FILE_NAME), text("1 records\nmerge %s\n", all),
			     "After the merge of %u records there must be one, with all their texts.",
			     nr);
		while ((line = strsep(&trace, "\n")))
			if (strstr(line, "[events]") && is_atomic(line))
				ASSERT_NOMATCH(line, SLEEPS,
					       "Memory was asked for with a lock held, with flags that allow to sleep: whoever wants the lock meanwhile spins for ever.");
	}
}

/* ---------------------------------------------------------------- leaks --- */

static long objects_in_use(void)
{
	char *next = file_read("/proc/slabinfo"), *line;
	long sum = 0;

	ASSERT_NOTNULL(next);
	while ((line = strsep(&next, "\n")))
		if (!strncmp(line, "kmalloc-", 8) && strchr(line, ' '))
			sum += atol(strchr(line, ' '));
	return sum;
}

CHECK_F(events, leaks_nothing, .needs = "keeps_records", .deadline = 60,
	.title = "Nothing is lost")
{
	static const char *const sources[] = { "process", "work", "timer", "tasklet", "merge" };
	enum { TIMES = 150 };

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		long before = 0;

		for (int j = 0; j < TIMES; j++) {
			bool merge = i == 4;

			/* The first ones fill the caches. */
			if (j == 10)
				before = objects_in_use();
			ASSERT_OK(happen(merge ? "process" : sources[i], words(20)));
			if (merge)
				ASSERT_OK(happen("merge", ""));
			ASSERT_OK(happen("clear", ""));
		}
		EXPECT_LT(objects_in_use() - before, TIMES / 2,
			  "%d times \"%s\", and all records cleared: so many more pieces of memory are in use now.",
			  TIMES, sources[i]);
	}
}
