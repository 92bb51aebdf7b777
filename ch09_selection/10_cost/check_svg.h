/* SPDX-License-Identifier: GPL-2.0 */
/* Whether a file is a picture that every viewer can read. */
#ifndef CHECK_SVG_H
#define CHECK_SVG_H

/*
 * svg_expect() - the file is well-formed XML with <svg> at its top, there is no
 * number that is none, all is inside of the picture, and it has so many curves: a
 * polyline, or a circle where there is one point only
 */
void svg_expect(const char *path, unsigned int curves);

#endif /* CHECK_SVG_H */
