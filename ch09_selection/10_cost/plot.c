// SPDX-License-Identifier: GPL-2.0
/*
 * The two pictures: time by size, and waste by size
 *
 * Both axes are logarithmic. Vertical lines show where choosing an allocator
 * changes its answer.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"
#include "svg.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define WIDTH		1280
#define GREY		"stroke='#d8d8d8' stroke-width='1'"
#define FRAME		"stroke='#444444' stroke-width='1'"
#define MARK		"stroke='#555555' stroke-width='1' stroke-dasharray='5 3'"

/*
 * Where decisions change, on x86-64 with pages of 4 KiB. "row" is the line of text
 * above the panel; the text stands beside the vertical line on the "anchor" side.
 *
 * Source: KMALLOC_MAX_CACHE_SIZE and KMALLOC_MAX_SIZE in include/linux/slab.h,
 * PAGE_ALLOC_COSTLY_ORDER (3, so 8 pages) in include/linux/mmzone.h, 6.1 and 6.12.
 */
static const struct boundary {
	size_t size;
	const char *label, *name, *anchor;
	int row;
} boundaries[] = {
	{ 4096, "4 KiB", "a page", "end", 1 },
	{ 8192, "8 KiB", "KMALLOC_MAX_CACHE_SIZE", "end", 0 },
	{ 32768, "32 KiB", "costly order", "start", 1 },
	{ 4194304, "4 MiB", "KMALLOC_MAX_SIZE", "middle", 0 },
};

static const struct look {
	const char *api, *colour, *dash;
	double width;
} looks[] = {
	/* Drawn from the last: what lies on a wide line leaves its edge to see. */
	{ "kmalloc", "#0050a0", "none", 2 },
	{ "exact", "#e69f00", "none", 2.5 },
	{ "vmalloc", "#d02020", "none", 2 },
	{ "cache", "#9a3fb5", "6 3", 2.5 },
	{ "kvmalloc", "#4dbd8d", "none", 6 },
};

#define NR_LOOKS	ARRAY_SIZE(looks)
#define APIS_MAX	32

/**
 * struct panel - one diagram
 * @left: of the inside
 * @top: of it
 * @width: of it
 * @height: of it
 * @x0: log2 of the size at its left edge
 * @x1: and at its right one
 * @y0: log10 of the value at its bottom
 * @y1: and at its top
 */
struct panel {
	double left, top, width, height;
	double x0, x1, y0, y1;
};

static double x_of(const struct panel *p, double size)
{
	return p->left + p->width * (log2(size) - p->x0) / (p->x1 - p->x0);
}

/* What is too small lies on the bottom, and what is too large at the top. */
static double y_of(const struct panel *p, double value)
{
	double y = value > 0 ? log10(value) : p->y0;

	return p->top + p->height * (p->y1 - fmin(fmax(y, p->y0), p->y1)) /
	       (p->y1 - p->y0);
}

static void print_size(char *text, size_t len, double bytes)
{
	if (bytes < 1024)
		snprintf(text, len, "%.0f B", bytes);
	else if (bytes < 1048576)
		snprintf(text, len, "%.0f KiB", bytes / 1024);
	else
		snprintf(text, len, "%.0f MiB", bytes / 1048576);
}

static void print_time(char *text, size_t len, double ns)
{
	if (ns < 1000)
		snprintf(text, len, "%.0f ns", ns);
	else if (ns < 1000000)
		snprintf(text, len, "%.0f \302\265s", ns / 1000);
	else if (ns < 1000000000)
		snprintf(text, len, "%.0f ms", ns / 1000000);
	else
		snprintf(text, len, "%.0f s", ns / 1000000000);
}

/* The place of an API in looks[]; NR_LOOKS if it is none of them. */
static size_t look_of(const char *api)
{
	size_t i = 0;

	while (i < NR_LOOKS && strcmp(looks[i].api, api))
		i++;
	return i;
}

/* The sizes there are, as whole powers of two; at least one apart. */
static void x_range(const struct table *table, struct panel *p)
{
	double min = INFINITY, max = 0;

	for (size_t i = 0; i < table->count; i++) {
		min = fmin(min, table->rows[i].size);
		max = fmax(max, table->rows[i].size);
	}
	p->x0 = floor(log2(min));
	p->x1 = fmax(ceil(log2(max)), p->x0 + 1);
}

/* Frame, lines and their numbers, boundaries; what is drawn later covers them. */
static void draw_panel(FILE *file, const struct panel *p, const char *title,
		       void (*number)(char *text, size_t len, double value))
{
	double right = p->left + p->width, bottom = p->top + p->height;
	int step = p->x1 - p->x0 < 10 ? 1 : p->width < 400 ? 6 : 3;
	char text[64];

	svg_text(file, p->left, p->top - 36, "font-size='15' font-weight='bold'",
		 title);
	for (int x = p->x0; x <= p->x1; x++) {
		double at = x_of(p, exp2(x));

		if ((x - (int)p->x0) % step)
			continue;
		svg_line(file, at, p->top, at, bottom, GREY);
		print_size(text, sizeof(text), exp2(x));
		svg_text(file, at, bottom + 17, "text-anchor='middle'", text);
	}
	for (int y = p->y0; y <= p->y1; y++) {
		double at = y_of(p, pow(10, y));

		svg_line(file, p->left, at, right, at, GREY);
		number(text, sizeof(text), pow(10, y));
		svg_text(file, p->left - 6, at + 4, "text-anchor='end'", text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(boundaries); i++) {
		const struct boundary *b = &boundaries[i];
		double at = x_of(p, b->size), up = p->top - 20 + 13 * b->row;
		char style[64];

		if (at < p->left || at > right)
			continue;
		svg_line(file, at, up + 4, at, bottom, MARK);
		snprintf(style, sizeof(style), "text-anchor='%s' font-size='11' fill='#333333'",
			 b->anchor);
		snprintf(text, sizeof(text), p->width < 400 ? "%s" : "%s: %s",
			 b->label, b->name);
		svg_text(file, at, up, style, text);
	}
	svg_line(file, p->left, bottom, right, bottom, FRAME);
	svg_line(file, p->left, p->top, p->left, bottom, FRAME);
}

/* A line through the rows of one API; at least two points make one. */
static int draw_rows(FILE *file, const struct panel *p,
		     const struct table *table, const char *api,
		     double (*value)(const struct row *row, int which),
		     int which, const char *style)
{
	struct point *points = calloc(table->count, sizeof(*points));
	size_t n = 0;

	if (!points)
		return -ENOMEM;
	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		if (row->error || strcmp(row->api, api))
			continue;
		points[n++] = (struct point){ x_of(p, row->size),
					      y_of(p, value(row, which)) };
	}
	if (n == 1)
		svg_dot(file, points[0].x, points[0].y, 3, style);
	else if (n)
		svg_path(file, points, n, style);
	free(points);
	return 0;
}

/* ------------------------------------------------------------- latency --- */

static double p50_of(const struct row *row, int series)
{
	return row->ns[series][P50];
}

static double p99_of(const struct row *row, int series)
{
	return row->ns[series][P99];
}

static void time_range(const struct table *table, struct panel *p)
{
	double min = INFINITY, max = 10;

	/* Less than 10 ns cannot be told from nothing. */
	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		for (int j = 0; j < NR_SERIES && !row->error; j++) {
			min = fmin(min, fmax(row->ns[j][P50], 10));
			max = fmax(max, row->ns[j][P50]);
		}
	}
	p->y0 = floor(log10(min));
	p->y1 = fmax(ceil(log10(max)), p->y0 + 1);
}

/* The APIs of the table, those we know first, in the order of looks[]. */
static size_t apis_of(const struct table *table, const char *apis[APIS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i <= NR_LOOKS; i++) {
		const struct row *row = NULL;

		while ((row = table_next_api(table, row)) && n < APIS_MAX) {
			size_t look = look_of(row->api);

			if (look == i)
				apis[n++] = row->api;
		}
	}
	return n;
}

static void line_style(char *style, size_t len, const char *api, double width,
		       const char *dash)
{
	static const struct look other = { "", "#333333", "2 3", 1.5 };
	size_t i = look_of(api);
	const struct look *look = i < NR_LOOKS ? &looks[i] : &other;

	snprintf(style, len,
		 "stroke='%s' stroke-width='%.1f' stroke-dasharray='%s' stroke-linejoin='round'",
		 look->colour, width ? width : look->width,
		 dash ? dash : look->dash);
}

static void draw_legend(FILE *file, const struct table *table, double y)
{
	const char *apis[APIS_MAX];
	size_t n = apis_of(table, apis);
	char style[160];
	double x = 70;

	for (size_t i = 0; i < n; i++, x += 120) {
		line_style(style, sizeof(style), apis[i], 0, NULL);
		svg_line(file, x, y - 4, x + 34, y - 4, style);
		svg_text(file, x + 42, y, "font-size='14'", apis[i]);
	}
	svg_line(file, x, y - 4, x + 34, y - 4,
		 "stroke='#333333' stroke-width='1' stroke-dasharray='1 3'");
	svg_text(file, x + 42, y, "font-size='14'",
		 "99 of 100 are below; thick: the median");
}

static int draw_series(FILE *file, const struct panel *p,
		       const struct table *table, int series)
{
	const char *apis[APIS_MAX];
	size_t n = apis_of(table, apis);
	char style[160];
	int err = 0;

	while (n-- && !err) {
		line_style(style, sizeof(style), apis[n], 1, "1 3");
		err = draw_rows(file, p, table, apis[n], p99_of, series, style);
		line_style(style, sizeof(style), apis[n], 0, NULL);
		if (!err)
			err = draw_rows(file, p, table, apis[n], p50_of, series,
					style);
	}
	return err;
}

int plot_latency(const struct table *table, const char *title, FILE *file)
{
	static const char *const name[NR_SERIES] = {
		"allocate, cold", "free, cold", "allocate, warm", "free, warm",
	};
	struct panel p = { .width = 545, .height = 310 };
	int err = 0;

	x_range(table, &p);
	time_range(table, &p);
	svg_begin(file, WIDTH, 870, title);
	svg_text(file, 70, 28, "font-size='18' font-weight='bold'", title);
	draw_legend(file, table, 56);
	for (int i = 0; i < NR_SERIES && !err; i++) {
		p.left = 70 + i % 2 * 630;
		p.top = 124 + i / 2 * 400;
		draw_panel(file, &p, name[i], print_time);
		err = draw_series(file, &p, table, i);
	}
	svg_end(file);
	return err ? err : fflush(file) || ferror(file) ? -errno : 0;
}

/* --------------------------------------------------------------- waste --- */

static double waste_of(const struct row *row, int unused)
{
	(void)unused;
	return row->real - row->size;
}

/* The bottom, where the logarithm would be that of 1, stands for no waste. */
static void print_waste(char *text, size_t len, double bytes)
{
	if (bytes < 1)
		snprintf(text, len, "none");
	else if (bytes < 1000)
		snprintf(text, len, "%.0f B", bytes);
	else if (bytes < 1000000)
		snprintf(text, len, "%.0f kB", bytes / 1000);
	else
		snprintf(text, len, "%.0f MB", bytes / 1000000);
}

/* What the vertical lines are; in a place of its own, panels are too narrow. */
static void draw_names(FILE *file, const struct panel *p)
{
	double y = p->top + 20;
	char text[64];

	svg_text(file, p->left, y, "font-size='14' font-weight='bold'",
		 "Where choosing changes its answer");
	for (size_t i = 0; i < ARRAY_SIZE(boundaries); i++) {
		y += 26;
		svg_line(file, p->left + 4, y - 14, p->left + 4, y + 4, MARK);
		snprintf(text, sizeof(text), "%s: %s", boundaries[i].label,
			 boundaries[i].name);
		svg_text(file, p->left + 16, y, "font-size='14'", text);
	}
}

int plot_waste(const struct table *table, const char *title, FILE *file)
{
	struct panel p = { .width = 330, .height = 290, .y0 = -1, .y1 = 1 };
	const char *apis[APIS_MAX];
	size_t n = apis_of(table, apis);
	char style[160];
	int err = 0;

	x_range(table, &p);
	p.y1 = fmax(p.x1 * log10(2), 1);
	svg_begin(file, WIDTH, 100 + 380 * ((n + 3) / 3), title);
	svg_text(file, 70, 28, "font-size='18' font-weight='bold'", title);
	svg_text(file, 70, 54, "font-size='14' fill='#333333'",
		 "Bytes that an allocation takes beyond those asked for. Grey: as much again as was asked for.");
	for (size_t i = 0; i <= n && !err; i++) {
		p.left = 70 + i % 3 * 415;
		p.top = 124 + i / 3 * 380;
		if (i == n) {
			draw_names(file, &p);
			break;
		}
		draw_panel(file, &p, apis[i], print_waste);
		svg_line(file, x_of(&p, exp2(p.x0)), y_of(&p, exp2(p.x0)),
			 x_of(&p, exp2(p.x1)), y_of(&p, exp2(p.x1)),
			 "stroke='#999999' stroke-width='1.5'");
		line_style(style, sizeof(style), apis[i], 2, "none");
		err = draw_rows(file, &p, table, apis[i], waste_of, 0, style);
	}
	svg_end(file);
	return err ? err : fflush(file) || ferror(file) ? -errno : 0;
}
