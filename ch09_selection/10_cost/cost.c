// SPDX-License-Identifier: GPL-2.0
/*
 * cost: measure what each allocator costs at many sizes, say which is cheaper from
 * which size on, and draw it
 */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_client.h"
#include "compare.h"
#include "plot.h"
#include "table.h"

#define ROUNDS_MAX	1000	/* the module's */
#define REPEAT_MAX	100
#define SIZES_MAX	1000
#define APIS_MAX	32

enum { OK, FAILED, USAGE };	/* exit status */

static const char usage[] =
"Usage: cost [options]\n"
"\n"
"Measures allocators by the module alloc_cost, and prints at which sizes which\n"
"one is cheaper.\n"
"\n"
"  --sizes LIST     8,4097,64K,2M (steps from 8 to 16 MiB)\n"
"  --apis LIST      kmalloc,exact,kvmalloc,vmalloc,cache (all of these)\n"
"  --rounds N       how often each is measured, at most 1000 (100);\n"
"                   less often where it would take too much memory\n"
"  --repeat N       measure so often, at most 100, and keep the fastest (1)\n"
"  --table FILE     do not measure: read what --tsv wrote\n"
"  --tsv FILE       write what was measured, as tab-separated values\n"
"  --latency FILE   draw the time by size, as SVG\n"
"  --waste FILE     draw the waste by size, as SVG\n"
"  --title TEXT     to stand above the pictures\n"
"  --help\n"
"\n"
"A FILE may be -, the terminal.\n";

struct request {
	size_t sizes[SIZES_MAX];
	size_t nr_sizes;
	char apis[APIS_MAX][API_LEN];
	size_t nr_apis;
	unsigned int rounds, repeat;
	const char *table, *tsv, *latency, *waste, *title;
};

/* --------------------------------------------------------------- options --- */

static bool add_size(struct request *r, size_t size)
{
	if (!size || r->nr_sizes == SIZES_MAX)
		return false;
	r->sizes[r->nr_sizes++] = size;
	return true;
}

static bool parse_size(struct request *r, const char *text)
{
	unsigned long long n;
	unsigned int shift = 0;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (*end == 'K' || *end == 'M' || *end == 'G')
		shift = *end == 'K' ? 10 : *end == 'M' ? 20 : 30;
	if (shift)
		end++;
	if (errno || *end || n > SIZE_MAX >> shift)
		return false;
	return add_size(r, n << shift);
}

static bool parse_api(struct request *r, const char *text)
{
	if (!*text || strlen(text) >= API_LEN || r->nr_apis == APIS_MAX ||
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz_")])
		return false;
	snprintf(r->apis[r->nr_apis++], API_LEN, "%s", text);
	return true;
}

static bool parse_list(struct request *r, char *list,
		       bool (*parse)(struct request *r, const char *text))
{
	char *word;

	while ((word = strsep(&list, ",")))
		if (!parse(r, word))
			return false;
	return true;
}

/* Each power of two, the size behind it, and the one half way to the next. */
static void default_sizes(struct request *r)
{
	for (size_t size = 8; size <= 16 << 20; size *= 2) {
		add_size(r, size);
		if (size == 16 << 20)
			break;
		add_size(r, size + 1);
		add_size(r, size + size / 2);
	}
}

static bool parse_count(const char *text, unsigned long max, unsigned int *count)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || !n || n > max)
		return false;
	*count = n;
	return true;
}

static bool take_option(struct request *r, int opt, char *value)
{
	switch (opt) {
	case 's':
		return parse_list(r, value, parse_size);
	case 'a':
		return parse_list(r, value, parse_api);
	case 'r':
		return parse_count(value, ROUNDS_MAX, &r->rounds);
	case 'p':
		return parse_count(value, REPEAT_MAX, &r->repeat);
	case 't':
		r->table = value;
		return true;
	case 'o':
		r->tsv = value;
		return true;
	case 'l':
		r->latency = value;
		return true;
	case 'w':
		r->waste = value;
		return true;
	case 'n':
		r->title = value;
		return true;
	}
	return false;
}

/* ------------------------------------------------------------- measuring --- */

/* So many that what is held at once stays below a sixteenth of the memory. */
static unsigned int rounds_for(const struct request *r, size_t size)
{
	size_t most = (size_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / 16;
	size_t fit = most / size;

	return fit < 1 ? 1 : fit < r->rounds ? fit : r->rounds;
}

/* With the clock: where that was measured as too slow, too much is subtracted. */
static unsigned long long usual_cost(const struct row *row)
{
	unsigned long long ns = NR_SERIES * row->clock;

	for (int i = 0; i < NR_SERIES; i++)
		ns += row->ns[i][P50];
	return ns;
}

/* What disturbs makes slower, never faster. */
static int measure_row(const struct request *r, struct row *row)
{
	struct row again = *row;
	int err = bench_measure(row);

	for (unsigned int i = 1; i < r->repeat && !err && !row->error; i++) {
		err = bench_measure(&again);
		if (!err && !again.error && usual_cost(&again) < usual_cost(row))
			*row = again;
	}
	return err;
}

static int measure(const struct request *r, struct table *table)
{
	int err = 0;

	for (size_t i = 0; i < r->nr_apis; i++) {
		for (size_t j = 0; j < r->nr_sizes && !err; j++) {
			struct row row = { .size = r->sizes[j] };

			row.rounds = rounds_for(r, row.size);
			snprintf(row.api, sizeof(row.api), "%s", r->apis[i]);
			err = measure_row(r, &row);
			if (!err)
				err = table_add(table, &row);
			if (err)
				fprintf(stderr,
					"cost: %s at %zu bytes: %s\n  why: the module refused the request, or its answer was no table\n  mend: see what it knows: cat /sys/kernel/debug/alloc_cost/apis\n",
					row.api, row.size, strerror(-err));
		}
	}
	return err;
}

static int read_file(const char *path, struct table *table)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	unsigned int line = 0;
	int err = file ? table_read(table, file, &line) : -errno;

	if (err == -EINVAL)
		fprintf(stderr,
			"cost: %s:%u: this is no table\n  why: the lines differ from what --tsv writes, or there are none\n  mend: make a new one: cost --tsv FILE\n",
			path, line);
	else if (err)
		fprintf(stderr, "cost: cannot read %s: %s\n", path,
			strerror(-err));
	if (file && file != stdin)
		fclose(file);
	return err;
}

/* ------------------------------------------------------------- the result --- */

static int write_file(const char *path, const struct table *table,
		      const char *title,
		      int (*write)(const struct table *table, const char *title,
				   FILE *file))
{
	FILE *file;
	int err;

	if (!path)
		return 0;
	file = strcmp(path, "-") ? fopen(path, "we") : stdout;
	err = file ? write(table, title, file) : -errno;
	if (file && file != stdout && fclose(file) && !err)
		err = -errno;
	if (err)
		fprintf(stderr, "cost: cannot write %s: %s\n", path,
			strerror(-err));
	return err;
}

static int write_tsv(const struct table *table, const char *title, FILE *file)
{
	(void)title;
	return table_write(table, file);
}

static bool any_measured(const struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		if (!table->rows[i].error)
			return true;
	fputs("cost: not one allocation succeeded\n", stderr);
	fputs("  why: the sizes are too large for these APIs, or for the machine\n", stderr);
	fputs("  mend: name smaller ones: --sizes 64,4K\n", stderr);
	return false;
}

static int conclude(const struct request *r, struct table *table)
{
	table_order(table);
	if (write_file(r->tsv, table, r->title, write_tsv))
		return FAILED;
	if (!any_measured(table))
		return FAILED;
	if (write_file(r->latency, table, r->title, plot_latency) ||
	    write_file(r->waste, table, r->title, plot_waste))
		return FAILED;
	if (print_crossovers(table, false) || print_crossovers(table, true))
		return FAILED;
	return fflush(stdout) || ferror(stdout) ? FAILED : OK;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "sizes", required_argument, NULL, 's' },
		{ "apis", required_argument, NULL, 'a' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "repeat", required_argument, NULL, 'p' },
		{ "table", required_argument, NULL, 't' },
		{ "tsv", required_argument, NULL, 'o' },
		{ "latency", required_argument, NULL, 'l' },
		{ "waste", required_argument, NULL, 'w' },
		{ "title", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	static struct request r = { .rounds = 100, .repeat = 1,
				    .title = "What allocating costs, by size" };
	char all[] = "kmalloc,exact,kvmalloc,vmalloc,cache";
	struct table table = { 0 };
	int opt, code = FAILED;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(usage, stdout);
			return OK;
		}
		if (opt != '?' && take_option(&r, opt, optarg))
			continue;
		if (opt != '?')
			fprintf(stderr, "cost: '%s' is no value for this option\n",
				optarg);
		fputs("Try: cost --help\n", stderr);
		return USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "cost: '%s' is not expected here\nTry: cost --help\n",
			argv[optind]);
		return USAGE;
	}
	if (!r.nr_sizes)
		default_sizes(&r);
	if (!r.nr_apis)
		parse_list(&r, all, parse_api);
	if (!r.table && !bench_there())
		fprintf(stderr,
			"cost: cannot use /sys/kernel/debug/alloc_cost/request: %s\n  why: the module alloc_cost makes it, for root, in debugfs\n  mend: sudo insmod alloc_cost.ko, and run this with sudo\n",
			strerror(errno));
	else if (r.table ? !read_file(r.table, &table) : !measure(&r, &table))
		code = conclude(&r, &table);
	table_free(&table);
	return code;
}
