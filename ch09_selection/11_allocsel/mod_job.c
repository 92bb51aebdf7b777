// SPDX-License-Identifier: GPL-2.0
/*
 * A request on its way: decided, performed in the context that it asked for,
 * proved, freed.
 *
 * __GFP_NOWARN is added to every mask: what fails here is reported, and does
 * not need the allocator's own dump.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>

#include "mod.h"
#include "mod_safe.h"
#include "mod_stats.h"

#define POISON 0xa5

bool job_has_memory(const struct job *job)
{
	return job->addr || job->percpu;
}

u64 job_cost(const struct job *job)
{
	u64 taken = max(job->total, alloc_api_taken(job->api, job->total));

	if (job->api == ALLOC_API_PERCPU)
		return taken * num_possible_cpus();
	return job->api == ALLOC_API_MEMPOOL ? taken * POOL_RESERVE : taken;
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
	}
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

static int choose_api(struct job *job)
{
	job->api = job->decision.api;
	if (!job->force)
		return 0;
	job->api = performer_find(job->force);
	if (job->api == ALLOC_API_NONE) {
		seq_buf_printf(job->out, "error: force=%.40s: no such allocator is performed\n",
			       job->force);
		return -EINVAL;
	}
	seq_buf_printf(job->out, "forced: %s()\n", job->force);
	return 0;
}

int job_decide(struct job *job, const struct alloc_selector *selector)
{
	job->decision = selector->select(&job->in.req, &job->in.env);
	job->gfp = gfp_of(job->decision.gfp);
	stats_decided(job);
	if (!job->decision.rule) {
		seq_buf_printf(job->out, "decision: none, no rule applies\n");
		return -EIO;
	}
	report_decision(job, selector->name);
	if (job->decision.err)
		return 0;
	job->total = job->in.req.size * job->in.req.nmemb;
	return choose_api(job);
}

static void release(void *data)
{
	struct job *job = data;

	performer_of(job->api)->free(job);
}

/*
 * Memory that shall live with a device, from an allocator that knows nothing of
 * devices: the driver core is told how to free it. Where devm_kmalloc() was
 * decided and something else is forced, nobody tells it.
 */
static void hand_to_owner(struct job *job)
{
	if (!job->owner || !job_has_memory(job) ||
	    job->api == ALLOC_API_DEVM ||
	    job->decision.api == ALLOC_API_DEVM)
		return;
	if (owner_adopt(job, release))
		job_property(job, "unbind", false, "frees it",
			     "no memory to note that");
}

static int set_up(struct job *job, const struct performer *performer)
{
	int err = 0;

	if (job->in.req.life == ALLOC_DEVICE)
		err = owner_bind(job);
	if (!err && performer->setup)
		err = performer->setup(job);
	return err;
}

int job_get(struct job *job)
{
	const struct performer *performer = performer_of(job->api);
	int err;

	if (!job_is_safe(job)) {
		stats_performed(job);
		return -EIO;
	}
	err = set_up(job, performer);
	if (err) {
		job_property(job, "setup", false, "a cache, pool or device",
			     "error %d", err);
		return -EIO;
	}
	if (job_wants_zero(job))
		poison(job, performer);
	job_call(job, performer, job->gfp | __GFP_NOWARN);
	if (job->decision.clear && job->addr)
		memset(job->addr, 0, job_bytes(job));
	job_prove(job);
	hand_to_owner(job);
	stats_performed(job);
	return job->failed ? -EIO : 0;
}

static void unbind(struct job *job)
{
	bool had = job_has_memory(job);
	bool gone;

	owner_unbind(job);
	if (job->api == ALLOC_API_DEVM)
		job->addr = NULL;
	gone = job->unbound && !job_has_memory(job);
	if (had && job->in.req.life == ALLOC_DEVICE)
		job_property(job, "unbind", gone, "frees it", "%s",
			     gone ? "freed" : "the memory is still there");
}

void job_put(struct job *job)
{
	const struct performer *performer = performer_of(job->api);

	if (job->owner)
		unbind(job);
	if (job_has_memory(job))
		performer->free(job);
	if (performer->teardown)
		performer->teardown(job);
}

int job_run(struct job *job, const struct alloc_selector *selector)
{
	const char *why;
	int err;

	err = job_decide(job, selector);
	if (err || job->decision.err)
		return err;
	why = job_why_not(job);
	if (why) {
		seq_buf_printf(job->out, "not performed: %s\n", why);
		return 0;
	}
	job_get(job);
	job_put(job);
	seq_buf_printf(job->out, "proof: %u of %u properties hold\n",
		       job->checked - job->failed, job->checked);
	return job->failed ? -EIO : 0;
}
