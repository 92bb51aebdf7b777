/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kernel_private.h - between kernel.c, the store, kernel_fetch.c and
 * kernel_import.c.
 */
#ifndef LAB_KERNEL_PRIVATE_H
#define LAB_KERNEL_PRIVATE_H

#include "kernel.h"

const struct series *kernel_find_series(const char *name);
bool kernel_valid_name(const char *name);
/* The last file of a kernel's directory: it makes the kernel be there. */
int kernel_write_info(const char *dir, const struct kernel *kernel);
/* The ELF kernel of this release to dir/vmlinux; complains. */
int kernel_extract_image(const char *image, const char *release,
			 const char *dir);
/*
 * The finished directory tmp gets its name in the store. What then is under tmp
 * (an older kernel, or nothing) is to be removed.
 */
int kernel_put_in_place(const char *tmp, const char *name);
int kernel_fetch_series(const struct series *s);
int kernel_import_running(void);

#endif
