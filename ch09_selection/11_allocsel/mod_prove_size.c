// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes really taken, measured, against what was computed from the request.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "mod.h"

/* Behind vmalloc memory lies a page that nobody has: pages up to there. */
static u64 mapped_bytes(const void *addr)
{
	u64 bytes = 0;

	while (vmalloc_to_page(addr + bytes))
		bytes += PAGE_SIZE;
	return bytes;
}

/* 0 when nothing in the memory tells. */
static u64 measured(const struct job *job)
{
	if (is_vmalloc_addr(job->addr))
		return mapped_bytes(job->addr);
	switch (job->api) {
	case ALLOC_API_KMALLOC:
	case ALLOC_API_KVMALLOC:
		return ksize(job->addr);
	case ALLOC_API_KMEM_CACHE:
		/* Without its constructor it may have been merged. */
		return job->decision.gfp & ALLOC_GFP_ZERO ? 0 :
		       kmem_cache_size(job->cache);
	case ALLOC_API_MEMPOOL:
		if (job->page)
			return PAGE_SIZE << get_order(job->total);
		return job->cache ? 0 : ksize(job->addr);
	default:
		return 0;
	}
}

/* From @least to what is returned is right. */
static u64 promised(const struct job *job, u64 *least)
{
	u64 most = alloc_api_taken(job->decision.api, job->total);

	switch (job->decision.api) {
	case ALLOC_API_KVMALLOC:
		/* Without a free block of 2 MiB it rounds to pages. */
		if (!is_vmalloc_addr(job->addr))
			most = alloc_bucket(job->total);
		else
			*least = PAGE_ALIGN(job->total);
		if (most > *least && is_vmalloc_addr(job->addr))
			return most;
		break;
	case ALLOC_API_KMEM_CACHE:
		most = job->in.req.size;
		break;
	default:
		break;
	}
	*least = most;
	return most;
}

static bool tells_size(int api)
{
	switch (api) {
	case ALLOC_API_PERCPU:
	case ALLOC_API_DEVM:
	case ALLOC_API_DMA_POOL:
		return false;	/* a part of something larger */
	default:
		return true;
	}
}

void job_prove_size(struct job *job)
{
	char expected[64];
	u64 least, most, real;

	if (!tells_size(job->decision.api) || !tells_size(job->api))
		return;
	real = measured(job);
	if (!real)
		return;
	most = promised(job, &least);
	if (least == most)
		snprintf(expected, sizeof(expected), "%llu bytes", most);
	else
		snprintf(expected, sizeof(expected), "%llu to %llu bytes",
			 least, most);
	job_property(job, "real size", real >= least && real <= most, expected,
		     "%llu bytes", real);
}
