/* SPDX-License-Identifier: GPL-2.0 */
/*
 * meta.h - the labs and what their lab.ini says.
 */
#ifndef LAB_META_H
#define LAB_META_H

#include "util.h"

enum lab_kind {			/* bits */
	KIND_DEMO = 1,		/* D */
	KIND_EXERCISE = 2,	/* E */
	KIND_BUGS = 4,		/* B */
	KIND_USERLAND = 8,	/* U */
};

enum lab_lane {			/* bits */
	LANE_STOCK = 1,
	LANE_MEMORY = 2,
	LANE_LOCKING = 4,
	LANE_RACE = 8,
	LANE_OWN = 16,
	LANE_ARM64 = 32,
};

/* A further machine to judge in, booted with more on its command line. */
struct lab_variant {
	char *name;		/* "enforced"; the check finds it in WB_VARIANT */
	char *cmdline;
};

/* A machine booted from an initramfs that the check left in /lab/out. */
struct lab_boot {
	char *initramfs;	/* its name there; NULL: no such boot */
	char *cmdline;		/* %TOKEN% stands for a random word */
	struct strlist says;	/* patterns that the console must show */
	unsigned int seconds;
};

struct lab {
	char *id;		/* "ch04_lkm/01_hello"; a foreign lab's: its directory's name */
	char *chapter;		/* "ch04_lkm"; "" for a foreign lab */
	char *name;		/* "01_hello" */
	char *dir;		/* absolute */
	char *solution_dir;	/* absolute, mirrors dir below solutions/; may not
				 * exist (D); NULL for a foreign lab */
	bool has_makefile;

	char *title;
	unsigned int kind;	/* enum lab_kind bits, never 0 */
	unsigned int points;
	unsigned int minutes;
	struct strlist files;	/* what the student edits; may be empty for D */
	unsigned int cpus;	/* 1 unless given */
	unsigned int memory;	/* MiB, 256 unless given */
	char *cmdline;		/* "" unless given */
	unsigned int timeout;	/* seconds, 60 unless given */
	unsigned int lanes;	/* enum lab_lane bits, LANE_STOCK unless given */
	bool source;		/* its makefile reads the kernel's source, WB_SOURCE */
	struct strlist hints;	/* in order */
	struct strlist fails;	/* checks that the untouched skeleton fails */
	bool ugly;		/* the skeleton has faults of style, to be mended */
	struct lab_variant *variants;	/* one without a name when none is given */
	size_t variant_count;
	struct lab_boot boot;
};

struct labs {
	struct lab **items;	/* in the order of their ids */
	size_t count;
	struct strlist bad;	/* ids whose lab.ini was refused */
	struct lab **foreign;	/* found by path outside the chapters */
	size_t foreign_count;
};

/* True when the student has something to write or mend (kind E or B). */
bool lab_is_task(const struct lab *lab);
/* "exercise", "bug hunt, userland program" ... for people. Static storage
 * of strf(). */
const char *lab_kind_text(const struct lab *lab);
/* "D U" again. */
const char *lab_kind_letters(const struct lab *lab);
extern const struct lane_name { unsigned int lane; const char *name; } lane_names[6];

/*
 * Reads one lab.ini; an error is complained about with file and line (all of
 * them, not only the first), and NULL returned.
 */
struct lab *lab_read(const char *dir, const char *id);
void lab_free(struct lab *lab);

/* Every ch*_name/NN_name/lab.ini below root. 0, or -EINVAL when one or more
 * were refused: complained about, their ids in out->bad, the others loaded. */
int labs_load(const char *root, struct labs *out);
void labs_free(struct labs *labs);
/* root_dir() and labs_load() for a verb: false only when there is no workbook.
 * Labs that were refused have been complained about and are in out->bad. */
bool labs_open(struct labs *out);

/*
 * The lab that pattern names, or NULL after a complaint. In this order: a path
 * of a directory with lab.ini (of a chapter or anywhere), the exact id, the
 * exact name ("01_hello"), the name without its number ("hello"), any part of
 * the id that is unique. NULL pattern: the lab of the current directory.
 * A lab without a Makefile is refused. Owned by labs.
 */
const struct lab *lab_find(struct labs *labs, const char *pattern);
/* Does pattern name this lab's chapter: "ch04", "ch04_lkm", "4", "lkm"? */
bool lab_in_chapter(const struct lab *lab, const char *pattern);

#endif
