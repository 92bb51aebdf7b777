// SPDX-License-Identifier: GPL-2.0
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_elf.h"

void bytes_add(struct bytes *to, const void *data, size_t len)
{
	to->data = realloc(to->data, to->len + len + 1);
	ASSERT_NOTNULL(to->data);
	if (len)
		memcpy(to->data + to->len, data, len);
	to->len += len;
}

void module_field(struct module *m, const char *key, const char *value)
{
	bytes_add(&m->info, key, strlen(key));
	bytes_add(&m->info, "=", 1);
	bytes_add(&m->info, value, strlen(value) + 1);
}

void module_symbol_at(struct module *m, unsigned int offset)
{
	Elf64_Sym symbol = {
		.st_name = offset, .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE),
	};

	bytes_add(&m->symbols, &symbol, sizeof(symbol));
}

void module_symbol(struct module *m, const char *name, bool undefined)
{
	Elf64_Sym symbol = {
		.st_name = m->names.len + 1,
		.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
		.st_shndx = undefined ? SHN_UNDEF : 1,
	};

	bytes_add(&m->symbols, &symbol, sizeof(symbol));
	bytes_add(&m->names, name, strlen(name) + 1);
}

enum { S_NONE, S_BEFORE, S_AFTER, S_INFO, S_SECRET, S_STRTAB, S_SYMTAB, S_NAMES, S_COUNT };

struct writer {
	struct bytes file;
	struct bytes names;
	Elf64_Shdr sections[S_COUNT];
};

static void put_section(struct writer *w, unsigned int i, unsigned int type, const char *name,
			const void *data, size_t len)
{
	Elf64_Shdr *section = &w->sections[i];

	section->sh_name = w->names.len;
	section->sh_type = type;
	section->sh_offset = w->file.len;
	section->sh_size = len;
	section->sh_addralign = 1;
	bytes_add(&w->names, name, strlen(name) + 1);
	if (type != SHT_NOBITS)
		bytes_add(&w->file, data, len);
}

void file_put(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	ASSERT_OK(libc_ret(fd));
	ASSERT_EQ(write(fd, data, len), (ssize_t)len);
	close(fd);
}

unsigned char *file_get(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char *data;
	struct stat st;

	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(fstat(fd, &st)));
	data = malloc(st.st_size + 1);
	ASSERT_NOTNULL(data);
	ASSERT_EQ(read(fd, data, st.st_size), (ssize_t)st.st_size);
	close(fd);
	*len = st.st_size;
	return data;
}

void module_write(const struct module *m, const char *path)
{
	Elf64_Sym first = { 0 };
	struct bytes table = { 0 };
	struct writer w = { 0 };
	Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_REL, .e_machine = EM_X86_64, .e_version = EV_CURRENT,
		.e_ehsize = sizeof(Elf64_Ehdr), .e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = S_COUNT, .e_shstrndx = S_NAMES,
	};

	bytes_add(&w.file, &header, sizeof(header));
	bytes_add(&w.names, "", 1);
	put_section(&w, S_BEFORE, SHT_PROGBITS, ".modinfo.more", "no=this one\0", 12);
	put_section(&w, S_AFTER, SHT_PROGBITS, ".init.modinfo", "not=that one\0", 13);
	put_section(&w, S_INFO, m->nobits ? SHT_NOBITS : SHT_PROGBITS,
		    m->info_name ? m->info_name : ".modinfo", m->info.data, m->info.len);
	put_section(&w, S_SECRET, SHT_PROGBITS, ".rodata", SECRET, sizeof(SECRET));
	bytes_add(&table, "", 1);
	bytes_add(&table, m->names.data, m->names.len);
	put_section(&w, S_STRTAB, SHT_STRTAB, ".strtab", table.data, table.len);
	while (w.file.len % 8)
		bytes_add(&w.file, "", 1);
	table.len = 0;
	bytes_add(&table, &first, sizeof(first));
	bytes_add(&table, m->symbols.data, m->symbols.len);
	put_section(&w, S_SYMTAB, SHT_SYMTAB, ".symtab", table.data, table.len);
	w.sections[S_SYMTAB].sh_link = S_STRTAB;
	w.sections[S_SYMTAB].sh_entsize = sizeof(Elf64_Sym);
	w.sections[S_SYMTAB].sh_info = 1;
	w.sections[S_SYMTAB].sh_addralign = 8;
	put_section(&w, S_NAMES, SHT_STRTAB, ".shstrtab", NULL, 0);
	w.sections[S_NAMES].sh_size = w.names.len;
	bytes_add(&w.file, w.names.data, w.names.len);
	while (w.file.len % 8)
		bytes_add(&w.file, "", 1);
	header.e_shoff = w.file.len;
	bytes_add(&w.file, w.sections, sizeof(w.sections));
	memcpy(w.file.data, &header, sizeof(header));
	file_put(path, w.file.data, w.file.len);
}
