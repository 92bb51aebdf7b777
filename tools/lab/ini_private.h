/* SPDX-License-Identifier: GPL-2.0 */
/* ini_private.h - between ini.c and inifile.c. */
#ifndef LAB_INI_PRIVATE_H
#define LAB_INI_PRIVATE_H

#include "meta.h"

struct parse {
	struct lab *lab;
	char *shown;		/* the path as messages show it */
	const char *rest;	/* not yet read */
	const char *line;	/* start of the line that is being handled */
	unsigned int line_number;
	unsigned int errors;
	struct strlist seen;	/* "section.key" */
};

/* Complains with file and line, and counts. */
void ini_fail(struct parse *parse, const char *what, const char *why);
/* libinih's callback; user is the struct parse. */
int ini_value(void *user, const char *section, const char *key, const char *value);
void ini_add_variant(struct lab *lab, const char *name, const char *cmdline);
/* What no single line shows: keys that must be there and are not. */
void ini_check_whole(struct parse *parse);

#endif
