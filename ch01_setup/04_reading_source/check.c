// SPDX-License-Identifier: GPL-2.0
/*
 * Whether the places in answers.txt hold what was asked.
 *
 * The program reading has looked them up in the kernel's source, where that lies,
 * and left a report: see reading.c. It is judged here, by what stands in the lines.
 */
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_questions.h"

/* The parts of a line of the report. */
enum part { KIND, ID, FILE_NAME, LINE, STATE, AROUND, TEXT, PARTS };

static const char *part_of[PARTS];

/* The next line of the report of this kind, its parts in part_of; or false. */
static bool next_of(char **at, const char *kind)
{
	char *line;

	while ((line = strsep(at, "\n"))) {
		for (size_t i = 0; i < PARTS; i++) {
			char *part = i + 1 < PARTS ? strsep(&line, "\t") : line;

			part_of[i] = part ? part : "";
		}
		if (!strcmp(part_of[KIND], kind))
			return true;
	}
	return false;
}

static char *read_report(void)
{
	char *report = file_read("answers.report"), *copy;

	ASSERT_NOTNULL(report, "There is no report: the build did not look your answers up.");
	copy = strdup(report);
	ASSERT_NOTNULL(copy);
	ASSERT_FALSE(next_of(&copy, "no source"),
		     "The kernel's source is not there, so nothing is known.\nFetch it: ./lab kernel path source-6.1");
	ASSERT_NOTNULL(strstr(report, "\nend\n"), "The report has no end:\n%s", report);
	return report;
}

static const char *value_of(const char *kind)
{
	char *report = read_report();

	ASSERT_TRUE(next_of(&report, kind), "The report has no %s.", kind);
	return part_of[ID];
}

CHECK(named, .title = "answers.txt says whose answers these are")
{
	EXPECT_STRNE(value_of("name"), "",
		     "Write your name into answers.txt: it draws your ten questions. Then: make questions");
}

CHECK(readable, .title = "Each line of answers.txt can be understood")
{
	char *report = read_report();

	while (next_of(&report, "fault"))
		EXPECT_TRUE(false, "%s", part_of[ID]);
}

static bool is_answered(const char *id)
{
	char *report = read_report();

	while (next_of(&report, "answer"))
		if (!strcmp(part_of[ID], id))
			return true;
	return false;
}

CHECK(answered, .title = "Your ten questions have an answer", .needs = "named")
{
	const struct question *mine[QUESTIONS_DRAWN];
	const char *version = value_of("version");

	questions_draw(value_of("name"), mine);
	for (size_t i = 0; i < QUESTIONS_DRAWN; i++)
		EXPECT_TRUE(is_answered(mine[i]->id), "There is no answer for Linux %s to:\n%s: %s",
			    version, mine[i]->id, mine[i]->text);
}

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;
	bool hit;

	if (!pattern)
		return true;
	ASSERT_EQ(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	hit = !regexec(&regex, text, 0, NULL, 0);
	regfree(&regex);
	return hit;
}

/* The answer in part_of. */
static void judge(const struct question *q)
{
	const char *file = part_of[FILE_NAME], *line = part_of[LINE], *text = part_of[TEXT];

	EXPECT_STRNE(part_of[STATE], "no file", "%s: the source has no file %s.", q->id, file);
	EXPECT_STRNE(part_of[STATE], "behind the end", "%s: %s is shorter than %s lines.", q->id,
		     file, line);
	if (strcmp(part_of[STATE], "found"))
		return;
	if (!matches(text, q->line))
		EXPECT_TRUE(false,
			    "%s: %s:%s is\n    %s\nand that is not the line that was asked for:\n%s",
			    q->id, file, line, *text ? text : "(an empty line)", q->text);
	else if (!matches(file, q->file))
		EXPECT_TRUE(false, "%s: %s has such a line, and is the wrong file:\n%s",
			    q->id, file, q->text);
	else
		EXPECT_TRUE(matches(part_of[AROUND], q->around),
			    "%s: %s:%s is such a line, and is in the wrong place. It belongs to\n    %s\n%s",
			    q->id, file, line, part_of[AROUND], q->text);
}

CHECK(right, .title = "The lines that you name hold what was asked")
{
	char *report = read_report();
	const char *version = value_of("version");

	check_note("Linux %s", version);
	while (next_of(&report, "answer")) {
		const struct question *q = question_find(part_of[ID]);

		ASSERT_NOTNULL(q);
		judge(q);
	}
}

CHECK(drawn, .title = "Other names draw other questions")
{
	const struct question *a[QUESTIONS_DRAWN], *b[QUESTIONS_DRAWN];
	char one[12], other[12], loud[16];
	unsigned int shared = 0;

	check_random_word(one, sizeof(one));
	check_random_word(other, sizeof(other));
	snprintf(loud, sizeof(loud), " %c %s", one[0] - 'a' + 'A', one + 1);
	questions_draw(one, a);
	questions_draw(loud, b);
	EXPECT_MEMEQ(a, b, sizeof(a), "A blank or a capital letter makes no other person.");
	questions_draw(other, b);
	for (size_t i = 0; i < QUESTIONS_DRAWN; i++)
		for (size_t j = 0; j < QUESTIONS_DRAWN; j++) {
			shared += a[i] == b[j];
			if (i != j)
				EXPECT_NE(a[i], a[j], "A question was drawn twice.");
		}
	EXPECT_LT(shared, QUESTIONS_DRAWN);
}
