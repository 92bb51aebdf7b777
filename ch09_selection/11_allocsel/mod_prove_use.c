// SPDX-License-Identifier: GPL-2.0
/*
 * What the memory is good for: a device, a process, work that must go on.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/mempool.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/vmalloc.h>

#include "workbook.h"
#include "mod.h"

/* Coherent memory has an address of the device's, within its mask. */
static void prove_coherent(struct job *job)
{
	u64 mask = mod_dma_device()->coherent_dma_mask;
	char expected[40];

	if (!job->has_dma) {
		job_property(job, "device address", false, "one", "none");
		return;
	}
	snprintf(expected, sizeof(expected), "up to %#llx", mask);
	job_property(job, "device address",
		     job->dma + job_bytes(job) - 1 <= mask, expected,
		     "%pad", &job->dma);
}

/*
 * A streaming buffer is lent to the device, and taken back. Two small ones may
 * share a cache line, which no more than one of them may lend at a time:
 * CONFIG_DMA_API_DEBUG warns of overlapping mappings.
 */
static void prove_streaming(struct job *job)
{
	static DEFINE_MUTEX(lending);
	struct device *device = mod_dma_device();
	dma_addr_t address;
	bool failed;

	/* The DMA API's own pages have been lent, until they are freed. */
	if (job->has_dma) {
		job_property(job, "streaming", true, "can be lent to a device",
			     "lent by its allocator");
		return;
	}
	if (!virt_addr_valid(job->addr)) {
		job_property(job, "streaming", false, "can be lent to a device",
			     "%s memory: not tried",
			     wb_region_name(wb_region_of(job->addr)));
		return;
	}
	mutex_lock(&lending);
	address = dma_map_single(device, job->addr, job_bytes(job),
				 DMA_BIDIRECTIONAL);
	failed = dma_mapping_error(device, address);
	if (!failed)
		dma_unmap_single(device, address, job_bytes(job),
				 DMA_BIDIRECTIONAL);
	mutex_unlock(&lending);
	job_property(job, "streaming", !failed, "can be lent to a device", "%s",
		     failed ? "refused" : "lent and taken back");
}

void job_prove_device(struct job *job)
{
	if (job->in.req.dma == ALLOC_DMA_COHERENT || job->has_dma)
		prove_coherent(job);
	if (job->in.req.dma == ALLOC_DMA_STREAMING)
		prove_streaming(job);
}

/* The mapping itself is made by mmap() of the device file. */
static void prove_mappable(struct job *job)
{
	const char *map = alloc_apis[job->api].map;

	job_property(job, "mappable", map, "by a process", "%s",
		     map ? map : "no: mmap() would be refused");
}

/*
 * Nothing reaches the pool any more, and the job has one element of its
 * reserve already: the others come out too, and then none.
 */
static void prove_reserve(struct job *job)
{
	void *elements[POOL_RESERVE];
	char expected[32];
	int got = 0;

	snprintf(expected, sizeof(expected), "%d elements", POOL_RESERVE);
	if (!job->pool) {
		job_property(job, "reserve", false, expected, "none");
		return;
	}
	while (got < POOL_RESERVE) {
		elements[got] = mempool_alloc(job->pool,
					      GFP_NOWAIT | __GFP_NOWARN);
		if (!elements[got])
			break;
		got++;
	}
	job_property(job, "reserve", got == POOL_RESERVE - 1, expected,
		     "%d with no supply", got + 1);
	while (got)
		mempool_free(elements[--got], job->pool);
}

/* Outside of its scope the allocator could call its caller again. */
static void prove_scope(struct job *job)
{
	bool io = job->allowed & __GFP_IO;
	bool fs = job->allowed & __GFP_FS;

	if (job->in.req.ctx == ALLOC_NOIO)
		job_property(job, "scope", !io && !fs, "no I/O, no file system",
			     "I/O %s, file system %s", io ? "allowed" : "no",
			     fs ? "allowed" : "no");
	else if (job->in.req.ctx == ALLOC_NOFS)
		job_property(job, "scope", io && !fs, "I/O, no file system",
			     "I/O %s, file system %s", io ? "allowed" : "no",
			     fs ? "allowed" : "no");
}

static void prove_place(struct job *job)
{
	bool softirq = job->place != PLACE_SPINLOCK;

	if (job->in.req.ctx != ALLOC_ATOMIC)
		return;
	/* Without a preemption counter nothing shows a spinlock. */
	if (!softirq && !IS_ENABLED(CONFIG_PREEMPT_COUNT))
		return;
	job_property(job, "atomic", softirq ? job->softirq : job->atomic,
		     softirq ? "called in a softirq" : "called under a spinlock",
		     "context %s", job->context);
}

void job_prove_use(struct job *job)
{
	prove_scope(job);
	prove_place(job);
	if (!job_has_memory(job))
		return;
	if (job->in.req.user_map)
		prove_mappable(job);
	if (job->in.req.need == ALLOC_MUST_PROGRESS)
		prove_reserve(job);
}
