/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A tracepoint for each decision:
 *
 *	echo 1 > /sys/kernel/tracing/events/allocsel/enable
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM allocsel

#if !defined(MOD_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MOD_TRACE_H

#include <linux/tracepoint.h>

#include "mod.h"

TRACE_EVENT(allocsel_decision,
	    TP_PROTO(const struct job *job),
	    TP_ARGS(job),
	    TP_STRUCT__entry(__field(u64, size)
			     __field(u64, nmemb)
			     __field(unsigned int, rule)
			     __field(int, err)
			     __field(unsigned int, gfp)
			     __field(unsigned int, ctx)
			     __array(char, api, 24)),
	    TP_fast_assign(__entry->size = job->in.req.size;
			   __entry->nmemb = job->in.req.nmemb;
			   __entry->rule = job->decision.rule ?
					   job->decision.rule->number : 0;
			   __entry->err = job->decision.err;
			   __entry->gfp = (__force unsigned int)job->gfp;
			   __entry->ctx = job->in.req.ctx;
			   strscpy(__entry->api, job->decision.api ?
				   alloc_apis[job->decision.api].name : "-", 24);),
	    TP_printk("size=%llu nmemb=%llu ctx=%s rule=%u api=%s gfp=%#x err=%d",
		      __entry->size, __entry->nmemb,
		      __print_symbolic(__entry->ctx, { 0, "sleep" }, { 1, "nofs" },
				       { 2, "noio" }, { 3, "atomic" }, { 4, "nmi" }),
		      __entry->rule, __entry->api, __entry->gfp, __entry->err)
);

#endif /* MOD_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE mod_trace
#include <trace/define_trace.h>
