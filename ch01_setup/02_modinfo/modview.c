// SPDX-License-Identifier: GPL-2.0
/*
 * modview FILE... - what modules tell about themselves
 *
 * Each line is "KEY: VALUE"; control characters in a value stand as \ooo. Ends
 * with status 1 when a file is no module, or a damaged one.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "modfile.h"

void show(const char *key, const char *value)
{
	printf("%s: ", key);
	for (const unsigned char *c = (const unsigned char *)value; *c; c++)
		if (*c < ' ' || *c == 0x7f || *c == '\\')
			printf("\\%03o", *c);
		else
			putchar(*c);
	putchar('\n');
	if (!strcmp(key, "vermagic"))
		printf("release: %.*s\n", (int)modfile_release(value), value);
}

static const char *view(Elf *elf)
{
	GElf_Shdr header;
	const char *wrong;
	Elf_Data *data;

	if (elf_kind(elf) != ELF_K_ELF)
		return "it is no ELF file";
	data = modfile_section(elf, ".modinfo", &header);
	if (!data)
		return "it is no module, or a damaged one: it has no .modinfo that can be read";
	wrong = modfile_info(data);
	if (wrong)
		return wrong;
	data = modfile_section(elf, ".symtab", &header);
	if (!data)
		return "it has no symbol table that can be read";
	return modfile_needs(elf, data, &header);
}

static int view_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *wrong;
	Elf *elf;

	if (fd < 0) {
		fprintf(stderr, "modview: %s: %m\n", path);
		return 1;
	}
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	wrong = elf ? view(elf) : elf_errmsg(-1);
	fflush(stdout);
	if (wrong)
		fprintf(stderr, "modview: %s: %s\n", path, wrong);
	elf_end(elf);
	close(fd);
	return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: modview FILE...\n");
		return 2;
	}
	elf_version(EV_CURRENT);
	for (int i = 1; i < argc; i++)
		status |= view_file(argv[i]);
	return status;
}
