// SPDX-License-Identifier: GPL-2.0
/* Exports for programs: JSON, JUnit, Gradescope, Autolab. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade_export.h"

json_t *json_clean(const char *text)
{
	json_t *value = json_string(text);
	char *clean;

	if (value)
		return value;
	clean = xstrdup(text);
	for (char *c = clean; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	value = json_string(clean);
	free(clean);
	return value;
}

/* Exact to the hundredth, as a number. */
static json_t *json_points(sqlite3_stmt *row, int column)
{
	if (sqlite3_column_type(row, column) == SQLITE_NULL)
		return json_null();
	return json_real(sqlite3_column_int64(row, column) / 100.0);
}

static json_t *rows(struct grade *g, const char *keys, sqlite3_stmt *row)
{
	struct strlist names = { 0 };
	json_t *list = json_array();

	strlist_split(&names, keys, ",");
	while (book_row(g, &row)) {
		json_t *item = json_object();

		for (size_t i = 0; i < names.count; i++) {
			/* "=x" is a number, "%x" points, else text. */
			const char *name = names.items[i];
			json_t *value = *name == '=' ? json_integer(sqlite3_column_int64(row, i)) :
					*name == '%' ? json_points(row, i) : json_clean(book_text(row, i));

			json_object_set_new(item, name + (*name == '=' || *name == '%'), value);
		}
		json_array_append_new(list, item);
	}
	strlist_free(&names);
	return list;
}

static json_t *verdicts(struct grade *g, const char *student, const char *lab)
{
	json_t *list = rows(g, "=id,kernel,variant,part,verdict,=code,stage,=whole,why,seed,=ms",
		book_ask(g, "SELECT id, kernel, variant, part, verdict, code, stage, whole, coalesce(why, ''), "
			 "seed, ms FROM verdicts WHERE student = ? AND lab = ? ORDER BY kernel, variant, part",
			 "tt", student, lab));
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		int64_t id = json_integer_value(json_object_get(item, "id"));

		json_object_del(item, "id");
		json_object_set_new(item, "checks", rows(g, "name,state,reason,diagnostics",
			book_ask(g, "SELECT name, state, reason, diagnostics FROM results WHERE verdict = ? "
				 "ORDER BY position", "i", id)));
		json_object_set_new(item, "findings", rows(g, "gate,text,source,concept",
			book_ask(g, "SELECT gate, text, source, concept FROM findings WHERE verdict = ?", "i", id)));
	}
	return list;
}

static json_t *student_json(struct grade *g, const char *student, const char *name, bool on_roster)
{
	json_t *list = rows(g, "lab,%points,%out_of,status,fault", book_ask(g,
		"SELECT lab, points, out_of, status, fault FROM marks WHERE student = ? ORDER BY lab", "t",
		student)), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *lab = job_text(item, "lab");

		json_object_set_new(item, "lines", rows(g, "%points,%out_of,kind,text", book_ask(g,
			"SELECT points, out_of, kind, text FROM mark_lines WHERE student = ? AND lab = ? "
			"ORDER BY position", "tt", student, lab)));
		json_object_set_new(item, "verdicts", verdicts(g, student, lab));
		json_object_set_new(item, "flags", rows(g, "flag,file,=line,text", book_ask(g,
			"SELECT flag, file, line, text FROM flags WHERE student = ? AND lab = ?", "tt",
			student, lab)));
	}
	return json_pack("{s:o,s:o,s:b,s:o}", "student", json_clean(student), "name", json_clean(name),
			 "on_roster", on_roster, "labs", list);
}

/* One student at a time: a class of any size takes no more memory. */
int export_json(struct grade *g)
{
	FILE *f = export_begin(g, "grades.json");
	sqlite3_stmt *row;
	json_t *labs;
	char *seed;

	if (!f)
		return -EIO;
	seed = book_value(g, "SELECT value FROM meta WHERE key = 'seed'", "");
	labs = rows(g, "lab,title,%points", book_ask(g, "SELECT lab, title, points FROM labs ORDER BY lab", ""));
	fprintf(f, "{\"format\": \"lkp-grades/1\", \"seed\": \"%s\",\n\"labs\": ", seed ? seed : "");
	json_dumpf(labs, f, JSON_COMPACT);
	fprintf(f, ",\n\"students\": [");
	json_decref(labs);
	free(seed);
	row = book_ask(g, "SELECT student, name, on_roster FROM students ORDER BY student", "");
	for (const char *between = "\n"; book_row(g, &row); between = ",\n") {
		json_t *student = student_json(g, book_text(row, 0), book_text(row, 1),
					       sqlite3_column_int(row, 2));

		fputs(between, f);
		json_dumpf(student, f, JSON_COMPACT | JSON_REAL_PRECISION(12));
		json_decref(student);
	}
	fputs("\n]}\n", f);
	return export_end(g, f, "grades.json");
}

static void put(FILE *f, const char *text)
{
	struct buf out = { 0 };

	put_html(&out, text);
	fputs(out.data ? out.data : "", f);
	buf_free(&out);
}

static void junit_cases(struct grade *g, FILE *f, int64_t verdict, const char *class, bool secret)
{
	sqlite3_stmt *row = book_ask(g, "SELECT name, state, reason, diagnostics FROM results WHERE "
				     "verdict = ? ORDER BY position", "i", verdict);
	unsigned int number = 0;

	while (book_row(g, &row)) {
		const char *state = book_text(row, 1);

		fprintf(f, "  <testcase classname=\"");
		put(f, class);
		fprintf(f, "\" name=\"");
		put(f, secret ? strf("hidden check %u", ++number) : book_text(row, 0));
		fprintf(f, "\">");
		if (!strcmp(state, "skipped")) {
			fprintf(f, "<skipped message=\"");
			put(f, secret ? "" : book_text(row, 2));
			fprintf(f, "\"/>");
		} else if (strcmp(state, "passed")) {
			fprintf(f, "<failure type=\"%s\" message=\"", state);
			put(f, secret ? "" : book_text(row, 2));
			fprintf(f, "\">");
			put(f, secret ? "" : book_text(row, 3));
			fprintf(f, "</failure>");
		}
		fprintf(f, "</testcase>\n");
	}
}

/* A suite for each run; what kept it from its end is a case of its own. */
int export_junit(struct grade *g)
{
	FILE *f = export_begin(g, "junit.xml");
	sqlite3_stmt *row;

	if (!f)
		return -EIO;
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"lab grade\">\n");
	row = book_ask(g, "SELECT v.id, v.student, v.lab, v.kernel, v.part, v.verdict, v.stage, v.whole, "
		       "coalesce(v.why, ''), v.build_log, v.ms, (SELECT count(*) FROM results r WHERE "
		       "r.verdict = v.id), (SELECT count(*) FROM results r WHERE r.verdict = v.id AND r.state "
		       "NOT IN ('passed', 'skipped')), (SELECT count(*) FROM results r WHERE r.verdict = v.id "
		       "AND r.state = 'skipped') FROM verdicts v ORDER BY v.student, v.lab, v.kernel, v.part", "");
	while (book_row(g, &row)) {
		bool built = strcmp(book_text(row, 6), "build"), passed = !strcmp(book_text(row, 5), "passed");
		bool extra = !built || (!passed && !sqlite3_column_int(row, 7));
		char *class = xasprintf("%s.%s", book_text(row, 1), book_text(row, 2));

		fprintf(f, " <testsuite name=\"");
		put(f, strf("%s %s on Linux %s (%s)", book_text(row, 1), book_text(row, 2), book_text(row, 3),
			    book_text(row, 4)));
		fprintf(f, "\" tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"%d\" time=\"%.3f\">\n",
			sqlite3_column_int(row, 11) + extra, sqlite3_column_int(row, 12), extra,
			sqlite3_column_int(row, 13), sqlite3_column_int64(row, 10) / 1000.0);
		if (extra) {
			fprintf(f, "  <testcase classname=\"");
			put(f, class);
			fprintf(f, "\" name=\"%s\"><error type=\"", built ? "the machine" : "the build");
			put(f, book_text(row, 5));
			fprintf(f, "\" message=\"");
			put(f, built ? book_text(row, 8) : "it does not compile");
			fprintf(f, "\">");
			put(f, built ? "" : book_text(row, 9));
			fprintf(f, "</error></testcase>\n");
		}
		junit_cases(g, f, sqlite3_column_int64(row, 0), class, !strcmp(book_text(row, 4), PART_HIDDEN));
		fprintf(f, " </testsuite>\n");
		free(class);
	}
	fprintf(f, "</testsuites>\n");
	return export_end(g, f, "junit.xml");
}
