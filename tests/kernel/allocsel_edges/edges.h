/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EDGES_H
#define EDGES_H

#include <linux/types.h>

/* Adds a line to the answer. */
__printf(1, 2) void answer(const char *fmt, ...);

/* "NULL", "ZERO_SIZE_PTR", "slab", "pages", "vmalloc" ... */
const char *what_is(const void *addr);

void edge_zero(void);
void edge_buckets(void);
void edge_roundup(void);
void edge_limits(void);
void edge_overflow(void);
void edge_percpu(void);
void edge_cache(void);
void edge_coherent(void);
void edge_blocks(void);
void edge_context(void);

#endif /* EDGES_H */
