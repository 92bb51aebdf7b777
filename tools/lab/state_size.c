// SPDX-License-Identifier: GPL-2.0
/* What saved machines take of the disk: no zeroes, and no more than a limit. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"
#include "term.h"
#include "vm_private.h"

/* Nobody has wanted it for so long: its kernel or QEMU are gone. */
#define STATE_DAYS 14
#define LIMIT_MIB 4096
#define PAGE 4096

static bool is_zero(const char *page)
{
	return !*page && !memcmp(page, page + 1, PAGE - 1);
}

/* A file system without holes keeps them: the file is right either way. */
void state_thin(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	off_t from = -1, size = 0;
	struct stat st;
	char *data;

	if (fd < 0)
		return;
	if (!fstat(fd, &st))
		size = st.st_size - st.st_size % PAGE;
	data = size ? mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
	if (data == MAP_FAILED) {
		close(fd);
		return;
	}
	for (off_t at = 0; at <= size; at += PAGE) {
		bool zero = at < size && is_zero(data + at);

		if (zero && from < 0)
			from = at;
		if (zero || from < 0)
			continue;
		fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, from,
			  at - from);
		from = -1;
	}
	munmap(data, size);
	close(fd);
}

uint64_t states_limit(void)
{
	const char *text = getenv("LAB_CACHE_LIMIT");
	uint64_t mib = LIMIT_MIB;

	if (text && *text && !parse_u64(text, 1, 1 << 30, &mib))
		note("LAB_CACHE_LIMIT is '%s', which is no number of MiB; %d it is",
		     text, LIMIT_MIB);
	return mib << 20;
}

struct saved {
	char *path;
	time_t used;
	uint64_t bytes;
};

static uint64_t bytes_in(const char *dir)
{
	struct strlist names = { 0 };
	uint64_t bytes = 0;
	struct stat st;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (!stat(strf("%s/%s", dir, names.items[i]), &st))
			bytes += (uint64_t)st.st_blocks * 512;
	strlist_free(&names);
	return bytes;
}

static int by_use(const void *a, const void *b)
{
	const struct saved *x = a, *y = b;

	return (x->used > y->used) - (x->used < y->used);
}

/*
 * A machine that runs from a state keeps its files open: they go with it. Who
 * finds its state gone before it has started makes it again.
 */
void states_trim(uint64_t room)
{
	char *parent = cache_path("states");
	uint64_t limit = states_limit(), total = room;
	time_t oldest = time(NULL) - STATE_DAYS * 24 * 3600;
	struct strlist names = { 0 };
	struct saved *all;
	size_t count = 0;

	list_dir(parent, &names);
	all = xcalloc(names.count + 1, sizeof(*all));
	for (size_t i = 0; i < names.count; i++) {
		struct saved *s = &all[count];
		struct stat st;

		s->path = xasprintf("%s/%s", parent, names.items[i]);
		if (stat(s->path, &st)) {
			free(s->path);
			continue;
		}
		s->used = st.st_mtime;
		s->bytes = bytes_in(s->path);
		total += s->bytes;
		count++;
	}
	qsort(all, count, sizeof(*all), by_use);
	for (size_t i = 0; i < count; i++) {
		if (total > limit || all[i].used < oldest) {
			rm_rf(all[i].path);
			total -= all[i].bytes;
		}
		free(all[i].path);
	}
	free(all);
	strlist_free(&names);
	free(parent);
}
