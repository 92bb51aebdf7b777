/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rule table of the allocation selector. The first rule that applies
 * decides, so order is part of the meaning: refusals that hold for every
 * allocator come first, then special memory (per-CPU, guaranteed, DMA,
 * mapped), and plain memory by amount last.
 *
 * A rule applies when one of its terms holds; a term holds when all questions
 * in .all are answered yes, at least one in .any (if there is any), and none
 * in .none. The questions stand in alloc_types.h, their answers in
 * alloc_facts.h.
 *
 * .source names the place in Linux 6.1.192 and in 6.12.117.
 */
#ifndef RULES_H
#define RULES_H

#include "alloc_types.h"

static const struct alloc_rule alloc_rules[] = {
	/* TODO 1: requests that no allocator can serve */
	{
		.number = 1, .err = -EINVAL,
		.terms = { { .all = Q(EMPTY) } },
		.reason =
			"Nothing is asked for, and each allocator answers zero bytes in its own way.",
		.instead =
			"skip the call when the total is 0",
		.source = {
			"mm/vmalloc.c:3227, include/linux/slab.h:138",
			"mm/vmalloc.c:3838, include/linux/slab.h:232",
		},
	},
	{
		.number = 2, .err = -EOVERFLOW,
		.terms = { { .all = Q(OVERFLOW) } },
		.reason =
			"The product size * nmemb does not fit, and a wrapped product allocates too little.",
		.instead =
			"kmalloc_array(), kvmalloc_array() or array_size(), which check the product",
		.source = { "include/linux/slab.h:611", "include/linux/slab.h:1034" },
	},
	{
		.number = 3, .err = -ENOMEM,
		.terms = { { .all = Q(OVER_RAM) } },
		.reason =
			"This is more than the RAM of the machine, and kernel memory is never paged out.",
		.instead =
			"work through the data in pieces, or keep it in a file",
		.source = { "mm/vmalloc.c:3230", "mm/vmalloc.c:3841" },
	},
	{
		.number = 4, .api = ALLOC_API_MEMBLOCK, .free = "memblock_free",
		.flags = ALLOC_RF_NO_MASK | ALLOC_RF_ZEROES,
		.terms = { { .all = Q(EARLY) | Q(BUILTIN) } },
		.reason =
			"The page allocator is not up yet; memblock hands out memory before it is.",
		.source = { "include/linux/memblock.h:426", "include/linux/memblock.h:414" },
	},
	{
		.number = 5, .err = -EOPNOTSUPP,
		.terms = { { .all = Q(EARLY) } },
		.reason =
			"A module runs after early boot, and memblock is neither exported nor kept.",
		.instead =
			"reserve memory at boot (cma=, reserved-memory), or build the code in",
		.source = { "mm/memblock.c:366", "mm/memblock.c:367" },
	},
	{
		.number = 6, .err = -EOPNOTSUPP,
		.terms = { { .all = Q(NMI) } },
		.reason =
			"Allocators take locks that the code interrupted by the NMI may hold.",
		.instead =
			"allocate beforehand, or hand the work to irq_work",
		.source = { "include/linux/gfp_types.h:276", "include/linux/gfp_types.h:318" },
	},
	/* END TODO 1 */

	/* TODO 2: per-CPU memory */
	{
		.number = 7, .err = -EINVAL,
		.terms = { {
			.all = Q(PERCPU),
			.any = Q(PHYS) | Q(DMA) | Q(USER_MAP) | Q(MUST) | Q(NOFAIL),
		} },
		.reason =
			"Per-CPU chunks lie in vmalloc space, are shared by many users and have no reserve.",
		.instead =
			"one buffer per CPU from the allocator that has the property",
		.source = { "mm/percpu-vm.c:342", "mm/percpu-vm.c:342" },
	},
	{
		.number = 8, .err = -E2BIG,
		.terms = { { .all = Q(PERCPU) | Q(OVER_PCPU) } },
		.reason =
			"One per-CPU allocation must fit into a unit of 32 KiB.",
		.instead =
			"a per-CPU pointer to memory from kvmalloc_node()",
		.source = { "mm/percpu.c:1756", "mm/percpu.c:1778" },
	},
	{
		.number = 9, .api = ALLOC_API_PERCPU, .free = "free_percpu",
		.flags = ALLOC_RF_ZEROES,
		.terms = { { .all = Q(PERCPU) } },
		.reason =
			"Every CPU gets its own zeroed copy, near to it.",
		.source = { "mm/percpu.c:1722, :1882", "mm/percpu.c:1744, :1900" },
	},
	/* END TODO 2 */

	/* TODO 3: memory that must not fail, or must make progress */
	{
		.number = 10, .err = -EINVAL,
		.terms = {
			{
				.all = Q(NOFAIL),
				.any = Q(COHERENT) | Q(USER_MAP) | Q(OVER_INT_MAX),
			},
			{ .all = Q(NOFAIL), .none = Q(SLEEP) },
			{ .all = Q(NOFAIL) | Q(PHYS) | Q(OVER_SLAB) },
		},
		.reason =
			"Never failing means waiting for reclaim, and reclaim only promises one or two pages in a row.",
		.instead =
			"allocate beforehand, where failure can be handled",
		.source = { "mm/page_alloc.c:3891, :5362", "mm/page_alloc.c:4304" },
	},
	{
		.number = 11, .err = -EINVAL,
		.terms = { {
			.all = Q(MUST),
			.any = Q(COHERENT) | Q(USER_MAP) | Q(OVER_KMAX),
		} },
		.reason =
			"A memory pool holds slab objects, kmalloc buffers or pages; none of these fits.",
		.instead =
			"allocate all of it at probe time and never give it back",
		.source = { "mm/mempool.c:528, :564", "mm/mempool.c:575, :624" },
	},
	{
		.number = 12, .api = ALLOC_API_MEMPOOL, .free = "mempool_free",
		.flags = ALLOC_RF_MEMSET,
		.terms = { { .all = Q(MUST) } },
		.reason =
			"A memory pool keeps elements back, so that work in flight can always finish.",
		.source = { "mm/mempool.c:394", "mm/mempool.c:404" },
	},
	/* END TODO 3 */

	/* TODO 4: memory that a device and the CPU share */
	{
		.number = 13, .api = ALLOC_API_DMA_POOL, .free = "dma_pool_free",
		.terms = { {
			.all = Q(COHERENT) | Q(MANY),
			.none = Q(OBJ_OVER_PAGE) | Q(USER_MAP),
		} },
		.reason =
			"A pool cuts coherent pages into small blocks; a page each would be wasted.",
		.source = { "mm/dmapool.c:130, :314", "mm/dmapool.c:224, :404" },
	},
	{
		.number = 14, .api = ALLOC_API_DMA_COHERENT, .free = "dma_free_coherent",
		.flags = ALLOC_RF_ZEROES,
		.terms = {
			{ .all = Q(COHERENT), .none = Q(OVER_KMAX) },
			{ .all = Q(COHERENT) | Q(SLEEP) | Q(CMA_FITS) },
			{ .all = Q(COHERENT) | Q(SLEEP) | Q(IOMMU), .none = Q(CONTIG_PHYS) },
		},
		.reason =
			"It respects the device's DMA mask and keeps device and CPU views equal.",
		.source = { "kernel/dma/direct.c:130", "kernel/dma/direct.c:130" },
	},
	{
		.number = 15, .err = -ENOMEM,
		.terms = { { .all = Q(COHERENT) } },
		.reason =
			"Without contiguous memory area or IOMMU the page allocator's largest block is the limit.",
		.instead =
			"boot with cma=N, use an IOMMU, or let the device gather pieces",
		.source = { "kernel/dma/contiguous.c:310", "kernel/dma/contiguous.c:357" },
	},
	/* END TODO 4 */

	/* TODO 5: mapped memory, object caches, memory that lives with a device */
	{
		.number = 16, .api = ALLOC_API_VMALLOC_USER, .free = "vfree",
		.flags = ALLOC_RF_ZEROES | ALLOC_RF_NO_NORETRY,
		.terms = { { .all = Q(USER_MAP) | Q(SLEEP), .none = Q(PHYS) } },
		.reason =
			"It is zeroed and marked for remap_vmalloc_range(), so nothing old leaks to the process.",
		.source = { "mm/vmalloc.c:3452, :3712", "mm/vmalloc.c:4063, :4560" },
	},
	{
		.number = 17, .api = ALLOC_API_PAGES_EXACT, .free = "free_pages_exact",
		.flags = ALLOC_RF_USER | ALLOC_RF_ADD_ZERO,
		.terms = { { .all = Q(USER_MAP), .none = Q(OVER_KMAX) } },
		.reason =
			"Single pages can be inserted into a process; slab memory cannot.",
		.source = { "mm/memory.c:1854", "mm/memory.c:2037" },
	},
	{
		.number = 18, .api = ALLOC_API_KMEM_CACHE, .free = "kmem_cache_free",
		.terms = { { .all = Q(MANY), .none = Q(OBJ_OVER_SLAB) | Q(USER_MAP) } },
		.reason =
			"An own cache packs objects at their exact size: 700 bytes take 704, not 1024.",
		.source = { "mm/slub.c:4208, :4303", "mm/slub.c:5407, :5507" },
	},
	{
		.number = 19, .api = ALLOC_API_DEVM,
		.terms = { { .all = Q(DEVICE), .none = Q(OVER_PAGE) | Q(DMA) } },
		.reason =
			"The driver core frees it when the device is unbound, on error paths too.",
		.source = { "drivers/base/devres.c:825", "drivers/base/devres.c:829" },
	},
	/* END TODO 5 */

	/* TODO 6: plain memory, by amount and by contiguity */
	{
		.number = 20, .api = ALLOC_API_KMALLOC, .free = "kfree",
		.terms = { { .none = Q(OVER_SLAB) } },
		.reason =
			"Up to two pages the slab allocator serves every context, and nothing is faster.",
		.source = { "include/linux/slab.h:549", "include/linux/slab.h:885" },
	},
	{
		.number = 21, .api = ALLOC_API_KMALLOC, .free = "kfree",
		.terms = {
			{ .all = Q(PHYS) | Q(NODE), .none = Q(OVER_KMAX) },
			{ .all = Q(NODE), .none = Q(SLEEP) | Q(OVER_KMAX) },
		},
		.reason =
			"The form of alloc_pages_exact() that takes a node is not exported to modules.",
		.source = { "mm/page_alloc.c:5950", "mm/page_alloc.c:5159" },
	},
	{
		.number = 22, .api = ALLOC_API_PAGES_EXACT, .free = "free_pages_exact",
		.terms = {
			{ .all = Q(PHYS), .none = Q(OVER_KMAX) },
			{ .none = Q(SLEEP) | Q(OVER_KMAX) },
		},
		.reason =
			"It gives the unused tail pages back: less than one page is wasted.",
		.source = { "mm/page_alloc.c:5925", "mm/page_alloc.c:5134" },
	},
	{
		.number = 23, .api = ALLOC_API_DMA_PAGES, .free = "dma_free_pages",
		.flags = ALLOC_RF_ZEROES,
		.terms = { { .all = Q(PHYS) | Q(SLEEP) | Q(CMA_FITS) } },
		.reason =
			"The DMA API is a module's only door to the contiguous memory area.",
		.source = { "kernel/dma/mapping.c:564", "kernel/dma/mapping.c:689" },
	},
	{
		.number = 24, .err = -ENOMEM,
		.terms = { { .all = Q(PHYS) } },
		.reason =
			"The page allocator's largest block is too small, and no contiguous area can serve it.",
		.instead =
			"boot with cma=N and allocate sleeping through the DMA API, or use a scatter list",
		.source = { "mm/page_alloc.c:5634", "mm/page_alloc.c:4832" },
	},
	{
		.number = 25, .err = -EWOULDBLOCK,
		.terms = { { .none = Q(SLEEP) } },
		.reason =
			"This much memory comes from vmalloc, and vmalloc sleeps.",
		.instead =
			"allocate beforehand, or in a work queue",
		.source = { "mm/vmalloc.c:2554", "mm/vmalloc.c:3177" },
	},
	{
		.number = 26, .api = ALLOC_API_KVMALLOC, .free = "kvfree",
		.flags = ALLOC_RF_NO_NORETRY,
		.terms = { { .none = Q(OVER_INT_MAX) } },
		.reason =
			"It takes contiguous memory where that is easy and virtual memory where it is not.",
		.source = { "mm/util.c:559", "mm/util.c:650" },
	},
	{
		.number = 27, .api = ALLOC_API_VMALLOC, .free = "vfree",
		.flags = ALLOC_RF_NO_NORETRY,
		.reason =
			"kvmalloc() refuses more than INT_MAX bytes; vmalloc() only stops at the RAM.",
		.source = { "mm/vmalloc.c:3396", "mm/vmalloc.c:4007" },
	},
	/* END TODO 6 */
};

#endif /* RULES_H */
