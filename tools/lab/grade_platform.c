// SPDX-License-Identifier: GPL-2.0
/*
 * What learning platforms take: Gradescope's results.json, Autolab's last line,
 * Classroom 50's result.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

		/* Without "score" the platform adds up the tests': an open mark has none. */
		while (book_row(g, &row))
			if (!open)
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

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

/* Their points are whole numbers: ours are hundredths anyway. */
static json_t *room_test(sqlite3_stmt *row, unsigned int *hidden)
{
	int64_t got = sqlite3_column_int64(row, 0), worth = sqlite3_column_int64(row, 1);
	bool secret = !strcmp(book_text(row, 2), "hidden");
	const char *text = book_text(row, 3);

	return json_pack("{s:o,s:b,s:I,s:I,s:o}", "test-name",
			 json_clean(secret ? strf("hidden check %u", ++*hidden) :
				    strf("%.*s", (int)strcspn(text, ":"), text)),
			 "passed", (int)(got == worth), "score", (json_int_t)got, "max-score",
			 (json_int_t)worth, "output", json_clean(secret ? "" : text));
}

static json_t *room_tests(struct grade *g, const char *student, const char *lab)
{
	sqlite3_stmt *row = book_ask(g, "SELECT points, out_of, kind, text FROM mark_lines WHERE "
				     "student = ? AND lab = ? AND kind IN ('check', 'hidden') ORDER BY position",
				     "tt", student, lab);
	json_t *tests = json_array();
	unsigned int hidden = 0;

	while (book_row(g, &row))
		json_array_append_new(tests, room_test(row, &hidden));
	return tests;
}

/*
 * Who and what was graded is known to the platform's runner, which says it in
 * the environment. Elsewhere the files' digest stands for the commit.
 */
static json_t *room_result(struct grade *g, sqlite3_stmt *row)
{
	const char *student = book_text(row, 0), *lab = book_text(row, 1), *digest = book_text(row, 4);
	time_t when = sqlite3_column_int64(row, 5), now = time(NULL);
	char *commit = xasprintf("urn:sha256:%s", digest), date[32], short_date[32], today[32];
	int64_t points = sqlite3_column_int64(row, 2), most = sqlite3_column_int64(row, 3);
	json_t *all;

	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime(&when));
	strftime(short_date, sizeof(short_date), "%Y%m%dT%H%M%SZ", gmtime(&when));
	strftime(today, sizeof(today), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	/* An adjustment may give more than there is; the platform takes no more. */
	all = json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:s,s:I,s:I,s:o}",
		"schema", "classroom50/result/v1",
		"classroom", json_clean(setting("CLASSROOM", "workbook")),
		"assignment", json_clean(setting("ASSIGNMENT", base_name(lab))),
		"assignment_type", json_clean(setting("ASSIGNMENT_TYPE", "individual")),
		"owner", json_clean(setting("OWNER", student)),
		"submission", json_clean(setting("SUBMISSION_TAG", strf("submit/%s-%.7s", short_date, digest))),
		"commit", json_clean(setting("COMMIT_URL", commit)),
		"release", json_clean(setting("RELEASE_URL", commit)),
		"review", json_clean(setting("REVIEW_URL", setting("COMMIT_URL", commit))),
		"datetime", date, "graded_at", today,
		"score", (json_int_t)(points > most ? most : points), "max-score", (json_int_t)most,
		"tests", room_tests(g, student, lab));
	free(commit);
	return all;
}

/* Its schema is schemas/result-v1.schema.json of foundation50/classroom50. */
int export_classroom50(struct grade *g)
{
	sqlite3_stmt *row = book_ask(g, "SELECT m.student, m.lab, m.points, m.out_of, s.digest, "
		"coalesce(t.entry_time, 0) FROM marks m JOIN submissions s ON s.student = m.student AND "
		"s.lab = m.lab JOIN students t ON t.student = m.student WHERE m.points IS NOT NULL "
		"ORDER BY m.student, m.lab", "");
	int err = 0;

	while (book_row(g, &row) && !err) {
		char *who = grade_file_name(book_text(row, 0)), *text;
		char *name = xasprintf("classroom50/%s/%s.json", who, base_name(book_text(row, 1)));
		json_t *all = room_result(g, row);
		struct buf out = { 0 };

		text = json_dumps(all, JSON_INDENT(1));
		buf_adds(&out, text ? text : "{}");
		buf_adds(&out, "\n");
		err = mkdir_p(strf("%s/classroom50/%s", g->out, who));
		if (!err)
			err = export_write(g, name, &out);
		buf_free(&out);
		json_decref(all);
		free(text);
		free(name);
		free(who);
	}
	if (err)
		sqlite3_finalize(row);
	return err;
}
