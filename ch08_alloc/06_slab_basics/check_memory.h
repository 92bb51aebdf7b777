/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Texts that can be recognized wherever they lie in the machine's memory, and
 * the search for them.
 */
#ifndef CHECK_MEMORY_H
#define CHECK_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define TRACE_IDS	16	/* texts that can be told apart */

/* Draw what the texts of this check will be made of. */
void trace_begin(void);

/* Write text number id, of so many bytes, into the file; 0 or -errno. */
int trace_write(const char *path, unsigned int id, size_t bytes);

/*
 * Look through all of the machine's RAM, free memory included. found[id] becomes
 * the most bytes that were found in one piece of text number id, or 0. False when
 * this kernel does not let its memory be read.
 */
bool trace_search(size_t found[TRACE_IDS]);

#endif /* CHECK_MEMORY_H */
