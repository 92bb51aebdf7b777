/* SPDX-License-Identifier: GPL-2.0 */
/*
 * faulty.h - an allocator that fails when it is told to
 *
 * The kernel has this for kmalloc() and alloc_pages() (CONFIG_FAULT_INJECTION), but the
 * kernels of distributions are built without it. This one works in each kernel, for those who
 * allocate through it. Parameters of the module:
 *
 *	fail_nth	n: the n-th allocation from now on fails, once; 0: none does
 *	failed		how many were made to fail
 *	live		how many are in use
 *
 * As kmalloc() and its relatives, from process context, and with GFP_KERNEL they may sleep.
 */
#ifndef FAULTY_H
#define FAULTY_H

#include <linux/gfp.h>
#include <linux/types.h>

/* The memory is zeroed. NULL: there is none. */
void *faulty_alloc(size_t size, gfp_t gfp);
void *faulty_array(size_t nr, size_t size, gfp_t gfp);
char *faulty_strdup(const char *text, gfp_t gfp);

/* Like krealloc_array(): where it returns NULL, old is still yours, as it was. */
void *faulty_resize(void *old, size_t nr, size_t size, gfp_t gfp);

/* NULL is fine. */
void faulty_free(const void *memory);

/* Writes failed and live to the log, where there are no parameters to be read any more. */
void faulty_report(void);

#endif /* FAULTY_H */
