/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lane.h - the kernels that are built here: with the kernel's own checkers in
 * them, for another machine, of a student's own configuration. Each is made of
 * Debian's linux-source and of a short configuration, and stands in the store
 * of kernels under its name.
 */
#ifndef LAB_LANE_H
#define LAB_LANE_H

#include "meta.h"

struct lane {
	const char *name;
	unsigned int bit;	/* enum lab_lane */
	const char *arch;	/* make's ARCH= */
	const char *cross;	/* make's CROSS_COMPILE=, or NULL */
	const char *config;	/* its configuration, below the workbook's root */
	bool solution;		/* of LANE_OWN: the solution's, not the student's */
	const char *source;	/* version of linux-source */
	unsigned int steps;	/* lines that its build prints, about */
	unsigned int minutes;	/* on two CPUs, about */
	const char *what;	/* for a list */
};

extern const struct lane lanes[];
extern const size_t lane_count;

const struct lane *lane_find(const char *name);
/* What a verdict calls it: "own" for own-solution, too. */
const char *lane_name(const struct lane *lane);
/* Is it in the cache, and of today's configuration? Else a clause says why it
 * cannot be used; strf(). */
const char *lane_missing(const struct lane *lane);
/* Can its machine run here? NULL, or a clause. */
const char *lane_unusable(const struct lane *lane);
/* Builds it; complains. */
int lane_build(const struct lane *lane);
/*
 * Copies from a source tree, and the object tree that it was built in, what
 * modules are built with. dir is then a KDIR that needs neither of them.
 */
int lane_copy_headers(const char *source, const char *objects, const char *arch,
		      const char *dir);

#endif
