/* SPDX-License-Identifier: GPL-2.0 */
/* twins.h - one source, built in two ways. */
#ifndef TWINS_H
#define TWINS_H

#include "build.h"
#include "util.h"

/* The lab whose copy is edited. */
struct subject {
	const struct lab *lab;
	struct kernel *kernel;
	char *file;		/* the C file that is edited */
	bool module;		/* is it a kernel module's? */
	char *text;		/* of that file, as it was */
	char *makefile;		/* the same of the makefile */
	bool new_plan;		/* since the last build make must plan anew */
	char *recording;	/* of the last build that succeeded */
};

/* ---- edits.c ---- */
struct edit {
	const char *name;
	/* False: it makes no sense for this lab. */
	bool (*apply)(const struct subject *subject);
	bool again;		/* after it, and after its undoing, make plans anew */
	bool fails;
};

extern const struct edit edits[];
extern const size_t edit_count;
/* The lab as it was before. */
void edits_undo(const struct subject *subject);

/* ---- twins.c ---- */
/* Writes or dies: without its files a test is none. */
void put(const char *path, const char *text);
/* Builds the lab's copy both ways. NULL, or how they differ, malloc'd. */
char *twins_differ(struct subject *subject, const struct edit *edit);

#endif
