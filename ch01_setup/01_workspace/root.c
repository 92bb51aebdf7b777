// SPDX-License-Identifier: GPL-2.0
/* Files below a directory that stands for the root. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "envreport.h"

/* A file that is longer is none of those we look for. */
#define SIZE_MAX_READ	(32u << 20)

static int open_below(struct report *report, const char *path, int flags)
{
	/*
	 * An absolute symlink, such as /lib/modules/RELEASE/build, starts at
	 * the root that we were given, and ".." stops there: as in a chroot,
	 * but without its privileges.
	 */
	const struct open_how how = {
		.flags = flags | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT,
	};

	/* openat2(2) came with 5.6, and some containers forbid it. */
	if (report->is_real_root)
		return openat(report->root, path, flags | O_CLOEXEC);
	return syscall(SYS_openat2, report->root, path, &how, sizeof(how));
}

int root_open(struct report *report, const char *path)
{
	/* O_NONBLOCK: not to hang on a FIFO without a writer. */
	return open_below(report, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
}

bool root_exists(struct report *report, const char *path)
{
	int fd = open_below(report, path, O_PATH);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static char *read_all(int fd, size_t *len)
{
	size_t size = 4096;
	char *data = malloc(size);

	*len = 0;
	while (data) {
		ssize_t n = read(fd, data + *len, size - *len - 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || *len > SIZE_MAX_READ)
			break;
		*len += n;
		data[*len] = '\0';
		if (!n)
			return data;
		if (*len == size - 1) {
			char *more = realloc(data, size *= 2);

			if (!more)
				break;
			data = more;
		}
	}
	if (*len > SIZE_MAX_READ)
		errno = EFBIG;
	free(data);
	return NULL;
}

char *root_read(struct report *report, const char *path, size_t *len)
{
	int fd = root_open(report, path), saved;
	size_t ignored;
	char *data;

	if (fd < 0)
		return NULL;
	data = read_all(fd, len ? len : &ignored);
	saved = errno;
	close(fd);
	errno = saved;
	return data;
}

char *root_read_line(struct report *report, const char *path)
{
	char *line = root_read(report, path, NULL);

	if (line)
		line[strcspn(line, "\n")] = '\0';
	return line;
}
