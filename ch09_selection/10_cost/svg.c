// SPDX-License-Identifier: GPL-2.0
/* The little of SVG that the pictures need. */
#include <stdio.h>

#include "svg.h"

static void escaped(FILE *file, const char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '<')
			fputs("&lt;", file);
		else if (c == '>')
			fputs("&gt;", file);
		else if (c == '&')
			fputs("&amp;", file);
		else if (c >= ' ')
			fputc(c, file);
	}
}

void svg_begin(FILE *file, int width, int height, const char *title)
{
	fprintf(file,
		"<svg xmlns='http://www.w3.org/2000/svg' role='img' width='%d' height='%d' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>\n<title>",
		width, height, width, height);
	escaped(file, title);
	fprintf(file,
		"</title>\n<rect width='%d' height='%d' fill='#ffffff'/>\n",
		width, height);
}

void svg_end(FILE *file)
{
	fputs("</svg>\n", file);
}

void svg_line(FILE *file, double x1, double y1, double x2, double y2,
	      const char *style)
{
	fprintf(file, "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' %s/>\n",
		x1, y1, x2, y2, style);
}

void svg_path(FILE *file, const struct point *points, size_t count,
	      const char *style)
{
	fprintf(file, "<polyline fill='none' %s points='", style);
	for (size_t i = 0; i < count; i++)
		fprintf(file, "%s%.1f,%.1f", i ? " " : "", points[i].x,
			points[i].y);
	fputs("'/>\n", file);
}

void svg_dot(FILE *file, double x, double y, double radius, const char *style)
{
	fprintf(file, "<circle cx='%.1f' cy='%.1f' r='%.1f' %s/>\n", x, y,
		radius, style);
}

void svg_text(FILE *file, double x, double y, const char *style,
	      const char *text)
{
	fprintf(file, "<text x='%.1f' y='%.1f' %s>", x, y, style);
	escaped(file, text);
	fputs("</text>\n", file);
}
