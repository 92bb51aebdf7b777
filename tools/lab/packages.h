/* SPDX-License-Identifier: GPL-2.0 */
/*
 * packages.h - the Debian packages that the workbook uses on the host. The one
 * table is packages.def; the launcher and `make setup` read it with sed before
 * this program can be built.
 */
#ifndef LAB_PACKAGES_H
#define LAB_PACKAGES_H

#include "util.h"

enum package_need {		/* bits */
	NEED_TOOL = 1,		/* to build the lab program itself */
	NEED_BUILD = 2,		/* to build labs */
	NEED_VM = 4,		/* to run them in the virtual machine */
	NEED_EXTRA = 8,		/* for some targets: make sparse, plots ... */
	NEED_CROSS = 16,	/* for the lane arm64: large, nobody gets them unasked */
};
#define NEED_ALL	(NEED_TOOL | NEED_BUILD | NEED_VM | NEED_EXTRA)

enum package_proof {
	PROOF_PROGRAM,		/* a program in PATH, or /sbin, /usr/sbin */
	PROOF_HEADER,		/* a header that the C compiler finds */
	PROOF_PKGCONFIG,	/* a name that pkg-config knows */
	PROOF_FILE,		/* a file, as a glob(7) pattern */
};

struct package {
	const char *name;	/* Debian's */
	unsigned int need;	/* one of enum package_need */
	enum package_proof proof;
	const char *evidence;	/* what proof looks for */
	const char *reason;	/* what we need it for, one clause */
};

extern const struct package packages[];
extern const size_t package_count;

bool package_present(const struct package *package);
/* Those of the given needs that are not there; array malloc'd, *count may be 0. */
const struct package **packages_missing(unsigned int needs, size_t *count);
/* "apt-get install a b c", with sudo unless we are root; malloc'd. */
char *packages_command(const struct package *const *list, size_t count);
const char *package_need_text(unsigned int need);	/* "build", "vm" ... */

#endif
