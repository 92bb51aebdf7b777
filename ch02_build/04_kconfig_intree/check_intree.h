/* SPDX-License-Identifier: GPL-2.0 */
/* The reports of the build, and what is in an object file. */
#ifndef CHECK_INTREE_H
#define CHECK_INTREE_H

#include <stdbool.h>

/* A file that the makefile left in /lab; never NULL. */
char *from_build(const char *name);
/* The line at *text, which then begins behind it; "" at the end. */
char *next_part(char **text);
/* A word of Kconfig's facts (see ask.c): the nth behind this key, or "nothing". */
const char *fact(const char *key, int nth);
/* Is a function named in one of the object's sections .initcall*.init? */
bool has_initcall(const char *path);

#endif
