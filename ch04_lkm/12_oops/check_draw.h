/* SPDX-License-Identifier: GPL-2.0 */
/* An object file's tables and an oops, drawn at random */
#ifndef CHECK_DRAW_H
#define CHECK_DRAW_H

#include <stdio.h>

#include "check.h"

#define FUNCTIONS_MAX	40
#define ROWS_MAX	60	/* of a function */

struct drawn_row {
	u64 address;
	unsigned int line;
	const char *file;
};

struct drawn_function {
	char name[40];
	u64 address;
	u64 size;			/* as nm has it */
	u64 span;			/* as an oops has it: to the next one */
	struct drawn_row rows[ROWS_MAX];
	unsigned int nr_rows;
};

struct drawn {
	struct drawn_function functions[FUNCTIONS_MAX];
	unsigned int nr;
	/* the oops */
	const struct drawn_function *at, *from;	/* from may be NULL */
	u64 at_offset, from_offset;		/* of the instruction, of the call */
	bool write;
	u64 address;				/* that it tried */
	char taint[20];				/* the letters */
	bool new_style;				/* as 6.12 writes it */
};

void draw_tables(struct drawn *d);
void draw_oops(struct drawn *d);

/* Whether another function has its name. */
bool drawn_twin(const struct drawn *d, const struct drawn_function *f);

/* Which line that byte of the function belongs to. */
const struct drawn_row *drawn_row(const struct drawn_function *f, u64 offset);

/* Write the three files for whereis. */
void drawn_write(const struct drawn *d);

#endif /* CHECK_DRAW_H */
