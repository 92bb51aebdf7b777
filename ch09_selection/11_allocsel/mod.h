/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of allocsel.ko share. */
#ifndef MOD_H
#define MOD_H

#include <linux/seq_buf.h>
#include <linux/slab.h>

#include "alloc_api.h"
#include "alloc_request.h"
#include "selector.h"

/**
 * struct job - one request on its way: decided, performed, proved
 * @in: the request and the machine
 * @decision: the selector's answer: what is promised
 * @api: the allocator that is called: the decision's, or the forced one
 * @force: name of an allocator to call whatever was decided, or NULL
 * @total: bytes asked for
 * @gfp: the decision's mask as this kernel knows it
 * @addr: the memory, NULL while there is none
 * @percpu: the memory, when it is per-CPU
 * @cache: the object cache made for this job
 * @context: where the allocation ran, as wb_context_read() writes it
 * @checked: properties looked at
 * @failed: properties that do not hold
 * @out: where the report goes
 */
struct job {
	struct alloc_input in;
	struct alloc_decision decision;
	int api;
	const char *force;
	u64 total;
	gfp_t gfp;
	void *addr;
	void __percpu *percpu;
	struct kmem_cache *cache;
	char context[8];
	unsigned int checked;
	unsigned int failed;
	struct seq_buf *out;
};

/**
 * struct performer - how an allocator is called for real
 * @setup: makes what the allocation needs; may sleep; may be NULL
 * @alloc: sets addr or percpu of the job; may not sleep unless its mask may
 * @free: the other half of @alloc
 * @teardown: undoes @setup; may be NULL
 * @region: what wb_region_name() may say of the memory, "a|b"
 */
struct performer {
	int (*setup)(struct job *job);
	void (*alloc)(struct job *job, gfp_t gfp);
	void (*free)(struct job *job);
	void (*teardown)(struct job *job);
	const char *region;
};

/* The performer of an allocator, NULL when it is explained only. */
const struct performer *performer_of(int api);

/* The allocator of that name that can be called, or ALLOC_API_NONE. */
int performer_find(const char *name);

/* The decision's mask in this kernel's bits. */
gfp_t gfp_of(u32 gfp);

/**
 * job_run() - decide, perform and prove a request
 * @job: with @in and @out set
 * @selector: who decides
 *
 * Context: process; may sleep.
 * Return: 0 when it was decided, whatever the decision, and every property
 * that was looked at holds; -EIO when one does not.
 */
int job_run(struct job *job, const struct alloc_selector *selector);

/* Bytes of the one piece of memory that the called allocator gives. */
size_t job_bytes(const struct job *job);

/* Must the memory be zero, by the request or by the decision's promise? */
bool job_wants_zero(const struct job *job);

/* Looks at every property that the decision promises. */
void job_prove(struct job *job);

/* One property: what was promised and what was found. */
__printf(5, 6) void job_property(struct job *job, const char *name, bool holds,
				 const char *expected, const char *fmt, ...);

int mod_debugfs_init(const struct alloc_selector *selector);
void mod_debugfs_exit(void);

#endif /* MOD_H */
