// SPDX-License-Identifier: GPL-2.0
/*
 * The allocators called for real, each with the function that frees.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/vmalloc.h>

#include "mod.h"

gfp_t gfp_of(u32 gfp)
{
	static const gfp_t bits[ALLOC_NR_GFP] = {
		GFP_KERNEL, GFP_USER, GFP_ATOMIC, GFP_NOWAIT, __GFP_NORETRY,
		__GFP_NOWARN, __GFP_NOFAIL, __GFP_ZERO, __GFP_ACCOUNT,
	};
	gfp_t mask = 0;
	int i;

	for (i = 0; i < ALLOC_NR_GFP; i++)
		if (gfp & (1U << i))
			mask |= bits[i];
	return mask;
}

static void perform_kmalloc(struct job *job, gfp_t gfp)
{
	job->addr = kmalloc_node(job->total, gfp, job->in.req.node);
}

static void free_kmalloc(struct job *job)
{
	kfree(job->addr);
	job->addr = NULL;
}

static void perform_kvmalloc(struct job *job, gfp_t gfp)
{
	job->addr = kvmalloc_node(job->total, gfp, job->in.req.node);
}

static void free_kvmalloc(struct job *job)
{
	kvfree(job->addr);
	job->addr = NULL;
}

static void perform_vmalloc(struct job *job, gfp_t gfp)
{
	int node = job->in.req.node;

	if (node == ALLOC_NODE_ANY)
		job->addr = __vmalloc(job->total, gfp);
	else if (gfp & __GFP_ZERO)
		job->addr = vzalloc_node(job->total, node);
	else
		job->addr = vmalloc_node(job->total, node);
}

static void free_vmalloc(struct job *job)
{
	vfree(job->addr);
	job->addr = NULL;
}

/* It takes no mask: GFP_KERNEL and __GFP_ZERO, and the scope, are its own. */
static void perform_vmalloc_user(struct job *job, gfp_t gfp)
{
	job->addr = vmalloc_user(job->total);
}

static void perform_pages_exact(struct job *job, gfp_t gfp)
{
	job->addr = alloc_pages_exact(job->total, gfp);
}

static void free_exact(struct job *job)
{
	free_pages_exact(job->addr, job->total);
	job->addr = NULL;
}

/*
 * A constructor keeps the cache from being merged with another one of about
 * the same size, but __GFP_ZERO must not come together with one.
 */
static void construct(void *object)
{
}

const char *job_cache_name(char *buf, size_t len)
{
	static atomic_t number;

	snprintf(buf, len, "allocsel_object_%u",
		 (unsigned int)atomic_inc_return(&number));
	return buf;
}

static int setup_cache(struct job *job)
{
	bool zero = job->decision.gfp & ALLOC_GFP_ZERO;
	char name[32];

	job->cache = kmem_cache_create(job_cache_name(name, sizeof(name)),
				       job->in.req.size, 0, 0,
				       zero ? NULL : construct);
	return job->cache ? 0 : -ENOMEM;
}

static void perform_cache(struct job *job, gfp_t gfp)
{
	job->addr = kmem_cache_alloc_node(job->cache, gfp, job->in.req.node);
}

static void free_cache(struct job *job)
{
	kmem_cache_free(job->cache, job->addr);
	job->addr = NULL;
}

static void teardown_cache(struct job *job)
{
	kmem_cache_destroy(job->cache);
	job->cache = NULL;
}

static void perform_percpu(struct job *job, gfp_t gfp)
{
	job->percpu = __alloc_percpu_gfp(job->total, __alignof__(u64), gfp);
}

static void free_percpu_job(struct job *job)
{
	free_percpu(job->percpu);
	job->percpu = NULL;
}

static const struct performer performers[ALLOC_NR_APIS] = {
	[ALLOC_API_KMALLOC] = {
		.alloc = perform_kmalloc, .free = free_kmalloc,
		.region = "slab|pages",
	},
	[ALLOC_API_KVMALLOC] = {
		.alloc = perform_kvmalloc, .free = free_kvmalloc,
		.region = "slab|pages|vmalloc",
	},
	[ALLOC_API_VMALLOC] = {
		.alloc = perform_vmalloc, .free = free_vmalloc,
		.region = "vmalloc",
	},
	[ALLOC_API_VMALLOC_USER] = {
		.alloc = perform_vmalloc_user, .free = free_vmalloc,
		.region = "vmalloc",
	},
	[ALLOC_API_PAGES_EXACT] = {
		.alloc = perform_pages_exact, .free = free_exact,
		.region = "pages",
	},
	[ALLOC_API_KMEM_CACHE] = {
		.setup = setup_cache, .teardown = teardown_cache,
		.alloc = perform_cache, .free = free_cache,
		.region = "slab",
	},
	[ALLOC_API_PERCPU] = {
		.alloc = perform_percpu, .free = free_percpu_job,
		/* Without CONFIG_SMP the chunks are pages: mm/percpu-km.c */
		.region = IS_ENABLED(CONFIG_SMP) ? "per-CPU|vmalloc" :
						   "boot memory|pages",
	},
};

static const struct performer *const elsewhere[ALLOC_NR_APIS] = {
	[ALLOC_API_MEMPOOL] = &perform_mempool,
	[ALLOC_API_DEVM] = &perform_devm,
	[ALLOC_API_DMA_COHERENT] = &perform_dma_coherent,
	[ALLOC_API_DMA_PAGES] = &perform_dma_pages,
	[ALLOC_API_DMA_POOL] = &perform_dma_pool,
};

const struct performer *performer_of(int api)
{
	if (elsewhere[api])
		return elsewhere[api];
	return performers[api].alloc ? &performers[api] : NULL;
}

int performer_find(const char *name)
{
	int api;

	for (api = ALLOC_API_NONE + 1; api < ALLOC_NR_APIS; api++)
		if (performer_of(api) && !strcmp(alloc_apis[api].name, name))
			return api;
	return ALLOC_API_NONE;
}
