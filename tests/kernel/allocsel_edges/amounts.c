// SPDX-License-Identifier: GPL-2.0
/*
 * Amounts: nothing, the sizes of kmalloc(), the limits, products that wrap
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "workbook.h"
#include "compat.h"
#include "edges.h"

/* Where nothing may be written to the log: a warning is once per boot. */
#define QUIET (GFP_KERNEL | __GFP_NOWARN)

/* A number the compiler knows nothing of, and so cannot complain about. */
static size_t hidden(size_t value)
{
	OPTIMIZER_HIDE_VAR(value);
	return value;
}

void edge_zero(void)
{
	struct device *device = root_device_register("edges");
	void *addr;

	addr = kmalloc(hidden(0), QUIET);
	answer("kmalloc: %s\n", what_is(addr));
	kfree(addr);
	addr = kvmalloc(hidden(0), QUIET);
	answer("kvmalloc: %s\n", what_is(addr));
	kvfree(addr);
	if (!IS_ERR(device)) {
		addr = devm_kmalloc(device, hidden(0), QUIET);
		answer("devm_kmalloc: %s\n", what_is(addr));
		root_device_unregister(device);
	}
	addr = alloc_pages_exact(hidden(0), QUIET);
	answer("alloc_pages_exact: %s\n", what_is(addr));
	answer("get_order: %d\n", get_order(hidden(0)));
	kfree(NULL);
	kvfree(NULL);
	vfree(NULL);
	kfree(ZERO_SIZE_PTR);
}

void edge_buckets(void)
{
	static const size_t sizes[] = {
		1, 8, 9, 64, 65, 96, 97, 128, 129, 192, 193, 4096, 4097, 8192,
		8193, SZ_2M, SZ_2M + 1, SZ_4M, SZ_4M + 1,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		void *addr = kmalloc(hidden(sizes[i]), QUIET);

		answer("%zu: %zu %s\n", sizes[i], addr ? ksize(addr) : 0,
		       what_is(addr));
		kfree(addr);
	}
}

void edge_roundup(void)
{
	answer("4M+1: %zu\n", kmalloc_size_roundup(hidden(SZ_4M + 1)));
	answer("INT_MAX: %zu\n", kmalloc_size_roundup(hidden(INT_MAX)));
	answer("SIZE_MAX-1: %zu\n", kmalloc_size_roundup(hidden(SIZE_MAX - 1)));
	answer("0: %zu\n", kmalloc_size_roundup(hidden(0)));
	answer("4097: %zu\n", kmalloc_size_roundup(hidden(4097)));
}

/* Pages mapped from the start of vmalloc memory to its guard page. */
static unsigned long mapped_pages(const void *addr)
{
	unsigned long pages = 0;

	while (is_vmalloc_addr(addr) && vmalloc_to_page(addr + pages * PAGE_SIZE))
		pages++;
	return pages;
}

static void try_kvmalloc(const char *name, size_t size, gfp_t gfp)
{
	void *addr = kvmalloc(hidden(size), gfp | __GFP_NOWARN);

	answer("kvmalloc %s: %s\n", name, what_is(addr));
	if (addr)
		answer("kvmalloc %s pages: %lu\n", name, mapped_pages(addr));
	kvfree(addr);
}

static void try_vmalloc(const char *name, size_t size)
{
	void *addr = __vmalloc(hidden(size), QUIET);

	answer("vmalloc %s: %s\n", name, what_is(addr));
	if (addr)
		answer("vmalloc %s pages: %lu\n", name, mapped_pages(addr));
	vfree(addr);
}

static void try_order(const char *name, unsigned int order)
{
	struct page *page = alloc_pages(QUIET, order);

	answer("alloc_pages %s: %s\n", name, page ? "ok" : "NULL");
	if (page)
		__free_pages(page, order);
}

void edge_limits(void)
{
	void *addr;

	answer("KMALLOC_MAX_SIZE: %lu\n", KMALLOC_MAX_SIZE);
	try_kvmalloc("4M+1", SZ_4M + 1, GFP_KERNEL);
	try_kvmalloc("4M+1 atomic", SZ_4M + 1, GFP_ATOMIC);
	try_kvmalloc("INT_MAX", INT_MAX, GFP_KERNEL);
	try_kvmalloc("INT_MAX+1", (size_t)INT_MAX + 1, GFP_KERNEL);
	try_vmalloc("4M+1", SZ_4M + 1);
	try_vmalloc("RAM+1", (totalram_pages() + 1) << PAGE_SHIFT);
	try_vmalloc("SIZE_MAX", SIZE_MAX);
	try_order("top", MAX_PAGE_ORDER);
	try_order("over", NR_PAGE_ORDERS);
	addr = alloc_pages_exact(SZ_4M, QUIET);
	answer("alloc_pages_exact 4M: %s\n", what_is(addr));
	if (addr)
		free_pages_exact(addr, SZ_4M);
	answer("alloc_pages_exact 4M+1: %s\n",
	       what_is(alloc_pages_exact(hidden(SZ_4M + 1), QUIET)));
}

void edge_overflow(void)
{
	size_t n = hidden(SIZE_MAX / 8 + 2);
	void *addr;

	answer("kmalloc_array: %s\n", what_is(kmalloc_array(n, 8, QUIET)));
	answer("kcalloc: %s\n", what_is(kcalloc(n, 8, QUIET)));
	answer("kvmalloc_array: %s\n", what_is(kvmalloc_array(n, 8, QUIET)));
	answer("vmalloc_array: %s\n", what_is(__vmalloc_array(n, 8, QUIET)));
	answer("array_size: %d\n", array_size(n, 8) == SIZE_MAX);
	addr = kmalloc(n * 8, QUIET);
	answer("unchecked: %zu\n", addr ? ksize(addr) : 0);
	kfree(addr);
}
