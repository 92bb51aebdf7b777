// SPDX-License-Identifier: GPL-2.0
/*
 * Sizes, addresses of every kind, physical pages, bytes
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "workbook.h"
#include "compat.h"
#include "convenience.h"

#define MOST_PAGES	64

static DEFINE_PER_CPU(long, own_copy);
static const char constant[] = "constant";
static int variable = 1;

/* size N: a number of bytes as text */
int run_size(char *args)
{
	char text[WB_SIZE_LEN];
	u64 bytes;

	if (kstrtou64(args, 0, &bytes))
		return -EINVAL;
	answer("%s\n", wb_format_size(text, sizeof(text), bytes));
	return 0;
}

/* region ADDR...: the kind of each address */
int run_region(char *args)
{
	unsigned long addr;
	char *word;

	while ((word = strsep(&args, " "))) {
		if (kstrtoul(word, 0, &addr))
			return -EINVAL;
		answer("%s\n", wb_region_name(wb_region_of((void *)addr)));
	}
	return 0;
}

static void tell(const char *what, const void *ptr)
{
	answer("%s: %s\n", what, wb_region_name(wb_region_of(ptr)));
}

static void tell_percpu(void)
{
	long __percpu *dynamic = alloc_percpu(long);
	unsigned int copies = 0;
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		copies += wb_region_of(per_cpu_ptr(&own_copy, cpu)) ==
			  WB_REGION_PERCPU;
	answer("own copies: %u of %u\n", copies, num_possible_cpus());
	if (dynamic)
		tell("alloc_percpu", per_cpu_ptr(dynamic, 0));
	free_percpu(dynamic);
}

static void tell_slab(void)
{
	static void *object[256];
	unsigned int slabs = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(object); i++) {
		object[i] = kmalloc(1000, GFP_KERNEL);
		slabs += wb_region_of(object[i]) == WB_REGION_SLAB;
	}
	answer("slab objects: %u of %zu\n", slabs, ARRAY_SIZE(object));
	for (i = 0; i < ARRAY_SIZE(object); i++)
		kfree(object[i]);
}

/* regions: addresses made here; in each line what it is, and the answer */
int run_regions(char *args)
{
	struct page *page = alloc_page(GFP_KERNEL);
	void *large = kmalloc(65536, GFP_KERNEL);
	void *area = vmalloc(10000);
	void *empty = kmalloc(0, GFP_KERNEL);
	long local = 0;

	if (!page || !large || !area)
		goto out;
	tell("NULL", NULL);
	tell("kmalloc(0)", empty);
	tell("member of NULL", &((struct list_head *)NULL)->prev);
	tell("ERR_PTR(-EIO)", ERR_PTR(-EIO));
	tell("local variable", &local);
	tell("kmalloc(64 KiB)", large);
	tell("alloc_page()", page_address(page));
	tell("vmalloc()", area + 9999);
	tell("struct page", page);
	tell("own function", (void *)run_regions);
	tell("own variable", &variable);
	tell("own constant", constant);
	tell("_printk()", (void *)_printk);
	tell("jiffies", (void *)&jiffies);
	tell("_ctype[]", _ctype);
	tell("jiffies by the direct map", phys_to_virt(__pa(&jiffies)));
#ifdef WB_X86_64_LAYOUT
	tell("fixmap", (void *)fix_to_virt(0));
#endif
	tell_percpu();
	tell_slab();
out:
	kfree(empty);
	vfree(area);
	kfree(large);
	if (page)
		__free_page(page);
	return page && large && area ? 0 : -ENOMEM;
}

/* show KIND SIZE: log an allocation, and the first bytes of it */
int run_show(char *args)
{
	unsigned int size;
	void *ptr = NULL;
	char kind[16];

	if (sscanf(args, "%15s %u", kind, &size) != 2)
		return -EINVAL;
	if (!strcmp(kind, "slab"))
		ptr = kzalloc(size, GFP_KERNEL);
	else if (!strcmp(kind, "vmalloc"))
		ptr = vzalloc(size);
	else if (!strcmp(kind, "error"))
		ptr = ERR_PTR(-ENOMEM);
	else if (!strcmp(kind, "user"))
		ptr = (void *)PAGE_SIZE;
	else if (strcmp(kind, "null"))
		return -EINVAL;
	wb_show_alloc("thing", ptr, size);
	answer("%zu\n", wb_hexdump("thing", ptr, size, 0, 8));
	if (ptr && !IS_ERR(ptr) && ptr != (void *)PAGE_SIZE)
		kvfree(ptr);
	return 0;
}

static void tell_contig(const void *ptr, size_t size)
{
	struct wb_contig found = wb_contig_of(ptr, size);

	answer("%d %lu %lu %lu\n", found.error, found.pages, found.runs,
	       found.longest);
	wb_show_contig("range", ptr, size);
}

/* contig KIND SIZE OFFSET: "error pages runs longest" of a range */
int run_contig(char *args)
{
	unsigned int size, offset;
	void *ptr = NULL;
	char kind[16];

	if (sscanf(args, "%15s %u %u", kind, &size, &offset) != 3 ||
	    offset >= PAGE_SIZE)
		return -EINVAL;
	if (!strcmp(kind, "kmalloc")) {
		ptr = kmalloc(offset + size, GFP_KERNEL);
	} else if (!strcmp(kind, "vmalloc")) {
		ptr = vmalloc(offset + size);
	} else if (!strcmp(kind, "too_far")) {
		ptr = vmalloc(size);
		size += offset + PAGE_SIZE;
		offset = 0;
	} else if (!strcmp(kind, "module")) {
		tell_contig(run_contig, size);
		return 0;
	} else if (!strcmp(kind, "user")) {
		tell_contig((void *)PAGE_SIZE, size);
		return 0;
	} else if (!strcmp(kind, "wrap")) {
		tell_contig((void *)-2UL, size);
		return 0;
	}
	if (!ptr)
		return -ENOMEM;
	tell_contig(ptr + offset, size);
	kvfree(ptr);
	return 0;
}

/*
 * vmap OFFSET SIZE N...: a range in a mapping of pages N..., which are counted
 * from the first of a block of pages that lie side by side
 */
int run_vmap(char *args)
{
	struct page *pages[MOST_PAGES];
	unsigned int offset, size, n, count = 0;
	struct page *block;
	int ret = -EINVAL;
	int used = 0;
	void *area;

	block = alloc_pages(GFP_KERNEL, ilog2(MOST_PAGES));
	if (!block)
		return -ENOMEM;
	if (sscanf(args, "%u %u%n", &offset, &size, &used) != 2)
		goto out;
	args += used;
	while (count < MOST_PAGES && sscanf(args, "%u%n", &n, &used) == 1) {
		if (n >= MOST_PAGES)
			goto out;
		pages[count++] = block + n;
		args += used;
	}
	if (!count || offset + size > count * PAGE_SIZE)
		goto out;
	area = vmap(pages, count, VM_MAP, PAGE_KERNEL);
	ret = area ? 0 : -ENOMEM;
	if (!ret)
		tell_contig(area + offset, size);
	vunmap(area);
out:
	__free_pages(block, ilog2(MOST_PAGES));
	return ret;
}

/* hexdump OFFSET LIMIT HEX: show a part of these bytes */
int run_hexdump(char *args)
{
	unsigned int offset, limit;
	int used = 0;
	size_t len;
	u8 *buf;

	if (sscanf(args, "%u %u %n", &offset, &limit, &used) != 2)
		return -EINVAL;
	args += used;
	len = strlen(args) / 2;
	buf = kmalloc(len + 1, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (hex2bin(buf, args, len)) {
		kfree(buf);
		return -EINVAL;
	}
	answer("%zu\n", wb_hexdump("bytes", buf, len, offset, limit));
	kfree(buf);
	return 0;
}
