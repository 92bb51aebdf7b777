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
	(void)facts;
	return &alloc_rules[0];
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
	(void)req;
	return rule->err ? 0 : ALLOC_GFP_KERNEL;
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
	/* END TODO 3 */
	decision.clear = !rule->err && req->zero &&
			 (rule->flags & ALLOC_RF_MEMSET);
	return decision;
}

#endif /* ALLOC_SELECT_H */
