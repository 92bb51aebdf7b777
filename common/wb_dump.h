/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The physical pages behind an address range, and its bytes
 *
 * Part of workbook.h; include that one.
 */
#ifndef WB_DUMP_H
#define WB_DUMP_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/vmalloc.h>

/* ------------------------------------------------------- contiguity --- */

/**
 * struct wb_contig - how a range of addresses lies in physical memory
 * @error: 0, or why the rest is not to be used: -EINVAL for a range of no bytes
 *	or one that wraps round, -EFAULT when some page of it is no memory of the
 *	kernel's (not mapped, a user address)
 * @pages: pages the range touches, the first and the last in part or whole
 * @runs: pieces it falls into, each of pages that follow one another in physical
 *	memory too; 1 means that the range is physically contiguous
 * @longest: pages in the longest of these
 *
 * With @error -EFAULT, @pages is how many there were before the missing one.
 */
struct wb_contig {
	int error;
	unsigned long pages;
	unsigned long runs;
	unsigned long longest;
};

static inline int wb_pfn_of(const void *addr, unsigned long *pfn)
{
	enum wb_region region = wb_region_of(addr);

	if (region == WB_REGION_MODULE || is_vmalloc_addr(addr)) {
		struct page *page = vmalloc_to_page(addr);

		if (!page)
			return -EFAULT;
		*pfn = page_to_pfn(page);
		return 0;
	}
	if (!virt_addr_valid(addr))
		return -EFAULT;
	*pfn = PHYS_PFN(__pa(addr));
	return 0;
}

/**
 * wb_contig_of() - find out how a range lies in physical memory
 * @ptr: its first byte: from any allocator, on the stack, in a module or image
 * @size: its bytes
 *
 * What comes from kmalloc() or alloc_pages() is always one run. vmalloc()
 * promises nothing: its pages may lie anywhere, or by chance in one run.
 *
 * The memory must stay allocated during the call; the walk takes no lock. It
 * takes a time proportional to the number of pages.
 *
 * Context: any; think of the time with interrupts off.
 * Return: the numbers; look at @error first.
 * Source: vmalloc_to_page() in mm/vmalloc.c walks the kernel's page tables
 * without a lock and handles large mappings, in 6.1 and 6.12; the direct map is
 * linear, Documentation/x86/x86_64/mm.rst.
 */
static inline struct wb_contig wb_contig_of(const void *ptr, size_t size)
{
	const char *page = (const char *)((unsigned long)ptr & PAGE_MASK);
	const char *last = (const char *)ptr + size - 1;
	struct wb_contig found = { .error = 0 };
	unsigned long expected = 0;
	unsigned long run = 0;

	if (!size || last < (const char *)ptr) {
		found.error = -EINVAL;
		return found;
	}
	/* In numbers of pages, since at the top the next page is page 0. */
	while (found.pages <= PFN_DOWN((unsigned long)last) -
			      PFN_DOWN((unsigned long)ptr)) {
		unsigned long pfn;

		found.error = wb_pfn_of(page + found.pages * PAGE_SIZE, &pfn);
		if (found.error)
			return found;
		if (!found.pages || pfn != expected) {
			found.runs++;
			run = 0;
		}
		run++;
		found.longest = max(found.longest, run);
		expected = pfn + 1;
		found.pages++;
	}
	return found;
}

/**
 * wb_show_contig() - log how a range lies in physical memory
 * @name: what you call it
 * @ptr: its first byte
 * @size: its bytes
 *
 *	demo: insmod-213 [001] .....: buf: 16 pages in 3 physically contiguous
 *	runs, the longest of 9 pages (36 KiB)
 *
 * (on one line). At KERN_INFO.
 *
 * Context: any; see wb_contig_of().
 */
static inline void wb_show_contig(const char *name, const void *ptr, size_t size)
{
	struct wb_contig found = wb_contig_of(ptr, size);

	if (found.error == -EFAULT)
		wb_info("%s: no memory behind its page %lu (%s)\n", name,
			found.pages, wb_region_name(wb_region_of(ptr)));
	else if (found.error)
		wb_info("%s: no range: %s at %p\n", name, WB_SIZE(size), ptr);
	else
		wb_info("%s: %lu page%s in %lu physically contiguous run%s, the longest of %lu page%s (%s)\n",
			name, found.pages, found.pages == 1 ? "" : "s",
			found.runs, found.runs == 1 ? "" : "s",
			found.longest, found.longest == 1 ? "" : "s",
			WB_SIZE((u64)found.longest << PAGE_SHIFT));
}

/* ------------------------------------------------------------ bytes --- */

#define WB_HEXDUMP_ROW	16

/* "00 11 ... ff", three characters a byte, two blanks, the text, a NUL */
#define WB_HEXDUMP_LEN	(WB_HEXDUMP_ROW * 3 + 2 + WB_HEXDUMP_ROW + 1)

static inline bool wb_may_read(enum wb_region region)
{
	return region >= WB_REGION_STACK && region <= WB_REGION_KERNEL_DATA;
}

/**
 * wb_hexdump() - log some bytes of a buffer, and how many were left out
 * @name: what you call it
 * @buf: the buffer, in kernel memory
 * @len: its bytes
 * @offset: the first byte to show
 * @limit: bytes to show at most
 *
 *	demo: insmod-213 [001] .....: key: 40 B in slab, 16 B shown from 0x8, 8 B
 *	before and 16 B after left out
 *	demo: key 00000008: 61 62 63 00 00 00 00 00 00 00 00 00 00 00 00 00  abc.
 *
 * (the first on one line). At KERN_INFO. The number in front of a row is the
 * offset in @buf, which print_hex_dump() would count from the first byte shown.
 *
 * An address that cannot be memory of the kernel's is not followed; the log says
 * what it is instead. That saves you from NULL, user and error pointers, not
 * from memory that was freed.
 *
 * Context: any; the console may be slow: mind @limit with interrupts off.
 * Return: bytes shown.
 */
static inline size_t wb_hexdump(const char *name, const void *buf, size_t len,
				size_t offset, size_t limit)
{
	enum wb_region region = wb_region_of(buf);
	char row[WB_HEXDUMP_LEN];
	size_t shown;
	size_t at;

	if (!wb_may_read(region)) {
		wb_info("%s: not shown: its address is of the kind %s\n", name,
			wb_region_name(region));
		return 0;
	}
	offset = min(offset, len);
	shown = min(len - offset, limit);
	wb_info("%s: %s in %s, %s shown from 0x%zx, %s before and %s after left out\n",
		name, WB_SIZE(len), wb_region_name(region), WB_SIZE(shown),
		offset, WB_SIZE(offset), WB_SIZE(len - offset - shown));
	for (at = offset; at < offset + shown; at += WB_HEXDUMP_ROW) {
		size_t left = offset + shown - at;

		hex_dump_to_buffer((const char *)buf + at,
				   min_t(size_t, left, WB_HEXDUMP_ROW),
				   WB_HEXDUMP_ROW, 1, row, sizeof(row), true);
		pr_info("%s %08zx: %s\n", name, at, row);
	}
	return shown;
}

#endif /* WB_DUMP_H */
