/* SPDX-License-Identifier: GPL-2.0 */
/* What was measured: in memory, and as tab-separated values in a file. */
#ifndef TABLE_H
#define TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum series { COLD_ALLOC, COLD_FREE, WARM_ALLOC, WARM_FREE, NR_SERIES };
enum figure { MIN, P50, P99, MAX, NR_FIGURES };

#define API_LEN		16

/**
 * struct row - one API at one size
 * @api: its name
 * @size: bytes asked for
 * @error: errno of the request, or 0; then the rest is there
 * @real: bytes that were taken
 * @rounds: samples of each series
 * @clock: ns that a look at the clock costs; already subtracted
 * @ns: the times
 */
struct row {
	char api[API_LEN];
	size_t size;
	int error;
	size_t real;
	unsigned int rounds;
	unsigned long long clock;
	unsigned long long ns[NR_SERIES][NR_FIGURES];
};

/* Rows: the APIs in any order, the sizes of each from small to large. */
struct table {
	struct row *rows;
	size_t count;
};

extern const char *const series_name[NR_SERIES];
extern const char *const figure_name[NR_FIGURES];

/* table_add() - a copy of @row at the end; 0 or -ENOMEM */
int table_add(struct table *table, const struct row *row);

/* table_order() - the sizes of each API from small to large */
void table_order(struct table *table);

void table_free(struct table *table);

/* table_write() - as tab-separated values; 0, or -errno of the file */
int table_write(const struct table *table, FILE *file);

/*
 * table_read() - what table_write() wrote; 0 or -errno. -EINVAL: line *@line,
 * counted from 1, is none of a table.
 */
int table_read(struct table *table, FILE *file, unsigned int *line);

/*
 * table_next_api() - the first row of the API that comes behind the one of @row;
 * behind NULL comes the first. NULL: there is no other.
 */
const struct row *table_next_api(const struct table *table,
				 const struct row *row);

#endif /* TABLE_H */
