/* SPDX-License-Identifier: GPL-2.0 */
/* A module's file: what it exports, and copies of it that differ a little. */
#ifndef CHECK_OBJECT_H
#define CHECK_OBJECT_H

#include <stddef.h>

struct object {
	char *data;
	size_t size;
};

struct object object_read(const char *file);
void object_write(const struct object *o, const char *file);
void object_free(struct object *o);

/* One exported symbol after the other; NULL after the last one. */
struct export {
	const char *name;
	const char *section;	/* "__ksymtab" or "__ksymtab_gpl" */
	const char *namespace;	/* "" for none */
};

unsigned int object_exports(const struct object *o, struct export *out, unsigned int max);

/*
 * Puts another text of the same length in the place of each text in this
 * section. Both count with the NUL behind them. The number of places.
 */
unsigned int object_replace(struct object *o, const char *section, const char *text,
			    const char *other);

#endif
