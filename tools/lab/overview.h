/* SPDX-License-Identifier: GPL-2.0 */
/* overview.h - what `lab` says without a verb, and tables that verbs share. */
#ifndef LAB_OVERVIEW_H
#define LAB_OVERVIEW_H

#include "meta.h"

/* Chapters, progress, the next step. Returns an enum lab_exit. */
int show_overview(void);

/* Sums over the labs of one chapter (or all: chapter NULL). */
struct tally {
	unsigned int labs;	/* with something to do: kinds E and B */
	unsigned int solved;
	unsigned int demos;	/* the others */
	unsigned int points;
	unsigned int earned;
	unsigned int attempts;
	unsigned int hints;
};

struct tally tally_labs(const struct labs *labs, const char *chapter);
/* Names of the chapters' directories, in order, each once. */
void chapters_of(const struct labs *labs, struct strlist *out);
/* The chapter's title from its README.md, else its directory's name; strf(). */
const char *chapter_title(const char *chapter);
/* The first task that is not solved; NULL when all are. */
const struct lab *next_task(const struct labs *labs);
/* The shortest that a person can type for it: "hello", else its id; strf(). */
const char *short_name(const struct labs *labs, const struct lab *lab);
/* LAB_FAULT when a lab.ini was refused: part of the picture is missing. */
int labs_result(const struct labs *labs);
/* A bar of that many columns, part of total filled: strf(), and on stdout. */
const char *bar_text(unsigned int part, unsigned int total, int columns);
void print_bar(unsigned int part, unsigned int total, int columns);

#endif
