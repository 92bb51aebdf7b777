/* SPDX-License-Identifier: GPL-2.0 */
/* What kernel.config asks for, and what a .config says. */
#ifndef CHECK_CONFIG_H
#define CHECK_CONFIG_H

#include <stddef.h>

/* One line of kernel.config that asks for a value. */
struct request {
	unsigned int line;	/* counted from 1 */
	const char *name;	/* without CONFIG_ */
	const char *value;	/* as it stands there; "n" for "is not set" */
};

struct requests {
	struct request *items;
	size_t count;
};

/* A file that the makefile left in /lab; never NULL. */
char *from_build(const char *name);
/* The next line of a text, which is changed; NULL at its end. */
char *next_line(char **text);
/* All that kernel.config asks for, in its order. */
struct requests requests_read(void);
/* The last request of a name, or NULL: the one that counts. */
const struct request *request_find(const struct requests *all, const char *name);
/* The value that the text of a .config gives; "n" for what is not there. */
const char *config_value(const char *config, const char *name);
/* "6.1.192-quince": the release of a kernel with this .config. */
const char *config_release(const char *config);

#endif
