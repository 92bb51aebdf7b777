// SPDX-License-Identifier: GPL-2.0
/*
 * mkcpio - pack an initramfs from a list; nothing in here is to be changed
 *
 *	mkcpio [-t SECONDS] LIST ARCHIVE
 *
 * The list has a line for each entry, in the order they get in the archive:
 *
 *	dir   NAME MODE UID GID
 *	file  NAME SOURCE MODE UID GID
 *	slink NAME TARGET MODE UID GID
 *	nod   NAME MODE UID GID TYPE MAJOR MINOR	(TYPE is b or c)
 *
 * It is the language of the kernel's own usr/gen_init_cpio. Because a list
 * says what is a device and who owns it, nobody needs to be root to pack one.
 * Every entry gets the time SECONDS, 0 unless given: the same list and files
 * make the same archive.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newc.h"

#define FIELDS_MAX	8
#define BLANKS		" \t\r\n"
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

struct packer {
	struct newc ar;
	const char *list;
	unsigned long line;
	unsigned long long mtime;
	char *field[FIELDS_MAX];	/* of the line */
};

static int complain(const struct packer *p, const char *what, const char *why)
{
	fprintf(stderr, "mkcpio: %s:%lu: %s: %s\n", p->list, p->line, what, why);
	return -1;
}

/* A number and nothing else; a minus sign is not one. */
static bool parse_number(const char *text, int base, unsigned long long *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, base);
	return !*end && !errno;
}

/* MODE UID GID, from field n on. */
static int parse_owner(struct packer *p, unsigned int n, struct newc_entry *e)
{
	if (!parse_number(p->field[n], 8, &e->mode) || e->mode > 07777)
		return complain(p, p->field[n], "a mode is an octal number up to 7777");
	if (!parse_number(p->field[n + 1], 10, &e->uid))
		return complain(p, p->field[n + 1], "a user is a number");
	if (!parse_number(p->field[n + 2], 10, &e->gid))
		return complain(p, p->field[n + 2], "a group is a number");
	return 0;
}

static int checked(const struct packer *p, const char *what, int err)
{
	return err ? complain(p, what, strerror(-err)) : 0;
}

static int add_dir(struct packer *p, struct newc_entry *e)
{
	if (parse_owner(p, 2, e))
		return -1;
	e->mode |= S_IFDIR;
	e->nlink = 2;
	return checked(p, e->name, newc_header(&p->ar, e));
}

static int add_open_file(struct packer *p, struct newc_entry *e, int fd)
{
	const char *source = p->field[2];
	struct stat st;

	if (fstat(fd, &st))
		return complain(p, source, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return complain(p, source, "not a regular file");
	e->size = st.st_size;
	if (checked(p, source, newc_header(&p->ar, e)))
		return -1;
	return checked(p, source, newc_copy(&p->ar, fd, e->size));
}

static int add_file(struct packer *p, struct newc_entry *e)
{
	int fd, err;

	if (parse_owner(p, 3, e))
		return -1;
	e->mode |= S_IFREG;
	/* Not to hang on a FIFO that nobody writes to. */
	fd = open(p->field[2], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return complain(p, p->field[2], strerror(errno));
	err = add_open_file(p, e, fd);
	close(fd);
	return err;
}

static int add_slink(struct packer *p, struct newc_entry *e)
{
	const char *target = p->field[2];
	int err;

	if (parse_owner(p, 3, e))
		return -1;
	e->mode |= S_IFLNK;
	e->size = strlen(target);
	if (e->size >= PATH_MAX)
		return complain(p, e->name, "the target is too long");
	err = newc_header(&p->ar, e);
	if (!err)
		err = newc_data(&p->ar, target, e->size);
	return checked(p, e->name, err);
}

static int add_nod(struct packer *p, struct newc_entry *e)
{
	const char *type = p->field[5];

	if (parse_owner(p, 2, e))
		return -1;
	if (strcmp(type, "b") && strcmp(type, "c"))
		return complain(p, type, "a node is b (block) or c (character)");
	e->mode |= *type == 'b' ? S_IFBLK : S_IFCHR;
	if (!parse_number(p->field[6], 10, &e->rdev_major) ||
	    !parse_number(p->field[7], 10, &e->rdev_minor))
		return complain(p, e->name, "a device has two numbers");
	return checked(p, e->name, newc_header(&p->ar, e));
}

static const struct kind {
	const char *word;
	unsigned int fields;
	int (*add)(struct packer *p, struct newc_entry *entry);
	const char *usage;
} kinds[] = {
	{ "dir", 5, add_dir, "dir NAME MODE UID GID" },
	{ "file", 6, add_file, "file NAME SOURCE MODE UID GID" },
	{ "slink", 6, add_slink, "slink NAME TARGET MODE UID GID" },
	{ "nod", 8, add_nod, "nod NAME MODE UID GID TYPE MAJOR MINOR" },
};

static int add_line(struct packer *p, char *text)
{
	struct newc_entry entry = { .nlink = 1, .mtime = p->mtime };
	unsigned int count = 0;
	const char *name;
	char *save;

	for (char *word = strtok_r(text, BLANKS, &save); word;
	     word = strtok_r(NULL, BLANKS, &save), count++)
		if (count < FIELDS_MAX)
			p->field[count] = word;
	if (!count || *p->field[0] == '#')
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(p->field[0], kinds[i].word))
			continue;
		if (count != kinds[i].fields)
			return complain(p, "the line should read", kinds[i].usage);
		name = p->field[1] + strspn(p->field[1], "/");
		if (!*name || !strcmp(name, "TRAILER!!!"))
			return complain(p, p->field[1], "cannot be a name");
		entry.name = name;
		return kinds[i].add(p, &entry);
	}
	return complain(p, p->field[0], "should be dir, file, slink or nod");
}

static int pack_list(struct packer *p)
{
	FILE *list = fopen(p->list, "re");
	char *text = NULL;
	size_t size = 0;
	int err = 0;

	if (!list) {
		fprintf(stderr, "mkcpio: %s: %s\n", p->list, strerror(errno));
		return -1;
	}
	while (!err && getline(&text, &size, list) >= 0) {
		p->line++;
		err = add_line(p, text);
	}
	if (!err && ferror(list))
		err = complain(p, "cannot be read", strerror(errno));
	free(text);
	fclose(list);
	return err ? err : checked(p, "the trailer", newc_trailer(&p->ar));
}

/* The archive gets its name when it is whole; a failure leaves none behind. */
static int pack_archive(struct packer *p, const char *archive, const char *part)
{
	int err;

	p->ar.out = fopen(part, "we");
	if (!p->ar.out) {
		fprintf(stderr, "mkcpio: %s: %s\n", part, strerror(errno));
		return -1;
	}
	err = pack_list(p);
	if (fclose(p->ar.out) && !err) {
		fprintf(stderr, "mkcpio: %s: %s\n", part, strerror(errno));
		err = -1;
	}
	if (!err && rename(part, archive)) {
		fprintf(stderr, "mkcpio: %s: %s\n", archive, strerror(errno));
		err = -1;
	}
	if (err)
		unlink(part);
	return err;
}

int main(int argc, char *argv[])
{
	struct packer p = { .ar.next_ino = 1 };
	bool good = true;
	char *part;
	int opt, err;

	while (good && (opt = getopt(argc, argv, "t:")) != -1)
		good = opt == 't' && parse_number(optarg, 10, &p.mtime);
	if (!good || argc - optind != 2) {
		fprintf(stderr, "usage: mkcpio [-t SECONDS] LIST ARCHIVE\n");
		return 2;
	}
	p.list = argv[optind];
	if (asprintf(&part, "%s.part", argv[optind + 1]) < 0) {
		fprintf(stderr, "mkcpio: %s\n", strerror(errno));
		return 1;
	}
	err = pack_archive(&p, argv[optind + 1], part);
	free(part);
	return err ? 1 : 0;
}
