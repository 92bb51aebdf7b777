/* SPDX-License-Identifier: GPL-2.0 */
/* What kind of address is this? */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include <linux/types.h>

/**
 * enum kind - what kind of address a number is
 * @KIND_OTHER: none of the others, or nobody's
 * @KIND_NULL: in the first page: a null pointer, or a member reached through one
 * @KIND_USER: of a process
 * @KIND_NONCANONICAL: no address at all: the CPU refuses it
 * @KIND_DIRECT: RAM, in the direct map
 * @KIND_PERCPU: RAM, and there a CPU's own copy of a variable
 * @KIND_VMALLOC: memory of vmalloc(), ioremap(), and kernel stacks
 * @KIND_IMAGE: the kernel itself: its code and its variables
 * @KIND_MODULE: code and variables of a module
 * @KIND_FIXMAP: fixed when the kernel was compiled
 * @KIND_COUNT: how many there are
 */
enum kind {
	KIND_OTHER,
	KIND_NULL,
	KIND_USER,
	KIND_NONCANONICAL,
	KIND_DIRECT,
	KIND_PERCPU,
	KIND_VMALLOC,
	KIND_IMAGE,
	KIND_MODULE,
	KIND_FIXMAP,
	KIND_COUNT
};

/**
 * classify() - say what kind of address this is
 * @addr: any number
 *
 * Context: any. The address is looked at, and never followed.
 */
enum kind classify(unsigned long addr);

#endif /* CLASSIFY_H */
