/* SPDX-License-Identifier: GPL-2.0 */
/* What was asked for, what came out, and why the two differ. */
#ifndef CHECK_CONFIG_H
#define CHECK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* One line of debug.config that asks for a value. */
struct request {
	unsigned int line;	/* counted from 1 */
	char *name;		/* without CONFIG_ */
	char *value;		/* as it stands there; "n" for "is not set" */
};

struct requests {
	struct request *items;
	size_t count;
};

/* Calls fn for each line of a text, numbered from 1; the text is changed. */
void each_line(char *text, void (*fn)(char *line, unsigned int n, void *data),
	       void *data);
/* A file that the makefile left in /lab; never NULL. */
char *from_build(const char *name);
/* All that debug.config asks for, in its order. */
struct requests requests_read(void);
/* The last request of a name, or NULL: the one that counts. */
const struct request *request_find(const struct requests *all, const char *name);
/* The value in the .config; "n" for what is not set or not there. */
const char *config_value(const char *name);
/* Sentences, for a beginner: why this request came to nothing. */
const char *why_lost(const struct requests *all, const struct request *request);

#endif
