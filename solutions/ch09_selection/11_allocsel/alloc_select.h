/* SPDX-License-Identifier: GPL-2.0 */
/*
 * alloc_select() - which allocator, with which flags?
 *
 * It is pure: no lock, no allocation, no sleep, so it may be called anywhere,
 * in the kernel and in a program. When the arguments are constants the
 * compiler does the whole search and only the answer is left.
 */
#ifndef ALLOC_SELECT_H
#define ALLOC_SELECT_H

#include "alloc_types.h"
#include "alloc_facts.h"
#include "rules.h"

/*
 * The rule that decides about a request whose facts are @facts. Use
 * alloc_rule_applies() of alloc_facts.h. NULL would mean that the table has a
 * hole.
 */
static __always_inline const struct alloc_rule *alloc_find_rule(u32 facts)
{
	/* TODO 1: the first rule that applies decides */
	size_t i;

#pragma GCC unroll 32
	for (i = 0; i < ARRAY_SIZE(alloc_rules); i++)
		if (alloc_rule_applies(&alloc_rules[i], facts))
			return &alloc_rules[i];
	return NULL;
	/* END TODO 1 */
}

/*
 * The GFP flags for @req under @rule, as ALLOC_GFP_ bits. The context decides
 * whether the allocator may sleep; the need decides how hard it tries; the
 * rule's flags (ALLOC_RF_) say what its API does not take or does by itself.
 */
static __always_inline u32 alloc_gfp(const struct alloc_request *req,
				     const struct alloc_rule *rule)
{
	/* TODO 2: the mask for this context, need and API */
	u32 gfp;

	if (rule->err || rule->flags & ALLOC_RF_NO_MASK)
		return 0;
	if (!alloc_may_sleep(req))
		gfp = req->need == ALLOC_BEST_EFFORT ?
		      ALLOC_GFP_NOWAIT | ALLOC_GFP_NOWARN : ALLOC_GFP_ATOMIC;
	else if (rule->flags & ALLOC_RF_USER)
		gfp = ALLOC_GFP_USER;
	else
		gfp = ALLOC_GFP_KERNEL;
	if (alloc_may_sleep(req) && req->need == ALLOC_BEST_EFFORT) {
		gfp |= ALLOC_GFP_NOWARN;
		if (!(rule->flags & ALLOC_RF_NO_NORETRY))
			gfp |= ALLOC_GFP_NORETRY;
	}
	if (req->need == ALLOC_NOFAIL)
		gfp |= ALLOC_GFP_NOFAIL;
	if (rule->flags & ALLOC_RF_ADD_ZERO ||
	    (req->zero && !(rule->flags & (ALLOC_RF_ZEROES | ALLOC_RF_MEMSET))))
		gfp |= ALLOC_GFP_ZERO;
	if (req->account)
		gfp |= ALLOC_GFP_ACCOUNT;
	return gfp;
	/* END TODO 2 */
}

/**
 * alloc_select() - decide how to allocate
 * @req: what is needed
 * @env: the machine it is needed on
 *
 * Context: any, NMI included; pure.
 * Return: the decision. Its @rule is NULL when no rule of the table applies.
 */
static __always_inline struct alloc_decision
alloc_select(const struct alloc_request *req, const struct alloc_env *env)
{
	const struct alloc_rule *rule = alloc_find_rule(alloc_facts(req, env));
	struct alloc_decision decision = { .rule = rule, .err = -ENOENT };

	if (!rule)
		return decision;
	decision.api = rule->api;
	decision.err = rule->err;
	decision.gfp = alloc_gfp(req, rule);
	/* TODO 3: the scope of a caller that must not re-enter fs or I/O */
	if (!rule->err && !(rule->flags & ALLOC_RF_NO_MASK) &&
	    (req->ctx == ALLOC_NOFS || req->ctx == ALLOC_NOIO))
		decision.scope = req->ctx;
	/* END TODO 3 */
	decision.clear = !rule->err && req->zero &&
			 (rule->flags & ALLOC_RF_MEMSET);
	return decision;
}

#endif /* ALLOC_SELECT_H */
