/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel.h - the kernels that the virtual machine boots: Debian's, unpacked
 * into the cache and never installed; the running one; imported ones.
 */
#ifndef LAB_KERNEL_H
#define LAB_KERNEL_H

#include "util.h"

struct kernel {
	char *name;	/* "6.1", "6.1-rt", "6.12", "running", or an import's */
	char *release;	/* what uname -r says in it */
	char *image;	/* the uncompressed ELF kernel */
	char *build;	/* KDIR: the prepared headers */
	char *modules;	/* directory that holds lib/modules/RELEASE, or "" */
	char *version;	/* the packages' version, or "" */
	char *arch;	/* make's ARCH= for its modules; "" for our own */
	char *series;	/* of its source: "6.1"; its name when it is one */
	char *key;	/* of a lane: what it was built from; else "" */
};

/* Debian's series that make up the matrix, in the order they are judged. */
struct series {
	const char *name;
	const char *image_package;	/* the meta-package of the newest image */
};
extern const struct series series[];
extern const size_t series_count;

/* Name in the matrix when NULL is asked for. */
#define KERNEL_DEFAULT "6.1"

/* Loads a kernel that the cache holds; -ENOENT without a complaint. */
int kernel_load(const char *name, struct kernel *out);
/*
 * The same, and fetches a series (or the running kernel) that is not there.
 * Complains when it cannot be had.
 */
int kernel_get(const char *name, struct kernel *out);
/* Takes a series anew from the archive: its newest revision. */
int kernel_fetch(const char *name);
/* Takes an image (bzImage or ELF) and a headers directory under a new name.
 * -EINVAL: they cannot be used; another errno: they could not be taken. */
int kernel_import(const char *name, const char *image, const char *headers,
		  const char *modules);
int kernel_remove(const char *name);
/* The command that brings a kernel of this name again; strf(). */
const char *kernel_again(const char *name);
/* Names of all kernels in the cache. */
int kernel_names(struct strlist *names);
/* "6.1", a comma list, or "all" (the matrix): names, or -EINVAL complained. */
int kernel_choice(const char *text, struct strlist *names);
void kernel_free(struct kernel *kernel);

/* The program in PATH or in a directory for administrators; strf(). */
const char *sbin_program(const char *name);

/* packages.debian: one Debian package, fetched and unpacked below dir. */
int debian_unpack(const char *package, const char *dir);
/* The package that a meta-package's Depends names, starting with prefix;
 * malloc'd, NULL (complained) when there is none. */
char *debian_depends(const char *package, const char *prefix);
/* The version that apt would fetch; malloc'd, "" when unknown. */
char *debian_version(const char *package);

/*
 * Writes the ELF kernel inside a bzImage (or a copy of an ELF image) to path.
 * 0, -EINVAL when the image is none or another release than the given one, or
 * what kept it from being read or written; *wrong says it in a clause.
 */
int image_extract(const char *image, const char *release, const char *path,
		  const char **wrong);
/* Is the extracted kernel as long as its own headers say? */
bool image_whole(const char *path);

/* checkpatch.pl in the cache, taken out of linux-source when it is not there;
 * malloc'd path, NULL (complained). */
char *checkpatch_path(void);
/* For make's command line: WB_SOURCE= and the unpacked source of the kernel's
 * series; *out stays NULL when it is not wanted. -EIO (complained). */
int kernel_source_for(bool wanted, const struct kernel *kernel, char **out);
/* The unpacked linux-source of a version ("6.1"), fetched when absent. */
char *source_path(const char *version);

#endif
