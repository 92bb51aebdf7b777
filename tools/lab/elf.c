// SPDX-License-Identifier: GPL-2.0
/* Functions of a module's object file. What the file claims is not believed. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"

struct object {
	const char *data;
	size_t len;
	const Elf64_Shdr *sections;
	unsigned int count;
	const Elf64_Shdr *names;
};

static bool inside(const struct object *o, uint64_t offset, uint64_t size)
{
	return offset <= o->len && size <= o->len - offset;
}

static bool open_object(struct object *o)
{
	const Elf64_Ehdr *eh = (const void *)o->data;

	if (!inside(o, 0, sizeof(*eh)) || memcmp(o->data, ELFMAG, SELFMAG) ||
	    o->data[EI_CLASS] != ELFCLASS64 || eh->e_shoff % 8 ||
	    eh->e_shentsize != sizeof(Elf64_Shdr) ||
	    !inside(o, eh->e_shoff, (uint64_t)eh->e_shnum * sizeof(Elf64_Shdr)) ||
	    eh->e_shstrndx >= eh->e_shnum)
		return false;
	o->sections = (const void *)(o->data + eh->e_shoff);
	o->count = eh->e_shnum;
	o->names = &o->sections[eh->e_shstrndx];
	return true;
}

/* The string at offset in a table; "" when there is none that ends in it. */
static const char *string_at(const struct object *o, const Elf64_Shdr *table,
			     uint64_t offset)
{
	const char *start;

	if (!inside(o, table->sh_offset, table->sh_size) ||
	    offset >= table->sh_size)
		return "";
	start = o->data + table->sh_offset + offset;
	return memchr(start, '\0', table->sh_size - offset) ? start : "";
}

static bool look_in(const struct object *o, const Elf64_Shdr *table,
		    const char *name, struct elf_symbol *out)
{
	const Elf64_Sym *symbols = (const void *)(o->data + table->sh_offset);
	const Elf64_Shdr *strings;

	if (!inside(o, table->sh_offset, table->sh_size) ||
	    table->sh_offset % 8 || table->sh_link >= o->count)
		return false;
	strings = &o->sections[table->sh_link];
	for (size_t i = 0; i < table->sh_size / sizeof(*symbols); i++) {
		const Elf64_Sym *s = &symbols[i];

		if (ELF64_ST_TYPE(s->st_info) != STT_FUNC ||
		    s->st_shndx >= o->count ||
		    strcmp(string_at(o, strings, s->st_name), name))
			continue;
		snprintf(out->section, sizeof(out->section), "%s",
			 string_at(o, o->names, o->sections[s->st_shndx].sh_name));
		out->offset = s->st_value;
		return true;
	}
	return false;
}

unsigned int elf_machine(const char *path)
{
	struct object o = { 0 };
	unsigned int machine = 0;

	o.data = read_whole(path, &o.len);
	if (o.data && open_object(&o))
		machine = ((const Elf64_Ehdr *)o.data)->e_machine;
	free((char *)o.data);
	return machine;
}

bool elf_find_symbol(const char *path, const char *name, struct elf_symbol *out)
{
	struct object o = { 0 };
	bool found = false;

	o.data = read_whole(path, &o.len);
	if (o.data && open_object(&o))
		for (unsigned int i = 0; i < o.count && !found; i++)
			if (o.sections[i].sh_type == SHT_SYMTAB)
				found = look_in(&o, &o.sections[i], name, out);
	free((char *)o.data);
	return found;
}
