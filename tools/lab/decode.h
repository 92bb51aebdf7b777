/* SPDX-License-Identifier: GPL-2.0 */
/*
 * decode.h - from an address in a kernel's report to the student's line.
 */
#ifndef LAB_DECODE_H
#define LAB_DECODE_H

#include "build.h"

struct decoder;

/* For the modules that were built; build must outlive it. */
struct decoder *decode_begin(const struct build *build);
/* Where they stood: lines "NAME SECTION ADDRESS". */
void decode_sections(struct decoder *decoder, const char *text);
/*
 * What a line of a report points to: "NAME+0x12/0x40 [module]" anywhere in it,
 * or an address where one of the modules stood. "hello.c:42, in hello_init()",
 * malloc'd; NULL when there is nothing of ours in it.
 */
char *decode_line(struct decoder *decoder, const char *line);
/* The same text, each "NAME+0x12/0x40 [module]" of ours replaced so; malloc'd. */
char *decode_symbols(struct decoder *decoder, const char *text);
/* The same text, with the names of the files that the student knows, and not
 * of their copies that were compiled; malloc'd. */
char *decode_paths(const struct build *build, const char *text);
char *decode_text(const struct decoder *decoder, const char *text);
void decode_end(struct decoder *decoder);

/* elf.c: of a module's file */
struct elf_symbol {
	char section[64];	/* its name */
	uint64_t offset;	/* in that section */
};
/* false: there is no such function */
bool elf_find_symbol(const char *path, const char *name,
		     struct elf_symbol *out);
/* e_machine; 0 when it is no such file. */
unsigned int elf_machine(const char *path);

#endif
