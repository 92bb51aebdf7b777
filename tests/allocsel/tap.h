/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of the selector print: one line a test, a sum at the end. */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>

void tap_ok(bool ok, const char *fmt, ...)
	__attribute__((__format__(__printf__, 2, 3)));
void tap_skip(const char *fmt, ...)
	__attribute__((__format__(__printf__, 1, 2)));
void tap_note(const char *fmt, ...)
	__attribute__((__format__(__printf__, 1, 2)));
void tap_bail(const char *fmt, ...)
	__attribute__((__noreturn__, __format__(__printf__, 1, 2)));

/* Prints "N passed, N failed[, N skipped]"; returns the exit status. */
int tap_done(void);

#endif /* TAP_H */
