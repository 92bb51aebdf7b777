// SPDX-License-Identifier: GPL-2.0
/*
 * A request on its way: decided, performed in the context that it asked for,
 * proved, freed.
 *
 * __GFP_NOWARN is added to every mask: what fails here is reported, and does
 * not need the allocator's own dump.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/sched/mm.h>
#include <linux/spinlock.h>

#include "workbook.h"
#include "mod.h"

#define POISON 0xa5

static DEFINE_SPINLOCK(atomic_lock);

static void note_context(struct job *job)
{
	struct wb_context ctx;

	wb_context_read(&ctx);
	strscpy(job->context, ctx.letters, sizeof(job->context));
}

/* The allocation itself, where the request said it happens. */
static void alloc_in_context(struct job *job, const struct performer *performer,
			     gfp_t gfp)
{
	unsigned int scope;

	switch (job->in.req.ctx) {
	case ALLOC_ATOMIC:
		spin_lock(&atomic_lock);
		note_context(job);
		performer->alloc(job, gfp);
		spin_unlock(&atomic_lock);
		break;
	case ALLOC_NOFS:
		scope = memalloc_nofs_save();
		note_context(job);
		performer->alloc(job, gfp);
		memalloc_nofs_restore(scope);
		break;
	case ALLOC_NOIO:
		scope = memalloc_noio_save();
		note_context(job);
		performer->alloc(job, gfp);
		memalloc_noio_restore(scope);
		break;
	default:
		note_context(job);
		performer->alloc(job, gfp);
		break;
	}
}

/*
 * Leave something behind where the next allocation will probably look, so
 * that memory which reads as zero has been cleared and is not just unused.
 */
static void poison(struct job *job, const struct performer *performer)
{
	int cpu;

	performer->alloc(job, (job->gfp & ~__GFP_ZERO) | __GFP_NOWARN);
	if (job->percpu) {
		for_each_possible_cpu(cpu)
			memset(per_cpu_ptr(job->percpu, cpu), POISON,
			       job->total);
		performer->free(job);
	} else if (job->addr) {
		memset(job->addr, POISON, job_bytes(job));
		performer->free(job);
		job->addr = NULL;
	}
}

static const char *why_not(const struct job *job)
{
	int node = job->in.req.node;

	if (!performer_of(job->api))
		return "this allocator is explained, not called";
	if (job->total > (u64)si_mem_available() * PAGE_SIZE / 4)
		return "it is more than a quarter of the free memory";
	if (node != ALLOC_NODE_ANY &&
	    (node >= MAX_NUMNODES || !node_state(node, N_MEMORY)))
		return "this machine has no such node";
	return NULL;
}

static int perform(struct job *job)
{
	const struct performer *performer = performer_of(job->api);
	int err = 0;

	if (performer->setup)
		err = performer->setup(job);
	if (err) {
		seq_buf_printf(job->out, "setup: failed with %d\n", err);
		return err;
	}
	if (job_wants_zero(job))
		poison(job, performer);
	alloc_in_context(job, performer, job->gfp | __GFP_NOWARN);
	job_prove(job);
	if (job->addr || job->percpu)
		performer->free(job);
	if (performer->teardown)
		performer->teardown(job);
	return job->failed ? -EIO : 0;
}

static void report_decision(struct job *job, const char *by)
{
	const struct alloc_rule *rule = job->decision.rule;
	char text[ALLOC_TEXT_LEN];

	seq_buf_printf(job->out, "request: %s\n",
		       alloc_format_request(&job->in.req, text, sizeof(text)));
	if (job->decision.err)
		seq_buf_printf(job->out, "decision: refused with %s (rule %d, %s)\n",
			       alloc_errno_name(job->decision.err),
			       rule->number, by);
	else
		seq_buf_printf(job->out, "decision: %s() with %s, freed by %s (rule %d, %s)\n",
			       alloc_api_name(job->decision.api, &job->in.req),
			       alloc_format_gfp(job->decision.gfp, text,
						sizeof(text)),
			       rule->free ? rule->free : "the driver core",
			       rule->number, by);
	seq_buf_printf(job->out, "reason: %s\n", rule->reason);
	if (rule->instead)
		seq_buf_printf(job->out, "instead: %s\n", rule->instead);
}

/* The wrong allocator in atomic context would hang or crash the machine. */
static bool would_sleep(struct job *job)
{
	if (job->in.req.ctx != ALLOC_ATOMIC)
		return false;
	if (!alloc_apis[job->api].atomic)
		job_property(job, "atomic", false, "never sleeps",
			     "%s() may sleep: not called",
			     alloc_apis[job->api].name);
	else if (gfpflags_allow_blocking(job->gfp))
		job_property(job, "atomic", false, "never sleeps",
			     "mask %#x lets it sleep: not called",
			     (__force unsigned int)job->gfp);
	return job->failed;
}

static int choose_api(struct job *job)
{
	job->api = job->decision.api;
	if (!job->force)
		return 0;
	job->api = performer_find(job->force);
	if (job->api == ALLOC_API_NONE) {
		seq_buf_printf(job->out, "error: force=%s: no such allocator is performed\n",
			       job->force);
		return -EINVAL;
	}
	seq_buf_printf(job->out, "forced: %s()\n", job->force);
	return 0;
}

int job_run(struct job *job, const struct alloc_selector *selector)
{
	const char *why;
	int err;

	job->decision = selector->select(&job->in.req, &job->in.env);
	if (!job->decision.rule) {
		seq_buf_printf(job->out, "decision: none, no rule applies\n");
		return -EIO;
	}
	report_decision(job, selector->name);
	if (job->decision.err)
		return 0;
	job->total = job->in.req.size * job->in.req.nmemb;
	job->gfp = gfp_of(job->decision.gfp);
	err = choose_api(job);
	if (err)
		return err;
	why = why_not(job);
	if (why) {
		seq_buf_printf(job->out, "not performed: %s\n", why);
		return 0;
	}
	err = would_sleep(job) ? -EIO : perform(job);
	seq_buf_printf(job->out, "proof: %u of %u properties hold\n",
		       job->checked - job->failed, job->checked);
	return err;
}
