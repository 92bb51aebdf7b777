// SPDX-License-Identifier: GPL-2.0
/* What a call is about: its labs and its seed, and what the book knows of both. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "grade.h"

static int choose_lab(struct grade *g, const struct lab *lab)
{
	if (grade_lab(g, lab->id))
		return LAB_PASSED;
	if (!lab_is_task(lab) || !lab->files.count || !lab->solution_dir ||
	    !is_dir(lab->solution_dir) || !*lab->chapter) {
		complain(strf("%s cannot be graded", lab->id),
			 "it must be a lab of the workbook with files to write and a solution", NULL);
		return LAB_USAGE;
	}
	g->labs = xreallocarray(g->labs, g->lab_count + 1, sizeof(*g->labs));
	g->labs[g->lab_count++] = lab;
	return LAB_PASSED;
}

/* A name that stands for a whole chapter brings those that can be graded. */
int grade_choose_labs(struct grade *g, const char *names)
{
	struct strlist list = { 0 };
	int code = LAB_PASSED;

	if (!labs_open(&g->tree))
		return LAB_FAULT;
	strlist_split(&list, names, ",");
	for (size_t i = 0; i < list.count && !code; i++) {
		bool chapter = false;

		for (size_t j = 0; j < g->tree.count && !code; j++) {
			const struct lab *lab = g->tree.items[j];

			if (!lab_in_chapter(lab, list.items[i]))
				continue;
			chapter = true;
			if (lab_is_task(lab) && lab->files.count)
				code = choose_lab(g, lab);
		}
		if (!chapter) {
			const struct lab *lab = lab_find(&g->tree, list.items[i]);

			code = lab ? choose_lab(g, lab) : LAB_USAGE;
		}
	}
	if (!code && !g->lab_count) {
		complain("no lab was named", NULL, "--labs hello,params");
		code = LAB_USAGE;
	}
	strlist_free(&list);
	return code;
}

/* The book remembers what it was made with: marks are comparable or not made. */
static int agree_on(struct grade *g, const char *key, const char *value)
{
	char *old = book_value(g, "SELECT value FROM meta WHERE key = ?", "t", key);
	int err = 0;

	if (!old)
		err = book_do(g, "INSERT INTO meta VALUES (?, ?)", "tt", key, value);
	else if (strcmp(old, value)) {
		complain(strf("this grade book was begun with --%s %s", key, old),
			 strf("now it is %s: its marks would not be comparable", value),
			 "give the same again, or another --out DIR");
		err = -EINVAL;
	}
	free(old);
	return err;
}

int grade_agree_on_seed(struct grade *g)
{
	char *old = book_value(g, "SELECT value FROM meta WHERE key = 'seed'", "");
	int err;

	if (!g->seed && old)
		parse_u64(old, 1, UINT64_MAX, &g->seed);
	if (!g->seed) {
		uint32_t drawn = 0;

		if (getrandom(&drawn, sizeof(drawn), 0) != sizeof(drawn) || !drawn)
			drawn = time(NULL) | 1;
		g->seed = drawn;
	}
	free(old);
	err = agree_on(g, "seed", strf("%llu", (unsigned long long)g->seed));
	return err;
}

void grade_remember(struct grade *g)
{
	char *kernels = strlist_join(&g->kernels, ",");

	book_do(g, "INSERT OR REPLACE INTO meta VALUES ('kernels', ?)", "t", kernels);
	/* A lab that is not asked for any more has no marks. */
	book_do(g, "DELETE FROM labs", "");
	for (size_t i = 0; i < g->lab_count; i++)
		book_do(g, "INSERT OR REPLACE INTO labs VALUES (?, ?, ?, '')", "tti", g->labs[i]->id,
			g->labs[i]->title, (int64_t)g->labs[i]->points * 100);
	free(kernels);
}

void grade_recall(struct grade *g)
{
	char *kernels = book_value(g, "SELECT value FROM meta WHERE key = 'kernels'", "");
	sqlite3_stmt *row = book_ask(g, "SELECT lab FROM labs ORDER BY lab", "");

	strlist_free(&g->kernels);
	strlist_split(&g->kernels, kernels ? kernels : "", ",");
	free(kernels);
	if (!g->lab_count && labs_open(&g->tree))
		while (book_row(g, &row)) {
			for (size_t i = 0; i < g->tree.count; i++)
				if (!strcmp(g->tree.items[i]->id, book_text(row, 0)))
					choose_lab(g, g->tree.items[i]);
		}
	sqlite3_finalize(row);
}
