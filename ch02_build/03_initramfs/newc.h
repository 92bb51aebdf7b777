/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A writer for cpio archives in the "newc" format, the one that the
 * kernel unpacks at boot
 *
 * An archive is a row of entries. Each is
 *
 *	header	110 bytes: the six characters "070701", then thirteen numbers,
 *		each as eight hexadecimal digits, zeros in front, no blanks
 *	name	c_namesize bytes, the NUL at its end included
 *	pad	0 to 3 zero bytes, to an offset in the archive divisible by 4
 *	data	c_filesize bytes: a file's content, a symlink's target (no NUL)
 *	pad	0 to 3 zero bytes, again
 *
 * The thirteen numbers, in this order:
 *
 *	c_ino c_mode c_uid c_gid c_nlink c_mtime c_filesize
 *	c_devmajor c_devminor c_rdevmajor c_rdevminor c_namesize c_check
 *
 * The last entry has the name "TRAILER!!!", c_nlink 1, no data, and 0 in all
 * else but c_namesize.
 */
#ifndef NEWC_H
#define NEWC_H

#include <stddef.h>
#include <stdio.h>

#define NEWC_FIELDS	13

/**
 * struct newc - an archive that is being written
 * @out: where to
 * @offset: bytes written so far
 * @next_ino: the number for c_ino of the next entry; the first gets 1
 */
struct newc {
	FILE *out;
	unsigned long long offset;
	unsigned long long next_ino;
};

/**
 * struct newc_entry - one file, directory, symlink or device node
 * @name: without a slash in front
 * @mode: type and permissions, as in st_mode
 * @uid: owner
 * @gid: group
 * @nlink: number of hard links
 * @mtime: seconds since 1970
 * @size: bytes of data
 * @rdev_major: device number of a node, else 0
 * @rdev_minor: the same
 */
struct newc_entry {
	const char *name;
	unsigned long long mode;
	unsigned long long uid;
	unsigned long long gid;
	unsigned long long nlink;
	unsigned long long mtime;
	unsigned long long size;
	unsigned long long rdev_major;
	unsigned long long rdev_minor;
};

/* All return 0 or a negative errno. */

/*
 * newc_header() - write an entry's header and name, padded
 *
 * -EOVERFLOW when a number does not fit into eight digits, -ENAMETOOLONG when
 * the name with its NUL is longer than PATH_MAX: the kernel would skip such an
 * entry without a word. Nothing is written then.
 */
int newc_header(struct newc *ar, const struct newc_entry *entry);

/* newc_data() - write an entry's whole data from memory, padded */
int newc_data(struct newc *ar, const void *data, size_t len);

/*
 * newc_copy() - write an entry's whole data, size bytes from fd, padded
 *
 * -ENODATA when the file has less than that, -EFBIG when it has more: its
 * header, with the size, has been written.
 */
int newc_copy(struct newc *ar, int fd, unsigned long long size);

/* newc_trailer() - write the last entry */
int newc_trailer(struct newc *ar);

#endif
