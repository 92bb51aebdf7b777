// SPDX-License-Identifier: GPL-2.0
/*
 * The allocation itself, made where the request said: in a task, inside a
 * scope, under a spinlock, in a timer's callback or in a tasklet, which are
 * softirqs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/sched/mm.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "workbook.h"
#include "compat.h"
#include "mod.h"

static DEFINE_SPINLOCK(atomic_lock);

struct call {
	struct job *job;
	const struct performer *performer;
	gfp_t gfp;
	struct completion done;
	struct timer_list timer;
	struct tasklet_struct tasklet;
};

int job_place_find(const char *name)
{
	static const char * const names[NR_PLACES] = {
		"spinlock", "timer", "softirq" };

	return match_string(names, NR_PLACES, name);
}

static void call_here(struct job *job, const struct performer *performer,
		      gfp_t gfp)
{
	struct wb_context ctx;

	wb_context_read(&ctx);
	strscpy(job->context, ctx.letters, sizeof(job->context));
	job->softirq = in_serving_softirq();
	/* On PREEMPT_RT a spinlock ties the task to its CPU, no more. */
	job->atomic = job->softirq || preempt_count() & PREEMPT_MASK ||
		      wb_migrate_disable_depth();
	job->allowed = current_gfp_context(gfp);
	performer->alloc(job, gfp);
}

static void on_timer(struct timer_list *timer)
{
	struct call *call = timer_container_of(call, timer, timer);

	call_here(call->job, call->performer, call->gfp);
	complete(&call->done);
}

static void on_tasklet(struct tasklet_struct *tasklet)
{
	struct call *call = from_tasklet(call, tasklet, tasklet);

	call_here(call->job, call->performer, call->gfp);
	complete(&call->done);
}

static void call_from_timer(struct call *call)
{
	timer_setup_on_stack(&call->timer, on_timer, 0);
	mod_timer(&call->timer, jiffies + 1);
	wait_for_completion(&call->done);
	timer_delete_sync(&call->timer);
	timer_destroy_on_stack(&call->timer);
}

static void call_from_softirq(struct call *call)
{
	tasklet_setup(&call->tasklet, on_tasklet);
	tasklet_schedule(&call->tasklet);
	wait_for_completion(&call->done);
	tasklet_kill(&call->tasklet);
}

static void call_atomic(struct job *job, const struct performer *performer,
			gfp_t gfp)
{
	struct call call = {
		.job = job, .performer = performer, .gfp = gfp,
	};

	init_completion(&call.done);
	switch (job->place) {
	case PLACE_TIMER:
		call_from_timer(&call);
		break;
	case PLACE_SOFTIRQ:
		call_from_softirq(&call);
		break;
	default:
		spin_lock(&atomic_lock);
		call_here(job, performer, gfp);
		spin_unlock(&atomic_lock);
		break;
	}
}

void job_call(struct job *job, const struct performer *performer, gfp_t gfp)
{
	unsigned int scope;

	if (job->in.req.ctx == ALLOC_ATOMIC) {
		call_atomic(job, performer, gfp);
		return;
	}
	/* The scope is the decision's: whether it is the right one is proved. */
	switch (job->decision.scope) {
	case ALLOC_NOFS:
		scope = memalloc_nofs_save();
		call_here(job, performer, gfp);
		memalloc_nofs_restore(scope);
		break;
	case ALLOC_NOIO:
		scope = memalloc_noio_save();
		call_here(job, performer, gfp);
		memalloc_noio_restore(scope);
		break;
	default:
		call_here(job, performer, gfp);
		break;
	}
}
