/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a request to the answers of all yes-or-no questions about it, as one
 * word of bits. With constant arguments the compiler does it all.
 */
#ifndef ALLOC_FACTS_H
#define ALLOC_FACTS_H

#include "alloc_types.h"

/* May the caller sleep? nofs and noio may, inside their scope. */
static __always_inline bool alloc_may_sleep(const struct alloc_request *req)
{
	return req->ctx == ALLOC_SLEEP || req->ctx == ALLOC_NOFS ||
	       req->ctx == ALLOC_NOIO;
}

/* A device that reads or writes a buffer directly needs it in one piece. */
static __always_inline bool alloc_wants_phys(const struct alloc_request *req)
{
	return req->contig == ALLOC_PHYS || req->dma == ALLOC_DMA_STREAMING;
}

/**
 * alloc_total() - size times number of elements
 * @req: the request
 * @total: where to put the product
 *
 * Return: true when the product does not fit into 64 bits; @total is then
 * what is left of it after wrapping, and must not be used.
 */
static __always_inline bool alloc_total(const struct alloc_request *req,
					u64 *total)
{
	return __builtin_mul_overflow(req->size, req->nmemb, total);
}

static __always_inline u32 alloc_answer(int question, bool yes)
{
	return yes ? 1U << question : 0;
}

static __always_inline u32 alloc_facts_kind(const struct alloc_request *req)
{
	return alloc_answer(ALLOC_Q_EARLY, req->when == ALLOC_EARLY_BOOT) |
	       alloc_answer(ALLOC_Q_BUILTIN, req->who == ALLOC_BUILTIN) |
	       alloc_answer(ALLOC_Q_NMI, req->ctx == ALLOC_NMI) |
	       alloc_answer(ALLOC_Q_SLEEP, alloc_may_sleep(req)) |
	       alloc_answer(ALLOC_Q_PERCPU, req->percpu) |
	       alloc_answer(ALLOC_Q_NOFAIL, req->need == ALLOC_NOFAIL) |
	       alloc_answer(ALLOC_Q_MUST, req->need == ALLOC_MUST_PROGRESS) |
	       alloc_answer(ALLOC_Q_DMA, req->dma != ALLOC_DMA_NONE) |
	       alloc_answer(ALLOC_Q_COHERENT, req->dma == ALLOC_DMA_COHERENT) |
	       alloc_answer(ALLOC_Q_PHYS, alloc_wants_phys(req)) |
	       alloc_answer(ALLOC_Q_CONTIG_PHYS, req->contig == ALLOC_PHYS) |
	       alloc_answer(ALLOC_Q_USER_MAP, req->user_map) |
	       alloc_answer(ALLOC_Q_MANY, req->many) |
	       alloc_answer(ALLOC_Q_DEVICE, req->life == ALLOC_DEVICE) |
	       alloc_answer(ALLOC_Q_NODE, req->node != ALLOC_NODE_ANY);
}

static __always_inline u32 alloc_facts_size(const struct alloc_request *req,
					    const struct alloc_env *env)
{
	u64 total;

	if (alloc_total(req, &total))
		return Q(OVERFLOW);
	return alloc_answer(ALLOC_Q_EMPTY, !total) |
	       alloc_answer(ALLOC_Q_OVER_RAM, total > env->ram) |
	       alloc_answer(ALLOC_Q_OBJ_OVER_PAGE, req->size > ALLOC_PAGE) |
	       alloc_answer(ALLOC_Q_OBJ_OVER_SLAB, req->size > ALLOC_SLAB_MAX) |
	       alloc_answer(ALLOC_Q_OVER_PAGE, total > ALLOC_PAGE) |
	       alloc_answer(ALLOC_Q_OVER_SLAB, total > ALLOC_SLAB_MAX) |
	       alloc_answer(ALLOC_Q_OVER_PCPU, total > ALLOC_PCPU_MAX) |
	       alloc_answer(ALLOC_Q_OVER_KMAX, total > env->kmax) |
	       alloc_answer(ALLOC_Q_OVER_INT_MAX, total > ALLOC_INT_MAX) |
	       alloc_answer(ALLOC_Q_CMA_FITS, env->cma >= total);
}

/**
 * alloc_facts() - answer every question about a request
 * @req: the request
 * @env: the machine
 *
 * Context: any; pure.
 * Return: a word in which bit Q(NAME) is set when the answer is yes.
 */
static __always_inline u32 alloc_facts(const struct alloc_request *req,
				       const struct alloc_env *env)
{
	return alloc_facts_kind(req) | alloc_facts_size(req, env) |
	       alloc_answer(ALLOC_Q_IOMMU, env->iommu);
}

/**
 * alloc_term_holds() - does one term of a rule hold?
 * @term: the term
 * @facts: the answers, from alloc_facts()
 */
static __always_inline bool alloc_term_holds(const struct alloc_term *term,
					     u32 facts)
{
	return (facts & term->all) == term->all &&
	       (!term->any || (facts & term->any)) &&
	       !(facts & term->none);
}

static __always_inline bool alloc_term_used(const struct alloc_term *term)
{
	return term->all || term->any || term->none;
}

/**
 * alloc_rule_applies() - does a rule apply?
 * @rule: the rule
 * @facts: the answers, from alloc_facts()
 *
 * Context: any; pure.
 */
static __always_inline bool alloc_rule_applies(const struct alloc_rule *rule,
					       u32 facts)
{
	const struct alloc_term *terms = rule->terms;

	return alloc_term_holds(&terms[0], facts) ||
	       (alloc_term_used(&terms[1]) &&
		alloc_term_holds(&terms[1], facts)) ||
	       (alloc_term_used(&terms[2]) &&
		alloc_term_holds(&terms[2], facts));
}

#endif /* ALLOC_FACTS_H */
