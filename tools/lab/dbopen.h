/* SPDX-License-Identifier: GPL-2.0 */
/* dbopen.h - the one connection of db.c. */
#ifndef LAB_DBOPEN_H
#define LAB_DBOPEN_H

#include <sqlite3.h>

#include "util.h"

/* The connection, opened at first use; NULL: there is none, the note was
 * given. For reading no file is made: NULL without a note. */
sqlite3 *dbopen(bool writing);
/* True when opening was tried and failed. */
bool dbopen_unavailable(void);
/* Notes the connection's last error once; returns a negative errno. */
int dbopen_failed(sqlite3 *db, const char *what);

#endif
