// SPDX-License-Identifier: GPL-2.0
/*
 * The grade book: DIR/grades.db, in SQLite. docs/gradebook.md describes the
 * tables; a change here is a change there, and of SCHEMA_VERSION.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "grade.h"

#define SCHEMA_VERSION	1
#define BUSY_MS		10000

static const char schema[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"
	"CREATE TABLE labs (lab TEXT PRIMARY KEY, title TEXT NOT NULL,"
	" points INTEGER NOT NULL, digest TEXT NOT NULL);"
	"CREATE TABLE students (student TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '',"
	" on_roster INTEGER NOT NULL DEFAULT 0, entry TEXT, entry_key TEXT,"
	" entry_time INTEGER, error TEXT);"
	"CREATE TABLE submissions (student TEXT NOT NULL, lab TEXT NOT NULL,"
	" state TEXT NOT NULL, digest TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (student, lab));"
	"CREATE TABLE files (student TEXT NOT NULL, lab TEXT NOT NULL, name TEXT NOT NULL,"
	" origin TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,"
	" PRIMARY KEY (student, lab, name));"
	"CREATE TABLE flags (student TEXT NOT NULL, lab TEXT NOT NULL, file TEXT NOT NULL,"
	" line INTEGER NOT NULL, flag TEXT NOT NULL, text TEXT NOT NULL);"
	"CREATE TABLE reference (lab TEXT NOT NULL, kernel TEXT NOT NULL, variant TEXT NOT NULL,"
	" part TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,"
	" digest TEXT NOT NULL, PRIMARY KEY (lab, kernel, variant, part, position));"
	"CREATE TABLE verdicts (id INTEGER PRIMARY KEY, student TEXT NOT NULL, lab TEXT NOT NULL,"
	" kernel TEXT NOT NULL, variant TEXT NOT NULL, part TEXT NOT NULL, digest TEXT NOT NULL,"
	" lab_digest TEXT NOT NULL, seed TEXT NOT NULL, verdict TEXT NOT NULL,"
	" code INTEGER NOT NULL, stage TEXT NOT NULL, whole INTEGER NOT NULL, why TEXT,"
	" build_log TEXT NOT NULL, checkpatch INTEGER, sparse INTEGER, style TEXT,"
	" console TEXT NOT NULL DEFAULT '', ms INTEGER NOT NULL, at INTEGER NOT NULL,"
	" UNIQUE (student, lab, kernel, variant, part));"
	"CREATE TABLE results (verdict INTEGER NOT NULL REFERENCES verdicts (id) ON DELETE CASCADE,"
	" position INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,"
	" reason TEXT NOT NULL, diagnostics TEXT NOT NULL, PRIMARY KEY (verdict, position));"
	"CREATE TABLE findings (verdict INTEGER NOT NULL REFERENCES verdicts (id) ON DELETE CASCADE,"
	" gate TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL, advice TEXT NOT NULL,"
	" concept TEXT NOT NULL, see TEXT NOT NULL);"
	"CREATE TABLE faults (student TEXT NOT NULL, lab TEXT NOT NULL, kernel TEXT NOT NULL,"
	" variant TEXT NOT NULL, part TEXT NOT NULL, why TEXT NOT NULL, at INTEGER NOT NULL);"
	"CREATE TABLE late (student TEXT NOT NULL, lab TEXT NOT NULL, minutes INTEGER,"
	" attempts INTEGER, PRIMARY KEY (student, lab));"
	"CREATE TABLE adjustments (id INTEGER PRIMARY KEY, student TEXT NOT NULL,"
	" lab TEXT NOT NULL, points INTEGER NOT NULL, reason TEXT NOT NULL,"
	" who TEXT NOT NULL, at INTEGER NOT NULL);"
	"CREATE TABLE marks (student TEXT NOT NULL, lab TEXT NOT NULL, points INTEGER,"
	" out_of INTEGER NOT NULL, status TEXT NOT NULL, fault TEXT NOT NULL,"
	" PRIMARY KEY (student, lab));"
	"CREATE TABLE mark_lines (student TEXT NOT NULL, lab TEXT NOT NULL,"
	" position INTEGER NOT NULL, points INTEGER NOT NULL, out_of INTEGER NOT NULL,"
	" kind TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (student, lab, position));";

static int failed(struct grade *g, const char *what)
{
	if (!g->failed)
		complain(strf("the grade book %s/grades.db could not be %s", g->out, what),
			 g->book ? sqlite3_errmsg(g->book) : "out of memory",
			 "make room there, or mend its rights; the same call then goes on");
	g->failed = true;
	return -EIO;
}

static sqlite3_stmt *prepare(struct grade *g, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(g->book, sql, -1, &statement, NULL) != SQLITE_OK) {
		failed(g, "asked");
		return NULL;
	}
	for (int i = 0; types[i]; i++) {
		if (types[i] == 't')
			sqlite3_bind_text(statement, i + 1, va_arg(ap, const char *), -1,
					  SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(statement, i + 1, va_arg(ap, int64_t));
	}
	return statement;
}

int book_do(struct grade *g, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list ap;
	int code;

	va_start(ap, types);
	statement = prepare(g, sql, types, ap);
	va_end(ap);
	if (!statement)
		return -EIO;
	code = sqlite3_step(statement);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE || code == SQLITE_ROW ? 0 : failed(g, "written");
}

sqlite3_stmt *book_ask(struct grade *g, const char *sql, const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list ap;

	va_start(ap, types);
	statement = prepare(g, sql, types, ap);
	va_end(ap);
	return statement;
}

bool book_row(struct grade *g, sqlite3_stmt **row)
{
	int code = *row ? sqlite3_step(*row) : SQLITE_DONE;

	if (code == SQLITE_ROW)
		return true;
	if (*row && code != SQLITE_DONE)
		failed(g, "read");
	sqlite3_finalize(*row);
	*row = NULL;
	return false;
}

const char *book_text(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

char *book_value(struct grade *g, const char *sql, const char *types, ...)
{
	sqlite3_stmt *row;
	char *value = NULL;
	va_list ap;

	va_start(ap, types);
	row = prepare(g, sql, types, ap);
	va_end(ap);
	if (book_row(g, &row)) {
		value = xstrdup((const char *)sqlite3_column_text(row, 0));
		sqlite3_finalize(row);
	}
	return value;
}

int64_t book_number(struct grade *g, const char *sql, const char *types, ...)
{
	sqlite3_stmt *row;
	int64_t value = 0;
	va_list ap;

	va_start(ap, types);
	row = prepare(g, sql, types, ap);
	va_end(ap);
	if (book_row(g, &row)) {
		value = sqlite3_column_int64(row, 0);
		sqlite3_finalize(row);
	}
	return value;
}

int book_begin(struct grade *g)
{
	return book_do(g, "BEGIN IMMEDIATE", "");
}

/* All or nothing: what went wrong on the way undoes the rest. */
int book_commit(struct grade *g)
{
	if (!g->failed)
		return book_do(g, "COMMIT", "");
	sqlite3_exec(g->book, "ROLLBACK", NULL, NULL, NULL);
	return -EIO;
}

/* Two calls for one class at once would write over each other. */
static int lock_out(struct grade *g)
{
	char *path = xasprintf("%s/.lock", g->out);

	g->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	free(path);
	if (g->lock < 0)
		return failed(g, "made");
	if (!flock(g->lock, LOCK_EX | LOCK_NB))
		return 0;
	complain(strf("%s is in use", g->out), "another lab grade works there now",
		 "wait for it, or end it; what it has done is kept");
	return -EBUSY;
}

static int make_schema(struct grade *g)
{
	int64_t version = book_number(g, "PRAGMA user_version", "");

	if (version == SCHEMA_VERSION)
		return 0;
	if (version) {
		complain(strf("%s/grades.db is of another version (%lld, this program has %d)",
			      g->out, (long long)version, SCHEMA_VERSION), NULL,
			 "name another directory: --out DIR");
		return -EINVAL;
	}
	if (book_begin(g))
		return -EIO;
	if (sqlite3_exec(g->book, schema, NULL, NULL, NULL) ||
	    sqlite3_exec(g->book, strf("PRAGMA user_version = %d", SCHEMA_VERSION),
			 NULL, NULL, NULL) ||
	    book_do(g, "INSERT INTO meta VALUES ('created', ?)", "i", (int64_t)time(NULL)))
		return failed(g, "made");
	return book_commit(g);
}

int book_open(struct grade *g, bool create)
{
	char *path = xasprintf("%s/grades.db", g->out);
	int err = 0;

	g->lock = -1;
	if (!create && !is_file(path)) {
		complain(strf("there is no grade book in %s", g->out), NULL,
			 "lab grade SUBMISSIONS --labs LABS --out DIR makes one");
		err = -ENOENT;
	}
	if (!err && create) {
		err = mkdir_p(g->out);
		if (err)
			complain(strf("cannot make %s", g->out), errno_text(err), NULL);
	}
	if (!err)
		err = lock_out(g);
	if (!err && sqlite3_open_v2(path, &g->book, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
				    NULL) != SQLITE_OK)
		err = failed(g, "opened");
	if (!err) {
		sqlite3_busy_timeout(g->book, BUSY_MS);
		if (sqlite3_exec(g->book, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
				 "PRAGMA foreign_keys = ON; PRAGMA cache_size = -2000", NULL, NULL, NULL))
			err = failed(g, "opened");
	}
	if (!err)
		err = make_schema(g);
	free(path);
	return err;
}

void book_close(struct grade *g)
{
	if (g->book)
		sqlite3_close(g->book);
	if (g->lock >= 0)
		close(g->lock);
	g->book = NULL;
	g->lock = -1;
}
