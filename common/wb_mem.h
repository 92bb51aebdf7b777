/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sizes, addresses and what is behind them
 *
 * Part of workbook.h; include that one.
 */
#ifndef WB_MEM_H
#define WB_MEM_H

#include <linux/bitops.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/pfn.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

/*
 * User Mode Linux sets CONFIG_X86_64 as well, but its address space is that of
 * a process: it goes the way of the other architectures.
 */
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
#define WB_X86_64_LAYOUT	1
#include <asm/fixmap.h>
#include <asm/page.h>
#include <asm/pgtable.h>
#endif

/* ------------------------------------------------------------ sizes --- */

/* The longest text of wb_format_size(), with room for its NUL. */
#define WB_SIZE_LEN	40

/**
 * wb_format_size() - write a number of bytes so that it can be read
 * @buf: where to
 * @len: bytes there are in @buf; WB_SIZE_LEN always suffices
 * @bytes: the size
 *
 * A unit is 1024 of the one before. A size that is a whole number of units is
 * written in that unit alone; any other in bytes, with the unit behind it. What
 * follows the one decimal there is cut off, not rounded: "(3.9 MiB)" is always
 * less than 4 MiB.
 *
 * Context: any.
 * Return: @buf: "64 B", "3 MiB", "4097 B (4.0 KiB)".
 */
static inline char *wb_format_size(char *buf, size_t len, u64 bytes)
{
	static const char * const unit[] = {
		"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"
	};
	unsigned int step = bytes ? ilog2(bytes) / 10 : 0;
	unsigned int shift = step * 10;
	u64 whole = bytes >> shift;
	u64 rest = bytes - (whole << shift);

	if (!rest)
		scnprintf(buf, len, "%llu %s", whole, unit[step]);
	else	/* rest < 2^60: ten times that fits */
		scnprintf(buf, len, "%llu B (%llu.%llu %s)", bytes, whole,
			  (rest * 10) >> shift, unit[step]);
	return buf;
}

/* wb_format_size() as an argument of printk(), with a buffer of its own. */
struct wb_size_text {
	char text[WB_SIZE_LEN];
};

#define WB_SIZE(bytes) \
	wb_format_size(((struct wb_size_text){ }).text, WB_SIZE_LEN, bytes)

/* -------------------------------------------------------- addresses --- */

/**
 * enum wb_region - what kind of address a pointer holds
 * @WB_REGION_UNKNOWN: none of the others: a hole, device memory (which is
 *	@WB_REGION_VMALLOC once ioremap()ed), memory of the kernel image that was
 *	given back after boot, and what this header cannot see
 * @WB_REGION_NULL: the null pointer
 * @WB_REGION_FIRST_PAGE: an address inside the first page: almost always a
 *	member reached through a null pointer
 * @WB_REGION_ZERO_SIZE: ZERO_SIZE_PTR, what kmalloc(0) returns; kfree() takes it
 * @WB_REGION_ERROR: a negative errno in disguise, see ERR_PTR()
 * @WB_REGION_USER: lower half of the address space: a user process's
 * @WB_REGION_NONCANONICAL: no address at all: its upper bits are not copies of
 *	the highest bit the CPU translates; a use ends in a general protection fault
 * @WB_REGION_STACK: the kernel stack of the current task
 * @WB_REGION_SLAB: direct map, in a page of the slab allocator: kmalloc() up to
 *	two pages, kmem_cache_alloc()
 * @WB_REGION_PAGES: direct map, any other RAM of the page allocator: alloc_pages(),
 *	larger kmalloc(), the page cache, free memory
 * @WB_REGION_BOOT: direct map, RAM taken during boot and never given back
 * @WB_REGION_PERCPU: a CPU's own copy of a per-CPU variable, in the memory laid
 *	out at boot; see wb_region_of()
 * @WB_REGION_VMALLOC: vmalloc(), vmap(), ioremap(), stacks of other tasks
 * @WB_REGION_MODULE: code and data of a module
 * @WB_REGION_KERNEL_TEXT: the kernel image: code
 * @WB_REGION_KERNEL_RODATA: the kernel image: constants
 * @WB_REGION_KERNEL_DATA: the kernel image: variables
 * @WB_REGION_FIXMAP: addresses fixed when the kernel was compiled
 * @WB_REGION_VMEMMAP: the array of struct page
 * @WB_REGION_COUNT: how many there are
 */
enum wb_region {
	WB_REGION_UNKNOWN,
	WB_REGION_NULL,
	WB_REGION_FIRST_PAGE,
	WB_REGION_ZERO_SIZE,
	WB_REGION_ERROR,
	WB_REGION_USER,
	WB_REGION_NONCANONICAL,
	WB_REGION_STACK,
	WB_REGION_SLAB,
	WB_REGION_PAGES,
	WB_REGION_BOOT,
	WB_REGION_PERCPU,
	WB_REGION_VMALLOC,
	WB_REGION_MODULE,
	WB_REGION_KERNEL_TEXT,
	WB_REGION_KERNEL_RODATA,
	WB_REGION_KERNEL_DATA,
	WB_REGION_FIXMAP,
	WB_REGION_VMEMMAP,
	WB_REGION_COUNT
};

/**
 * wb_region_name() - the name of a kind of address
 * @region: the kind
 *
 * Context: any.
 * Return: a constant string, "unknown" for a number that is no region.
 */
static inline const char *wb_region_name(enum wb_region region)
{
	static const char * const name[WB_REGION_COUNT] = {
		[WB_REGION_UNKNOWN] = "unknown",
		[WB_REGION_NULL] = "NULL",
		[WB_REGION_FIRST_PAGE] = "first page (NULL plus an offset)",
		[WB_REGION_ZERO_SIZE] = "ZERO_SIZE_PTR",
		[WB_REGION_ERROR] = "error pointer",
		[WB_REGION_USER] = "user",
		[WB_REGION_NONCANONICAL] = "non-canonical",
		[WB_REGION_STACK] = "stack",
		[WB_REGION_SLAB] = "slab",
		[WB_REGION_PAGES] = "pages",
		[WB_REGION_BOOT] = "boot memory",
		[WB_REGION_PERCPU] = "per-CPU",
		[WB_REGION_VMALLOC] = "vmalloc",
		[WB_REGION_MODULE] = "module",
		[WB_REGION_KERNEL_TEXT] = "kernel text",
		[WB_REGION_KERNEL_RODATA] = "kernel read-only data",
		[WB_REGION_KERNEL_DATA] = "kernel data",
		[WB_REGION_FIXMAP] = "fixmap",
		[WB_REGION_VMEMMAP] = "vmemmap",
	};

	return (unsigned int)region < WB_REGION_COUNT ? name[region] : name[0];
}

static inline bool wb_in_range(unsigned long addr, unsigned long start,
			       unsigned long end)
{
	return addr >= start && addr < end;
}

#ifdef WB_X86_64_LAYOUT

static inline bool wb_is_percpu(const void *ptr)
{
	unsigned long addr = (unsigned long)ptr;
	unsigned int cpu;

	if (!IS_ENABLED(CONFIG_SMP))
		return false;
	/*
	 * Where a CPU's memory begins and ends is not exported, but one of its
	 * variables is, and that the memory lies in one aligned block of
	 * PMD_SIZE, from setup_per_cpu_areas() in arch/x86/kernel/setup_percpu.c.
	 * What is left of the block was given back: only reserved pages count.
	 */
	for_each_possible_cpu(cpu) {
		unsigned long own = (unsigned long)per_cpu_ptr(&this_cpu_off, cpu);

		if ((addr & PMD_MASK) == (own & PMD_MASK))
			return true;
	}
	return false;
}

static inline enum wb_region wb_region_of_image(unsigned long addr)
{
	unsigned int level;
	pte_t *pte = lookup_address(addr, &level);

	/* A large page's entry has these bits in the same place as a small's. */
	if (!pte || !(pte_flags(*pte) & _PAGE_PRESENT))
		return WB_REGION_UNKNOWN;
	if (!(pte_flags(*pte) & _PAGE_NX))
		return WB_REGION_KERNEL_TEXT;
	return pte_flags(*pte) & _PAGE_RW ? WB_REGION_KERNEL_DATA :
					    WB_REGION_KERNEL_RODATA;
}

/* The areas of Documentation/arch/x86/x86_64/mm.rst (6.1: Documentation/x86). */
static inline enum wb_region wb_region_of_arch(unsigned long addr)
{
	unsigned int unused = 63 - __VIRTUAL_MASK_SHIFT;

	if ((long)(addr << unused) >> unused != (long)addr)
		return WB_REGION_NONCANONICAL;
	if (addr < TASK_SIZE_MAX)
		return WB_REGION_USER;
	if (wb_in_range(addr, __START_KERNEL_map, MODULES_VADDR))
		return wb_region_of_image(addr);
	if (wb_in_range(addr, MODULES_VADDR, MODULES_END))
		return WB_REGION_MODULE;
	if (wb_in_range(addr, FIXADDR_START, FIXADDR_TOP + PAGE_SIZE))
		return WB_REGION_FIXMAP;
	if (wb_in_range(addr, VMEMMAP_START, VMEMMAP_START +
			(1UL << (MAX_PHYSMEM_BITS - PAGE_SHIFT)) * sizeof(struct page)))
		return WB_REGION_VMEMMAP;
	return WB_REGION_UNKNOWN;
}

#else

static inline bool wb_is_percpu(const void *ptr)
{
	return false;
}

static inline enum wb_region wb_region_of_arch(unsigned long addr)
{
#if defined(MODULES_VADDR) && !defined(CONFIG_UML)
	if (wb_in_range(addr, MODULES_VADDR, MODULES_END))
		return WB_REGION_MODULE;
#endif
#ifdef CONFIG_UML
	return WB_REGION_UNKNOWN;	/* TASK_SIZE is not exported there */
#else
	return addr < TASK_SIZE ? WB_REGION_USER : WB_REGION_UNKNOWN;
#endif
}

#endif /* WB_X86_64_LAYOUT */

static inline enum wb_region wb_region_of_ram(const void *ptr)
{
	struct page *page = virt_to_page(ptr);

	if (PageSlab(compound_head(page)))
		return WB_REGION_SLAB;
	/* Debugging kernels stop at PageReserved() of a compound page. */
	if (PageCompound(page) || !PageReserved(page))
		return WB_REGION_PAGES;
	return wb_is_percpu(ptr) ? WB_REGION_PERCPU : WB_REGION_BOOT;
}

/**
 * wb_region_of() - what kind of address is this?
 * @ptr: any value at all; it is looked at, never followed
 *
 * A pointer marked __user may be cast: (const void __force *)arg. A pointer
 * marked __percpu is no address: ask for this_cpu_ptr() or per_cpu_ptr() of it.
 *
 * The answer holds for the moment of the call: memory that is not yours can
 * change hands right after it.
 *
 * On x86-64 all kinds are told apart. Limits: memory from alloc_percpu() that no
 * longer fits into what was laid out at boot is @WB_REGION_VMALLOC, and
 * reserved memory that happens to lie in the same 2 MiB as a CPU's copies is
 * taken for @WB_REGION_PERCPU. On other architectures, and on User Mode Linux,
 * the kernel image, the fixmap, the vmemmap and per-CPU memory are not told
 * apart from boot memory or the unknown; on User Mode Linux neither are user
 * addresses from the unknown, and modules from vmalloc.
 *
 * Context: any.
 * Return: the kind.
 * Source: Documentation/x86/x86_64/mm.rst (6.1), Documentation/arch/x86/x86_64/
 * mm.rst (6.12); __virt_addr_valid() in arch/x86/mm/physaddr.c; PageSlab() of
 * the head page holds in both, though the flag became a page type in 6.10.
 */
static inline enum wb_region wb_region_of(const void *ptr)
{
	unsigned long addr = (unsigned long)ptr;
	enum wb_region region;

	if (!ptr)
		return WB_REGION_NULL;
	if (ptr == ZERO_SIZE_PTR)
		return WB_REGION_ZERO_SIZE;
	if (addr < PAGE_SIZE)
		return WB_REGION_FIRST_PAGE;
	if (IS_ERR(ptr))
		return WB_REGION_ERROR;
	if (object_is_on_stack(ptr))
		return WB_REGION_STACK;
	region = wb_region_of_arch(addr);
	if (region != WB_REGION_UNKNOWN)
		return region;
	if (is_vmalloc_addr(ptr))
		return WB_REGION_VMALLOC;
	return virt_addr_valid(ptr) ? wb_region_of_ram(ptr) : WB_REGION_UNKNOWN;
}

/**
 * wb_show_alloc() - log what an allocation gave you
 * @name: what you call it
 * @ptr: what the allocator returned; NULL and error pointers are fine
 * @size: bytes you asked for
 *
 *	demo: insmod-213 [001] .....: table: 8 KiB at 000000005f8a2a71, slab,
 *	aligned to 8 KiB
 *
 * (on one line). At KERN_INFO.
 *
 * The address is not the real one: the log can be read by users who must not
 * learn where things are in the kernel. %p prints a hash of it, the same for the
 * same address as long as the machine runs, so that lines can be compared, and
 * "(____ptrval____)" for all as long as the kernel has had no randomness for the
 * hash. Boot with no_hash_pointers, or with slub_debug, which sets it too, to see
 * real ones, as the workbook's virtual machine does. %pK is no way round it: it
 * depends on /proc/sys/kernel/kptr_restrict, and with that at 1 prints "pK-error"
 * in interrupts. (Documentation/core-api/printk-formats.rst, mm/slub.c; 6.1 and
 * 6.12.)
 *
 * Context: any.
 */
static inline void wb_show_alloc(const char *name, const void *ptr, size_t size)
{
	enum wb_region region = wb_region_of(ptr);

	switch (region) {
	case WB_REGION_NULL:
		wb_info("%s: %s: not allocated (NULL)\n", name, WB_SIZE(size));
		break;
	case WB_REGION_ERROR:
		wb_info("%s: %s: not allocated (%pe)\n", name, WB_SIZE(size),
			ptr);
		break;
	default:
		wb_info("%s: %s at %p, %s, aligned to %s\n", name,
			WB_SIZE(size), ptr, wb_region_name(region),
			WB_SIZE(1ULL << __ffs((unsigned long)ptr)));
	}
}

#endif /* WB_MEM_H */
