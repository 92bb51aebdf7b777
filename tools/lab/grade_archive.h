/* SPDX-License-Identifier: GPL-2.0 */
/*
 * grade_archive.h - what a submission holds, whatever its form: folders,
 * archives, bundles. Nothing is unpacked to a disk; of a file whose name is
 * wanted the bytes are handed out, everything else is looked at and left.
 */
#ifndef LAB_GRADE_ARCHIVE_H
#define LAB_GRADE_ARCHIVE_H

#include "util.h"

#define TAKE_FILE_MAX	(1u << 20)	/* bytes of one source */
#define TAKE_TOTAL_MAX	(64u << 20)	/* bytes of an archive, unpacked */
#define TAKE_COUNT_MAX	10000		/* entries */
#define TAKE_RATIO_MAX	250		/* unpacked to packed, beyond 1 MiB */
#define TAKE_DEPTH_MAX	16

struct take {
	bool (*wanted)(void *data, const char *base);
	void (*file)(void *data, const char *path, const void *bytes, size_t len);
	/* Something was left out; a sentence for the student. */
	void (*note)(void *data, const char *text);
	void *data;
};

/* NULL, or why the submission is refused as a whole (a clause, strf()). */
const char *take_archive(const char *path, const struct take *take);
const char *take_folder(const char *path, const struct take *take);
const char *take_bundle(const char *path, const struct take *take);
const char *take_single(const char *path, const char *name, const struct take *take);

#endif
