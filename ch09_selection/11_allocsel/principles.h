/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What must hold for every decision, whoever made it. These are properties of
 * allocators and contexts; they know nothing of the rule table and its order.
 */
#ifndef PRINCIPLES_H
#define PRINCIPLES_H

#include "alloc_types.h"

enum principle {
	PRINCIPLE_KEPT,
	/* what makes a decision wrong */
	PRINCIPLE_DECIDE,	/* some rule must decide */
	PRINCIPLE_AVAILABLE,	/* the allocator is there at that time */
	PRINCIPLE_NMI,		/* no allocator is legal in an NMI */
	PRINCIPLE_IMPOSSIBLE,	/* nothing, a wrapped product, or over the RAM */
	PRINCIPLE_SLEEP,	/* never sleep in atomic context */
	PRINCIPLE_PERCPU,	/* one copy a CPU, and only then */
	PRINCIPLE_COHERENT,	/* device and CPU need a coherent view */
	PRINCIPLE_PHYS,		/* physically contiguous when asked */
	PRINCIPLE_ARRAY,	/* an object cache gives no arrays */
	PRINCIPLE_LIMIT,	/* within what the allocator can give */
	PRINCIPLE_MAP,		/* can be mapped into a process */
	PRINCIPLE_NOFAIL,	/* a promise that can be kept */
	PRINCIPLE_RESERVE,	/* progress needs elements held back */
	PRINCIPLE_DEVICE_MEM,	/* what devm memory is good for */
	PRINCIPLE_PAIR,		/* freed by the function that belongs to it */
	PRINCIPLE_MODE,		/* exactly one base mask */
	PRINCIPLE_TIMID,	/* who may sleep lets the allocator reclaim */
	PRINCIPLE_EFFORT,	/* try as hard as the caller needs */
	PRINCIPLE_FOREVER,	/* __GFP_NOFAIL exactly when asked */
	PRINCIPLE_ZERO,		/* cleared when asked */
	PRINCIPLE_ACCOUNT,	/* charged exactly when asked */
	PRINCIPLE_USER_MASK,	/* GFP_USER is for memory a process maps */
	PRINCIPLE_SCOPE,	/* nofs and noio stand in their scope */
	/* what makes a refusal wrong */
	PRINCIPLE_GIVE_UP,	/* somebody could have served it */
	PRINCIPLE_ADVICE,	/* a refusal names an errno and a way out */
	PRINCIPLE_ERRNO,	/* the errno tells what would have to change */
	/* what makes a legal decision a poor one, most important first */
	PRINCIPLE_CACHE,	/* many equal objects: cache or pool */
	PRINCIPLE_LIFETIME,	/* lives with the device */
	PRINCIPLE_NODE,		/* near to the preferred node */
	PRINCIPLE_SMALL,	/* small memory comes from the slab */
	PRINCIPLE_VIRT,		/* contiguity nobody needs is not asked for */
	PRINCIPLE_EASY,		/* the linear map before the vmalloc space */
	PRINCIPLE_SCARCE,	/* the contiguous area is for who needs it */
	PRINCIPLE_WASTE,	/* less than a page more than necessary */
	NR_PRINCIPLES,
};

/* The principle as a sentence to somebody who broke it. */
extern const char *const principle_text[NR_PRINCIPLES];

/**
 * api_misfit() - what keeps an allocator from serving a request?
 * @api: one of enum alloc_api
 * @req: the request
 * @env: the machine
 *
 * Return: the principle that would be broken, PRINCIPLE_KEPT when it can serve.
 */
enum principle api_misfit(int api, const struct alloc_request *req,
			  const struct alloc_env *env);

/**
 * judge() - which principle does a decision break?
 * @req: the request
 * @env: the machine
 * @decision: what was decided about it
 *
 * Return: the most important broken principle, or PRINCIPLE_KEPT.
 */
enum principle judge(const struct alloc_request *req,
		     const struct alloc_env *env,
		     const struct alloc_decision *decision);

#endif /* PRINCIPLES_H */
