// SPDX-License-Identifier: GPL-2.0
/* file.c - files as text, and what the kernel says of itself */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

/*
 * Files of /proc and /sys have no size before they are read: read on to the
 * end and let the buffer grow.
 */
static char *read_to_end(int fd)
{
	size_t size = 4096, len = 0;
	char *text = malloc(size);
	ssize_t n;

	while (text) {
		n = read(fd, text + len, size - len - 1);
		if (n < 0)
			goto failed;
		if (!n)
			break;
		len += n;
		if (size - len < 2) {
			char *more = realloc(text, 2 * size);

			if (!more)
				goto failed;
			text = more;
			size *= 2;
		}
	}
	if (text)
		text[len] = '\0';
	return text;
failed:
	free(text);
	return NULL;
}

char *file_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text;
	int err;

	if (fd < 0)
		return NULL;
	text = read_to_end(fd);
	err = errno;
	close(fd);
	errno = err;
	return text;
}

int file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	size_t len = strlen(text);
	ssize_t n;
	int err;

	if (fd < 0)
		return -errno;
	n = write(fd, text, len);
	if (n < 0)
		err = -errno;
	else
		err = (size_t)n == len ? 0 : -EIO;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

unsigned long kernel_taint(void)
{
	const char *path = "/proc/sys/kernel/tainted";
	char *text = file_read(path);
	unsigned long taint;

	if (!text)
		child_fault("%s cannot be read: %m", path);
	taint = strtoul(text, NULL, 10);
	free(text);
	return taint;
}

bool slab_counts_exact(void)
{
	const char *lane = getenv("WB_LANE");

	return !lane || strcmp(lane, "memory") != 0;
}
