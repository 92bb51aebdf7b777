/* SPDX-License-Identifier: GPL-2.0 */
/* envreport, run by the check, and trees of files for it to look at */
#ifndef CHECK_REPORT_H
#define CHECK_REPORT_H

#include <stddef.h>

#include "check.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* --------------------------------------------------------- the report --- */

/* Run envreport --json, with root (or NULL for /); the check ends if it fails. */
void report_make(const char *root);
/* A fact's value; "unknown" for null. The check ends if there is no such fact. */
const char *report_value(const char *fact);
const char *report_why(const char *fact);
/* An option's value; "-" for null. */
const char *report_option(const char *name);

/* ----------------------------------------------------------- the tree --- */

FIXTURE(tree) {
	char root[32];
};

/* For the fixture's setup and teardown, in each file that has such checks. */
void tree_make(struct fixture_tree *tree);
void tree_end(struct fixture_tree *tree);

/* Make a file, with its directories. */
void tree_bytes(const struct fixture_tree *tree, const char *path,
		const void *data, size_t len);
void tree_file(const struct fixture_tree *tree, const char *path,
	       const char *text);
void tree_dir(const struct fixture_tree *tree, const char *path);
void tree_link(const struct fixture_tree *tree, const char *path,
	       const char *target);
void tree_remove(const struct fixture_tree *tree, const char *path);
/* What gzip would make of text, but stored, not compressed; malloc()ed. */
void *tree_gzip(const char *text, size_t *len);

#endif
