// SPDX-License-Identifier: GPL-2.0
/*
 * What procmap must print: of maps that the check made up, with names of every kind,
 * and of the check's own address space.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define MADE_UP		"/tmp/maps"
#define PAGE		4096ULL

/* A growing text. */
struct text {
	char *all;
	size_t len;
	FILE *file;
};

static void text_open(struct text *t)
{
	t->file = open_memstream(&t->all, &t->len);
	ASSERT_NOTNULL(t->file);
}

static char *run(const char *how, const char *path)
{
	const char *const argv[] = { "./procmap", how, path, NULL };
	struct run_result r = run_program(argv, 20);

	ASSERT_EQ(r.status, 0,
		  "The program failed with \"%s %s\", or was ended by signal %d: %s", how, path,
		  r.signal, r.err);
	return r.out;
}

/* Names as they come, and some that nobody would give. */
static void draw_name(char name[100])
{
	static const char *const kinds[] = {
		"", "[heap]", "[stack]", "/usr/lib/libc.so.6", "/tmp/with two  blanks",
		"/tmp/gone (deleted)", "/tmp/a\\012b", "/tmp/<b>&amp;\"'</text>",
		"/tmp/\x80\xff\xc3(", "/tmp/\x01\x1b[31m\x7f", "[anon:<svg>]", "/memfd:%s%n",
	};
	const char *kind = kinds[check_random_range(0, sizeof(kinds) / sizeof(*kinds) - 1)];
	char word[9];

	check_random_word(word, sizeof(word));
	snprintf(name, 100, "%s%s", kind, *kind == '/' ? word : "");
}

static unsigned int high(u64 bytes)
{
	unsigned int h = 14;

	for (u64 pages = bytes / PAGE; pages > 1; pages /= 2)
		h += 6;
	return h;
}

static void expect_name(FILE *f, const char *name)
{
	for (; *name; name++) {
		unsigned char c = *name;

		if (strchr("&<>\"", c))
			fputs(c == '&' ? "&amp;" : c == '<' ? "&lt;" :
			      c == '>' ? "&gt;" : "&quot;", f);
		else if (c < 32 || c > 126)
			fprintf(f, "\\x%02x", c);
		else
			fputc(c, f);
	}
}

/* Make maps up; what the program should print of them, and each box's height and text. */
static void make_up(unsigned int nr, struct text *lines, struct text *boxes)
{
	FILE *f = fopen(MADE_UP, "w");
	unsigned int y = 0;
	u64 end = 0;

	ASSERT_NOTNULL(f, MADE_UP " cannot be written.");
	text_open(lines);
	text_open(boxes);
	for (unsigned int i = 0; i < nr; i++) {
		bool gap = !i || check_random_range(0, 2);
		u64 room = check_random_range(1, 1ULL << check_random_range(0, 20));
		u64 bytes = PAGE * check_random_range(1, 1ULL << check_random_range(0, 16));
		u64 start = end + gap * PAGE * room;
		char name[100], perms[5];

		snprintf(perms, sizeof(perms), "%c%c%c%c", "r-"[check_random_range(0, 1)],
			 "w-"[check_random_range(0, 1)], "x-"[check_random_range(0, 1)],
			 "ps"[check_random_range(0, 1)]);
		draw_name(name);
		fprintf(f, "%08llx-%08llx %s %08llx 08:01 %-26llu %s\n", start, start + bytes,
			perms, check_random_range(0, 1000) * PAGE,
			check_random_range(0, 1 << 30), name);
		if (gap) {
			fprintf(lines->file, "%016llx %14llu KiB  ----  gap\n", end,
				(start - end) / 1024);
			fprintf(boxes->file, "y=\"%u\" height=\"%u\" gap\n", y, high(start - end));
			y += high(start - end);
		}
		fprintf(lines->file, "%016llx %14llu KiB  %s  %s\n", start, bytes / 1024, perms,
			name);
		fprintf(boxes->file, "y=\"%u\" height=\"%u\" ", y, high(bytes));
		expect_name(boxes->file, name);
		fputc('\n', boxes->file);
		y += high(bytes);
		end = start + bytes;
	}
	fclose(f);
	fclose(lines->file);
	fclose(boxes->file);
}

/* The line in which two texts differ, of each one. */
static void expect_same(const char *have, const char *want, const char *what)
{
	const char *a = have, *b = want;

	while (*a && *a == *b) {
		if (*a == '\n') {
			have = a + 1;
			want = b + 1;
		}
		a++;
		b++;
	}
	if (*a == *b)
		return;
	ASSERT_STREQ(strndup(have, strcspn(have, "\n")), strndup(want, strcspn(want, "\n")),
		     "%s: this line is another.", what);
}

CHECK(text_of_itself, .title = "The check's own address space")
{
	char *own = file_read("/proc/self/maps"), *said, *line, *next = own;
	FILE *f = fopen(MADE_UP, "w");
	unsigned int nr = 0;

	ASSERT_NOTNULL(own);
	ASSERT_NOTNULL(f);
	fputs(own, f);
	fclose(f);
	said = run("text", MADE_UP);
	while ((line = strsep(&next, "\n")) && *line) {
		char perms[5], want[80];
		u64 start, end;

		if (sscanf(line, "%llx-%llx %4s", &start, &end, perms) != 3)
			check_skip("/proc/self/maps looks different: %s", line);
		nr++;
		snprintf(want, sizeof(want), "%016llx %14llu KiB  %s  ", start,
			 (end - start) / 1024, perms);
		EXPECT_NOTNULL(strstr(said, want), "This mapping is missing: %s", line);
	}
	check_note("%u mappings", nr);
}

CHECK(made_up, .title = "Mappings and gaps, one line each")
{
	struct text lines, boxes;

	for (int i = 0; i < 10; i++) {
		make_up(check_random_range(1, 60), &lines, &boxes);
		expect_same(run("text", MADE_UP), lines.all, "procmap text");
	}
}

/* What matters of the picture: each box, and what is written into it. */
static char *boxes_of(char *svg)
{
	struct text t;
	char *line;

	text_open(&t);
	while ((line = strsep(&svg, "\n"))) {
		char *at = strstr(line, " y="), *height = strstr(line, "height=");

		if (!strncmp(line, "<rect", 5) && at && height) {
			fprintf(t.file, "%.*s %.*s ", (int)strcspn(at + 1, " "), at + 1,
				(int)strcspn(height, " "), height);
		} else if (!strncmp(line, "<text", 5)) {
			char *name = strstr(line, " KiB ");
			char *end = strstr(line, "</text>");

			ASSERT_NOTNULL(name, "Not understood: %s", line);
			ASSERT_NOTNULL(end, "Not understood: %s", line);
			*end = '\0';
			fprintf(t.file, "%s\n", name + strlen(" KiB rwxp "));
		}
	}
	fclose(t.file);
	return t.all;
}

CHECK(picture, .needs = "made_up", .title = "A picture that no name can break, to scale")
{
	struct text lines, boxes;

	for (int i = 0; i < 10; i++) {
		char *svg;

		make_up(check_random_range(1, 60), &lines, &boxes);
		svg = run("svg", MADE_UP);
		for (const char *c = svg; *c; c++)
			ASSERT_TRUE(*c == '\n' || (*c >= ' ' && *c <= '~'),
				    "There is a byte in the picture that is no printable ASCII: 0x%02x. Not every program can read that.",
				    (unsigned char)*c);
		expect_same(boxes_of(svg), boxes.all, "procmap svg, its boxes");
	}
}

CHECK(huge, .needs = "picture", .deadline = 60, .title = "Thousands of mappings, a long name")
{
	enum { LONG = 100000 };
	char *name = calloc(LONG + 1, 1), *said;
	struct text lines, boxes;
	FILE *f;

	make_up(6000, &lines, &boxes);
	expect_same(run("text", MADE_UP), lines.all, "procmap text of 6000 mappings");
	expect_same(boxes_of(run("svg", MADE_UP)), boxes.all, "procmap svg of 6000 mappings");
	f = fopen(MADE_UP, "w");
	ASSERT_NOTNULL(f);
	ASSERT_NOTNULL(memset(name, 'x', LONG));
	fprintf(f, "00001000-00002000 r--p 00000000 08:01 1 /%s\n", name);
	fclose(f);
	said = run("text", MADE_UP);
	EXPECT_NOTNULL(strstr(said, name), "A name of %d letters was cut off.", LONG);
}

CHECK(refuses, .needs = "made_up", .title = "What is no list of mappings is refused")
{
	static const char *const wrong[] = {
		"hello\n", "1000 2000 r--p 0 0:0 0\n", "2000-1000 r--p 00000000 00:00 0\n",
		"1000-2000 r--p\n", "\n",
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		const char *const argv[] = { "./procmap", "text", MADE_UP, NULL };
		struct run_result r;
		FILE *f = fopen(MADE_UP, "w");

		ASSERT_NOTNULL(f);
		fputs(wrong[i], f);
		fclose(f);
		r = run_program(argv, 10);
		EXPECT_EQ(r.status, 1, "This is no mapping, and was taken for one: %s", wrong[i]);
	}
}
