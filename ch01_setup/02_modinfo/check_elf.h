/* SPDX-License-Identifier: GPL-2.0 */
/* check_elf.h - writes module files of any content, the impossible included */
#ifndef CHECK_ELF_H
#define CHECK_ELF_H

#include "check.h"

struct bytes {
	unsigned char *data;
	size_t len;
};

void bytes_add(struct bytes *to, const void *data, size_t len);

/* What a file is made of; zero is a module without fields or symbols. */
struct module {
	struct bytes info;	/* the whole section .modinfo */
	struct bytes names;	/* the symbols' names, from offset 1 on */
	struct bytes symbols;	/* of Elf64_Sym */
	bool nobits;		/* .modinfo has a size, and no bytes in the file */
	const char *info_name;	/* another name for the section, or NULL */
};

/* "key=value" and its NUL. */
void module_field(struct module *m, const char *key, const char *value);
void module_symbol(struct module *m, const char *name, bool undefined);
/* A symbol whose name is at this offset, wherever that is. */
void module_symbol_at(struct module *m, unsigned int offset);

/*
 * Right behind .modinfo comes a section that says SECRET: nobody may read it.
 * Before it there are sections with names that begin or end alike.
 */
#define SECRET "SECRET=behind the end of the section"

void module_write(const struct module *m, const char *path);
void file_put(const char *path, const void *data, size_t len);
/* The whole file; *len its length. */
unsigned char *file_get(const char *path, size_t *len);

#endif
