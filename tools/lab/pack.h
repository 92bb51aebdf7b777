/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pack.h - writes cpio archives in the "newc" format in memory: the base
 * initramfs and the files of a job. Ownership and times are always the same,
 * so that equal contents give equal bytes.
 */
#ifndef LAB_PACK_H
#define LAB_PACK_H

#include "util.h"

struct pack;

struct pack *pack_begin(void);
void pack_dir(struct pack *pack, const char *name);
void pack_data(struct pack *pack, const char *name, const void *data,
	       size_t len, unsigned int mode);
void pack_symlink(struct pack *pack, const char *name, const char *target);
/* A file of the host; 0 or a negative errno (nothing added). */
int pack_file(struct pack *pack, const char *name, const char *path,
	      unsigned int mode);
/* A file of the host, unpacked when it is compressed (.ko.xz, .ko.zst). */
int pack_unpacked(struct pack *pack, const char *name, const char *path);
/* Ends the archive, hands its bytes out, frees pack. 0 or a negative errno. */
int pack_end(struct pack *pack, struct buf *out);

#endif
