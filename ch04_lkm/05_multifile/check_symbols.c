// SPDX-License-Identifier: GPL-2.0
/* Reads an object file's table of symbols. */
#include <fcntl.h>
#include <linux/elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "check_symbols.h"

struct object {
	char *data;
	const struct elf64_shdr *sections;
	unsigned int count;
};

static struct object object_open(const char *file)
{
	struct object o = { 0 };
	const struct elf64_hdr *header;
	int fd = open(file, O_RDONLY);
	struct stat st;

	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(fstat(fd, &st)));
	o.data = malloc(st.st_size);
	ASSERT_NOTNULL(o.data);
	ASSERT_EQ(read(fd, o.data, st.st_size), st.st_size);
	close(fd);
	header = (const struct elf64_hdr *)o.data;
	ASSERT_MEMEQ(header->e_ident, ELFMAG, SELFMAG);
	o.sections = (const struct elf64_shdr *)(o.data + header->e_shoff);
	o.count = header->e_shnum;
	return o;
}

void symbols_global(const char *file, void (*see)(const char *name))
{
	struct object o = object_open(file);

	for (unsigned int i = 0; i < o.count; i++) {
		const struct elf64_shdr *s = &o.sections[i];
		const struct elf64_sym *symbols = (const struct elf64_sym *)(o.data + s->sh_offset);
		const char *names;

		if (s->sh_type != SHT_SYMTAB)
			continue;
		names = o.data + o.sections[s->sh_link].sh_offset;
		for (size_t j = 0; j < s->sh_size / sizeof(*symbols); j++) {
			int type = ELF64_ST_TYPE(symbols[j].st_info);

			if (ELF64_ST_BIND(symbols[j].st_info) == STB_GLOBAL &&
			    symbols[j].st_shndx != SHN_UNDEF &&
			    (type == STT_FUNC || type == STT_OBJECT))
				see(names + symbols[j].st_name);
		}
	}
	free(o.data);
}

bool symbols_exported(const char *file)
{
	struct object o = object_open(file);
	const struct elf64_hdr *header = (const struct elf64_hdr *)o.data;
	const char *names = o.data + o.sections[header->e_shstrndx].sh_offset;
	bool found = false;

	for (unsigned int i = 0; i < o.count; i++)
		found |= !strncmp(names + o.sections[i].sh_name, "__ksymtab", 9) &&
			 strcmp(names + o.sections[i].sh_name, "__ksymtab_strings");
	free(o.data);
	return found;
}
