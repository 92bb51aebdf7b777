// SPDX-License-Identifier: GPL-2.0
/* What kind of address is this? */
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/pgtable.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>
#include <asm/fixmap.h>
#include <asm/page.h>

#include "classify.h"

/* The CPU translates the lower bits. The upper ones must be copies of the last of these. */
static bool is_canonical(unsigned long addr)
{
	/* TODO 1: __VIRTUAL_MASK_SHIFT is the number of that last bit */
	return true;
	/* END TODO 1 */
}

static bool is_user(unsigned long addr)
{
	/* TODO 2: what a process may have, without the first page */
	return false;
	/* END TODO 2 */
}

/* The kernel itself, its modules and the fixmap are at the end of the address space. */
static enum kind kind_at_end(unsigned long addr)
{
	/* TODO 3: KIND_IMAGE, KIND_MODULE, KIND_FIXMAP, or KIND_OTHER */
	return KIND_OTHER;
	/* END TODO 3 */
}

/*
 * For an address of RAM only. The copies that were laid out at boot lie in one piece
 * of PMD_SIZE (2 MiB) for each CPU; what they do not use of it was given back. Pages
 * taken during boot and never given back are "reserved". (setup_per_cpu_areas() in
 * arch/x86/kernel/setup_percpu.c, 6.1 and 6.12)
 */
static bool is_percpu(unsigned long addr)
{
	unsigned int cpu;

	if (!PageReserved(virt_to_page((void *)addr)))
		return false;
	for_each_possible_cpu(cpu) {
		unsigned long own = (unsigned long)per_cpu_ptr(&this_cpu_off, cpu);

		if ((addr & PMD_MASK) == (own & PMD_MASK))
			return true;
	}
	return false;
}

enum kind classify(unsigned long addr)
{
	/* TODO 4: ask in the right order: is_vmalloc_addr() and virt_addr_valid() help, too */
	if (!is_canonical(addr))
		return KIND_NONCANONICAL;
	if (is_user(addr))
		return KIND_USER;
	if (virt_addr_valid((void *)addr) && is_percpu(addr))
		return KIND_PERCPU;
	return kind_at_end(addr);
	/* END TODO 4 */
}
