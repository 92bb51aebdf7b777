// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of the driver's parameter: as a module, and built in.
 *
 * ring.ko is the driver as a module. startup.ko has it as built in, and plays the
 * part of a starting kernel: each load is a start with the command line that it is
 * given. Both say in the kernel log what became of the texts.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_spec.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define DEFAULT_REPORT	"65536 bytes, 1 slots, wrap"

/* ---------------------------------------------------------- as a module --- */

FIXTURE(ring) {
	u64 mark;
};

FIXTURE_SETUP(ring)
{
	self->mark = kmsg_mark();
}

FIXTURE_TEARDOWN(ring)
{
	(void)self;
	if (mod_loaded("ring"))
		EXPECT_OK(mod_unload("ring"));
}

static void load_good(const char *spec)
{
	u64 mark = kmsg_mark();

	ASSERT_OK(mod_load("ring.ko", format_text("spec=%s", spec)),
		  "spec=%s is good, and the module was not loaded.", spec);
	ASSERT_NOMATCH(kmsg_since(mark), "unknown parameter",
		       "The module has no parameter spec: module_param_cb() makes it.");
}

CHECK_F(ring, module_takes, .title = "As a module it takes spec=")
{
	for (int parts = 1; parts <= 3; parts++) {
		struct spec spec = spec_draw(parts);
		u64 mark = kmsg_mark();

		load_good(spec.text);
		EXPECT_MATCH(kmsg_since(mark),
			     format_text("ring: starts: %s$", spec_report(&spec)),
			     "spec=%s did not arrive.", spec.text);
		ASSERT_OK(mod_unload("ring"));
	}
}

CHECK_F(ring, module_refuses, .title = "With a bad one it is not loaded", .deadline = 60)
{
	const char *why, *bad;

	for (unsigned int n = 0; (bad = spec_bad(n, &why)); n++) {
		int ret = mod_load("ring.ko", format_text("spec=%s", bad));

		ASSERT_NE(ret, 0, "It was loaded with \"spec=%s\": %s", bad, why);
		ASSERT_TRUE(ret == -EINVAL || ret == -ERANGE,
			    "With \"spec=%s\" the load failed with %d, not with -EINVAL or -ERANGE.",
			    bad, ret);
	}
}

CHECK_F(ring, sysfs, .title = "sysfs shows it, and takes good ones only")
{
	struct spec old = spec_draw(3), other = spec_draw(2);
	const char *why, *bad, *file = "65536,8,stop";
	char *shown;

	load_good(old.text);
	shown = mod_param_read("ring", "spec");
	ASSERT_NOTNULL(shown,
		       "There is no readable spec in sysfs: its mode is 0644, and its .get writes it.");
	file = format_text("%lu,%u,%s", old.size, old.slots, old.stop ? "stop" : "wrap");
	ASSERT_STREQ(shown, file, ".get is to show what .set would take: bytes, slots and policy.");
	for (unsigned int n = 0; (bad = spec_bad(n, &why)); n++) {
		/* No write(2) at all is made of an empty text. */
		ASSERT_NE(mod_param_write("ring", "spec", *bad ? bad : "\n"), 0,
			  "sysfs took \"%s\": %s", bad, why);
		ASSERT_STREQ(mod_param_read("ring", "spec"), file,
			     "\"%s\" was refused, and the old value is gone.", bad);
	}
	ASSERT_OK(mod_param_write("ring", "spec", format_text("%s\n", other.text)),
		  "%s is good, but sysfs refused it. (It has a newline at its end, as echo writes it.)",
		  other.text);
	ASSERT_OK(mod_param_write("ring", "spec", format_text("%s\n", old.text)),
		  "%s is good, but sysfs refused it. (It has a newline at its end, as echo writes it.)",
		  old.text);
	EXPECT_NE(mod_param_write("ring", "spec", format_text("%s\n\n", old.text)), 0,
		  "Two newlines are one too many.");
	ASSERT_OK(mod_param_write("ring", "spec", other.text));
	ASSERT_OK(mod_unload("ring"));
	EXPECT_MATCH(kmsg_since(self->mark),
		     format_text("ring: ends: %s$", spec_report(&other)),
		     "What sysfs took last did not arrive.");
}

/* ------------------------------------------------------------- built in --- */

/* A start with this command line, or with this machine's: its log. */
static const char *start_kernel(const char *line)
{
	u64 mark = kmsg_mark();
	const char *log;

	ASSERT_OK(mod_load("startup.ko", line ? format_text("line=\"%s\"", line) : NULL));
	log = kmsg_since(mark);
	ASSERT_OK(mod_unload("startup"));
	return log;
}

static void expect_ring(const char *log, const char *line, const char *report)
{
	EXPECT_MATCH(log, format_text("ring: starts: %s$", report),
		     "With \"%s\" on its command line the built-in driver did not start as it should.",
		     line);
}

CHECK(builtin_param, .title = "Built in, ring.spec= on the command line does the same")
{
	for (int parts = 1; parts <= 3; parts++) {
		struct spec spec = spec_draw(parts);
		const char *line = format_text("quiet ring.spec=%s other.spec=1", spec.text);

		expect_ring(start_kernel(line), line, spec_report(&spec));
	}
	expect_ring(start_kernel("quiet"), "quiet", DEFAULT_REPORT);
}

CHECK(builtin_setup, .title = "Built in, it has a name of its own: ring=")
{
	for (int parts = 1; parts <= 3; parts++) {
		struct spec spec = spec_draw(parts);
		const char *line = format_text("quiet ring=%s dog", spec.text);
		const char *log = start_kernel(line);

		EXPECT_MATCH(log, format_text("startup: taken: ring=%s$", spec.text),
			     "Nobody took ring=%s. __setup() announces a function that does, and it returns 1 when it has.",
			     spec.text);
		expect_ring(log, line, spec_report(&spec));
	}
}

CHECK(others_words, .title = "It takes no word that is not its own", .needs = "builtin_setup")
{
	char rest[8];
	const char *log, *word[6];
	size_t n = 0;

	check_random_word(rest, sizeof(rest));
	word[n++] = format_text("ring%s=64K", rest);
	word[n++] = format_text("ring%s", rest);
	word[n++] = format_text("%sring=128K", rest);
	word[n++] = "ring";
	log = start_kernel(format_text("%s %s %s %s", word[0], word[1], word[2], word[3]));
	for (size_t i = 0; i < n; i++)
		EXPECT_MATCH(log, format_text("startup: to init: %s$", word[i]),
			     "\"%s\" is not for this driver: the text in __setup() ends with the '='.",
			     word[i]);
	expect_ring(log, "nothing for it", DEFAULT_REPORT);
}

CHECK(builtin_refuses, .title = "Bad ones change nothing", .needs = "builtin_setup", .deadline = 90)
{
	const char *why, *bad;

	for (unsigned int n = 0; (bad = spec_bad(n, &why)); n++) {
		struct spec good = spec_draw(3);
		const char *name = check_random_range(0, 1) ? "ring" : "ring.spec";
		const char *line = format_text("%s=%s ring=%s ring.spec=%s dog=%u", name,
					       good.text, bad, bad, n);
		const char *log = start_kernel(line);

		EXPECT_MATCH(log, format_text("ring: starts: %s$", spec_report(&good)),
			     "With \"%s\" the first value was to stay: %s", line, why);
		EXPECT_NOMATCH(log, "to init: ring=",
			       "A bad \"ring=%s\" was handed on to init, as a variable of its environment. Say what is wrong and return 1: the word was yours.",
			       bad);
		EXPECT_MATCH(log, "^<[34]>ring: .*ring=",
			     "Nobody is told that \"ring=%s\" was refused. There is no exit status at boot: tell with pr_warn() or pr_err(), and name the word.",
			     bad);
		EXPECT_MATCH(log, "invalid for parameter `ring.spec'",
			     "ring.spec=%s was not refused: %s", bad, why);
	}
}

CHECK(last_one, .title = "The last good one on the line counts", .needs = "builtin_setup")
{
	for (int i = 0; i < 4; i++) {
		struct spec first = spec_draw(3), last = spec_draw(1 + i % 3);
		const char *line = format_text("ring%s=%s quiet ring%s=%s", i & 1 ? ".spec" : "",
					       first.text, i & 2 ? ".spec" : "", last.text);

		expect_ring(start_kernel(line), line, spec_report(&last));
	}
}

/* --------------------------------------------------- this machine's start --- */

/* What lab.ini has on the command lines of its machines. */
static const struct {
	const char *variant;
	const char *report;
	const char *log;
} machines[] = {
	{ "given", "2097152 bytes, 6 slots, wrap", "to init: ringer=1$" },
	{ "spoilt", "524288 bytes, 7 slots, stop", "invalid for parameter `ring.spec'" },
};

CHECK(this_machine, .title = "This machine's own command line, too", .needs = "builtin_setup")
{
	const char *variant = getenv("WB_VARIANT"), *log;
	char *line = file_read("/proc/cmdline");

	ASSERT_NOTNULL(line);
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (!variant || strcmp(variant, machines[i].variant))
			continue;
		log = start_kernel(NULL);
		expect_ring(log, line, machines[i].report);
		EXPECT_MATCH(log, machines[i].log);
		return;
	}
	check_skip("this machine was booted for something else");
}
