// SPDX-License-Identifier: GPL-2.0
/* Folders and single files, no link followed; see grade_archive.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade_archive.h"

struct walk {
	const struct take *take;
	size_t count;
	const char *refused;
};

/* Opened before it is looked at: what is there cannot be swapped in between. */
static void take_one(struct walk *w, int at, const char *name, const char *shown)
{
	int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct buf data = { 0 };
	char chunk[65536];
	struct stat st;
	ssize_t got = 0;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		w->take->note(w->take->data, strf("'%s' was left out: %s", shown,
			      fd < 0 && errno != ELOOP ? "it cannot be read" :
			      "it is no plain file"));
	} else if (st.st_size > TAKE_FILE_MAX) {
		w->take->note(w->take->data, strf("'%s' was left out: it is over 1 MiB, which no source of a lab is",
						  shown));
	} else {
		while (data.len <= TAKE_FILE_MAX && (got = read(fd, chunk, sizeof(chunk))) > 0)
			buf_add(&data, chunk, got);
		if (!got)
			w->take->file(w->take->data, shown, data.data ? data.data : "", data.len);
		else
			w->take->note(w->take->data, strf("'%s' was left out: it cannot be read", shown));
	}
	buf_free(&data);
	if (fd >= 0)
		close(fd);
}

static void walk_dir(struct walk *w, int at, const char *name, const char *shown, unsigned int depth)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent *entry;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while (!w->refused && (entry = readdir(dir))) {
		char *path = *shown ? xasprintf("%s/%s", shown, entry->d_name)
				    : xstrdup(entry->d_name);

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) {
			free(path);
			continue;
		}
		if (++w->count > TAKE_COUNT_MAX)
			w->refused = strf("it has over %d entries", TAKE_COUNT_MAX);
		else if (w->take->wanted(w->take->data, entry->d_name))
			take_one(w, dirfd(dir), entry->d_name, path);
		else if (depth < TAKE_DEPTH_MAX)
			walk_dir(w, dirfd(dir), entry->d_name, path, depth + 1);
		free(path);
	}
	closedir(dir);
}

const char *take_folder(const char *path, const struct take *take)
{
	struct walk w = { .take = take };

	if (!is_dir(path))
		return "it cannot be read";
	walk_dir(&w, AT_FDCWD, path, "", 0);
	return w.refused;
}

const char *take_single(const char *path, const char *name, const struct take *take)
{
	struct walk w = { .take = take };

	take_one(&w, AT_FDCWD, path, name);
	return w.refused;
}
