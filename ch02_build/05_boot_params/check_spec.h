/* SPDX-License-Identifier: GPL-2.0 */
/* Texts for the parameter, good and bad, drawn at random. */
#ifndef CHECK_SPEC_H
#define CHECK_SPEC_H

#include <stdbool.h>

#include "check.h"

struct spec {
	unsigned long size;
	unsigned int slots;
	bool stop;
	char text[64];
};

/* spec_draw() - a good one, with so many of its three parts in the text */
struct spec spec_draw(int parts);

/* spec_report() - what the log must say of it: "65536 bytes, 8 slots, stop" */
const char *spec_report(const struct spec *spec);

/* spec_bad() - the n-th bad text, or NULL behind the last; and what it is */
const char *spec_bad(unsigned int n, const char **why);

/* format_text() - as asprintf(), in memory that is never given back */
const char *format_text(const char *format, ...) CHECK_PRINTF_(1, 2);

#endif
