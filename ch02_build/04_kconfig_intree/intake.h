/* SPDX-License-Identifier: GPL-2.0 */
/* What a patch may do, and how other programs are started. */
#ifndef INTAKE_H
#define INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

/* git, working in a directory; its arguments follow. */
#define GIT(dir)	"git", "-C", dir

/* Nobody's settings for git, and none of the make that called. */
void clean_environment(void);
/* Runs a program with both outputs in a file; its exit status, or 127. */
#define run(out, ...) run_argv(out, (const char *const[]){ __VA_ARGS__, NULL })
int run_argv(const char *out, const char *const argv[]);
/* Ends the program, with a sentence. */
noreturn void die(const char *what);

/*
 * May it be used? If not, why says it in a sentence. The texts are those of git: of
 * "apply --numstat" and of "diff -U0".
 */
bool paths_allowed(const char *numstat, char *why, size_t len);
bool regular_files(const char *dir, char *why, size_t len);
bool makefile_allowed(const char *diff, char *why, size_t len);
bool kconfig_allowed(const char *diff, char *why, size_t len);
/* The lines that a diff adds, malloc()ed. */
char *added_lines(const char *diff);

#endif
