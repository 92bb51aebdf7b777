// SPDX-License-Identifier: GPL-2.0
/*
 * The edges of every allocator: what 6.1, 6.1-rt and 6.12 answer
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"

static char *edges(const char *group)
{
	char *text;

	ASSERT_OK(mod_param_write("edges", "run", group));
	text = mod_param_read("edges", "run");
	ASSERT_NOTNULL(text);
	return text;
}

static bool is_6_12(void)
{
	const char *kernel = getenv("WB_KERNEL");

	return kernel && !strncmp(kernel, "6.12", 4);
}

/* These lines, in this order. */
static void expect_edges(const char *group, const char *lines)
{
	char *text = edges(group);
	size_t len = strlen(text);

	/* The reader of a parameter takes the last newline away. */
	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	EXPECT_STREQ(text, lines);
}

CHECK(loads, .title = "The module loads")
{
	ASSERT_OK(mod_load("edges.ko", NULL));
}

CHECK(zero, .needs = "loads", .title =
	"Zero bytes: an address that is none, or NULL")
{
	expect_edges("zero",
		     "kmalloc: ZERO_SIZE_PTR\n"
		     "kvmalloc: ZERO_SIZE_PTR\n"
		     "devm_kmalloc: ZERO_SIZE_PTR\n"
		     "alloc_pages_exact: NULL\n"
		     "get_order: 52");
}

CHECK(buckets, .needs = "loads", .title =
	"kmalloc() rounds to its sizes, pages above 8 KiB")
{
	expect_edges("buckets",
		     "1: 8 slab\n8: 8 slab\n9: 16 slab\n"
		     "64: 64 slab\n65: 96 slab\n96: 96 slab\n97: 128 slab\n"
		     "128: 128 slab\n129: 192 slab\n192: 192 slab\n"
		     "193: 256 slab\n4096: 4096 slab\n4097: 8192 slab\n"
		     "8192: 8192 slab\n8193: 16384 pages\n"
		     "2097152: 2097152 pages\n2097153: 4194304 pages\n"
		     "4194304: 4194304 pages\n4194305: 0 NULL");
}

CHECK(roundup, .needs = "loads", .title =
	"kmalloc_size_roundup() beyond the limit: 6.1 and 6.12 differ")
{
	if (is_6_12())
		expect_edges("roundup",
			     "4M+1: 4194305\nINT_MAX: 2147483647\n"
			     "SIZE_MAX-1: 18446744073709551614\n"
			     "0: 0\n4097: 8192");
	else
		expect_edges("roundup",
			     "4M+1: 8388608\nINT_MAX: 2147483648\n"
			     "SIZE_MAX-1: 0\n0: 0\n4097: 8192");
}

CHECK(limits, .needs = "loads", .title =
	"The largest amounts, and one byte or order more")
{
	char *text = edges("limits");

	EXPECT_MATCH(text, "^KMALLOC_MAX_SIZE: 4194304$");
	EXPECT_MATCH(text, "^kvmalloc 4M\\+1: vmalloc$");
	/* Rounded to 2 MiB when such blocks are free, else to pages. */
	EXPECT_MATCH(text, "^kvmalloc 4M\\+1 pages: (1536|1025)$");
	EXPECT_MATCH(text, "^kvmalloc 4M\\+1 atomic: NULL$");
	EXPECT_MATCH(text, "^kvmalloc INT_MAX: NULL$");
	EXPECT_MATCH(text, "^kvmalloc INT_MAX\\+1: NULL$");
	EXPECT_MATCH(text, "^vmalloc 4M\\+1: vmalloc$");
	EXPECT_MATCH(text, "^vmalloc 4M\\+1 pages: 1025$");
	EXPECT_MATCH(text, "^vmalloc RAM\\+1: NULL$");
	EXPECT_MATCH(text, "^vmalloc SIZE_MAX: NULL$");
	EXPECT_MATCH(text, "^alloc_pages top: ok$");
	EXPECT_MATCH(text, "^alloc_pages over: NULL$");
	EXPECT_MATCH(text, "^alloc_pages_exact 4M: pages$");
	EXPECT_MATCH(text, "^alloc_pages_exact 4M\\+1: NULL$");
}

CHECK(overflow, .needs = "loads", .title =
	"Checked products fail, an unchecked one wraps")
{
	expect_edges("overflow",
		     "kmalloc_array: NULL\nkcalloc: NULL\n"
		     "kvmalloc_array: NULL\nvmalloc_array: NULL\n"
		     "array_size: 1\nunchecked: 8");
}

CHECK(percpu, .needs = "loads", .title =
	"Per-CPU memory ends at 32 KiB and at page alignment")
{
	expect_edges("percpu",
		     "0: NULL\n32768: ok, a multiple of 4: 1\n32769: NULL\n"
		     "align 4096: ok, a multiple of 4: 1\nalign 8192: NULL\n"
		     "align 3: ok, a multiple of 4: 1");
}

CHECK(cache, .needs = "loads", .title =
	"Object caches end at 4 MiB, or below it with debugging")
{
	char *cmdline = file_read("/proc/cmdline");
	bool debugged;

	ASSERT_NOTNULL(cmdline);
	debugged = strstr(cmdline, "slub_debug") || strstr(cmdline, "slab_debug");
	expect_edges("cache", debugged ?
		     "1: ok\n8K: ok\n4M: NULL\n4M+1: NULL" :
		     "1: ok\n8K: ok\n4M: ok\n4M+1: NULL");
}

CHECK(coherent, .needs = "loads", .title =
	"Coherent memory ends at 4 MiB; failure leaves the handle alone")
{
	expect_edges("coherent",
		     "4M: ok\n4M+1: NULL\n4M+1, handle: stale\n"
		     "64M: NULL\n64M, handle: stale");
}

CHECK(blocks, .needs = "loads", .title =
	"dma_pool of 6.1 loses the last block of a page, 6.12 does not")
{
	expect_edges("blocks", is_6_12() ?
		     "0: NULL\n64: 64 a page\n1024: 4 a page\n"
		     "2048: 2 a page\nalign 3: NULL" :
		     "0: NULL\n64: 63 a page\n1024: 3 a page\n"
		     "2048: 1 a page\nalign 3: NULL");
}

CHECK(context, .needs = "loads", .title =
	"vfree() with bottom halves off is put off, not wrong")
{
	expect_edges("context",
		     "vfree, bottom halves off: ok\n"
		     "kmalloc 64K, bottom halves off: pages");
}

CHECK(unloads, .title = "The module unloads", .needs = "loads")
{
	EXPECT_OK(mod_unload("edges"));
}
