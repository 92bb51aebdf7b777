// SPDX-License-Identifier: GPL-2.0
/* Which exports there are, and those that are tables; see grade.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grade.h"
#include "grade_export.h"
#include "verbs.h"

int export_write(struct grade *g, const char *name, struct buf *text)
{
	char *path = xasprintf("%s/%s", g->out, name);
	int err = write_whole(path, text->data ? text->data : "", text->len);

	if (err)
		complain(strf("cannot write %s", path), errno_text(err), "make room there");
	free(path);
	buf_free(text);
	return err;
}

FILE *export_begin(struct grade *g, const char *name)
{
	char *path = xasprintf("%s/%s.new", g->out, name);
	FILE *file = fopen(path, "we");

	if (!file)
		complain(strf("cannot write %s", path), errno_text(errno), "make room there");
	free(path);
	return file;
}

int export_end(struct grade *g, FILE *file, const char *name)
{
	char *path = xasprintf("%s/%s", g->out, name), *new = xasprintf("%s.new", path);
	bool good = !fflush(file) && !ferror(file) && !fsync(fileno(file));

	if (fclose(file) || !good || rename(new, path)) {
		complain(strf("cannot write %s", path), errno_text(errno), "make room there");
		good = false;
	}
	free(new);
	free(path);
	return good ? 0 : -EIO;
}

static void put_points(struct buf *out, sqlite3_stmt *row, int column, char after)
{
	if (sqlite3_column_type(row, column) == SQLITE_NULL)
		buf_add(out, &after, 1);
	else
		buf_addf(out, "%s%c", points_text(sqlite3_column_int64(row, column)), after);
}

/* One line a student: the sum, and each lab. */
static int export_csv(struct grade *g)
{
	struct buf out = { 0 };
	sqlite3_stmt *row, *cell, *labs = book_ask(g, "SELECT lab FROM labs ORDER BY lab", "");

	buf_adds(&out, "student,name,total,out_of");
	while (book_row(g, &labs)) {
		buf_adds(&out, ",");
		csv_put(&out, book_text(labs, 0), ',');
		buf_adds(&out, "status");
	}
	buf_adds(&out, "\n");
	row = book_ask(g, "SELECT s.student, s.name, sum(m.points), sum(m.out_of), "
		       "sum(m.points IS NULL) FROM students s JOIN marks m ON m.student = s.student "
		       "GROUP BY s.student ORDER BY s.student", "");
	while (book_row(g, &row)) {
		csv_put(&out, book_text(row, 0), ',');
		csv_put(&out, book_text(row, 1), ',');
		/* A sum that lacks a mark is none. */
		if (sqlite3_column_int(row, 4))
			buf_adds(&out, ",");
		else
			put_points(&out, row, 2, ',');
		put_points(&out, row, 3, ',');
		out.len--;
		cell = book_ask(g, "SELECT points, status FROM marks WHERE student = ? ORDER BY lab", "t",
				book_text(row, 0));
		while (book_row(g, &cell)) {
			buf_adds(&out, ",");
			put_points(&out, cell, 0, ',');
			csv_put(&out, book_text(cell, 1), ',');
			out.len--;
		}
		buf_adds(&out, "\n");
	}
	return export_write(g, "marks.csv", &out);
}

static int export_flags(struct grade *g)
{
	struct buf out = { 0 };
	sqlite3_stmt *row = book_ask(g, "SELECT student, lab, flag, file, line, text FROM flags "
				     "ORDER BY student, lab, file, line", "");

	buf_adds(&out, "student,lab,flag,file,line,text\n");
	while (book_row(g, &row)) {
		for (int i = 0; i < 4; i++)
			csv_put(&out, book_text(row, i), ',');
		buf_addf(&out, "%lld,", (long long)sqlite3_column_int64(row, 4));
		csv_put(&out, book_text(row, 5), '\n');
	}
	return export_write(g, "flags.csv", &out);
}

static const struct format {
	const char *name;
	int (*write)(struct grade *g);
} formats[] = {
	{ "csv", export_csv }, { "flags", export_flags }, { "json", export_json },
	{ "junit", export_junit }, { "feedback", export_feedback },
	{ "gradescope", export_gradescope }, { "autolab", export_autolab },
	{ "classroom50", export_classroom50 }, { "class", export_class }, { "similar", export_similar },
};

int export_all(struct grade *g)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(formats) && !err; i++)
		err = formats[i].write(g);
	return err;
}

int export_one(struct grade *g, const char *format)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
		if (!strcmp(format, formats[i].name))
			return formats[i].write(g) ? LAB_FAULT : LAB_PASSED;
	if (!strcmp(format, "all"))
		return export_all(g) ? LAB_FAULT : LAB_PASSED;
	return usage_error("lab grade", "there is no format '%s'", format);
}
