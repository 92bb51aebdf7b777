/* SPDX-License-Identifier: GPL-2.0 */
/*
 * grade_build.h - builds in a sandbox. A tree that holds all of a lab's own
 * is built once, with the untouched skeleton; for each submission a copy of it
 * gets the student's files, and only what depends on them is compiled anew.
 * In the sandbox the lab's directory is always /wb/LAB.
 */
#ifndef LAB_GRADE_BUILD_H
#define LAB_GRADE_BUILD_H

#include "build.h"

/* Targets of common/lab.mk, ending with NULL. */
int sandbox_make(const struct lab *lab, const struct kernel *kernel, const char *dir,
		 const char *const *targets, struct build *out);
int copy_tree(const char *from, const char *to);
/* Does a check's source include what the student edits? */
bool check_needs_student(const struct lab *lab, const char *dir);

struct graded_build {
	const char *template;	/* of the lab's own */
	const char *hidden;	/* of the hidden checks, or NULL */
	const char *files;	/* directory of the submission's */
	const char *work;	/* the copy is made here */
	bool style;		/* checkpatch and sparse as well */
	int checkpatch, sparse;	/* complaints; -1: not asked */
	char *words;		/* what they said */
};

/* For struct judge_options. */
int build_graded(const struct lab *lab, const struct kernel *kernel, void *data,
		 struct build *out);

#endif
