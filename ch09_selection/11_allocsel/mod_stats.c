// SPDX-License-Identifier: GPL-2.0
/*
 * Statistics and the tracepoint.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/string.h>

#include "mod_stats.h"

#define CREATE_TRACE_POINTS
#include "mod_trace.h"

static atomic64_t refused, performed, properties, failed;
static atomic64_t rules[ALLOCSEL_RULES];

void stats_decided(const struct job *job)
{
	unsigned int rule = job->decision.rule ? job->decision.rule->number : 0;

	/* A student's table may number as it likes. */
	atomic64_inc(&rules[rule < ALLOCSEL_RULES ? rule : 0]);
	if (job->decision.err)
		atomic64_inc(&refused);
	trace_allocsel_decision(job);
}

void stats_performed(const struct job *job)
{
	if (job_has_memory(job))
		atomic64_inc(&performed);
	atomic64_add(job->checked, &properties);
	atomic64_add(job->failed, &failed);
}

void stats_read(struct allocsel_stats *stats)
{
	int i;

	memset(stats, 0, sizeof(*stats));
	for (i = 0; i < ALLOCSEL_RULES; i++) {
		stats->rules[i] = atomic64_read(&rules[i]);
		stats->decided += stats->rules[i];
	}
	stats->refused = atomic64_read(&refused);
	stats->performed = atomic64_read(&performed);
	stats->properties = atomic64_read(&properties);
	stats->failed = atomic64_read(&failed);
}
