// SPDX-License-Identifier: GPL-2.0
/* Reads and changes object files, as far as the check needs it. */
#include <fcntl.h>
#include <linux/elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "check_object.h"

#define EXPORT_PREFIX		"__ksymtab_"
#define NAMESPACE_PREFIX	"__kstrtabns_"

struct object object_read(const char *file)
{
	int fd = open(file, O_RDONLY);
	struct object o;
	struct stat st;

	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(fstat(fd, &st)));
	o.size = st.st_size;
	o.data = malloc(o.size);
	ASSERT_NOTNULL(o.data);
	ASSERT_EQ(read(fd, o.data, o.size), o.size);
	close(fd);
	ASSERT_MEMEQ(o.data, ELFMAG, SELFMAG);
	return o;
}

void object_write(const struct object *o, const char *file)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ASSERT_OK(libc_ret(fd));
	ASSERT_EQ(write(fd, o->data, o->size), o->size);
	close(fd);
}

void object_free(struct object *o)
{
	free(o->data);
	o->data = NULL;
}

static const struct elf64_shdr *section(const struct object *o, unsigned int i)
{
	const struct elf64_hdr *header = (const struct elf64_hdr *)o->data;

	return i < header->e_shnum ?
	       (const struct elf64_shdr *)(o->data + header->e_shoff) + i : NULL;
}

static const char *section_name(const struct object *o, const struct elf64_shdr *s)
{
	const struct elf64_hdr *header = (const struct elf64_hdr *)o->data;

	return o->data + section(o, header->e_shstrndx)->sh_offset + s->sh_name;
}

struct symbols {
	const struct elf64_sym *items;
	size_t count;
	const char *names;
};

static struct symbols symbols_of(const struct object *o)
{
	const struct elf64_shdr *s;
	struct symbols all = { 0 };

	for (unsigned int i = 0; (s = section(o, i)); i++) {
		if (s->sh_type != SHT_SYMTAB)
			continue;
		all.items = (const struct elf64_sym *)(o->data + s->sh_offset);
		all.count = s->sh_size / sizeof(*all.items);
		all.names = o->data + section(o, s->sh_link)->sh_offset;
	}
	return all;
}

static const char *name_of(const struct symbols *all, size_t i)
{
	return all->names + all->items[i].st_name;
}

/* The text that a symbol stands for, or "". */
static const char *text_at(const struct object *o, const struct symbols *all, const char *prefix,
			   const char *name)
{
	size_t len = strlen(prefix);

	for (size_t i = 0; i < all->count; i++) {
		const struct elf64_shdr *s = section(o, all->items[i].st_shndx);

		if (s && !strncmp(name_of(all, i), prefix, len) &&
		    !strcmp(name_of(all, i) + len, name))
			return o->data + s->sh_offset + all->items[i].st_value;
	}
	return "";
}

unsigned int object_exports(const struct object *o, struct export *out, unsigned int max)
{
	struct symbols all = symbols_of(o);
	size_t len = strlen(EXPORT_PREFIX);
	unsigned int count = 0;

	for (size_t i = 0; i < all.count && count < max; i++) {
		const struct elf64_shdr *s = section(o, all.items[i].st_shndx);

		if (!s || strncmp(name_of(&all, i), EXPORT_PREFIX, len))
			continue;
		out[count].name = name_of(&all, i) + len;
		out[count].section = section_name(o, s);
		out[count].namespace = text_at(o, &all, NAMESPACE_PREFIX, out[count].name);
		count++;
	}
	return count;
}

unsigned int object_replace(struct object *o, const char *name, const char *text,
			    const char *other)
{
	size_t len = strlen(text) + 1;
	const struct elf64_shdr *s;
	unsigned int count = 0;

	ASSERT_EQ(strlen(other) + 1, len);
	for (unsigned int i = 0; (s = section(o, i)); i++) {
		char *from = o->data + s->sh_offset, *end = from + s->sh_size, *at;

		if (strcmp(section_name(o, s), name))
			continue;
		while ((at = memmem(from, end - from, text, len))) {
			memcpy(at, other, len);
			from = at + len;
			count++;
		}
	}
	return count;
}
