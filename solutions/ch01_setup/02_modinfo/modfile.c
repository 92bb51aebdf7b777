// SPDX-License-Identifier: GPL-2.0
/* Reads module files with libelf; modfile.h says what each function promises. */
#include <string.h>

#include "modfile.h"

Elf_Data *modfile_section(Elf *elf, const char *name, GElf_Shdr *header)
{
	/* TODO 1: go through all sections, and compare their names */
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return NULL;
	while ((section = elf_nextscn(elf, section))) {
		const char *its_name;

		if (!gelf_getshdr(section, header))
			return NULL;
		its_name = elf_strptr(elf, names, header->sh_name);
		if (!its_name || strcmp(its_name, name))
			continue;
		return header->sh_type == SHT_NOBITS ? NULL : elf_getdata(section, NULL);
	}
	return NULL;
	/* END TODO 1 */
}

const char *modfile_info(const Elf_Data *info)
{
	/* TODO 2: take the strings apart; the last one must end, too */
	const char *at = info->d_buf, *end = at + info->d_size;
	char key[64];

	if (!at)
		return "its section .modinfo is empty";
	while (at < end) {
		size_t len = strnlen(at, end - at), key_len;

		if (at + len == end)
			return "the last string of .modinfo has no end";
		key_len = strcspn(at, "=");
		if (len && (key_len >= len || key_len >= sizeof(key)))
			return "a string of .modinfo is not of the form key=value";
		if (len) {
			memcpy(key, at, key_len);
			key[key_len] = '\0';
			show(key, at + key_len + 1);
		}
		at += len + 1;
	}
	return NULL;
	/* END TODO 2 */
}

const char *modfile_needs(Elf *elf, const Elf_Data *table, const GElf_Shdr *header)
{
	/* TODO 3: the undefined symbols; a name may lie outside of its section */
	GElf_Sym symbol;

	if (!table->d_buf || table->d_type != ELF_T_SYM)
		return "its symbol table is none";
	for (int i = 0; gelf_getsym((Elf_Data *)table, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (!name)
			return "the name of a symbol lies outside of its section";
		if (symbol.st_shndx == SHN_UNDEF && *name)
			show("needs", name);
	}
	return NULL;
	/* END TODO 3 */
}

size_t modfile_release(const char *vermagic)
{
	/* TODO 4: up to the first blank, or to the end */
	return strcspn(vermagic, " ");
	/* END TODO 4 */
}
