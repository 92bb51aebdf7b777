/* SPDX-License-Identifier: GPL-2.0 */
/* The little of SVG that the pictures need. */
#ifndef SVG_H
#define SVG_H

#include <stdio.h>

struct point {
	double x;
	double y;
};

void svg_begin(FILE *file, int width, int height, const char *title);
void svg_end(FILE *file);

/* @style is a list of attributes: "stroke='#000'" */
void svg_line(FILE *file, double x1, double y1, double x2, double y2,
	      const char *style);
void svg_path(FILE *file, const struct point *points, size_t count,
	      const char *style);
void svg_dot(FILE *file, double x, double y, double radius, const char *style);
void svg_text(FILE *file, double x, double y, const char *style,
	      const char *text);

#endif /* SVG_H */
