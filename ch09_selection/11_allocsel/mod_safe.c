// SPDX-License-Identifier: GPL-2.0
/*
 * A wrong decision, or a forced allocator, must not cost the machine. What
 * would hang or crash it is reported instead of called.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>

#include "mod_safe.h"

/*
 * What si_mem_available() counts as good as free has to be reclaimed first, and
 * under pressure the OOM killer may come before that.
 */
static u64 free_bytes(void)
{
	struct sysinfo info;

	si_meminfo(&info);
	return min_t(u64, info.freeram, max(si_mem_available(), 0L)) * PAGE_SIZE;
}

const char *job_why_not(const struct job *job)
{
	int node = job->in.req.node;

	if (!performer_of(job->api))
		return "this allocator is explained, not called";
	if (job->total > (u64)totalram_pages() * PAGE_SIZE ||
	    job_cost(job) > free_bytes() / 4)
		return "it is more than a quarter of the free memory";
	if (node != ALLOC_NODE_ANY &&
	    (node >= MAX_NUMNODES || !node_state(node, N_MEMORY)))
		return "this machine has no such node";
	return NULL;
}

static void check_atomic(struct job *job)
{
	if (job->in.req.ctx != ALLOC_ATOMIC)
		return;
	if (!alloc_apis[job->api].atomic)
		job_property(job, "atomic", false, "never sleeps",
			     "%s() may sleep: not called",
			     alloc_apis[job->api].name);
	else if (gfpflags_allow_blocking(job->gfp))
		job_property(job, "atomic", false, "never sleeps",
			     "mask %#x lets it sleep: not called",
			     (__force unsigned int)job->gfp);
}

/* Beyond its limit an allocator says no, some with a stack dump. */
static void check_limit(struct job *job)
{
	u64 limit = alloc_apis[job->api].limit;
	u64 bytes = job_bytes(job);

	/* Somebody said that there is a contiguous area: the call will tell. */
	if (job->in.env.cma && (job->api == ALLOC_API_DMA_COHERENT ||
				job->api == ALLOC_API_DMA_PAGES))
		return;
	if (limit == ALLOC_LIMIT_KMAX)
		limit = KMALLOC_MAX_SIZE;
	if (bytes > limit)
		job_property(job, "limit", false, alloc_apis[job->api].limit_text,
			     "%llu bytes asked for: not called", bytes);
}

/* Waiting for more than two pages in a row may mean waiting for ever. */
static void check_nofail(struct job *job)
{
	const struct alloc_api_info *info = &alloc_apis[job->api];
	bool kept = info->nofail && gfpflags_allow_blocking(job->gfp) &&
		    (!info->phys || job_bytes(job) <= ALLOC_SLAB_MAX);

	if (job->gfp & __GFP_NOFAIL && !kept)
		job_property(job, "nofail", false, "a promise it can keep",
			     "%s() cannot promise that: not called", info->name);
}

/* How the memory is looked at afterwards needs all of it. */
static void check_amount(struct job *job)
{
	if (job_bytes(job) != job->total && !job->in.req.many)
		job_property(job, "amount", false, "room for all elements",
			     "%s() gives one: not called",
			     alloc_apis[job->api].name);
}

bool job_is_safe(struct job *job)
{
	check_atomic(job);
	check_limit(job);
	check_nofail(job);
	check_amount(job);
	return !job->failed;
}
