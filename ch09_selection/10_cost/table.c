// SPDX-License-Identifier: GPL-2.0
/* The table of what was measured. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define COLUMNS		(6 + NR_SERIES * NR_FIGURES)

const char *const series_name[NR_SERIES] = {
	"cold_alloc", "cold_free", "warm_alloc", "warm_free",
};

const char *const figure_name[NR_FIGURES] = { "min", "p50", "p99", "max" };

int table_add(struct table *table, const struct row *row)
{
	struct row *rows = table->rows;

	/* Full, as each power of two is: twice the room. */
	if (!(table->count & (table->count - 1))) {
		rows = reallocarray(rows, table->count ? 2 * table->count : 1,
				    sizeof(*rows));
		if (!rows)
			return -ENOMEM;
		table->rows = rows;
	}
	rows[table->count++] = *row;
	return 0;
}

static int by_size(const void *a, const void *b)
{
	const struct row *left = a, *right = b;
	int names = strcmp(left->api, right->api);

	if (names)
		return names;
	return left->size < right->size ? -1 : left->size > right->size;
}

void table_order(struct table *table)
{
	qsort(table->rows, table->count, sizeof(*table->rows), by_size);
}

void table_free(struct table *table)
{
	free(table->rows);
	*table = (struct table){ 0 };
}

const struct row *table_next_api(const struct table *table,
				 const struct row *row)
{
	const struct row *end = table->rows + table->count;

	if (!row)
		return table->count ? table->rows : NULL;
	for (const struct row *next = row; next < end; next++)
		if (strcmp(next->api, row->api))
			return next;
	return NULL;
}

int table_write(const struct table *table, FILE *file)
{
	fputs("api\tsize\terror\treal\trounds\tclock", file);
	for (int i = 0; i < NR_SERIES; i++)
		for (int j = 0; j < NR_FIGURES; j++)
			fprintf(file, "\t%s_%s", series_name[i], figure_name[j]);
	fputc('\n', file);
	for (size_t n = 0; n < table->count; n++) {
		const struct row *row = &table->rows[n];

		fprintf(file, "%s\t%zu\t%s", row->api, row->size,
			row->error ? strerrorname_np(row->error) : "OK");
		if (row->error) {
			for (int i = 3; i < COLUMNS; i++)
				fputs("\t-", file);
			fputc('\n', file);
			continue;
		}
		fprintf(file, "\t%zu\t%u\t%llu", row->real, row->rounds,
			row->clock);
		for (int i = 0; i < NR_SERIES; i++)
			for (int j = 0; j < NR_FIGURES; j++)
				fprintf(file, "\t%llu", row->ns[i][j]);
		fputc('\n', file);
	}
	return fflush(file) || ferror(file) ? -errno : 0;
}

static int error_number(const char *name)
{
	for (int i = 1; i < 134; i++)
		if (strerrorname_np(i) && !strcmp(strerrorname_np(i), name))
			return i;
	return 0;
}

/* A number and nothing else. */
static bool take_number(const char *text, unsigned long long max,
			unsigned long long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !errno && !*end && *value <= max;
}

static bool take_row(char *const *field, struct row *row)
{
	unsigned long long n;

	*row = (struct row){ 0 };
	if (!*field[0] || strlen(field[0]) >= sizeof(row->api))
		return false;
	snprintf(row->api, sizeof(row->api), "%s", field[0]);
	if (!take_number(field[1], SIZE_MAX, &n) || !n)
		return false;
	row->size = n;
	if (strcmp(field[2], "OK")) {
		row->error = error_number(field[2]);
		return row->error;
	}
	if (!take_number(field[3], SIZE_MAX, &n) || n < row->size)
		return false;
	row->real = n;
	if (!take_number(field[4], 1000000, &n))
		return false;
	row->rounds = n;
	if (!take_number(field[5], -1ULL, &row->clock))
		return false;
	for (int i = 0; i < NR_SERIES * NR_FIGURES; i++)
		if (!take_number(field[6 + i], 1000000000000000000ULL,
				 &row->ns[i / NR_FIGURES][i % NR_FIGURES]))
			return false;
	return true;
}

/* Cut a line into its fields; false if they are not as many as columns. */
static bool cut(char *line, char *field[COLUMNS])
{
	size_t n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *next = line, *word; (word = strsep(&next, "\t"));) {
		if (n == COLUMNS)
			return false;
		field[n++] = word;
	}
	return n == COLUMNS;
}

int table_read(struct table *table, FILE *file, unsigned int *line)
{
	char *text = NULL, *field[COLUMNS];
	size_t room = 0;
	int err = 0;

	*line = 0;
	while (!err && getline(&text, &room, file) > 0) {
		struct row row;

		++*line;
		if (!cut(text, field))
			err = -EINVAL;
		else if (*line == 1)
			err = strcmp(field[0], "api") ? -EINVAL : 0;
		else if (!take_row(field, &row))
			err = -EINVAL;
		else
			err = table_add(table, &row);
	}
	if (!err && ferror(file))
		err = -errno;
	if (!err && !table->count) {
		++*line;
		err = -EINVAL;
	}
	free(text);
	return err;
}
