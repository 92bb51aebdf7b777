// SPDX-License-Identifier: GPL-2.0
/*
 * files.c - whole files, directories, removal that never leaves its tree; the
 * functions are declared in util.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "util.h"

char *read_whole(const char *path, size_t *len)
{
	struct buf buf = { 0 };
	char chunk[16384];
	ssize_t got;
	int error;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	/* The size that stat() tells is no help for /proc: read to the end. */
	for (;;) {
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		buf_add(&buf, chunk, got);
	}
	error = got < 0 ? errno : 0;
	close(fd);
	if (error) {
		buf_free(&buf);
		errno = error;
		return NULL;
	}
	if (len)
		*len = buf.len;
	return buf_steal(&buf);
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		data += done;
		len -= done;
	}
	return 0;
}

/* The name is durable only when its directory is. */
static int sync_parent(const char *path)
{
	char *dir = xstrdup(path);
	char *slash = strrchr(dir, '/');
	int result = 0;
	int fd;

	if (slash == dir)
		slash++;
	if (slash)
		*slash = '\0';
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0)
		return -errno;
	/* Some file systems cannot sync a directory; they say EINVAL. */
	if (fsync(fd) && errno != EINVAL)
		result = -errno;
	close(fd);
	return result;
}

int write_whole(const char *path, const void *data, size_t len)
{
	char *temp = xasprintf("%s.XXXXXX", path);
	struct stat st;
	mode_t mask, mode;
	int result;
	int fd;

	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		result = -errno;
		free(temp);
		return result;
	}
	/* mkostemp() gives 0600; an existing file keeps its mode. */
	if (stat(path, &st) == 0) {
		mode = st.st_mode & 07777;
	} else {
		mask = umask(0);
		umask(mask);
		mode = 0666 & ~mask;
	}
	result = write_all(fd, data, len);
	if (!result && fchmod(fd, mode))
		result = -errno;
	if (!result && fsync(fd))
		result = -errno;
	if (close(fd) && !result)
		result = -errno;
	if (!result && rename(temp, path))
		result = -errno;
	if (result)
		unlink(temp);
	else
		result = sync_parent(path);
	free(temp);
	return result;
}

int mkdir_p(const char *path)
{
	char *copy = xstrdup(path);
	char *at = copy;
	int result = 0;

	do {
		at += strspn(at, "/");
		at += strcspn(at, "/");
		if (at == copy)
			break;

		char saved = *at;

		*at = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST) {
			/* Above us a directory may be there and not be ours. */
			if (!is_dir(copy))
				result = -errno;
		}
		*at = saved;
	} while (!result && *at);
	if (!result && !is_dir(path))
		result = -ENOTDIR;
	free(copy);
	return result;
}

static int remove_at(int parent, const char *name, dev_t device);

/*
 * Build trees hold read-only directories now and then. fchmodat() would follow
 * a link that took the name's place meanwhile; the descriptor cannot.
 */
static void open_up(int parent, const char *name, mode_t mode)
{
	char *self;
	int fd = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	self = xasprintf("/proc/self/fd/%d", fd);
	/* When it fails, the openat() that follows says why. */
	if (chmod(self, mode & 07777))
		errno = 0;
	free(self);
	close(fd);
}

static int empty_dir(int fd, dev_t device)
{
	struct dirent *entry;
	int result = 0;
	DIR *dir = fdopendir(fd);

	if (!dir) {
		result = -errno;
		close(fd);
		return result;
	}
	/* Deleting under a running readdir() may skip names: take turns until
	 * a whole turn finds nothing.
	 */
	for (bool found = true; found && !result;) {
		found = false;
		rewinddir(dir);
		while (!result && (errno = 0, entry = readdir(dir))) {
			if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
				continue;
			found = true;
			result = remove_at(dirfd(dir), entry->d_name, device);
		}
	}
	closedir(dir);
	return result;
}

/* Never follows a link: what is not a directory is unlinked by its name. */
static int remove_at(int parent, const char *name, dev_t device)
{
	struct stat st;
	int result;
	int fd;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISDIR(st.st_mode))
		return unlinkat(parent, name, 0) && errno != ENOENT ? -errno : 0;
	if (st.st_dev != device)
		return -EXDEV;
	if ((st.st_mode & 0700) != 0700)
		open_up(parent, name, st.st_mode | 0700);
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	result = empty_dir(fd, device);
	if (result)
		return result;
	return unlinkat(parent, name, AT_REMOVEDIR) && errno != ENOENT ? -errno : 0;
}

int rm_rf(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT ? 0 : -errno;
	return remove_at(AT_FDCWD, path, st.st_dev);
}

bool path_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int free_space(const char *path, uint64_t *bytes)
{
	char *copy = xstrdup(path);
	struct statvfs fs;
	int result;

	/* Up to what is there already. */
	while (statvfs(copy, &fs)) {
		char *slash = strrchr(copy, '/');

		result = -errno;
		if (result != -ENOENT || !strcmp(copy, "/") || !strcmp(copy, ".")) {
			free(copy);
			return result;
		}
		if (!slash) {
			free(copy);
			copy = xstrdup(".");
		} else {
			slash[slash == copy] = '\0';
		}
	}
	free(copy);
	*bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	return 0;
}

int list_dir(const char *path, struct strlist *names)
{
	struct dirent *entry;
	DIR *dir = opendir(path);
	int result;

	if (!dir)
		return -errno;
	while (errno = 0, (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			strlist_add(names, entry->d_name);
	result = -errno;
	closedir(dir);
	strlist_sort(names);
	return result;
}

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}
