/* SPDX-License-Identifier: GPL-2.0 */
/* mutant.h - the patches of tests/mutants. */
#ifndef MUTANT_H
#define MUTANT_H

#include <stdio.h>

#include "gate.h"

/* What became of one; the workers share it. */
enum fate { LEFT_OUT, TRIED, FOUND };

struct mutant {
	const struct lab *lab;
	char *name;
	char *path;
	char *kind, *says, *kernel, *lane;
	struct strlist fails;
	int strip;		/* directories in front of the file's name */
};

struct mutants {
	struct gate *gate;
	struct mutant *items;
	unsigned char *fates;
	size_t count;
};

/* Those of all the gate's labs; a patch that says too little is reported. */
void mutants_find(struct mutants *all);
/* The one that it is judged on. */
const char *mutant_kernel(const struct mutants *all, const struct mutant *m);
void mutant_free(struct mutant *m);
/* docs/mutants.md: what the patches say of themselves, and what became of them. */
void mutants_print(const struct mutants *all, FILE *page);

#endif
