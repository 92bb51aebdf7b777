// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of the kernel that was built of kernel.config: it runs, it is the
 * one that was asked for, and bugs.ko, which commits a mistake of each kind, does
 * not get away with any. Sizes, places and numbers are drawn.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "check.h"
#include "check_config.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
/* kmemleak keeps quiet about what is younger than 5 seconds. */
#define KMEMLEAK_AGE	6
/* A report is written before the write(2) returns; the log may be late. */
#define DEADLINE_MS	3000

/* Any report, of any checker. */
#define REPORT	"BUG: |KASAN|UBSAN|WARNING: |list_add|list_del|cut here"

CHECK(running, .title = "uname -r is the release that was asked for")
{
	const char *lane = getenv("WB_LANE");
	struct utsname name;

	if (!lane || strcmp(lane, "own"))
		check_skip("Not your kernel: lab check builds it when all above has passed.");
	ASSERT_OK(libc_ret(uname(&name)));
	EXPECT_STREQ(name.release, config_release(from_build("config")));
}

CHECK(tells, .title = "/proc/config.gz says what kernel.config said", .needs = "running")
{
	static const char *const argv[] = { "./gunzip", "/proc/config.gz", NULL };
	struct requests all = requests_read();
	struct run_result run = run_program(argv, 10);

	ASSERT_EQ(run.status, 0, "gunzip: %s", run.err);
	for (size_t i = 0; i < all.count; i++)
		EXPECT_STREQ(config_value(run.out, all.items[i].name),
			     all.items[i].value, "CONFIG_%s, line %u of kernel.config",
			     all.items[i].name, all.items[i].line);
}

/* -------------------------------------------------- a mistake, a report --- */

FIXTURE(bugs) {
	u64 mark;
};

/* UBSAN reports a line of source once: each check gets a module of its own. */
FIXTURE_SETUP(bugs)
{
	ASSERT_OK(mod_load("bugs.ko", NULL));
	self->mark = kmsg_mark();
}

FIXTURE_TEARDOWN(bugs)
{
	(void)self;
	if (mod_loaded("bugs"))
		EXPECT_OK(mod_unload("bugs"));
}

static void plant(const char *kind, unsigned int a, unsigned int b)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %u %u", kind, a, b);
	check_note("planted: %s", text);
	ASSERT_OK(mod_param_write("bugs", "plant", text));
}

/* The report has a line like the first, and one like the second. */
static void expect_report(u64 mark, const char *checker, const char *headline,
			  const char *details)
{
	ASSERT_TRUE(kmsg_wait(mark, headline, DEADLINE_MS),
		    "%s does not report it: no line of the log is like this: %s",
		    checker, headline);
	EXPECT_TRUE(kmsg_wait(mark, details, DEADLINE_MS),
		    "%s reports something, but not what was planted: no line of the log is like this: %s",
		    checker, details);
}

static char *list_leaks(void)
{
	char *list;

	sleep(KMEMLEAK_AGE);
	/* What a scan finds first, the next one has to confirm. */
	for (int i = 0; i < 2; i++)
		ASSERT_OK(file_write(KMEMLEAK, "scan"));
	list = file_read(KMEMLEAK);
	ASSERT_NOTNULL(list);
	return list;
}

CHECK_F(bugs, quiet, .title = "Where there is no mistake, nothing is reported",
	.needs = "running", .deadline = 60)
{
	for (int i = 0; i < 5; i++)
		plant("well", check_random_range(1, 4096), 0);
	EXPECT_NOMATCH(list_leaks(), "\\[bugs\\]");
	EXPECT_NOMATCH(kmsg_since(self->mark), REPORT);
}

CHECK_F(bugs, past_end, .title = "KASAN: a write behind the end of an object",
	.needs = "running")
{
	unsigned int size = check_random_range(33, 48);
	unsigned int at = check_random_range(0, 15);
	char details[128];

	plant("past_end", size, at);
	/* All of these come from the cache of 64 bytes; 6.1 counts from its begin. */
	snprintf(details, sizeof(details),
		 "located (%u bytes inside|%u bytes to the right) of", size + at, at);
	expect_report(self->mark, "KASAN", "KASAN: slab-out-of-bounds in past_end",
		      details);
}

CHECK_F(bugs, after_free, .title = "KASAN: a write to an object that was freed",
	.needs = "running")
{
	unsigned int size = check_random_range(33, 1000);
	unsigned int at = check_random_range(0, size - 1);
	char details[128];

	plant("after_free", size, at);
	snprintf(details, sizeof(details), "located %u bytes inside of", at);
	expect_report(self->mark, "KASAN", "KASAN: (slab-)?use-after-free in after_free",
		      details);
}

CHECK_F(bugs, past_stack, .title = "KASAN: a write behind a local variable",
	.needs = "running")
{
	plant("past_stack", check_random_range(0, 7), 0);
	expect_report(self->mark, "KASAN", "KASAN: stack-out-of-bounds in past_stack",
		      "Write of size 1 at");
}

CHECK_F(bugs, past_table, .title = "KASAN: a write behind a global variable",
	.needs = "running")
{
	plant("past_table", check_random_range(0, 7), 0);
	expect_report(self->mark, "KASAN", "KASAN: global-out-of-bounds in past_table",
		      "belongs to the variable");
}

CHECK_F(bugs, index, .title = "UBSAN: an index beyond the array", .needs = "running")
{
	unsigned int index = check_random_range(8, 15);
	char details[128];

	plant("index", index, 0);
	snprintf(details, sizeof(details), "index %u is out of range for type 'int \\[8\\]'",
		 index);
	expect_report(self->mark, "UBSAN", "UBSAN: array-index-out-of-bounds in .*bugs\\.c",
		      details);
}

CHECK_F(bugs, shift, .title = "UBSAN: a shift by more bits than there are",
	.needs = "running")
{
	unsigned int bits = check_random_range(32, 200);
	char details[128];

	plant("shift", bits, 0);
	snprintf(details, sizeof(details), "shift exponent %u is too large for 32-bit type",
		 bits);
	expect_report(self->mark, "UBSAN", "UBSAN: shift-out-of-bounds in .*bugs\\.c",
		      details);
}

/* How many unreferenced objects of this size were got in this function. */
static unsigned int count_leaks(const char *list, unsigned int size, const char *function)
{
	static const char begin[] = "unreferenced object ";
	unsigned int count = 0;
	char *object, *rest, *copy = strdup(list);

	ASSERT_NOTNULL(copy);
	for (object = strstr(copy, begin); object; object = rest) {
		const char *is;

		rest = strstr(object + 1, begin);
		if (rest)
			rest[-1] = '\0';
		is = strstr(object, "(size ");
		if (is && strtoul(is + strlen("(size "), NULL, 10) == size &&
		    strstr(object, function))
			count++;
	}
	free(copy);
	return count;
}

CHECK_F(bugs, leak, .title = "kmemleak: objects that nobody points to any more",
	.needs = "running", .deadline = 60)
{
	/* kmemleak knows the objects of a cache by the cache's size. */
	static const unsigned int sizes[] = { 96, 128, 192, 256, 512, 1024 };
	unsigned int size = sizes[check_random_range(0, 5)];
	unsigned int count = check_random_range(3, 12);
	char *list;

	plant("forget", size, count);
	list = list_leaks();
	/* The last ones' addresses may lie in a register or on a stack. */
	EXPECT_BETWEEN(count_leaks(list, size, "forget+"), count - 2, count,
		       "%u objects of %u bytes were lost in forget(). kmemleak lists:\n%.2000s",
		       count, size, list);
}

CHECK_F(bugs, list, .title = "DEBUG_LIST: an entry that is added twice",
	.needs = "running")
{
	plant("list", 2, 0);
	expect_report(self->mark, "DEBUG_LIST", "list_add double add: new=", "add_twice");
}
