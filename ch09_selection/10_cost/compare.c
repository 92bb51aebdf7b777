// SPDX-License-Identifier: GPL-2.0
/* Each API against each: the table that your crossover() fills. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "crossover.h"

/* What one allocation and its free cost, by the median; 0 rows: all failed. */
static size_t costs_of(const struct table *table, const char *api, bool warm,
		       struct cost *costs)
{
	int alloc = warm ? WARM_ALLOC : COLD_ALLOC;
	size_t n = 0;

	for (size_t i = 0; i < table->count; i++) {
		const struct row *row = &table->rows[i];

		if (row->error || strcmp(row->api, api))
			continue;
		costs[n].size = row->size;
		costs[n].ns = row->ns[alloc][P50] + row->ns[alloc + 1][P50];
		n++;
	}
	return n;
}

/* As --sizes takes it: "8K" for 8192, "8193". */
static void add_size(char *text, size_t room, const char *sign, size_t size)
{
	size_t len = strlen(text);
	const char *unit = "";

	if (!(size % 1048576)) {
		size /= 1048576;
		unit = "M";
	} else if (!(size % 1024)) {
		size /= 1024;
		unit = "K";
	}
	snprintf(text + len, room - len, "%s%s%zu%s", len ? " " : "", sign, size,
		 unit);
}

static void print_crossover(const struct crossover *at)
{
	char text[64] = "";

	if (at->to && at->from && at->to >= at->from) {
		snprintf(text, sizeof(text), "all");
	} else {
		if (at->to)
			add_size(text, sizeof(text), "<=", at->to);
		if (at->from)
			add_size(text, sizeof(text), ">=", at->from);
	}
	printf(" %16s", *text ? text : "-");
}

int print_crossovers(const struct table *table, bool warm)
{
	struct cost *a = calloc(table->count, sizeof(*a));
	struct cost *b = calloc(table->count, sizeof(*b));
	const struct row *row, *other;
	size_t nr_a, nr_b;
	int err = -ENOMEM;

	if (!a || !b)
		goto out;
	printf("\n%s: at which sizes the one in front is clearly cheaper\n%-10s",
	       warm ? "warm" : "cold", "");
	for (row = NULL; (row = table_next_api(table, row));)
		printf(" %16s", row->api);
	putchar('\n');
	for (row = NULL; (row = table_next_api(table, row));) {
		printf("%-10s", row->api);
		nr_a = costs_of(table, row->api, warm, a);
		for (other = NULL; (other = table_next_api(table, other));) {
			struct crossover at;

			nr_b = costs_of(table, other->api, warm, b);
			at = crossover(a, nr_a, b, nr_b);
			print_crossover(&at);
		}
		putchar('\n');
	}
	err = 0;
out:
	free(a);
	free(b);
	return err;
}
