// SPDX-License-Identifier: GPL-2.0
/*
 * What a decision promises, looked up in the memory it gave.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "workbook.h"
#include "mod.h"

void job_property(struct job *job, const char *name, bool holds,
		  const char *expected, const char *fmt, ...)
{
	struct va_format actual = { .fmt = fmt };
	va_list args;

	job->checked++;
	if (!holds)
		job->failed++;
	if (!job->out)
		return;
	va_start(args, fmt);
	actual.va = &args;
	seq_buf_printf(job->out, "%s %s: expected %s, actual %pV\n",
		       holds ? "ok" : "FAILED", name, expected, &actual);
	va_end(args);
}

size_t job_bytes(const struct job *job)
{
	return alloc_apis[job->api].one_object ? job->in.req.size : job->total;
}

/* Is word one of those in "a|b|c"? */
static bool one_of(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (; ; words++) {
		if (!strncmp(words, word, len) &&
		    (!words[len] || words[len] == '|'))
			return true;
		words = strchr(words, '|');
		if (!words)
			return false;
	}
}

/* Measured against what was decided, not against what was forced. */
static void prove_region(struct job *job, const void *addr)
{
	const struct performer *promised = performer_of(job->decision.api);
	const char *region = wb_region_name(wb_region_of(addr));
	const char *expected = promised ? promised->region : region;

	if (job->decision.api == ALLOC_API_KMALLOC ||
	    job->decision.api == ALLOC_API_MEMPOOL)
		expected = job->total <= KMALLOC_MAX_CACHE_SIZE ? "slab" :
								  "pages";
	job_property(job, "region", one_of(expected, region), expected, "%s",
		     region);
}

static void prove_contiguous(struct job *job)
{
	struct wb_contig contig = wb_contig_of(job->addr, job_bytes(job));
	bool wanted = job->in.req.contig == ALLOC_PHYS ||
		      job->in.req.dma == ALLOC_DMA_STREAMING;

	job_property(job, "contiguous",
		     !contig.error && (!wanted || contig.runs == 1),
		     wanted ? "1 run of pages" : "any pages",
		     "pages: %lu, runs: %lu", contig.pages, contig.runs);
}

/* What the documentation of the allocator promises, no more. */
static unsigned long alignment_of(const struct job *job)
{
	switch (job->decision.api) {
	case ALLOC_API_VMALLOC:
	case ALLOC_API_VMALLOC_USER:
	case ALLOC_API_PAGES_EXACT:
	case ALLOC_API_DMA_COHERENT:
	case ALLOC_API_DMA_PAGES:
		return PAGE_SIZE;
	case ALLOC_API_KMALLOC:
		if (job->total > KMALLOC_MAX_CACHE_SIZE)
			return PAGE_SIZE;
		if (is_power_of_2(job->total))
			return job->total;
		fallthrough;
	default:
		return min_t(u64, 8, rounddown_pow_of_two(job_bytes(job)));
	}
}

static void prove_alignment(struct job *job, const void *addr)
{
	unsigned long align = alignment_of(job);
	char expected[32];

	snprintf(expected, sizeof(expected), "%lu or more", align);
	job_property(job, "alignment", IS_ALIGNED((unsigned long)addr, align),
		     expected, "%lu", 1UL << __ffs((unsigned long)addr));
}

static void prove_zero(struct job *job, const void *addr)
{
	const u8 *dirty = memchr_inv(addr, 0, job_bytes(job));

	if (dirty)
		job_property(job, "zeroed", false, "only zeros",
			     "0x%02x at byte %td", *dirty,
			     dirty - (const u8 *)addr);
	else
		job_property(job, "zeroed", true, "only zeros", "only zeros");
}

static void prove_node(struct job *job, const void *addr)
{
	struct page *page = NULL;
	char expected[16];

	if (job->in.req.node == ALLOC_NODE_ANY || job->percpu)
		return;
	snprintf(expected, sizeof(expected), "node %d", job->in.req.node);
	if (is_vmalloc_addr(addr))
		page = vmalloc_to_page(addr);
	else if (virt_addr_valid(addr))
		page = virt_to_page(addr);
	if (!page) {
		job_property(job, "node", false, expected, "no page");
		return;
	}
	job_property(job, "node", page_to_nid(page) == job->in.req.node,
		     expected, "node %d", page_to_nid(page));
}

static void prove_mask(struct job *job)
{
	bool sleep = job->in.req.ctx != ALLOC_ATOMIC;
	bool reclaim = gfpflags_allow_blocking(job->gfp);

	job_property(job, "reclaim", sleep == reclaim,
		     sleep ? "allowed" : "forbidden", "%s (mask %#x, context %s)",
		     reclaim ? "allowed" : "forbidden",
		     (__force unsigned int)job->gfp, job->context);
}

static void prove_percpu(struct job *job)
{
	unsigned int cpus = 0;
	unsigned int kept = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		prove_zero(job, per_cpu_ptr(job->percpu, cpu));
		memset(per_cpu_ptr(job->percpu, cpu), cpu + 1, job->total);
	}
	for_each_possible_cpu(cpu) {
		cpus++;
		if (!memchr_inv(per_cpu_ptr(job->percpu, cpu), cpu + 1,
				job->total))
			kept++;
	}
	job_property(job, "own copies", kept == cpus,
		     "one for each CPU", "%u of %u", kept, cpus);
}

bool job_wants_zero(const struct job *job)
{
	return job->in.req.zero || job->in.req.user_map ||
	       job->decision.gfp & ALLOC_GFP_ZERO ||
	       alloc_apis[job->decision.api].zeroing == ALLOC_ZERO_ALWAYS;
}

#define MADE_UP (BIT(ALLOC_KEY_KMAX) | BIT(ALLOC_KEY_RAM) | \
		 BIT(ALLOC_KEY_CMA) | BIT(ALLOC_KEY_IOMMU))

/*
 * Who has a fallback or may not sleep must live with NULL, and so must who
 * asked for another machine's answer.
 */
static void prove_memory(struct job *job)
{
	bool may_fail = job->in.req.need == ALLOC_BEST_EFFORT ||
			job->in.req.ctx == ALLOC_ATOMIC ||
			job->in.given & MADE_UP;

	job_property(job, "memory", job_has_memory(job) || may_fail,
		     may_fail ? "an address, or NULL" : "an address", "%s",
		     job_has_memory(job) ? "an address" : "NULL");
}

static void prove_copies(struct job *job)
{
	if (job->in.req.percpu && !job->percpu)
		job_property(job, "own copies", false, "one for each CPU",
			     "one for all");
	else if (!job->in.req.percpu && job->percpu)
		job_property(job, "own copies", false, "one for all",
			     "one for each CPU");
	else if (job->percpu)
		prove_percpu(job);
}

void job_prove(struct job *job)
{
	const void *addr = job->addr;

	if (job->percpu)
		addr = per_cpu_ptr(job->percpu,
				   cpumask_first(cpu_possible_mask));
	prove_memory(job);
	prove_mask(job);
	job_prove_use(job);
	if (!job_has_memory(job))
		return;
	prove_copies(job);
	prove_region(job, addr);
	prove_alignment(job, addr);
	prove_node(job, addr);
	if (job->percpu)
		return;
	prove_contiguous(job);
	job_prove_size(job);
	job_prove_device(job);
	if (job_wants_zero(job))
		prove_zero(job, addr);
}
