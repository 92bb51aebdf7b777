// SPDX-License-Identifier: GPL-2.0
/*
 * The catalogue of allocators that a module author can choose from.
 */
#include "alloc_api.h"

#ifdef __KERNEL__
#include <linux/kernel.h>
#endif

const struct alloc_api_info alloc_apis[ALLOC_NR_APIS] = {
	[ALLOC_API_MEMBLOCK] = {
		.name = "memblock_alloc", .free = "memblock_free",
		.header = "linux/memblock.h",
		.limit_text = "RAM", .limit = ALLOC_LIMIT_RAM,
		.phys = true, .atomic = true, .zeroing = ALLOC_ZERO_ALWAYS,
	},
	[ALLOC_API_PERCPU] = {
		.name = "__alloc_percpu_gfp", .free = "free_percpu",
		.header = "linux/percpu.h", .exported = "GPL",
		.limit_text = "32 KiB a CPU", .limit = ALLOC_PCPU_MAX,
		.atomic = true, .takes_mask = true,
		.zeroing = ALLOC_ZERO_ALWAYS,
	},
	[ALLOC_API_MEMPOOL] = {
		.name = "mempool_alloc", .free = "mempool_free",
		.header = "linux/mempool.h", .exported = "yes",
		.limit_text = "4 MiB", .limit = ALLOC_LIMIT_KMAX,
		.phys = true, .atomic = true, .takes_mask = true,
		.zeroing = ALLOC_ZERO_NEVER, .rounding = ALLOC_ROUND_BUCKET,
	},
	[ALLOC_API_DMA_POOL] = {
		.name = "dma_pool_alloc", .free = "dma_pool_free",
		.header = "linux/dmapool.h", .exported = "yes",
		.limit_text = "4 KiB a block", .limit = ALLOC_PAGE,
		.atomic = true, .one_object = true, .takes_mask = true,
	},
	[ALLOC_API_DMA_COHERENT] = {
		.name = "dma_alloc_coherent", .free = "dma_free_coherent",
		.map = "dma_mmap_coherent", .header = "linux/dma-mapping.h",
		.exported = "yes",
		.limit_text = "4 MiB, more with CMA or IOMMU",
		.limit = ALLOC_LIMIT_KMAX,
		.atomic = true, .takes_mask = true,
		.zeroing = ALLOC_ZERO_ALWAYS, .rounding = ALLOC_ROUND_ORDER,
	},
	[ALLOC_API_DMA_PAGES] = {
		.name = "dma_alloc_pages", .free = "dma_free_pages",
		.map = "dma_mmap_pages", .header = "linux/dma-mapping.h",
		.exported = "GPL",
		.limit_text = "4 MiB, more with CMA",
		.limit = ALLOC_LIMIT_KMAX,
		.phys = true, .takes_mask = true,
		.zeroing = ALLOC_ZERO_ALWAYS, .rounding = ALLOC_ROUND_ORDER,
	},
	[ALLOC_API_VMALLOC_USER] = {
		.name = "vmalloc_user", .free = "vfree",
		.map = "remap_vmalloc_range", .header = "linux/vmalloc.h",
		.exported = "yes",
		.limit_text = "RAM", .limit = ALLOC_LIMIT_RAM,
		.zeroing = ALLOC_ZERO_ALWAYS, .rounding = ALLOC_ROUND_PAGE,
	},
	[ALLOC_API_PAGES_EXACT] = {
		.name = "alloc_pages_exact", .free = "free_pages_exact",
		.map = "vm_insert_pages", .header = "linux/gfp.h",
		.exported = "yes",
		.limit_text = "4 MiB", .limit = ALLOC_LIMIT_KMAX,
		.phys = true, .atomic = true, .takes_mask = true,
		/* not .nofail: mapping the pages can fail as well */
		.rounding = ALLOC_ROUND_PAGE,
	},
	[ALLOC_API_KMEM_CACHE] = {
		.name = "kmem_cache_alloc", .node_name = "kmem_cache_alloc_node",
		.free = "kmem_cache_free", .header = "linux/slab.h",
		.exported = "yes",
		.limit_text = "8 KiB an object", .limit = ALLOC_SLAB_MAX,
		.phys = true, .atomic = true, .one_object = true,
		.takes_mask = true, .nofail = true,
	},
	[ALLOC_API_DEVM] = {
		.name = "devm_kmalloc", .header = "linux/device.h",
		.exported = "GPL",
		.limit_text = "4 KiB", .limit = ALLOC_PAGE,
		.phys = true, .atomic = true, .takes_mask = true,
		.nofail = true, .rounding = ALLOC_ROUND_BUCKET,
	},
	[ALLOC_API_KMALLOC] = {
		.name = "kmalloc", .node_name = "kmalloc_node",
		.free = "kfree", .header = "linux/slab.h", .exported = "yes",
		.limit_text = "4 MiB", .limit = ALLOC_LIMIT_KMAX,
		.phys = true, .atomic = true, .takes_mask = true,
		.nofail = true, .rounding = ALLOC_ROUND_BUCKET,
	},
	[ALLOC_API_KVMALLOC] = {
		.name = "kvmalloc", .node_name = "kvmalloc_node",
		.free = "kvfree", .header = "linux/slab.h", .exported = "yes",
		.limit_text = "2 GiB - 1", .limit = ALLOC_INT_MAX,
		.takes_mask = true, .nofail = true,
		.rounding = ALLOC_ROUND_KV,
	},
	[ALLOC_API_VMALLOC] = {
		.name = "vmalloc", .node_name = "vmalloc_node",
		.free = "vfree", .header = "linux/vmalloc.h",
		.exported = "yes",
		.limit_text = "RAM", .limit = ALLOC_LIMIT_RAM,
		.nofail = true, .rounding = ALLOC_ROUND_PAGE,
	},
};

const char *alloc_api_name(int api, const struct alloc_request *req)
{
	const struct alloc_api_info *info = &alloc_apis[api];

	return req->node != ALLOC_NODE_ANY && info->node_name ?
	       info->node_name : info->name;
}

/* Sizes are at most the RAM; beyond this the sums would not fit 64 bits. */
#define MAX_POWER 0x8000000000000000ULL

static u64 round_up_to(u64 size, u64 unit)
{
	return size > MAX_POWER ? size : (size + unit - 1) & ~(unit - 1);
}

static u64 power_of_two(u64 size)
{
	u64 power = 1;

	if (size > MAX_POWER)
		return size;
	while (power < size)
		power <<= 1;
	return power;
}

u64 alloc_bucket(u64 size)
{
	if (size <= 8)
		return 8;
	if (size > 64 && size <= 96)
		return 96;
	if (size > 128 && size <= 192)
		return 192;
	return power_of_two(size);
}

u64 alloc_api_taken(int api, u64 size)
{
	switch (alloc_apis[api].rounding) {
	case ALLOC_ROUND_BUCKET:
		return alloc_bucket(size);
	case ALLOC_ROUND_PAGE:
		return round_up_to(size, ALLOC_PAGE);
	case ALLOC_ROUND_ORDER:
		return power_of_two(round_up_to(size, ALLOC_PAGE));
	case ALLOC_ROUND_KV:
		if (size <= ALLOC_SLAB_MAX)
			return alloc_bucket(size);
		return round_up_to(size, size < (2ULL << 20) ? ALLOC_PAGE :
				   2ULL << 20);
	default:
		return round_up_to(size, 8);
	}
}

const struct alloc_gfp_flag alloc_gfp_flags[ALLOC_NR_GFP] = {
	{ "GFP_KERNEL", "may sleep and reclaim, with I/O and file systems",
	  { 0xcc0, 0xcc0 } },
	{ "GFP_USER", "as GFP_KERNEL, within the cpuset of the process",
	  { 0x100cc0, 0x100cc0 } },
	{ "GFP_ATOMIC", "never sleeps, may dip into the reserves",
	  { 0xa20, 0x820 } },
	{ "GFP_NOWAIT", "never sleeps, keeps away from the reserves",
	  { 0x800, 0x2800 } },
	{ "__GFP_NORETRY", "one light try at reclaim, no OOM killer",
	  { 0x10000, 0x10000 } },
	{ "__GFP_NOWARN", "failure is expected: nothing in the log",
	  { 0x2000, 0x2000 } },
	{ "__GFP_NOFAIL", "waits for ever rather than fail",
	  { 0x8000, 0x8000 } },
	{ "__GFP_ZERO", "the memory is cleared", { 0x100, 0x100 } },
	{ "__GFP_ACCOUNT", "charged to the memory cgroup",
	  { 0x400000, 0x400000 } },
};

const char *alloc_format_gfp(u32 gfp, char *buf, size_t len)
{
	size_t at = 0;
	int i;

	snprintf(buf, len, "-");
	for (i = 0; i < ALLOC_NR_GFP && at < len; i++)
		if (gfp & (1U << i))
			at += snprintf(buf + at, len - at, "%s%s",
				       at ? "|" : "", alloc_gfp_flags[i].name);
	return buf;
}

const char *alloc_errno_name(int err)
{
	switch (-err) {
	case 0:
		return "OK";
	case EINVAL:
		return "EINVAL";
	case EOVERFLOW:
		return "EOVERFLOW";
	case ENOMEM:
		return "ENOMEM";
	case EOPNOTSUPP:
		return "EOPNOTSUPP";
	case E2BIG:
		return "E2BIG";
	case EWOULDBLOCK:
		return "EWOULDBLOCK";
	case ENOENT:
		return "ENOENT";
	default:
		return "unknown";
	}
}
