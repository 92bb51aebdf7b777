// SPDX-License-Identifier: GPL-2.0
/* A writer for cpio archives in the "newc" format; newc.h describes it. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "newc.h"

/* Write bytes as they are and count them. */
static int put(struct newc *ar, const void *data, size_t len)
{
	errno = EIO;
	if (len && fwrite(data, 1, len, ar->out) != len)
		return -errno;
	ar->offset += len;
	return 0;
}

/* Write zero bytes up to the next offset that is divisible by four. */
static int pad(struct newc *ar)
{
	/* TODO 1: how many bytes is that? It is never four. */
	static const char zeros[3];

	return put(ar, zeros, (4 - ar->offset % 4) % 4);
	/* END TODO 1 */
}

int newc_header(struct newc *ar, const struct newc_entry *entry)
{
	/* TODO 2: refuse what does not fit; write the header, the name, the pad */
	size_t namesize = strlen(entry->name) + 1;
	const unsigned long long fields[NEWC_FIELDS] = {
		ar->next_ino, entry->mode, entry->uid, entry->gid,
		entry->nlink, entry->mtime, entry->size,
		0, 0, entry->rdev_major, entry->rdev_minor, namesize, 0,
	};
	char header[6 + 8 * NEWC_FIELDS + 1] = "070701";
	int err;

	if (namesize > PATH_MAX)
		return -ENAMETOOLONG;
	for (size_t i = 0; i < NEWC_FIELDS; i++) {
		if (fields[i] > 0xffffffff)
			return -EOVERFLOW;
		sprintf(header + 6 + 8 * i, "%08X", (unsigned int)fields[i]);
	}
	err = put(ar, header, sizeof(header) - 1);
	if (!err)
		err = put(ar, entry->name, namesize);
	if (!err)
		err = pad(ar);
	ar->next_ino++;
	return err;
	/* END TODO 2 */
}

int newc_data(struct newc *ar, const void *data, size_t len)
{
	int err = put(ar, data, len);

	return err ? err : pad(ar);
}

int newc_copy(struct newc *ar, int fd, unsigned long long size)
{
	/* TODO 3: copy size bytes; notice a file that is shorter or longer */
	char buf[64 * 1024];

	for (;;) {
		ssize_t n = read(fd, buf, sizeof(buf));
		int err;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		if ((unsigned long long)n > size)
			return -EFBIG;
		err = put(ar, buf, n);
		if (err)
			return err;
		size -= n;
	}
	return size ? -ENODATA : pad(ar);
	/* END TODO 3 */
}

int newc_trailer(struct newc *ar)
{
	/* TODO 4: an entry as newc.h says; its c_ino is 0 */
	const struct newc_entry trailer = { .name = "TRAILER!!!", .nlink = 1 };

	ar->next_ino = 0;
	return newc_header(ar, &trailer);
	/* END TODO 4 */
}
