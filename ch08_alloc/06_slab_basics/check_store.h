/* SPDX-License-Identifier: GPL-2.0 */
/* The way from the checks to store.c: the module's files in debugfs. */
#ifndef CHECK_STORE_H
#define CHECK_STORE_H

#include <stddef.h>

#include "check.h"

#define DIR		"/sys/kernel/debug/slab_basics/"
#define MODULE		"slab_basics"

/* Load the module; unload it, and see that the heap is in order. */
void store_open(void);
void store_close(u64 mark);

/* The kernel must not have warned since the mark. */
void expect_no_warning(u64 mark);

/* Write a text into a file: 0 or -errno. */
int tell(const char *file, const char *format, ...) CHECK_PRINTF_(2, 3);

/* What a file holds, malloc()ed, and how much that is, or has to be. */
void *get_all(const char *file, size_t *bytes);
void *get(const char *file, size_t bytes);

/* Write data into a file, which must take all of it. */
void put(const char *file, const void *data, size_t bytes);

#endif /* CHECK_STORE_H */
