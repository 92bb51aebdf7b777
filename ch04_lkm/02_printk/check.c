// SPDX-License-Identifier: GPL-2.0
/*
 * What the module station must say in the kernel log.
 *
 * Each check writes orders with random words to /proc/station, and reads what
 * came of them from /dev/kmsg, each message with its level.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define ORDERS		"/proc/station"
#define DYNDBG		"/sys/kernel/debug/dynamic_debug/control"
#define BURST		5	/* gusts told at once */
#define INTERVAL	2	/* seconds, then the next */

static const char *const names[] = { "north", "south" };

static const struct severity {
	const char *word;
	int level;
	const char *macro;
} severities[] = {
	{ "fault", 3, "pr_err()" },
	{ "warning", 4, "pr_warn()" },
	{ "note", 5, "pr_notice()" },
	{ "info", 6, "pr_info()" },
};

#define SEVERITIES	(sizeof(severities) / sizeof(*severities))

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

/* Each check begins and ends with the module just loaded. */
FIXTURE(station) {
	unsigned int id;
	const char *name;
	char word[13];
};

FIXTURE_SETUP(station)
{
	mod_unload("station");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("station.ko", NULL), "The module was not loaded.");
	self->id = check_random_range(0, 1);
	self->name = names[self->id];
	check_random_word(self->word, sizeof(self->word));
}

FIXTURE_TEARDOWN(station)
{
	EXPECT_OK(mod_unload("station"), "The module was not unloaded.");
}

static int order(unsigned int id, const char *what, const char *argument)
{
	return file_write(ORDERS, text("%u %s %s", id, what, argument));
}

/* What one order left in the log. */
static const char *log_of(unsigned int id, const char *what, const char *argument)
{
	u64 mark = kmsg_mark();

	ASSERT_OK(order(id, what, argument), "Writing \"%u %s …\" to " ORDERS " failed.",
		  id, what);
	return kmsg_since(mark);
}

static unsigned int count(const char *log, const char *part)
{
	unsigned int n = 0;

	for (const char *at = log; (at = strstr(at, part)); at++)
		n++;
	return n;
}

CHECK_F(station, levels,
	.title = "Each severity has its level")
{
	for (size_t i = 0; i < SEVERITIES; i++) {
		const struct severity *s = &severities[i];
		const char *log = log_of(self->id, s->word, self->word);

		ASSERT_MATCH(log, self->word, "Nothing was said of a %s.", s->word);
		EXPECT_MATCH(log, text("^<%d>.*%s$", s->level, self->word),
			     "A %s belongs at level %d: that is what %s writes.",
			     s->word, s->level, s->macro);
		EXPECT_EQ(count(log, self->word), 1, "A %s is to be told once.", s->word);
	}
	EXPECT_ERR(order(self->id, "gossip", self->word), EINVAL,
		   "There is no severity \"gossip\": whoever wrote it must learn of it.");
}

CHECK_F(station, prefix, .needs = "levels",
	.title = "A message tells module, function and station")
{
	const struct severity *s = &severities[check_random_range(0, SEVERITIES - 1)];

	for (unsigned int id = 0; id < 2; id++) {
		const char *log = log_of(id, s->word, self->word);

		ASSERT_MATCH(log, "^<.>station: ",
			     "Messages must begin with the module's name. Define pr_fmt() before the first #include.");
		ASSERT_NOMATCH(log, "^<.>station: station: ",
			       "The module's name is there twice.");
		ASSERT_MATCH(log, "^<.>station: report: ",
			     "Behind the module's name the function's is missing: pr_fmt() may hold a %%s, and __func__ behind the format.");
		ASSERT_MATCH(log, text("^<.>station: report: %s: %s$", names[id],
				       self->word),
			     "Station %u is called \"%s\", and its messages must say so: \"station: report: %s: %s\".",
			     id, names[id], names[id], self->word);
	}
}

CHECK_F(station, text_as_it_is, .needs = "prefix",
	.title = "A text is never taken for a format")
{
	static const char *const traps[] = { "%d", "%s%s%s", "100%", "%pS", "%n%n", "%*d" };
	const char *trap = traps[check_random_range(0, sizeof(traps) / sizeof(*traps) - 1)];
	const char *given = text("%s %s, %s", self->word, trap, self->word);

	for (size_t i = 0; i < SEVERITIES; i++) {
		const char *log = log_of(self->id, severities[i].word, given);

		EXPECT_NOTNULL(strstr(log, given),
			       "\"%s\" was written, and is not in the log as it was. Who writes text may write %% signs: print it with \"%%s\", never as the format.",
			       given);
	}
}

/* -------------------------------------------------------- dynamic debug --- */

static void dyndbg(const char *query)
{
	ASSERT_OK(file_write(DYNDBG, query), "Dynamic debug refused \"%s\".", query);
}

CHECK_F(station, detail, .needs = "prefix",
	.title = "Details are told only while they are asked for")
{
	const char *log = log_of(self->id, "detail", self->word);

	EXPECT_NOMATCH(log, self->word,
		       "Nobody asked for details yet. pr_debug() stays silent until it is switched on.");
	ASSERT_MATCH(file_read(DYNDBG), "\\[station\\]report ",
		     "Dynamic debug knows no message of report(). Each pr_debug() in the source becomes an entry of that file.");
	dyndbg("module station func report +p");
	log = log_of(self->id, "detail", self->word);
	EXPECT_MATCH(log, text("^<7>station: report: %s: %s$", self->name, self->word),
		     "Switched on, the detail must be told at level 7, with the usual prefix.");
	dyndbg("module station func report -p");
	EXPECT_NOMATCH(log_of(self->id, "detail", self->word), self->word,
		       "Switched off again, the detail is still told.");
}

/* ------------------------------------------------------------- the flood --- */

CHECK_F(station, storm, .needs = "levels", .deadline = 60,
	.title = "A storm does not flood the log")
{
	unsigned int gusts = check_random_range(400, 2000);
	const char *log = log_of(self->id, "storm", text("%u", gusts));
	unsigned int told = count(log, "gust ");

	ASSERT_GT(told, 0, "Of %u gusts none was told.", gusts);
	ASSERT_LE(told, 2 * BURST,
		  "Of %u gusts %u were told, one after the other. Ask the station's limit first: __ratelimit(&st->gusts) says whether this one may be told.",
		  gusts, told);
	EXPECT_MATCH(log, text("^<6>.*%s: gust 1$", self->name),
		     "The first gust must be told, with the station's name, as pr_info() does.");
	EXPECT_EQ(count(log, text("%s: gust ", self->name)), told);
	log = log_of(!self->id, "storm", "1");
	EXPECT_EQ(count(log, text("%s: gust 1", names[!self->id])), 1,
		  "While one station has a storm, the first gust of the other was not told. Each station has a limit of its own: one that all share, as in pr_info_ratelimited(), hides what matters.");
}

CHECK_F(station, after_the_storm, .needs = "storm", .deadline = 60,
	.title = "Later, gusts are told again")
{
	const char *log;

	log_of(self->id, "storm", "100");
	sleep(INTERVAL + 1);
	log = log_of(self->id, "storm", "1");
	EXPECT_EQ(count(log, "gust 1"), 1,
		  "%d seconds after a storm of 100 gusts, a single gust was not told.",
		  INTERVAL + 1);
}

/* -------------------------------------------------------------- the frame --- */

/* A line of print_hex_dump() as it is to be: offset, numbers, text. */
static const char *dump_line(size_t offset, const unsigned char *bytes, size_t len)
{
	char numbers[49] = "", letters[17] = "";

	for (size_t i = 0; i < len; i++) {
		sprintf(numbers + 3 * i, "%02x ", bytes[i]);
		letters[i] = bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.';
	}
	return text("%08zx: %-48s %s", offset, numbers, letters);
}

CHECK_F(station, frame_dump,
	.title = "A frame is shown as numbers and as text")
{
	for (int round = 0; round < 4; round++) {
		size_t len = round ? check_random_range(1, 300) : 16;
		unsigned char bytes[300];
		char hex[601];
		const char *log;

		for (size_t i = 0; i < len; i++) {
			bytes[i] = i % 3 ? check_random_range(' ', '~') : check_random();
			sprintf(hex + 2 * i, "%02x", bytes[i]);
		}
		log = log_of(self->id, "frame", hex);
		ASSERT_MATCH(log, "00000000: ",
			     "The frame was not shown: print_hex_dump() writes it, with the offset in front when it is given DUMP_PREFIX_OFFSET.");
		EXPECT_NOMATCH(log, "^<[^6]>", "The frame belongs at the level of pr_info().");
		for (size_t at = 0; at < len; at += 16) {
			size_t n = len - at < 16 ? len - at : 16;
			const char *line = dump_line(at, bytes + at, n);

			ASSERT_NOTNULL(strstr(log, line),
				       "This line is missing, or another: \"%s\". Show 16 bytes a line, each by itself, and the text beside them.",
				       line);
		}
	}
}
