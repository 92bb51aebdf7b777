/* SPDX-License-Identifier: GPL-2.0 */
/* The three files that whereis reads, taken apart */
#ifndef TABLES_H
#define TABLES_H

#include <stdbool.h>
#include <stddef.h>

/* A function: a line of nm -S */
struct symbol {
	unsigned long long address;
	unsigned long long size;
	char *name;
};

/* "From this address on it is this line": a line of objdump's table */
struct row {
	unsigned long long address;
	unsigned int line;
	char *file;
};

struct tables {
	char **log;		/* its lines */
	size_t nr_log;
	struct symbol *symbols;
	size_t nr_symbols;
	struct row *rows;	/* in the order of the file */
	size_t nr_rows;
};

/* Read all three; on failure it says why, and returns false. */
bool tables_read(struct tables *t, const char *log, const char *symbols,
		 const char *lines);
void tables_free(struct tables *t);

/* A line of the log without level and time, or what stands before the message. */
const char *after_time(const char *line);

#endif /* TABLES_H */
