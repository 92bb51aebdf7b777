// SPDX-License-Identifier: GPL-2.0
/* The sources' way into the directory that they are built in. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build_private.h"

/* What a lab's directory may hold that is not built. */
bool build_is_source(const char *name)
{
	static const char *const suffixes[] = {
		".c", ".h", ".S", ".txt", ".mk", ".lds", ".config", ".patch",
		".cocci",
	};

	if (!strcmp(name, "Makefile") || !strcmp(name, "Kbuild"))
		return true;
	if (str_ends(name, ".mod.c"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (str_ends(name, suffixes[i]))
			return true;
	return false;
}

bool build_is_output(const char *name)
{
	static const char *const suffixes[] = {
		".o", ".ko", ".mod", ".mod.c", ".cmd", ".order", ".symvers",
	};

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (str_ends(name, suffixes[i]))
			return true;
	return *name == '.';
}

int build_put(const char *path, const void *data, size_t len)
{
	const char *at = data;
	int fd, err = 0;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	while (len && !err) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno != EINTR)
			err = -errno;
		if (n > 0) {
			at += n;
			len -= n;
		}
	}
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* Equal files stay untouched, with their times: make then has no work. */
static int sync_file(const char *from, const char *to)
{
	size_t len, old_len;
	char *data = read_whole(from, &len), *old;
	struct stat is, was;
	int err = 0;

	if (!data)
		return -errno;
	old = read_whole(to, &old_len);
	if (!old || old_len != len || memcmp(old, data, len))
		err = build_put(to, data, len);
	/* A program stays one. */
	if (!err && !stat(from, &is) && !stat(to, &was) &&
	    (is.st_mode ^ was.st_mode) & 0111 &&
	    chmod(to, (was.st_mode & 0666) | (is.st_mode & 0111)))
		err = -errno;
	free(old);
	free(data);
	return err;
}

int build_sync(const char *from, const char *over, const char *to,
	       bool (*wanted)(const char *), unsigned int depth,
	       struct strlist *seen)
{
	struct strlist names = { 0 };
	int err = list_dir(from, &names);

	if (!err)
		err = mkdir_p(to);
	for (size_t i = 0; i < names.count && !err; i++) {
		char *a = xasprintf("%s/%s", from, names.items[i]);
		char *b = xasprintf("%s/%s", to, names.items[i]);

		if (is_dir(a)) {
			if (depth < SYNC_DEPTH && *names.items[i] != '.')
				err = build_sync(a, NULL, b, wanted, depth + 1,
						 seen);
		} else if (is_file(a) && wanted(names.items[i]) &&
			   !(over && is_file(strf("%s/%s", over,
						  names.items[i])))) {
			err = sync_file(a, b);
			strlist_add(seen, b);
		}
		free(a);
		free(b);
	}
	strlist_free(&names);
	return err;
}

void build_drop_stale(const char *dir, const struct strlist *seen)
{
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = xasprintf("%s/%s", dir, names.items[i]);

		if (is_file(path) && build_is_source(names.items[i]) &&
		    !strlist_has(seen, path))
			unlink(path);
		free(path);
	}
	strlist_free(&names);
}
