// SPDX-License-Identifier: GPL-2.0
/* See check_intree.h. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"
#include "check_intree.h"

char *from_build(const char *name)
{
	char *text = file_read(name);

	ASSERT_NOTNULL(text, "The makefile left no file %s.", name);
	return text;
}

char *next_part(char **text)
{
	char *line = *text, *end = strchr(line, '\n');

	*text = end ? end + 1 : line + strlen(line);
	if (end)
		*end = '\0';
	return line;
}

const char *fact(const char *key, int nth)
{
	char *text = from_build("facts");

	while (*text) {
		char *line = next_part(&text), *word = strsep(&line, " ");

		if (strcmp(word, key))
			continue;
		for (int i = 0; i <= nth && word; i++)
			word = strsep(&line, " ");
		return word ? word : "nothing";
	}
	return "nothing";
}

/* An entry has four bytes, or eight where addresses are stored whole. */
bool has_initcall(const char *path)
{
	char *file = file_read(path);
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file;
	const Elf64_Shdr *sections;
	const char *names;
	struct stat st;

	ASSERT_TRUE(file && !stat(path, &st) && st.st_size > (off_t)sizeof(*header) &&
		    !memcmp(header->e_ident, ELFMAG, SELFMAG) &&
		    header->e_ident[EI_CLASS] == ELFCLASS64,
		    "%s is no object file.", path);
	sections = (const Elf64_Shdr *)(file + header->e_shoff);
	names = file + sections[header->e_shstrndx].sh_offset;
	for (unsigned int i = 0; i < header->e_shnum; i++) {
		const char *name = names + sections[i].sh_name;
		size_t len = strlen(name);

		if (!strncmp(name, ".initcall", 9) && len > 14 &&
		    !strcmp(name + len - 5, ".init") && sections[i].sh_size >= 4)
			return true;
	}
	return false;
}
