// SPDX-License-Identifier: GPL-2.0
/*
 * dbopen.c - opens the progress database, or does without; see dbopen.h.
 * Nothing here may keep a verdict from being given.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "db.h"
#include "dbopen.h"
#include "dirs.h"

#define BUSY_MS		10000
#define SCHEMA_VERSION	1

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS attempts ("
	" id INTEGER PRIMARY KEY,"
	" lab TEXT NOT NULL,"
	" kernel TEXT NOT NULL,"
	" lane TEXT NOT NULL,"
	" at INTEGER NOT NULL,"
	" seed TEXT NOT NULL,"
	" exit_code INTEGER NOT NULL,"
	" passed INTEGER NOT NULL,"
	" failed INTEGER NOT NULL,"
	" skipped INTEGER NOT NULL,"
	" duration_ms INTEGER NOT NULL,"
	" solution INTEGER NOT NULL);"
	"CREATE INDEX IF NOT EXISTS attempts_by_lab ON attempts (lab, at);"
	"CREATE TABLE IF NOT EXISTS hints ("
	" lab TEXT PRIMARY KEY,"
	" shown INTEGER NOT NULL,"
	" at INTEGER NOT NULL);"
	"PRAGMA user_version = 1;";

static sqlite3 *connection;
static bool connection_writes;
static bool unavailable;
static bool noted;

char *db_file(void)
{
	char *dir = user_dir("LAB_STATE", "XDG_STATE_HOME", ".local/state");
	char *file = xasprintf("%s/progress.db", dir);

	free(dir);
	return file;
}

static int note_once(const char *what, const char *why)
{
	char *file = db_file();

	if (!noted)
		note("your progress is not kept: %s %s (%s)\n"
		     "  the verdicts are not touched by it; another place: export LAB_STATE=/some/directory",
		     file, what, why);
	noted = true;
	free(file);
	return -EIO;
}

int dbopen_failed(sqlite3 *db, const char *what)
{
	return note_once(what, sqlite3_errmsg(db));
}

bool dbopen_unavailable(void)
{
	return unavailable;
}

/* First column of the first row as an integer, or as text compared to "ok". */
static int ask_int(sqlite3 *db, const char *sql, int *out)
{
	sqlite3_stmt *statement;
	int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (code != SQLITE_OK)
		return code;
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);

		*out = sqlite3_column_type(statement, 0) == SQLITE_INTEGER ?
		       sqlite3_column_int(statement, 0) : text && !strcmp(text, "ok");
	}
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? SQLITE_OK : code;
}

/* Makes an open file ours: whole, of our version, with our tables. */
static int examine(sqlite3 *db, bool writing, const char **why)
{
	int sound = 0, version = 0;
	int code;

	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_extended_result_codes(db, 0);
	code = ask_int(db, "PRAGMA quick_check(1)", &sound);
	if (code == SQLITE_OK && !sound)
		code = SQLITE_CORRUPT;
	if (code == SQLITE_OK)
		code = ask_int(db, "PRAGMA user_version", &version);
	if (code == SQLITE_OK && version > SCHEMA_VERSION) {
		*why = "a newer version of this program wrote it";
		return SQLITE_MISMATCH;
	}
	if (code == SQLITE_OK && writing) {
		code = sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
				    NULL, NULL, NULL);
		if (code == SQLITE_OK && version < SCHEMA_VERSION)
			code = sqlite3_exec(db, strf("BEGIN IMMEDIATE; %s COMMIT;", schema),
					    NULL, NULL, NULL);
	} else if (code == SQLITE_OK && version < SCHEMA_VERSION) {
		/* Made, not yet filled: as if it were not there. */
		return SQLITE_EMPTY;
	}
	if (code != SQLITE_OK)
		*why = strf("%s", sqlite3_errmsg(db));
	if (code == SQLITE_CORRUPT)
		*why = "it is damaged";
	return code;
}

static int open_file(const char *file, int flags, bool writing, const char **why)
{
	int code = sqlite3_open_v2(file, &connection, flags, NULL);

	if (code == SQLITE_OK)
		code = examine(connection, writing, why);
	else
		*why = strf("%s", connection ? sqlite3_errmsg(connection) : "out of memory");
	if (code != SQLITE_OK) {
		sqlite3_close(connection);
		connection = NULL;
	}
	connection_writes = writing;
	return code;
}

static bool move_aside(const char *file)
{
	static const char *const tails[] = { "-wal", "-shm", "" };
	time_t now = time(NULL);
	struct tm when;
	char stamp[32];
	char *to;
	bool moved;

	localtime_r(&now, &when);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &when);
	to = xasprintf("%s.damaged-%s", file, stamp);
	for (int n = 2; path_exists(to); n++) {
		free(to);
		to = xasprintf("%s.damaged-%s.%d", file, stamp, n);
	}
	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		char *from = xasprintf("%s%s", file, tails[i]);
		char *target = xasprintf("%s%s", to, tails[i]);

		moved = rename(from, target) == 0;
		free(from);
		free(target);
	}
	if (moved)
		note("the file with your progress was damaged; a new one is begun\n"
		     "  the old one is kept: %s", to);
	free(to);
	return moved;
}

/* Two processes that both find a damaged file must not both move it. */
static int lock_directory(const char *dir)
{
	char *path = xasprintf("%s/lock", dir);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	while (fd >= 0 && flock(fd, LOCK_EX) && errno == EINTR)
		;
	free(path);
	return fd;
}

static void open_for_writing(const char *dir, const char *file)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	const char *why = "";
	int error = mkdir_p(dir);
	int code, lock;

	if (error) {
		note_once("cannot be made", errno_text(error));
		return;
	}
	lock = lock_directory(dir);
	code = open_file(file, flags, true, &why);
	if ((code == SQLITE_CORRUPT || code == SQLITE_NOTADB) && move_aside(file))
		code = open_file(file, flags, true, &why);
	if (lock >= 0)
		close(lock);
	if (code != SQLITE_OK)
		note_once("cannot be used", why);
}

/* Where nothing may be written SQLite reads only what it is told not to lock. */
static int open_immutable(const char *file, const char **why)
{
	struct buf uri = { 0 };
	int code;

	buf_adds(&uri, "file:");
	for (const char *at = file; *at; at++)
		buf_addf(&uri, strchr("?#%", *at) ? "%%%02X" : "%c", *at);
	buf_adds(&uri, "?immutable=1");
	code = open_file(uri.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, false, why);
	buf_free(&uri);
	return code;
}

static void open_for_reading(const char *dir, const char *file)
{
	const char *why = "";
	int code;

	if (!path_exists(file))
		return;
	if (access(dir, W_OK) == 0) {
		/* Mends what can be mended, so that reading finds it whole. */
		open_for_writing(dir, file);
		unavailable = !connection;
		return;
	}
	code = open_immutable(file, &why);
	if (code != SQLITE_OK && code != SQLITE_EMPTY) {
		unavailable = true;
		note_once("cannot be read", why);
	}
}

sqlite3 *dbopen(bool writing)
{
	char *file, *dir;

	if (connection && (connection_writes || !writing))
		return connection;
	if (unavailable)
		return NULL;
	/* Opened for reading where writing is not possible: say so now. */
	db_close();
	file = db_file();
	dir = xstrndup(file, strlen(file) - strlen("/progress.db"));
	if (writing) {
		open_for_writing(dir, file);
		unavailable = !connection;
	} else {
		open_for_reading(dir, file);
	}
	free(dir);
	free(file);
	return connection;
}

void db_close(void)
{
	if (connection)
		sqlite3_close(connection);
	connection = NULL;
}
