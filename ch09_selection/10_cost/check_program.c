// SPDX-License-Identifier: GPL-2.0
/* The program cost: its crossovers, its table, its pictures, its complaints. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_bench.h"
#include "check_svg.h"

#define APIS	4
#define SIZES	12
#define COLUMNS	22
#define TSV	"/tmp/cost.tsv"
#define LATENCY	"/tmp/latency.svg"
#define WASTE	"/tmp/waste.svg"

/* A table made up by the check: cost[warm][api][size]; 0 stands for a failure. */
struct made_up {
	char api[APIS][8];
	size_t size[SIZES];
	u64 cost[2][APIS][SIZES];
};

static struct run_result run_cost(const char *const args[])
{
	const char *argv[16] = { "./cost" };

	for (int i = 0; args[i]; i++)
		argv[i + 1] = args[i];
	return run_program(argv, 200);
}

static void fail_at(struct made_up *m, int api, int i)
{
	m->cost[0][api][i] = 0;
	m->cost[1][api][i] = 0;
}

static void make_up(struct made_up *m)
{
	size_t size = 0;

	for (int i = 0; i < SIZES; i++) {
		size += check_random_range(1, 5000);
		if (!check_random_range(0, 3))
			size = (size + 1023) / 1024 * 1024;
		m->size[i] = size;
	}
	for (int a = 0; a < APIS; a++) {
		snprintf(m->api[a], sizeof(m->api[a]), "api_%c", 'a' + a);
		for (int warm = 0; warm < 2; warm++) {
			/* Straight lines cross; some noise on them. */
			u64 base = check_random_range(100, 5000);
			u64 slope = check_random_range(0, 500);

			for (int i = 0; i < SIZES; i++)
				m->cost[warm][a][i] = base + slope * i +
						      check_random_range(0, 300);
		}
		/* Not the first: so that there is something to see of each. */
		for (int i = 1; i < SIZES; i++)
			if (!check_random_range(0, 7))
				fail_at(m, a, i);
	}
}

static void write_made_up(const struct made_up *m)
{
	static const char *const figure[] = { "min", "p50", "p99", "max" };
	FILE *file = fopen(TSV, "w");

	ASSERT_NOTNULL(file);
	fputs("api\tsize\terror\treal\trounds\tclock", file);
	for (int i = 0; i < 16; i++)
		fprintf(file, "\t%s_%s", series_name[i / 4], figure[i % 4]);
	fputc('\n', file);
	for (int a = 0; a < APIS; a++) {
		for (int i = 0; i < SIZES; i++) {
			fprintf(file, "%s\t%zu\t", m->api[a], m->size[i]);
			if (!m->cost[0][a][i]) {
				fputs("ENOMEM", file);
				for (int i = 3; i < COLUMNS; i++)
					fputs("\t-", file);
				fputc('\n', file);
				continue;
			}
			fprintf(file, "OK\t%zu\t100\t20", m->size[i] + 5);
			for (int s = 0; s < NR_SERIES; s++) {
				/* Of the cost, a third for free(). */
				u64 all = m->cost[s >= WARM_ALLOC][a][i];
				u64 ns = s & 1 ? all / 3 : all - all / 3;

				fprintf(file, "\t%llu\t%llu\t%llu\t%llu", ns / 2,
					ns, ns * 2, ns * 3);
			}
			fputc('\n', file);
		}
	}
	ASSERT_EQ(fclose(file), 0);
}

/* Whether a is clearly cheaper at all sizes from first to last. */
static bool cheaper(const struct made_up *m, int warm, int pair[2], int first,
		    int last)
{
	const u64 *a = m->cost[warm][pair[0]], *b = m->cost[warm][pair[1]];

	for (int i = first; i <= last; i++)
		if (a[i] && b[i] && 10 * a[i] > 9 * b[i])
			return false;
	return true;
}

static void add_size(char *text, size_t room, const char *sign, size_t size)
{
	size_t len = strlen(text);
	bool kib = !(size % 1024);

	snprintf(text + len, room - len, "%s%s%zu%s", len ? " " : "", sign,
		 kib ? size / 1024 : size, kib ? "K" : "");
}

/* The definition in crossover.h, word for word, as cost prints it. */
static void model(const struct made_up *m, int warm, int pair[2], char *text,
		  size_t room)
{
	size_t to = 0, from = 0;

	for (int i = 0; i < SIZES; i++) {
		if (!m->cost[0][pair[0]][i] || !m->cost[0][pair[1]][i])
			continue;
		if (cheaper(m, warm, pair, 0, i))
			to = m->size[i];
		if (!from && cheaper(m, warm, pair, i, SIZES - 1))
			from = m->size[i];
	}
	*text = '\0';
	if (from && to >= from) {
		snprintf(text, room, "all");
		return;
	}
	if (to)
		add_size(text, room, "<=", to);
	if (from)
		add_size(text, room, ">=", from);
	if (!*text)
		snprintf(text, room, "-");
}

static void expect_matrix(const struct made_up *m, const char *out, int warm)
{
	const char *at = strstr(out, warm ? "\nwarm:" : "\ncold:");
	char head[32], should[64];

	ASSERT_NOTNULL(at, "cost printed no lines on %s:\n%s",
		       warm ? "warm" : "cold", out);
	for (int a = 0; a < APIS; a++) {
		snprintf(head, sizeof(head), "\n%s ", m->api[a]);
		at = strstr(at, head);
		ASSERT_NOTNULL(at, "cost printed no line for %s:\n%s", m->api[a],
			       out);
		at += strlen(head);
		for (int b = 0; b < APIS; b++) {
			int pair[2] = { a, b };

			model(m, warm, pair, should, sizeof(should));
			at += strspn(at, " ");
			ASSERT_TRUE(!strncmp(at, should, strlen(should)) &&
				    strchr("\n ", at[strlen(should)]),
				    "By crossover(), %s is clearly cheaper than %s at the sizes '%.*s'; it should be '%s'. (- means at none.)",
				    m->api[a], m->api[b],
				    (int)strcspn(at, "\n "), at, should);
			at += strlen(should);
		}
	}
}

CHECK(crossovers, .deadline = 180, .title = "crossover() finds where one is cheaper")
{
	const char *const args[] = { "--table", TSV, NULL };

	for (int i = 0; i < 25; i++) {
		struct made_up m;
		struct run_result run;

		make_up(&m);
		write_made_up(&m);
		run = run_cost(args);
		ASSERT_EQ(run.status, 0, "cost ended with status %d, signal %d:\n%s",
			  run.status, run.signal, run.err);
		expect_matrix(&m, run.out, 0);
		expect_matrix(&m, run.out, 1);
		run_result_free(&run);
	}
}

/* ------------------------------------------------------------- measuring --- */

/* Each API has each size once; the sizes grow. */
static void expect_table(const u64 *sizes, size_t nr)
{
	char *text = file_read(TSV), *at;
	size_t rows = 0;

	ASSERT_NOTNULL(text);
	ASSERT_NOMATCH(text, "nan|inf");
	for (at = text; *at; at++)
		rows += *at == '\n';
	EXPECT_EQ(rows, 1 + ARRAY_SIZE(real_apis) * nr);
	for (size_t a = 0; a < ARRAY_SIZE(real_apis); a++) {
		for (size_t i = 0; i < nr; i++) {
			u64 real, rounds, clock;
			char head[64];
			int got;
			bool fails = sizes[i] > CACHE_MAX &&
				     !strcmp(real_apis[a], "cache");

			snprintf(head, sizeof(head), "\n%s\t%llu\t%s", real_apis[a],
				 sizes[i], fails ? "ENOMEM\t-" : "OK\t");
			at = strstr(text, head);
			ASSERT_NOTNULL(at, "The table has no line for %s at %llu bytes%s:\n%s",
				       real_apis[a], sizes[i],
				       fails ? ", or one without ENOMEM" : "", text);
			if (fails)
				continue;
			got = sscanf(at + strlen(head), "%llu %llu %llu", &real,
				     &rounds, &clock);
			ASSERT_EQ(got, 3);
			EXPECT_GE(real, sizes[i]);
			EXPECT_EQ(rounds, 5);
		}
	}
	free(text);
}

CHECK(measures, .deadline = 240, .title = "cost measures each API at each size")
{
	char list[128], *at = list;
	const char *const args[] = { "--sizes", list, "--rounds", "5", "--tsv", TSV,
				     "--latency", LATENCY, "--waste", WASTE, NULL };
	u64 sizes[6] = { 0 };
	struct run_result run;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		sizes[i] = check_random_range(10UL << 3 * i, (10UL << (3 * i + 2)));
		at += sprintf(at, "%s%llu", i ? "," : "", sizes[i]);
	}
	bench_start();
	run = run_cost(args);
	bench_stop();
	ASSERT_EQ(run.status, 0, "cost --sizes %s ended with status %d, signal %d:\n%s",
		  list, run.status, run.signal, run.err);
	expect_table(sizes, ARRAY_SIZE(sizes));
	svg_expect(LATENCY, 2 * NR_SERIES * ARRAY_SIZE(real_apis));
	svg_expect(WASTE, ARRAY_SIZE(real_apis));
	run_result_free(&run);
}

CHECK(draws, .deadline = 180, .title = "The pictures are complete")
{
	const char *const args[] = { "--table", TSV, "--latency", LATENCY, "--waste",
				     WASTE, "--title", "<a> & 'b'", NULL };
	char *latency, *waste;

	for (int i = 0; i < 5; i++) {
		struct made_up m;
		struct run_result run;

		make_up(&m);
		write_made_up(&m);
		run = run_cost(args);
		ASSERT_EQ(run.status, 0, "cost ended with status %d, signal %d:\n%s",
			  run.status, run.signal, run.err);
		svg_expect(LATENCY, 2 * NR_SERIES * APIS);
		svg_expect(WASTE, APIS);
		latency = file_read(LATENCY);
		waste = file_read(WASTE);
		ASSERT_TRUE(latency && waste);
		EXPECT_MATCH(latency, "8 KiB: KMALLOC_MAX_CACHE_SIZE");
		EXPECT_NOMATCH(latency, "4 MiB: KMALLOC_MAX_SIZE",
			       "The sizes end at 60000, and 4 MiB is in the picture.");
		EXPECT_MATCH(waste, "8 KiB: KMALLOC_MAX_CACHE_SIZE");
		EXPECT_MATCH(waste, "&lt;a&gt; &amp; 'b'");
		free(latency);
		free(waste);
		run_result_free(&run);
	}
}

/* ----------------------------------------------------------- complaints --- */

static void expect_complaint(const char *const args[], int status,
			     const char *regex)
{
	struct run_result run = run_cost(args);

	EXPECT_EQ(run.status, status, "'%s %s': status %d, signal %d", args[0],
		  args[1] ? args[1] : "", run.status, run.signal);
	EXPECT_MATCH(run.err, regex);
	run_result_free(&run);
}

#define EXPECT_COMPLAINT(status, regex, ...) \
	expect_complaint((const char *const[]){ __VA_ARGS__, NULL }, status, regex)

CHECK(complains, .deadline = 120, .title = "cost says what is wrong, and how to mend it")
{
	struct made_up m;

	mod_unload("alloc_cost");
	EXPECT_COMPLAINT(1, "mend: sudo insmod", "--sizes", "8");
	EXPECT_COMPLAINT(2, "'0' is no value", "--sizes", "0");
	EXPECT_COMPLAINT(2, "'8,,9' is no value|'8' is no value", "--sizes", "8,,9");
	EXPECT_COMPLAINT(2, "no value", "--sizes", "99999999999999999999");
	EXPECT_COMPLAINT(2, "no value", "--rounds", "1001");
	EXPECT_COMPLAINT(2, "no value", "--apis", "kmalloc,x y");
	EXPECT_COMPLAINT(2, "not expected", "kmalloc");
	EXPECT_COMPLAINT(2, "cost --help", "--colour");
	EXPECT_COMPLAINT(1, "cannot read", "--table", "/nonexistent");
	make_up(&m);
	write_made_up(&m);
	EXPECT_COMPLAINT(1, "cannot write", "--table", TSV, "--waste", "/no/dir");
	EXPECT_COMPLAINT(1, "cannot write /dev/full", "--table", TSV, "--latency",
			 "/dev/full");
	ASSERT_OK(truncate(TSV, 300));
	EXPECT_COMPLAINT(1, TSV ":2: this is no table", "--table", TSV);
}
