/* SPDX-License-Identifier: GPL-2.0 */
/* kernel_private.h - between kernel.c, the store, and kernel_fetch.c. */
#ifndef LAB_KERNEL_PRIVATE_H
#define LAB_KERNEL_PRIVATE_H

#include "kernel.h"

const struct series *kernel_find_series(const char *name);
/* The last file of a kernel's directory: it makes the kernel be there. */
int kernel_write_info(const char *dir, const char *release,
		      const char *version, const char *build,
		      const char *modules);
int kernel_extract_image(const char *image, const char *dir);
/* Replaces the store's directory of this name by a finished new one. */
int kernel_put_in_place(const char *tmp, const char *name);
int kernel_fetch_series(const struct series *s);

#endif
