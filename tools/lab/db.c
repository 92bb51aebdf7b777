// SPDX-License-Identifier: GPL-2.0
/*
 * db.c - attempts and hints in SQLite; see db.h. Opening, and what to do with
 * a file that is broken or cannot be written, is in dbopen.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db.h"
#include "dbopen.h"

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		return NULL;
	return statement;
}

/* Runs a statement that gives no rows and ends it. */
static int finish(sqlite3 *db, sqlite3_stmt *statement)
{
	int code = statement ? sqlite3_step(statement) : SQLITE_ERROR;

	if (statement)
		sqlite3_finalize(statement);
	if (code == SQLITE_DONE)
		return 0;
	return dbopen_failed(db, "could not be written");
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

int db_record_attempt(const struct attempt *attempt)
{
	static const char sql[] =
		"INSERT INTO attempts (lab, kernel, lane, at, seed, exit_code, passed, failed, "
		"skipped, duration_ms, solution) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
	sqlite3 *db = dbopen(true);
	sqlite3_stmt *statement;

	if (!db)
		return -EIO;
	statement = prepare(db, sql);
	if (statement) {
		bind_text(statement, 1, attempt->lab);
		bind_text(statement, 2, attempt->kernel);
		bind_text(statement, 3, attempt->lane ? attempt->lane : "stock");
		sqlite3_bind_int64(statement, 4, attempt->when ? attempt->when : time(NULL));
		/* As text: SQLite's integers end at 2^63. */
		bind_text(statement, 5, strf("%llu", (unsigned long long)attempt->seed));
		sqlite3_bind_int(statement, 6, attempt->exit_code);
		sqlite3_bind_int64(statement, 7, attempt->passed);
		sqlite3_bind_int64(statement, 8, attempt->failed);
		sqlite3_bind_int64(statement, 9, attempt->skipped);
		sqlite3_bind_int64(statement, 10, attempt->duration_ms);
		sqlite3_bind_int(statement, 11, attempt->solution);
	}
	return finish(db, statement);
}

/* One row of one statement about one lab; 0 or a negative errno. */
static int read_row(sqlite3 *db, const char *sql, const char *lab,
		    void (*take)(sqlite3_stmt *row, struct lab_progress *out),
		    struct lab_progress *out)
{
	sqlite3_stmt *statement = prepare(db, sql);
	int code = SQLITE_ERROR;

	if (statement) {
		bind_text(statement, 1, lab);
		code = sqlite3_step(statement);
		if (code == SQLITE_ROW)
			take(statement, out);
		sqlite3_finalize(statement);
	}
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return 0;
	return dbopen_failed(db, "could not be read");
}

static void take_totals(sqlite3_stmt *row, struct lab_progress *out)
{
	out->attempts = sqlite3_column_int64(row, 0);
	out->best_passed = sqlite3_column_int64(row, 1);
	out->first_solved = sqlite3_column_int64(row, 2);
	out->solved = sqlite3_column_type(row, 2) != SQLITE_NULL;
}

static void take_last(sqlite3_stmt *row, struct lab_progress *out)
{
	out->last_when = sqlite3_column_int64(row, 0);
	out->last_exit = sqlite3_column_int(row, 1);
	out->last_passed = sqlite3_column_int64(row, 2);
	out->last_failed = sqlite3_column_int64(row, 3);
}

static void take_hints(sqlite3_stmt *row, struct lab_progress *out)
{
	out->hints = sqlite3_column_int64(row, 0);
}

int db_progress(const char *lab, struct lab_progress *out)
{
	static const char totals[] =
		"SELECT count(*), coalesce(max(passed), 0), min(CASE exit_code WHEN 0 THEN at END) "
		"FROM attempts WHERE lab = ? AND NOT solution";
	static const char last[] =
		"SELECT at, exit_code, passed, failed FROM attempts "
		"WHERE lab = ? AND NOT solution ORDER BY at DESC, id DESC LIMIT 1";
	static const char hints[] = "SELECT shown FROM hints WHERE lab = ?";
	sqlite3 *db = dbopen(false);
	int result;

	*out = (struct lab_progress){ 0 };
	if (!db)
		return dbopen_unavailable() ? -EIO : 0;
	result = read_row(db, totals, lab, take_totals, out);
	if (!result)
		result = read_row(db, last, lab, take_last, out);
	if (!result)
		result = read_row(db, hints, lab, take_hints, out);
	if (result)
		*out = (struct lab_progress){ 0 };
	return result;
}

int db_hints_shown(const char *lab, unsigned int count)
{
	static const char sql[] =
		"INSERT INTO hints (lab, shown, at) VALUES (?, ?, ?) "
		"ON CONFLICT (lab) DO UPDATE SET shown = max(shown, excluded.shown), at = excluded.at";
	sqlite3 *db = dbopen(true);
	sqlite3_stmt *statement;

	if (!db)
		return -EIO;
	statement = prepare(db, sql);
	if (statement) {
		bind_text(statement, 1, lab);
		sqlite3_bind_int64(statement, 2, count);
		sqlite3_bind_int64(statement, 3, time(NULL));
	}
	return finish(db, statement);
}

int db_forget(const char *lab)
{
	static const char *const commands[] = {
		"DELETE FROM attempts WHERE lab = ?",
		"DELETE FROM hints WHERE lab = ?",
	};
	sqlite3 *db = dbopen(true);
	int result = db ? 0 : -EIO;

	for (size_t i = 0; !result && i < ARRAY_SIZE(commands); i++) {
		sqlite3_stmt *statement = prepare(db, commands[i]);

		if (statement)
			bind_text(statement, 1, lab);
		result = finish(db, statement);
	}
	return result;
}
