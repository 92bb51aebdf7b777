// SPDX-License-Identifier: GPL-2.0
/* A reader for the one archive format that a job comes in: cpio "newc". */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init.h"

#define HEADER 110

/* Field n of a newc header: eight hexadecimal digits after the magic. */
static unsigned long field(const uint8_t *header, unsigned int n)
{
	char digits[9] = "";

	memcpy(digits, header + 6 + 8 * n, 8);
	return strtoul(digits, NULL, 16);
}

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static const char *write_file(const char *path, const uint8_t *data,
			      size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0)
		return "cannot make a file of the job";
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n <= 0) {
			close(fd);
			return "no memory left for the job's files";
		}
		data += n;
		len -= n;
	}
	close(fd);
	return NULL;
}

const char *unpack_newc(const char *dir, const uint8_t *data, size_t len)
{
	size_t pos = 0;

	while (pos + HEADER <= len) {
		const uint8_t *header = data + pos;
		size_t namesize, filesize, body;
		const char *name, *wrong = NULL;
		char path[4096];
		mode_t mode;

		if (memcmp(header, "070701", 6))
			return "the job is no newc archive";
		mode = field(header, 1);
		filesize = field(header, 6);
		namesize = field(header, 11);
		body = pos + align4(HEADER + namesize);
		if (!namesize || body > len || filesize > len - body)
			return "the job's archive is cut short";
		name = (const char *)header + HEADER;
		if (name[namesize - 1])
			return "a name in the job's archive has no end";
		if (!strcmp(name, "TRAILER!!!"))
			return NULL;
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		if (S_ISDIR(mode))
			mkdir(path, mode & 07777);
		else if (S_ISREG(mode))
			wrong = write_file(path, data + body, filesize,
					   mode & 07777);
		if (wrong)
			return wrong;
		pos = align4(body + filesize);
	}
	return "the job's archive has no end";
}
