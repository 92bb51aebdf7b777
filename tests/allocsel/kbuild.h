/* SPDX-License-Identifier: GPL-2.0 */
/* Modules built for a kernel of the matrix, and run there. */
#ifndef KBUILD_H
#define KBUILD_H

#include <stdbool.h>

/* The kernels to build for: $KERNELS, or all three; ends with NULL. */
const char *const *kbuild_kernels(void);

/* The program lab: $LAB, or that of this tree. */
const char *kbuild_lab(void);

/*
 * What a command prints, both of its outputs in one; free it. *status is its
 * exit status, -1 when a signal ended it.
 */
char *kbuild_output(const char *command, int *status)
	__attribute__((__nonnull__));

/* Copies files (ends with NULL) into a directory, which is made anew. */
void kbuild_stage(const char *dir, const char *const *files);

/*
 * Runs kbuild in a directory for a kernel: make -C HEADERS M=dir W=1 what.
 * Returns what it printed; free it. *ok: it ended well and warned of nothing.
 */
char *kbuild_make(const char *kernel, const char *dir, const char *what,
		  bool *ok);

/*
 * lab run: loads what is in a directory in a virtual machine with that kernel,
 * and runs a shell command there, without a ' in it. Returns what came out.
 */
char *kbuild_run(const char *kernel, const char *options, const char *dir,
		 const char *guest, int *status);

#endif /* KBUILD_H */
