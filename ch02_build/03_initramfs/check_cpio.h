/* SPDX-License-Identifier: GPL-2.0 */
/* The check's own reader of "newc" archives, a strict one */
#ifndef CHECK_CPIO_H
#define CHECK_CPIO_H

#include <stddef.h>

/* The thirteen numbers of a header, in their order. */
enum {
	C_INO, C_MODE, C_UID, C_GID, C_NLINK, C_MTIME, C_FILESIZE, C_DEVMAJOR,
	C_DEVMINOR, C_RDEVMAJOR, C_RDEVMINOR, C_NAMESIZE, C_CHECK, C_FIELDS
};

struct cpio_entry {
	unsigned int field[C_FIELDS];
	const char *name;
	const char *data;
};

/* An archive; the trailer is not among the entries. */
struct cpio {
	char *bytes;
	size_t len;
	struct cpio_entry *entry;
	size_t count;
	char *wrong;		/* what is wrong with it, a sentence; or NULL */
};

struct cpio cpio_read(const char *path);
const struct cpio_entry *cpio_find(const struct cpio *cpio, const char *name);
/* Make below dir what the archive holds; 0 or -errno. */
int cpio_unpack(const struct cpio *cpio, const char *dir);
void cpio_free(struct cpio *cpio);

/* A whole file with its length and a NUL behind it; NULL and errno. */
char *slurp(const char *path, size_t *len);
/* Make or replace a file; 0 or -errno. */
int spill(const char *path, const void *data, size_t len, unsigned int mode);

#endif
