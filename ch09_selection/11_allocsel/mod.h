/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of allocsel.ko share. */
#ifndef MOD_H
#define MOD_H

#include <linux/mempool.h>
#include <linux/platform_device.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>

#include "alloc_api.h"
#include "alloc_request.h"
#include "selector.h"

/* Where a request that may not sleep is made. */
enum job_place { PLACE_SPINLOCK, PLACE_TIMER, PLACE_SOFTIRQ, NR_PLACES };

/* Elements that a memory pool holds back. */
#define POOL_RESERVE 2

/**
 * struct job - one request on its way: decided, performed, proved
 * @in: the request and the machine
 * @decision: the selector's answer: what is promised
 * @api: the allocator that is called: the decision's, or the forced one
 * @force: name of an allocator to call whatever was decided, or NULL
 * @place: one of enum job_place, for requests that may not sleep
 * @total: bytes asked for
 * @gfp: the decision's mask as this kernel knows it
 * @addr: the memory, NULL while there is none
 * @percpu: the memory, when it is per-CPU
 * @page: the memory's first page, where the allocator hands out pages
 * @cache: the object cache made for this job
 * @pool: the memory pool made for this job
 * @starved: nothing reaches the memory pool any more: it has its reserve
 * @blocks: the pool of coherent blocks made for this job
 * @dma: the device's address of the memory
 * @has_dma: there is one
 * @owner: the device that the memory lives with
 * @unbound: the driver core has released what belonged to @owner
 * @context: where the allocation ran, as wb_context_read() writes it
 * @allowed: the mask that the allocator made of @gfp, there
 * @atomic: it ran where nothing may sleep
 * @softirq: it ran in a softirq
 * @checked: properties looked at
 * @failed: properties that do not hold
 * @out: where the report goes, NULL when nobody reads one
 */
struct job {
	struct alloc_input in;
	struct alloc_decision decision;
	int api;
	const char *force;
	enum job_place place;
	u64 total;
	gfp_t gfp;
	void *addr;
	void __percpu *percpu;
	struct page *page;
	struct kmem_cache *cache;
	mempool_t *pool;
	bool starved;
	struct dma_pool *blocks;
	dma_addr_t dma;
	bool has_dma;
	struct platform_device *owner;
	bool unbound;
	char context[8];
	gfp_t allowed;
	bool atomic;
	bool softirq;
	unsigned int checked;
	unsigned int failed;
	struct seq_buf *out;
};

/**
 * struct performer - how an allocator is called for real
 * @setup: makes what the allocation needs; may sleep; may be NULL
 * @alloc: sets addr or percpu of the job; may not sleep unless its mask may
 * @free: the other half of @alloc; may sleep
 * @teardown: undoes @setup, also half of one; may be NULL
 * @region: what wb_region_name() may say of the memory, "a|b"
 */
struct performer {
	int (*setup)(struct job *job);
	void (*alloc)(struct job *job, gfp_t gfp);
	void (*free)(struct job *job);
	void (*teardown)(struct job *job);
	const char *region;
};

extern const struct performer perform_mempool;
extern const struct performer perform_devm;
extern const struct performer perform_dma_coherent;
extern const struct performer perform_dma_pages;
extern const struct performer perform_dma_pool;

/* The performer of an allocator, NULL when it is explained only. */
const struct performer *performer_of(int api);

/* The allocator of that name that can be called, or ALLOC_API_NONE. */
int performer_find(const char *name);

/* The decision's mask in this kernel's bits. */
gfp_t gfp_of(u32 gfp);

/* The place of that name, or -EINVAL. */
int job_place_find(const char *name);

/* A name that no other cache has; caches of one name are told apart by it. */
const char *job_cache_name(char *buf, size_t len);

/**
 * job_decide() - ask the selector, and write its answer into the report
 * @job: with @in and @out set
 * @selector: who decides
 *
 * Return: 0, -EIO when no rule applies, -EINVAL when @force is no allocator.
 * A refusal is an answer, too: look at the decision's err.
 */
int job_decide(struct job *job, const struct alloc_selector *selector);

/**
 * job_get() - perform what was decided, in the context asked for, and prove it
 * @job: decided; when there is memory it is there afterwards
 *
 * Context: process; may sleep.
 * Return: 0, or -EIO when a property that was looked at does not hold.
 */
int job_get(struct job *job);

/* Is there memory? */
bool job_has_memory(const struct job *job);

/* Gives everything back that job_get() made; may add to the report. */
void job_put(struct job *job);

/* All three after another, with the sum of the proof. */
int job_run(struct job *job, const struct alloc_selector *selector);

/* What the memory costs the machine, with what is held back. */
u64 job_cost(const struct job *job);

/* Calls the allocator where the request said it happens. */
void job_call(struct job *job, const struct performer *performer, gfp_t gfp);

/* Bytes of the one piece of memory that the called allocator gives. */
size_t job_bytes(const struct job *job);

/* Must the memory be zero, by the request or by the decision's promise? */
bool job_wants_zero(const struct job *job);

/* Looks at every property that the decision promises. */
void job_prove(struct job *job);
void job_prove_size(struct job *job);
void job_prove_device(struct job *job);
void job_prove_use(struct job *job);

/* One property: what was promised and what was found. */
__printf(5, 6) void job_property(struct job *job, const char *name, bool holds,
				 const char *expected, const char *fmt, ...);

/* The device that the memory lives with: bound, and unbound. */
int owner_bind(struct job *job);
int owner_adopt(struct job *job, void (*release)(void *job));
void owner_unbind(struct job *job);

/* The device of the DMA allocators. */
struct device *mod_dma_device(void);
int mod_device_init(void);
void mod_device_exit(void);

int mod_debugfs_init(const struct alloc_selector *selector);
void mod_debugfs_exit(void);

#endif /* MOD_H */
