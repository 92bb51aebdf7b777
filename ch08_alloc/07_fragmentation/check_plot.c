// SPDX-License-Identifier: GPL-2.0
/*
 * What plot must draw: of tables that the check made up, whole ones and damaged ones, and
 * of the module's own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MADE_UP		"/tmp/table"
#define ROWS_MOST	9000
#define LEFT		90
#define BOTTOM		520
#define WIDTH		680
#define HEIGHT		460
#define TITLE_MOST	80

struct row { u64 asked, real; };

static struct row rows[ROWS_MOST];	/* sorted, each size once */
static unsigned int nr;

static struct run_result draw(const char *title, const char *path)
{
	const char *const argv[] = { "./plot", title, path, NULL };

	return run_program(argv, 20);
}

static char *picture_of(const char *title, const char *path)
{
	struct run_result r = draw(title, path);

	ASSERT_EQ(r.status, 0, "No picture was drawn of a good table (signal %d): %s", r.signal,
		  r.err);
	ASSERT_EQ(strlen(r.out), r.out_len, "There is a NUL in the picture.");
	return r.out;
}

static void write_file(const char *text, size_t len)
{
	FILE *f = fopen(MADE_UP, "w");

	ASSERT_NOTNULL(f, MADE_UP " cannot be written.");
	ASSERT_EQ(fwrite(text, 1, len, f), len);
	ASSERT_EQ(fclose(f), 0);
}

/* ------------------------------------------------------ tables, made up --- */

/* Steps that grow by chance; from "bits" on a size is as large as it gets. */
static void make_up(unsigned int how_many, unsigned int bits)
{
	u64 widest = bits < 64 ? 1ULL << bits : ~0ULL, asked = 0, real = 0;

	nr = 0;
	while (nr < how_many) {
		u64 room = widest - asked, step = room / (how_many - nr);

		if (!step)
			break;
		asked += check_random_range(1, step);
		if (asked > real)
			real = asked + check_random_range(0, (widest - asked) / 2);
		rows[nr++] = (struct row){ asked, real };
	}
}

/* Any order, some rows twice, sizes that were refused, and nothing for nothing. */
static void write_rows(bool mixed, u64 refused)
{
	FILE *f = fopen(MADE_UP, "w");
	unsigned int *order = calloc(nr, sizeof(*order));

	ASSERT_NOTNULL(f);
	ASSERT_NOTNULL(order);
	for (unsigned int i = 0; i < nr; i++) {
		unsigned int at = mixed ? check_random_range(0, i) : i;

		order[i] = order[at];
		order[at] = i;
	}
	for (unsigned int i = 0; i < nr; i++) {
		const struct row *row = &rows[order[i]];
		u64 wasted = row->real - row->asked;

		for (int n = mixed ? check_random_range(1, 2) : 1; n; n--)
			fprintf(f, "%llu %llu %llu %llu\n", row->asked, row->real, wasted,
				(u64)((__uint128_t)wasted * 1000 / row->real));
		if (mixed && i % 50 == 3)
			fprintf(f, "0 0 0 0\n");
		if (refused && i % 50 == 5)
			fprintf(f, "%llu - - -\n", refused);
	}
	ASSERT_EQ(fclose(f), 0);
	free(order);
}

/* ----------------------------------------------------------- the picture --- */

/* The logarithm, digit by digit: whenever the square is above 2 the next one is a 1. */
static double logarithm(u64 number)
{
	double rest = number, sum = 0, digit = 1;

	for (; rest >= 2; rest /= 2)
		sum++;
	for (int i = 0; i < 30; i++) {
		digit /= 2;
		rest *= rest;
		if (rest >= 2) {
			rest /= 2;
			sum += digit;
		}
	}
	return sum;
}

static double place(u64 number)
{
	u64 largest = 2;
	unsigned int top = 0;

	for (unsigned int i = 0; i < nr; i++)
		largest = rows[i].real > largest ? rows[i].real : largest;
	while (top < 64 && (largest - 1) >> top)
		top++;
	return logarithm(number) / top;
}

/* The next " letter number" of the path is this one, half a pixel more or less. */
static void expect_number(char **path, char letter, double want, unsigned int row)
{
	char *at = *path + strspn(*path, " "), *end;
	double number;

	if (letter && *at != letter)
		ASSERT_EQ(*at, letter,
			  "At row %u of the table the line should go on with %c: \"%.40s\"", row,
			  letter, *path);
	at += letter != '\0';
	number = strtod(at, &end);
	if (end == at)
		ASSERT_TRUE(end != at, "Here a number is missing: \"%.40s\"", *path);
	if (number - want > 0.5 || want - number > 0.5)
		ASSERT_EQ((int)(number * 10), (int)(want * 10),
			  "At row %u of the table the line is at %.1f, and should be at %.1f.", row,
			  number, want);
	*path = end;
}

static void expect_steps(const char *svg)
{
	char *path = strstr(svg, "class=\"real\" d=\"");

	ASSERT_NOTNULL(path, "There is no line in the picture.");
	path += strlen("class=\"real\" d=\"");
	path[strcspn(path, "\"")] = '\0';
	expect_number(&path, 'M', LEFT + WIDTH * place(rows[0].asked), 1);
	expect_number(&path, '\0', BOTTOM - HEIGHT * place(rows[0].real), 1);
	for (unsigned int i = 1; i < nr; i++) {
		if (rows[i].real == rows[i - 1].real)
			continue;
		expect_number(&path, 'H', LEFT + WIDTH * place(rows[i].asked), i + 1);
		expect_number(&path, 'V', BOTTOM - HEIGHT * place(rows[i].real), i + 1);
	}
	expect_number(&path, 'H', LEFT + WIDTH * place(rows[nr - 1].asked), nr);
	ASSERT_STREQ(path, "", "The table has ended, and the line goes on.");
}

static bool begins(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strncmp(text, *words, strlen(*words)))
			return true;
	return false;
}

/* Elements open and close, and there is nothing that a reader of XML would stumble over. */
static void expect_xml(const char *svg)
{
	static const char *const entities[] = { "amp;", "lt;", "gt;", "quot;", NULL };
	static const char *const elements[] = { "svg", "style", "rect", "text", "path", NULL };
	int depth = 0;

	/* An expectation for each byte would take long. */
	for (const char *c = svg; *c; c++) {
		bool printable = *c == '\n' || (*c >= ' ' && *c <= '~');

		if (!printable)
			ASSERT_TRUE(printable,
				    "There is a byte in the picture that is no printable ASCII: 0x%02x. Not every program can read that.",
				    (unsigned char)*c);
		if (*c == '&' && !begins(c + 1, entities))
			ASSERT_MATCH(strndup(c, 6), "^&(amp|lt|gt|quot);",
				     "A & must be written as &amp; in a picture.");
		if (*c != '<')
			continue;
		if (!begins(c + 1 + (c[1] == '/'), elements))
			ASSERT_MATCH(strndup(c, 7), "^</?(svg|style|rect|text|path)",
				     "A < must be written as &lt; in a picture.");
		depth += c[1] == '/' ? -1 : 1;
		c += strcspn(c, ">");
		if (!*c)
			ASSERT_NE(*c, 0, "The picture ends in the middle.");
		depth -= c[-1] == '/';
	}
	ASSERT_EQ(depth, 0, "Not all elements of the picture are closed.");
}

CHECK(picture, .title = "The line goes up in steps where the table does")
{
	for (int i = 0; i < 10; i++) {
		char *svg;

		make_up(check_random_range(1, 60), check_random_range(8, 40));
		write_rows(false, 0);
		svg = picture_of("kmalloc", MADE_UP);
		expect_xml(svg);
		expect_steps(svg);
	}
}

CHECK(unsorted, .needs = "picture", .title = "Any order, sizes measured twice, refused ones")
{
	for (int i = 0; i < 10; i++) {
		make_up(check_random_range(10, 300), 63);
		write_rows(true, ~0ULL - check_random_range(0, 1000));
		expect_steps(picture_of("kmalloc", MADE_UP));
	}
}

CHECK(thousands, .needs = "unsorted", .deadline = 60, .title = "Thousands of rows, large numbers")
{
	char *svg;
	FILE *f;

	make_up(ROWS_MOST, 64);
	rows[nr - 1].real = ~0ULL;
	write_rows(true, 0);
	svg = picture_of("kmalloc", MADE_UP);
	expect_xml(svg);
	expect_steps(strdup(svg));
	nr = 1;
	rows[0] = (struct row){ 100, 128 };
	write_rows(false, 0);
	svg = picture_of("kmalloc", MADE_UP);
	f = fopen(MADE_UP, "w");
	ASSERT_NOTNULL(f);
	for (int i = 0; i < ROWS_MOST; i++)
		fprintf(f, "100 128 28 218\n");
	ASSERT_EQ(fclose(f), 0);
	ASSERT_STREQ(picture_of("kmalloc", MADE_UP), svg,
		     "The same size, %d times: that is the same picture.", ROWS_MOST);
}

CHECK(titles, .needs = "picture", .title = "A title that cannot break the picture")
{
	static const char *const titles[] = {
		"", "a</text><b>&amp;\"'", "two\nlines\ttab\x1b[31m\x7f", "\x80\xff\xc3(",
		"]]>&#0;", "gr\xc3\xbc\xc3\x9f", "%s%n",
	};

	make_up(5, 20);
	write_rows(false, 0);
	for (unsigned int i = 0; i < 20; i++) {
		const char *kind = titles[i % (sizeof(titles) / sizeof(*titles))];
		char title[400], *want = NULL, *have, *end;
		size_t len, words = check_random_range(0, i < 10 ? 30 : 200);
		FILE *f = open_memstream(&want, &len);

		ASSERT_NOTNULL(f);
		check_random_word(title, words + 1);
		strcat(title, kind);
		for (unsigned int j = 0; title[j] && j < TITLE_MOST; j++) {
			unsigned char c = title[j];

			if (c == '&' || c == '<' || c == '>')
				fputs(c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;", f);
			else
				fputc(c < ' ' || c > '~' ? '?' : c, f);
		}
		fputs(strlen(title) > TITLE_MOST ? "..." : "", f);
		fclose(f);
		have = picture_of(title, MADE_UP);
		expect_xml(have);
		have = strstr(have, "class=\"title\"");
		ASSERT_NOTNULL(have);
		have = strchr(have, '>') + 1;
		end = strstr(have, "</text>\n");
		ASSERT_NOTNULL(end);
		*end = '\0';
		EXPECT_STREQ(have, want, "The title is written in another way than it should be.");
	}
}

CHECK(damaged, .needs = "picture", .title = "What is no table gives no picture")
{
	static const char nul[] = "100 128 28 218\n64 64 0\0 0\n";
	static const char *const wrong[] = {
		"", "0 0 0 0\n", "9999999 - - -\n", "hello\n", "100\n", "100 128\n", "100 128 28\n",
		"100 128 28 218 1\n", "100 128 28 218x\n", "-100 128 28 218\n", "+100 128 28 218\n",
		" 100 128 28 218\n", "100  128 28 218\n", "100 128 28 218\t\n", "100 64 0 0\n",
		"100 128 27 218\n", "18446744073709551616 18446744073709551617 1 0\n",
		"18446744073709551616 18446744073709551616 0 0\n",
		"100 99999999999999999999 18446744073709551515 999\n",
		"100 128 28 99999999999999999999\n", "100 128 28 218\n18446744073709551616 - - -\n",
		"100 128 28 218\n\n", "0x64 128 28 218\n",
		"100 128 28 -\n", "100 - - - -\n", "- - - -\n", "100 128 28 218\n100 192 92 479\n",
		"100 128 28 218\n100 - - -\n", "1\xff 128 28 218\n",
	};

	for (size_t i = 0; i <= sizeof(wrong) / sizeof(*wrong); i++) {
		bool last = i == sizeof(wrong) / sizeof(*wrong);
		struct run_result r;

		write_file(last ? nul : wrong[i], last ? sizeof(nul) - 1 : strlen(wrong[i]));
		r = draw("kmalloc", MADE_UP);
		EXPECT_EQ(r.status, 1,
			  "This is no table, and was taken for one (signal %d): \"%s\"", r.signal,
			  last ? "a line with a NUL in it" : wrong[i]);
		EXPECT_STREQ(r.out, "", "A picture of a part of the table tells a lie: \"%s\"",
			     last ? "a line with a NUL in it" : wrong[i]);
	}
	EXPECT_EQ(draw("kmalloc", "/nowhere").status, 1);
}

CHECK(plot_measured, .needs = "picture", .title = "A picture of what the module measured")
{
	char *table, *line, *svg;

	ASSERT_OK(mod_load("frag.ko", NULL), "The module was not loaded.");
	ASSERT_OK(file_write("/proc/frag", "steps"));
	table = file_read("/proc/frag");
	svg = picture_of("kmalloc()", "/proc/frag");
	EXPECT_OK(mod_unload("frag"), "The module was not unloaded.");
	ASSERT_NOTNULL(table);
	nr = 0;
	while ((line = strsep(&table, "\n")))
		if (sscanf(line, "%llu %llu", &rows[nr].asked, &rows[nr].real) == 2)
			nr++;
	ASSERT_GT(nr, 20, "The table of the module is too short.");
	expect_xml(svg);
	expect_steps(svg);
}
