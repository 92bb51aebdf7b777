// SPDX-License-Identifier: GPL-2.0
/*
 * Memory pools with each backing: objects of a cache, kmalloc() buffers, pages.
 *
 * Behind the pool's back its supply is cut as soon as it is made: what comes
 * out then comes from the reserve, as on a machine that has run out of memory.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/mempool.h>
#include <linux/mm.h>

#include "mod.h"

static bool pool_of_pages(const struct job *job)
{
	return job->total > KMALLOC_MAX_CACHE_SIZE;
}

static void *supply(gfp_t gfp, void *data)
{
	struct job *job = data;

	if (job->starved)
		return NULL;
	gfp |= __GFP_NOWARN;
	if (pool_of_pages(job))
		return mempool_alloc_pages(gfp, (void *)(long)get_order(job->total));
	if (job->cache)
		return mempool_alloc_slab(gfp, job->cache);
	return mempool_kmalloc(gfp, (void *)(size_t)job->total);
}

static void take_back(void *element, void *data)
{
	struct job *job = data;

	if (pool_of_pages(job))
		mempool_free_pages(element, (void *)(long)get_order(job->total));
	else if (job->cache)
		mempool_free_slab(element, job->cache);
	else
		mempool_kfree(element, (void *)(size_t)job->total);
}

static int setup_pool(struct job *job)
{
	char name[32];

	if (job->in.req.many && !pool_of_pages(job)) {
		job->cache = kmem_cache_create(job_cache_name(name, sizeof(name)),
					       job->total, 0, 0, NULL);
		if (!job->cache)
			return -ENOMEM;
	}
	job->pool = mempool_create(POOL_RESERVE, supply, take_back, job);
	if (!job->pool)
		return -ENOMEM;
	job->starved = true;
	return 0;
}

static void alloc_pool(struct job *job, gfp_t gfp)
{
	/* __GFP_ZERO is not for pools: the reserve would not be cleared. */
	void *element = mempool_alloc(job->pool, gfp & ~__GFP_ZERO);

	if (pool_of_pages(job)) {
		job->page = element;
		job->addr = element ? page_address(element) : NULL;
	} else {
		job->addr = element;
	}
}

static void free_pool(struct job *job)
{
	mempool_free(job->page ? (void *)job->page : job->addr, job->pool);
	job->page = NULL;
	job->addr = NULL;
}

static void teardown_pool(struct job *job)
{
	mempool_destroy(job->pool);
	job->pool = NULL;
	kmem_cache_destroy(job->cache);
	job->cache = NULL;
}

const struct performer perform_mempool = {
	.setup = setup_pool, .teardown = teardown_pool,
	.alloc = alloc_pool, .free = free_pool,
	.region = "slab|pages",
};
