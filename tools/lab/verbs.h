/* SPDX-License-Identifier: GPL-2.0 */
/*
 * verbs.h - the verbs of lab, one file verb_NAME.c each. A verb gets its own
 * argv (argv[0] is "lab NAME") and returns an enum lab_exit.
 */
#ifndef LAB_VERBS_H
#define LAB_VERBS_H

#include <getopt.h>
#include <jansson.h>

#include "util.h"

#define LAB_VERSION	"0.1"

int verb_list(int argc, char **argv);
int verb_show(int argc, char **argv);
int verb_hint(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_watch(int argc, char **argv);
int verb_run(int argc, char **argv);
int verb_shell(int argc, char **argv);
int verb_reset(int argc, char **argv);
int verb_progress(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_setup(int argc, char **argv);
int verb_kernel(int argc, char **argv);
int verb_new(int argc, char **argv);
int verb_grade(int argc, char **argv);

/*
 * Options of a verb. getopt_long() prints "lab NAME: ..." for a bad option;
 * the verb then returns usage_error(usage), which points to --help. For
 * --help it returns usage_print(usage), which is on stdout and LAB_PASSED.
 *
 *	static const struct option options[] = {
 *		{ "help", no_argument, NULL, 'h' },
 *		{ "json", no_argument, NULL, 'j' },
 *		{ 0 }
 *	};
 *	while ((opt = getopt_long(argc, argv, "hj", options, NULL)) != -1)
 *		switch (opt) {
 *		case 'h': return usage_print(usage);
 *		case 'j': json = true; break;
 *		default: return usage_error(argv[0], NULL);
 *		}
 */
int usage_print(const char *usage);
/* "lab NAME: MESSAGE" (unless NULL) and "try 'lab NAME --help'"; LAB_USAGE. */
int usage_error(const char *verb, const char *fmt, ...) PRINTF(2, 3);

/* Prints value and a newline on stdout and drops the reference. LAB_PASSED,
 * or LAB_FAULT (complained) when stdout cannot be written. */
int json_print(json_t *value);

#endif
