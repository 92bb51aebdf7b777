/* SPDX-License-Identifier: GPL-2.0 */
/* fixture.h - a small workbook to run the program in, and its runs. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <jansson.h>

#include "test.h"

#define GOOD_INI \
	"[lab]\ntitle = A title\nkind = E\npoints = 10\nminutes = 20\nfiles = a.c\n" \
	"[hints]\n1 = nudge\n2 = push\n3 = answer\n[skeleton]\nfails = one\n"

/* A workbook's top in test_dir/root, without labs; LAB_ROOT is set to it. */
const char *make_root(void);
/* A lab with Makefile, README.md, a.c and this lab.ini. */
void add_lab(const char *id, const char *ini);
void write_file(const char *path, const char *text);
/* Of root; strf(). */
const char *in_root(const char *fmt, ...) PRINTF(1, 2);

struct ran {
	int status;
	int signal;
	char *out;
	char *err;
};

/* The sanitized program with these arguments; out and err apart. A report of a
 * sanitizer fails the test. */
struct ran run_lab_(const char *const *args);
#define run_lab(...)	run_lab_((const char *const[]){ __VA_ARGS__, NULL })
#define run_lab_alone()	run_lab_((const char *const[]){ NULL })
/* The same on a terminal of so many columns, with this typed; all in out. */
struct ran run_on_tty_(int columns, const char *typed, const char *const *args);
#define run_on_tty(columns, typed, ...) \
	run_on_tty_(columns, typed, (const char *const[]){ __VA_ARGS__, NULL })

/* Parses out as JSON, fails the test otherwise. */
json_t *json_of(const struct ran *ran);
/* Runs any program; fails the test unless it exits with 0. Its output. */
char *must_run_(const char *const *argv);
#define must_run(...)	must_run_((const char *const[]){ __VA_ARGS__, NULL })
/* Longest line of a text in columns. */
int widest(const char *text);

#endif
