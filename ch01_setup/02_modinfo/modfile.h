/* SPDX-License-Identifier: GPL-2.0 */
/*
 * modfile.h - what a module file tells about itself, without loading it
 *
 * The file comes from anywhere: it may be cut, damaged or made to deceive. No
 * function here reads a byte outside of what libelf says a section has.
 */
#ifndef MODFILE_H
#define MODFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <libelf.h>
#include <gelf.h>

/* Prints a field: modview.c has it. */
void show(const char *key, const char *value);

/*
 * modfile_section() - the section of that name, and its contents
 * @elf: the opened file
 * @name: such as ".modinfo"; the first of that name counts
 * @header: filled with its header
 *
 * Return: its data, with d_buf and d_size; NULL when there is no such section,
 * when it has no bytes in the file (SHT_NOBITS), or when a header on the way
 * to it is damaged.
 */
Elf_Data *modfile_section(Elf *elf, const char *name, GElf_Shdr *header);

/*
 * modfile_info() - calls show(key, value) for each field of .modinfo, in order
 *
 * The section is a row of strings "key=value", each with a NUL at its end.
 * Between two of them there may be further NULs. A value may hold "=".
 *
 * Return: 0, or what is wrong: a sentence that does not end.
 */
const char *modfile_info(const Elf_Data *info);

/*
 * modfile_needs() - calls show("needs", name) for each symbol that the module
 * takes from elsewhere, in the order of the symbol table
 *
 * Those are the symbols of section SHN_UNDEF that have a name. The names are in
 * the section that the table's sh_link is the number of.
 *
 * Return: 0, or what is wrong.
 */
const char *modfile_needs(Elf *elf, const Elf_Data *table, const GElf_Shdr *header);

/*
 * modfile_release() - the kernel release that a vermagic begins with
 *
 * "6.1.0-56-amd64 SMP preempt mod_unload modversions " gives the length of its
 * first word; the rest are flags.
 */
size_t modfile_release(const char *vermagic);

#endif
