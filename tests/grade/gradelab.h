/* SPDX-License-Identifier: GPL-2.0 */
/* gradelab.h - classes made for tests, and what the grade book says of them. */
#ifndef GRADELAB_H
#define GRADELAB_H

#include <sqlite3.h>

#include "vmlab.h"

#define HELLO		"ch04_lkm/01_hello"
#define ATTACKS		LAB_TOP "/tests/grade/attacks"

/* One value of the book in DIR; it stays until the test's process ends. NULL: no row. */
const char *book_says(const char *dir, const char *sql);
int64_t book_counts(const char *dir, const char *sql);

/* The files of a lab from the skeleton or the solution, to dir. */
void put_lab_files(const char *dir, const char *lab, bool solution);
/* The solution with the mutant's patch applied, to dir. */
void put_mutant(const char *dir, const char *lab, const char *patch);
/* Names of the patches of a lab. */
void list_mutants(const char *lab, struct strlist *names);

/* ---- archives.c: submissions that are made, not kept ---- */
bool make_archive(const char *name, const char *path);

/* One attack of the corpus. */
struct attack {
	char *name, *dir, *family, *what, *stopped, *told, *status, *points, *verdict, *flag;
	char *kind;		/* "": the file hello.c beside it */
	char *entry;		/* its name among the submissions */
	char *student;
	bool slow;
};
extern struct attack *attacks;
extern size_t attack_count;
void read_attacks(void);

/* ---- weigh.c ---- */
/* In the environment of the grader, where no submission may see it. */
#define ATTACK_SECRET	"a-word-of-the-instructors-environment"
void put_attack(const struct attack *a, const char *dir);
/* The number of demands that an attack does not meet; each is told. */
unsigned int weigh_attack(const char *out, const struct attack *a);

#endif
