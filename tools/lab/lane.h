/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lane.h - the kernels that are built here: with the kernel's own checkers in
 * them, for another machine, of a student's own configuration. Each is made of
 * Debian's linux-source and of a short configuration, and stands in the store
 * of kernels under its name.
 */
#ifndef LAB_LANE_H
#define LAB_LANE_H

#include "kernel.h"
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
/* Can it be built, and its machine run, here? NULL, or a clause; strf(). */
const char *lane_unusable(const struct lane *lane);
/* Built where a lab names it, unasked: a lab's matter, not a checker. */
bool lane_is_of_lab(const struct lane *lane);
/* Builds it; complains. */
int lane_build(const struct lane *lane);
/*
 * Copies from a source tree, and the object tree that it was built in, what
 * modules are built with. dir is then a KDIR that needs neither of them.
 */
int lane_copy_headers(const char *source, const char *objects,
		      const struct lane *lane, const char *dir);

/* ---- lane_cross.c: lanes of another architecture ---- */
/* The lane that a kernel is of, when it is of such a one; else NULL. */
const struct lane *lane_crossed(const struct kernel *kernel);
/* What it needs that is not here, with the command that brings it: a clause,
 * strf(); or NULL. */
const char *lane_lacks(const struct lane *lane);
/* Compiles the guest's init and the check's harness for a kernel of such a lane,
 * once; 0 for any other. Complains. */
int lane_build_guest(const struct kernel *kernel);
/* arm64's bootable file: to, as long as the kernel is in memory, so that a cut
 * one is known. */
int lane_copy_image(const char *from, const char *to);

#endif
