// SPDX-License-Identifier: GPL-2.0
/*
 * What was asked for and what was given, as a picture
 *
 *	plot TITLE FILE		FILE is /proc/frag, or a copy of it
 *
 * Both axes are logarithmic. The picture goes to standard output, as SVG. A file
 * that is no such table gives no picture, and exit status 1.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEFT		90	/* of the axes, in the picture */
#define BOTTOM		520
#define WIDTH		680
#define HEIGHT		460
#define TITLE_MOST	80	/* bytes of the title that are shown */
#define LABELS_MOST	12	/* on an axis */

#define SVG_HEAD	"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"590\" " \
			"font-family=\"sans-serif\" font-size=\"12\">\n"
#define SVG_STYLE	"<style>path { fill: none } .grid { stroke: #ddd } " \
			".exact { stroke: #888; stroke-dasharray: 4 4 } " \
			".real { stroke: #b03020; stroke-width: 2 } " \
			".title { font-family: monospace; font-size: 14px }</style>\n"
#define SVG_PAPER	"<rect width=\"800\" height=\"590\" fill=\"#fff\"/>\n"
#define SVG_LEGEND	"red: bytes given; dashed: bytes asked for"

typedef unsigned long long u64;

struct row {
	u64 asked, real;
	bool refused;
};

static unsigned int top;	/* the axes end at two to the power of this, at most 64 */

/*
 * "asked real wasted permille", or "asked - - -" for what was refused. False if the
 * line is anything else: another number of words, a sign, a number above 2^64 - 1,
 * less given than asked for, a wasted part that is no difference.
 */
static bool parse(const char *line, struct row *row)
{
	/* TODO 1: take a line apart; trust nothing. It has no newline at its end */
	(void)line;
	*row = (struct row){ 0 };
	return false;
	/* END TODO 1 */
}

/* For qsort(): by the size that was asked for. */
static int compare(const void *first, const void *second)
{
	/* TODO 2: negative, 0 or positive */
	(void)first;
	(void)second;
	return 0;
	/* END TODO 2 */
}

/*
 * Where a number stands on an axis: its logarithm, as a part of that of the axis' end.
 * 1 is at 0, two to the power of top is at 1.
 */
static double place(u64 number)
{
	return log2(number) / top;
}

static double x_of(u64 asked)
{
	return LEFT + WIDTH * place(asked);
}

static double y_of(u64 real)
{
	return BOTTOM - HEIGHT * place(real);
}

/*
 * The line, as what stands in d="" of an SVG path. The rows are sorted, none is of a
 * size that was refused, each size is there once, and none is 0.
 */
static void steps(const struct row *rows, size_t nr, FILE *out)
{
	/* TODO 3: "M x y" once, " H x V y" where the real size changes, " H x" at the end */
	(void)rows;
	(void)nr;
	fprintf(out, "M %.1f %.1f", x_of(1), y_of(1));
	/* END TODO 3 */
}

/* A title may have any byte in it. What would break the picture is written in another way. */
static void write_title(const char *title, FILE *out)
{
	/* TODO 4: & < > as &amp; &lt; &gt;, and what is no printable ASCII as ?; cut if long */
	fputs(title, out);
	/* END TODO 4 */
}

/* ---------------------------------------- the rest; nothing is to be done --- */

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "plot: %s: %s\n", what, why);
	return 1;
}

/* All rows; -1 if there is something else in the file. */
static int read_rows(const char *path, struct row **rows, size_t *nr)
{
	FILE *file = fopen(path, "r");
	size_t room = 0, line_room = 0;
	char *line = NULL, where[40];
	bool good = true;
	ssize_t len;

	if (!file)
		return -complain(path, strerror(errno));
	while (good && (len = getline(&line, &line_room, file)) >= 0) {
		if (len && line[len - 1] == '\n')
			line[--len] = '\0';
		if (*nr == room) {
			room = room ? 2 * room : 64;
			*rows = reallocarray(*rows, room, sizeof(**rows));
			if (!*rows) {
				perror("plot");
				exit(1);
			}
		}
		good = strlen(line) == (size_t)len && parse(line, *rows + *nr);
		++*nr;
	}
	snprintf(where, sizeof(where), "line %zu", *nr);
	if (!good)
		complain(where, "this is no row of a table");
	else if (ferror(file))
		good = !complain(path, strerror(errno));
	free(line);
	fclose(file);
	return good ? 0 : -1;
}

/*
 * Keep what can be drawn: once each size that was given and is not 0. @refused: the
 * least size that was refused, or 0. -1 if the same size is there with two results.
 */
static int select_rows(struct row *rows, size_t *nr, u64 *refused)
{
	size_t kept = 0;

	qsort(rows, *nr, sizeof(*rows), compare);
	for (size_t i = 0; i < *nr; i++) {
		const struct row *last = i ? &rows[i - 1] : NULL;

		if (last && last->asked == rows[i].asked &&
		    (last->real != rows[i].real || last->refused != rows[i].refused))
			return -complain("table", "one size has two results");
	}
	for (size_t i = 0; i < *nr; i++) {
		if (rows[i].refused && !*refused)
			*refused = rows[i].asked;
		if (rows[i].refused || !rows[i].asked ||
		    (kept && rows[kept - 1].asked == rows[i].asked))
			continue;
		rows[kept++] = rows[i];
	}
	*nr = kept;
	return kept ? 0 : -complain("table", "nothing was measured");
}

static void label(FILE *out, double x, double y, const char *anchor, unsigned int power)
{
	static const char *const units[] = { "", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB" };

	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%u%s</text>\n", x, y, anchor,
		1U << power % 10, units[power / 10]);
}

static void axes(FILE *out)
{
	unsigned int every = (top + LABELS_MOST - 1) / LABELS_MOST;

	for (unsigned int power = 0; power <= top; power += every) {
		double x = LEFT + (double)WIDTH * power / top;
		double y = BOTTOM - (double)HEIGHT * power / top;

		fprintf(out, "<path class=\"grid\" d=\"M %.1f %d V %d M %d %.1f H %d\"/>\n", x,
			BOTTOM, BOTTOM - HEIGHT, LEFT, y, LEFT + WIDTH);
		label(out, x, BOTTOM + 20, "middle", power);
		label(out, LEFT - 8, y + 4, "end", power);
	}
	fprintf(out, "<path class=\"exact\" d=\"M %d %d L %d %d\"/>\n", LEFT, BOTTOM,
		LEFT + WIDTH, BOTTOM - HEIGHT);
}

/* The row that wastes the largest part of its memory. */
static const struct row *worst_of(const struct row *rows, size_t nr)
{
	const struct row *worst = rows;

	for (size_t i = 1; i < nr; i++)
		if ((__uint128_t)rows[i].asked * worst->real <
		    (__uint128_t)worst->asked * rows[i].real)
			worst = rows + i;
	return worst;
}

static void picture(const char *title, const struct row *rows, size_t nr, u64 refused, FILE *out)
{
	const struct row *worst = worst_of(rows, nr);

	fputs(SVG_HEAD SVG_STYLE SVG_PAPER, out);
	fprintf(out, "<text class=\"title\" x=\"%d\" y=\"24\">", LEFT);
	write_title(title, out);
	fprintf(out, "</text>\n");
	axes(out);
	fprintf(out, "<path class=\"real\" d=\"");
	steps(rows, nr, out);
	fprintf(out, "\"/>\n<text x=\"%d\" y=\"48\" fill=\"#b03020\">%s</text>\n", LEFT,
		SVG_LEGEND);
	fprintf(out, "<text x=\"%d\" y=\"560\">asked for, in bytes. Worst: %llu gets %llu", LEFT,
		worst->asked, worst->real);
	if (refused)
		fprintf(out, ". Refused: %llu", refused);
	fprintf(out, "</text>\n</svg>\n");
}

int main(int argc, char **argv)
{
	struct row *rows = NULL;
	u64 largest = 2, refused = 0;
	size_t nr = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: plot TITLE FILE\n");
		return 2;
	}
	if (read_rows(argv[2], &rows, &nr) || select_rows(rows, &nr, &refused)) {
		free(rows);
		return 1;
	}
	for (size_t i = 0; i < nr; i++)
		if (rows[i].real > largest)
			largest = rows[i].real;
	while (top < 64 && (largest - 1) >> top)
		top++;
	picture(argv[1], rows, nr, refused, stdout);
	free(rows);
	if (fflush(stdout) || ferror(stdout))
		return complain("standard output", strerror(errno));
	return 0;
}
