/* SPDX-License-Identifier: GPL-2.0 */
/*
 * build.h - builds a lab, or any module directory, for one kernel.
 *
 * Sources are copied into CACHE/build/…, a tree of the workbook's shape for
 * each kernel and each of student's and ours: the student's directory stays
 * as it is, kernels do not disturb each other, and a second build makes only
 * what has changed.
 */
#ifndef LAB_BUILD_H
#define LAB_BUILD_H

#include "kernel.h"
#include "meta.h"

enum build_of { BUILD_STUDENT, BUILD_SOLUTION };

struct build {
	char *dir;		/* where it was built */
	struct strlist modules;	/* "params.ko", in the order to load them */
	char *log;		/* what the compiler and kbuild said */
	bool ok;
	bool timed_out;
	int lock;		/* held until build_unlock() or build_free() */
};

/* 0 (look at out->ok), or a negative errno, complained about: -EINVAL when what
 * was asked for makes no sense, others when it could not be done. */
int build_lab(const struct lab *lab, const struct kernel *kernel,
	      enum build_of of, struct build *out);
int build_foreign(const char *dir, const struct kernel *kernel,
		  struct build *out);
/*
 * The files of a job as a newc archive: job text, a shell command (or NULL),
 * and what was built, where build is of something.
 */
int build_pack(const struct build *build, const char *job, const char *command,
	       struct buf *out);
/* The built files were packed: others may build here. */
void build_unlock(struct build *build);
void build_free(struct build *build);

#endif
