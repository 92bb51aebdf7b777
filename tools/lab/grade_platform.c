// SPDX-License-Identifier: GPL-2.0
/* What learning platforms take: Gradescope's results.json, Autolab's last line. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade_export.h"

static json_t *scope_test(sqlite3_stmt *row, unsigned int *hidden)
{
	int64_t got = sqlite3_column_int64(row, 2), worth = sqlite3_column_int64(row, 3);
	bool secret = !strcmp(book_text(row, 4), "hidden");
	const char *text = book_text(row, 5);
	json_t *test = json_pack("{s:o,s:f,s:f,s:s,s:o,s:s}", "name",
		json_clean(secret ? strf("%s: hidden check %u", book_text(row, 1), ++*hidden) :
			   strf("%s: %.*s", book_text(row, 1), (int)strcspn(text, ":"), text)),
		"score", got / 100.0, "max_score", worth / 100.0,
		"status", got == worth && got >= 0 ? "passed" : "failed",
		"output", json_clean(secret ? "" : text), "visibility",
		secret ? "after_published" : "visible");

	return test;
}

/* https://gradescope-autograders.readthedocs.io, "Output format". */
int export_gradescope(struct grade *g)
{
	sqlite3_stmt *students = book_ask(g, "SELECT student, sum(points), sum(points IS NULL) FROM marks "
					  "GROUP BY student ORDER BY student", "");
	int err = mkdir_p(strf("%s/gradescope", g->out));

	while (book_row(g, &students)) {
		json_t *tests = json_array(), *all;
		sqlite3_stmt *row = book_ask(g, "SELECT student, lab, points, out_of, kind, text FROM "
			"mark_lines WHERE student = ? ORDER BY lab, position", "t", book_text(students, 0));
		char *who = grade_file_name(book_text(students, 0));
		char *name = xasprintf("gradescope/%s.json", who), *text;
		bool open = sqlite3_column_int(students, 2);
		struct buf out = { 0 };
		unsigned int hidden = 0;

		while (book_row(g, &row))
			json_array_append_new(tests, scope_test(row, &hidden));
		all = json_pack("{s:s,s:s,s:o}", "visibility", "visible", "output", open ?
				"Not everything could be judged, and that is not your fault." : "", "tests", tests);
		if (!open)
			json_object_set_new(all, "score", json_real(sqlite3_column_int64(students, 1) / 100.0));
		text = json_dumps(all, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
		buf_adds(&out, text ? text : "{}");
		buf_adds(&out, "\n");
		if (export_write(g, name, &out))
			err = -EIO;
		json_decref(all);
		free(text);
		free(name);
		free(who);
	}
	return err;
}

/* What the job prints; Autolab reads the last line. */
int export_autolab(struct grade *g)
{
	sqlite3_stmt *students = book_ask(g, "SELECT DISTINCT student FROM marks ORDER BY student", "");
	int err = mkdir_p(strf("%s/autolab", g->out));

	while (book_row(g, &students)) {
		json_t *scores = json_object(), *all;
		sqlite3_stmt *row = book_ask(g, "SELECT lab, points, status FROM marks WHERE student = ? "
					     "ORDER BY lab", "t", book_text(students, 0));
		char *who = grade_file_name(book_text(students, 0));
		char *name = xasprintf("autolab/%s.txt", who), *feedback, *text;
		struct buf out = { 0 };

		while (book_row(g, &row))
			if (sqlite3_column_type(row, 1) != SQLITE_NULL)
				json_object_set_new(scores, book_text(row, 0),
						    json_real(sqlite3_column_int64(row, 1) / 100.0));
		feedback = read_whole(strf("%s/feedback/%s.md", g->out, who), NULL);
		buf_adds(&out, feedback ? feedback : "");
		all = json_pack("{s:o}", "scores", scores);
		text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(12));
		buf_addf(&out, "\n%s\n", text ? text : "{}");
		if (export_write(g, name, &out))
			err = -EIO;
		json_decref(all);
		free(feedback);
		free(text);
		free(name);
		free(who);
	}
	return err;
}
