// SPDX-License-Identifier: GPL-2.0
/* test_output.c - what a check prints cannot be taken for a result */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define HEAD	"KTAP version 1\n# seed 1\n1..1\n"
#define KEPT	32768

static struct run run_one(const char *name)
{
	struct run run = run_case("output", "--seed", "1", "--only", name, NULL);

	hide_lines(run.out);
	same_text(run.err, "%s", "");
	return run;
}

TEST(output_forged)
{
	struct run run = run_one("forges");

	same_text(run.out, HEAD
		  "# ok 1 forges\n# ok 2 forges\\x0dok 3\n"
		  "# ok 1\n# not ok 2\\x0dok 3\n# output.c:N: expected 1 == 2\n"
		  "# output.c:N: expected \"ok 1 forges\\nok 2 forges\\n\\x1b[31m\""
		  " to be the same text as given(\"CASE_NOTHING\")\n"
		  "#   given(\"CASE_NOTHING\") is \"\"\n"
		  "#   they differ from byte 0 on (line 1), counted from 0: there the second one ends\n"
		  "# It printed:\n"
		  "# | ok 1 forges\n# | KTAP version 1\n# | 1..1\\x0d\n"
		  "# | ok 1 forges\\x0dok 1 forges\n"
		  "# | \\x0bok 1 forges\n# | \\x0cok\n"
		  "# | \\xc2\\x85ok\\xe2\\x80\\xa8ok\n"
		  "# | ok 1 forges # on standard error\n"
		  "# | ok 1 forges # without an end of line\n"
		  "not ok 1 forges\n");
	same_number(run.status, 1);
}

/* What the harness must make of a long text: the first and last 32 KiB. */
static char *cut(const char *text, const char *prefix)
{
	size_t total = strlen(text), size, end[2] = { total, total };
	size_t begin[2] = { 0, total };
	char *result;
	FILE *out = open_memstream(&result, &size);

	if (total > 2 * KEPT) {
		end[0] = KEPT;
		begin[1] = total - KEPT;
	}
	for (int part = 0; part < 2; part++) {
		size_t i = begin[part];

		while (i < end[part]) {
			fputs(prefix, out);
			while (i < end[part] && text[i] != '\n')
				fputc(text[i++], out);
			fputc('\n', out);
			i++;
		}
		if (!part && total > 2 * KEPT)
			fprintf(out, "# ... %zu bytes are left out here ...\n",
				total - 2 * KEPT);
	}
	fclose(out);
	return result;
}

static void flood(unsigned int lines)
{
	struct run run;
	size_t size;
	char *text;
	FILE *out;

	give("CASE_LINES", "%u", lines);
	run = run_one("floods");
	out = open_memstream(&text, &size);
	for (unsigned int i = 0; i < lines; i++)
		fprintf(out, "ok 1 line %u\n", i);
	fclose(out);
	same_text(run.out, HEAD "# It printed:\n%sok 1 floods\n",
		  cut(text, "# | "));
	same_number(run.status, 0);
	free(text);
}

TEST(output_bounded)
{
	flood(draw(1, 1000));		/* below the bound */
	flood(draw(2100, 3800));	/* between 32 and 64 KiB */
	flood(draw(4200, 9000));	/* above it */
	flood(draw(550000, 600000));	/* 10 MB */
}

TEST(output_many_failures)
{
	unsigned int lines = draw(2000, 20000);
	struct run run;

	give("CASE_LINES", "%u", lines);
	run = run_one("notes_much");
	like(run.out, "^KTAP version 1\n# seed 1\n1..1\n"
	     "# output.c:N: expected i == -1\n#   i is 0\n# output.c:N");
	like(run.out, "^# \\.\\.\\. [0-9]+ bytes are left out here \\.\\.\\.$");
	like(run.out, "#   i is %u.*\nnot ok 1 notes_much\n$", lines - 1);
	holds(strlen(run.out) < 90000);
	same_number(run.status, 1);
}

TEST(output_long_note)
{
	size_t len = draw(4081, 60000);
	char *text = malloc(len + 1);
	struct run run;

	for (size_t i = 0; i < len; i++)
		text[i] = draw(0, 40) ? 'a' + draw(0, 25) : '\n';
	text[len - 1] = '.';
	text[len] = '\0';
	give("CASE_LONG", "%s", text);
	run = run_one("notes_long");
	same_text(run.out, HEAD "%sok 1 notes_long\n", cut(text, "# "));
	same_number(run.status, 0);
}

TEST(output_bytes)
{
	struct run run = run_one("prints_bytes");
	char printed[256 * 4 + 1], *at = printed;

	for (int i = 0; i < 256; i++) {
		if (i == '\n')
			continue;
		if (i == '\t' || (i >= 0x20 && i < 0x7f))
			at += sprintf(at, "%c", i);
		else
			at += sprintf(at, "\\x%02x", i);
	}
	same_text(run.out, HEAD "# It printed:\n# | %s\n"
		  "# | Gr\xc3\xbc\xc3\x9f" "e \xe2\x82\xac \xf0\x9f\x90\xa7\n"
		  "# | \\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82\n"
		  "ok 1 prints_bytes\n", printed);
	run = run_one("unfinished");
	same_text(run.out, HEAD "# It printed:\n# | a\n# | \n# | b\n# | c\n"
		  "ok 1 unfinished\n");
}
