/* SPDX-License-Identifier: GPL-2.0 */
/*
 * db.h - the student's progress, in SQLite: $LAB_STATE/progress.db, else
 * $XDG_STATE_HOME/lkp-workbook/progress.db, else
 * ~/.local/state/lkp-workbook/progress.db.
 *
 * The database is opened at first use and closed at exit. It never stops a
 * verdict: a corrupt one is moved aside, one that cannot be written gives one
 * note; then these functions return a negative errno and leave *out empty.
 */
#ifndef LAB_DB_H
#define LAB_DB_H

#include "util.h"

struct attempt {
	const char *lab;	/* id */
	const char *kernel;	/* "6.1" */
	const char *lane;	/* NULL: "stock" */
	int64_t when;		/* seconds since 1970; 0: now */
	uint64_t seed;
	int exit_code;		/* enum lab_exit */
	unsigned int passed;	/* checks */
	unsigned int failed;
	unsigned int skipped;
	unsigned int duration_ms;
	bool solution;		/* ours was judged: kept, never counted as progress */
};

struct lab_progress {
	unsigned int attempts;	/* of the student's own files */
	bool solved;		/* one of them passed */
	int64_t first_solved;	/* seconds since 1970, or 0 */
	int64_t last_when;	/* of the last attempt, or 0 */
	int last_exit;
	unsigned int last_passed;
	unsigned int last_failed;
	unsigned int best_passed;	/* most checks passed in one attempt */
	unsigned int hints;	/* shown so far */
};

char *db_file(void);		/* its path, malloc'd */
int db_record_attempt(const struct attempt *attempt);
int db_progress(const char *lab, struct lab_progress *out);
/* Number of hints shown, never lowered. */
int db_hints_shown(const char *lab, unsigned int count);
/* Forgets all about a lab: attempts and hints. */
int db_forget(const char *lab);
void db_close(void);

#endif
