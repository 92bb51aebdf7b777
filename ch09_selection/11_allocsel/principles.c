// SPDX-License-Identifier: GPL-2.0
/*
 * The judge. It works from what allocators can do (alloc_api.c) and what the
 * request needs: first whether the allocator can serve it at all, then whether
 * the flags and the free function are right, then whether another one that can
 * serve it would have been better.
 */
#include "principles.h"
#include "alloc_api.h"
#include "alloc_facts.h"

static u64 total_of(const struct alloc_request *req)
{
	u64 total = 0;

	return alloc_total(req, &total) ? ~0ULL : total;
}

static bool impossible(const struct alloc_request *req,
		       const struct alloc_env *env)
{
	u64 total;

	return alloc_total(req, &total) || !total || total > env->ram;
}

static u64 limit_of(int api, const struct alloc_request *req,
		    const struct alloc_env *env)
{
	bool cma = alloc_may_sleep(req) && env->cma >= total_of(req);
	bool remap = alloc_may_sleep(req) && env->iommu &&
		     req->contig != ALLOC_PHYS;

	if (api == ALLOC_API_DMA_PAGES && cma)
		return ALLOC_LIMIT_RAM;
	if (api == ALLOC_API_DMA_COHERENT && (cma || remap))
		return ALLOC_LIMIT_RAM;
	if (alloc_apis[api].limit == ALLOC_LIMIT_KMAX)
		return env->kmax;
	return alloc_apis[api].limit;
}

static enum principle time_misfit(int api, const struct alloc_request *req)
{
	bool early = req->when == ALLOC_EARLY_BOOT;
	bool memblock = api == ALLOC_API_MEMBLOCK;

	if (early != memblock)
		return PRINCIPLE_AVAILABLE;
	if (early && req->who == ALLOC_MODULE)
		return PRINCIPLE_AVAILABLE;
	if (!early && req->ctx == ALLOC_NMI)
		return PRINCIPLE_NMI;
	return PRINCIPLE_KEPT;
}

static enum principle kind_misfit(int api, const struct alloc_request *req)
{
	const struct alloc_api_info *info = &alloc_apis[api];
	bool coherent = api == ALLOC_API_DMA_COHERENT ||
			api == ALLOC_API_DMA_POOL;
	bool wants_coherent = req->dma == ALLOC_DMA_COHERENT;
	bool percpu = api == ALLOC_API_PERCPU;

	if (!alloc_may_sleep(req) && !info->atomic)
		return PRINCIPLE_SLEEP;
	if (req->percpu != percpu)
		return PRINCIPLE_PERCPU;
	if (req->percpu && req->dma != ALLOC_DMA_NONE)
		return PRINCIPLE_PERCPU;
	if (wants_coherent != coherent)
		return PRINCIPLE_COHERENT;
	if (alloc_wants_phys(req) && !info->phys && !coherent)
		return PRINCIPLE_PHYS;
	if (info->one_object && !req->many)
		return PRINCIPLE_ARRAY;
	if (req->user_map ? !info->map : api == ALLOC_API_VMALLOC_USER)
		return PRINCIPLE_MAP;
	if (api == ALLOC_API_DEVM &&
	    (req->life != ALLOC_DEVICE || req->dma != ALLOC_DMA_NONE))
		return PRINCIPLE_DEVICE_MEM;
	return PRINCIPLE_KEPT;
}

/* A promise never to fail: reclaim must be allowed, and help. */
static bool nofail_kept(int api, const struct alloc_request *req)
{
	u64 total = total_of(req);

	if (!alloc_may_sleep(req) || !alloc_apis[api].nofail)
		return false;
	if (total > ALLOC_INT_MAX)
		return false;
	return total <= ALLOC_SLAB_MAX ||
	       !(alloc_wants_phys(req) || api == ALLOC_API_PAGES_EXACT ||
		 api == ALLOC_API_KMALLOC);
}

enum principle api_misfit(int api, const struct alloc_request *req,
			  const struct alloc_env *env)
{
	bool must = req->need == ALLOC_MUST_PROGRESS;
	bool pool = api == ALLOC_API_MEMPOOL;
	enum principle broken;
	u64 amount;

	if (impossible(req, env))
		return PRINCIPLE_IMPOSSIBLE;
	broken = time_misfit(api, req);
	if (broken || api == ALLOC_API_MEMBLOCK)
		return broken;
	broken = kind_misfit(api, req);
	if (broken)
		return broken;
	amount = alloc_apis[api].one_object ? req->size : total_of(req);
	if (amount > limit_of(api, req, env))
		return PRINCIPLE_LIMIT;
	if (req->need == ALLOC_NOFAIL && !nofail_kept(api, req))
		return PRINCIPLE_NOFAIL;
	if (must != pool)
		return PRINCIPLE_RESERVE;
	return PRINCIPLE_KEPT;
}

static bool anyone_fits(const struct alloc_request *req,
			const struct alloc_env *env)
{
	int api;

	for (api = ALLOC_API_NONE + 1; api < ALLOC_NR_APIS; api++)
		if (!api_misfit(api, req, env))
			return true;
	return false;
}

/* Does the errno of a refusal tell what would have to change? */
static bool errno_true(int err, const struct alloc_request *req,
		       const struct alloc_env *env)
{
	struct alloc_request other = *req;
	u64 total;

	if (alloc_total(req, &total))
		return err == -EOVERFLOW;
	if (total && (req->when == ALLOC_EARLY_BOOT || req->ctx == ALLOC_NMI))
		return err == -EOPNOTSUPP;
	switch (-err) {
	case ENOMEM:
	case E2BIG:
		other.size = 1;
		other.nmemb = 1;
		return total && anyone_fits(&other, env) &&
		       (err == -E2BIG) == req->percpu;
	case EWOULDBLOCK:
		other.ctx = ALLOC_SLEEP;
		return anyone_fits(&other, env);
	case EINVAL:
		return !total || req->percpu || req->need == ALLOC_NOFAIL ||
		       req->need == ALLOC_MUST_PROGRESS;
	default:
		return false;
	}
}

static enum principle judge_refusal(const struct alloc_request *req,
				    const struct alloc_env *env,
				    const struct alloc_decision *decision)
{
	if (anyone_fits(req, env))
		return PRINCIPLE_GIVE_UP;
	if (!decision->rule || !decision->rule->reason ||
	    !decision->rule->instead)
		return PRINCIPLE_ADVICE;
	/* More than the RAM is ENOMEM whatever else is wrong with it. */
	if (impossible(req, env) && total_of(req) > env->ram)
		return decision->err == -ENOMEM || decision->err == -EOVERFLOW ?
		       PRINCIPLE_KEPT : PRINCIPLE_ERRNO;
	return errno_true(decision->err, req, env) ? PRINCIPLE_KEPT :
	       PRINCIPLE_ERRNO;
}

static enum principle judge_zero(const struct alloc_request *req,
				 const struct alloc_decision *decision)
{
	bool flag = decision->gfp & ALLOC_GFP_ZERO;
	bool wanted = req->zero || req->user_map;

	switch (alloc_apis[decision->api].zeroing) {
	case ALLOC_ZERO_ALWAYS:
		return PRINCIPLE_KEPT;
	case ALLOC_ZERO_NEVER:
		return !flag && decision->clear == wanted ?
		       PRINCIPLE_KEPT : PRINCIPLE_ZERO;
	default:
		return (flag || decision->clear) == wanted ?
		       PRINCIPLE_KEPT : PRINCIPLE_ZERO;
	}
}

static enum principle judge_mask(const struct alloc_request *req,
				 const struct alloc_decision *decision)
{
	u32 base = decision->gfp & (ALLOC_GFP_KERNEL | ALLOC_GFP_USER |
				    ALLOC_GFP_ATOMIC | ALLOC_GFP_NOWAIT);
	u32 hard = ALLOC_GFP_NORETRY | ALLOC_GFP_NOWARN;
	bool forever = decision->gfp & ALLOC_GFP_NOFAIL;
	bool charged = decision->gfp & ALLOC_GFP_ACCOUNT;
	bool best = req->need == ALLOC_BEST_EFFORT;
	bool nofail = req->need == ALLOC_NOFAIL;
	bool nowait = base == ALLOC_GFP_NOWAIT;
	bool sleep = alloc_may_sleep(req);

	if (!base || base & (base - 1))
		return PRINCIPLE_MODE;
	if (base & ALLOC_GFP_SLEEPS && !sleep)
		return PRINCIPLE_SLEEP;
	if (!(base & ALLOC_GFP_SLEEPS) && sleep)
		return PRINCIPLE_TIMID;
	if (base == ALLOC_GFP_USER && !req->user_map)
		return PRINCIPLE_USER_MASK;
	if (best ? !(decision->gfp & ALLOC_GFP_NOWARN) : decision->gfp & hard)
		return PRINCIPLE_EFFORT;
	if (!sleep && best != nowait)
		return PRINCIPLE_EFFORT;
	if (forever != nofail)
		return PRINCIPLE_FOREVER;
	if (charged != req->account)
		return PRINCIPLE_ACCOUNT;
	return PRINCIPLE_KEPT;
}

/* __GFP_NORETRY belongs to a light try, where the API takes it. */
static enum principle judge_effort(const struct alloc_request *req,
				   const struct alloc_decision *decision)
{
	bool v = decision->api == ALLOC_API_KVMALLOC ||
		 decision->api == ALLOC_API_VMALLOC ||
		 decision->api == ALLOC_API_VMALLOC_USER;
	bool wanted = req->need == ALLOC_BEST_EFFORT && !v &&
		      alloc_may_sleep(req);

	return !!(decision->gfp & ALLOC_GFP_NORETRY) == wanted ?
	       PRINCIPLE_KEPT : PRINCIPLE_EFFORT;
}

static bool pair_right(const struct alloc_decision *decision)
{
	const char *pair = alloc_apis[decision->api].free;
	const char *free = decision->rule ? decision->rule->free : NULL;

	if (!pair || !free)
		return !pair && !free;
	return !strcmp(pair, free);
}

static enum principle judge_call(const struct alloc_request *req,
				 const struct alloc_decision *decision)
{
	bool scoped = req->ctx == ALLOC_NOFS || req->ctx == ALLOC_NOIO;
	enum principle broken;

	if (!pair_right(decision))
		return PRINCIPLE_PAIR;
	if (decision->api == ALLOC_API_MEMBLOCK)
		return decision->gfp ? PRINCIPLE_MODE : PRINCIPLE_KEPT;
	broken = judge_mask(req, decision);
	if (!broken)
		broken = judge_effort(req, decision);
	if (!broken)
		broken = judge_zero(req, decision);
	if (!broken && decision->scope != (scoped ? req->ctx : ALLOC_SLEEP))
		broken = PRINCIPLE_SCOPE;
	return broken;
}

/* How well an allocator keeps a preference: more is better. */
static int merit(enum principle preference, int api,
		 const struct alloc_request *req)
{
	const struct alloc_api_info *info = &alloc_apis[api];
	u64 total = total_of(req);

	switch (preference) {
	case PRINCIPLE_CACHE:
		return req->many && info->one_object;
	case PRINCIPLE_LIFETIME:
		return req->life == ALLOC_DEVICE && api == ALLOC_API_DEVM;
	case PRINCIPLE_NODE:
		return req->node != ALLOC_NODE_ANY && info->node_name;
	case PRINCIPLE_SMALL:
		return total <= ALLOC_SLAB_MAX && api == ALLOC_API_KMALLOC;
	case PRINCIPLE_VIRT:
		return !alloc_wants_phys(req) && !info->phys;
	case PRINCIPLE_SCARCE:
		return api != ALLOC_API_DMA_PAGES;
	case PRINCIPLE_EASY:
		return api != ALLOC_API_VMALLOC;
	case PRINCIPLE_WASTE:
		return alloc_api_taken(api, total) < total + ALLOC_PAGE;
	default:
		return 0;
	}
}

static enum principle judge_choice(const struct alloc_request *req,
				   const struct alloc_env *env,
				   const struct alloc_decision *decision)
{
	bool left[ALLOC_NR_APIS];
	int preference;
	int api;

	for (api = 0; api < ALLOC_NR_APIS; api++)
		left[api] = api && !api_misfit(api, req, env);
	for (preference = PRINCIPLE_CACHE; preference < NR_PRINCIPLES;
	     preference++) {
		int best = 0;

		for (api = 0; api < ALLOC_NR_APIS; api++)
			if (left[api] && merit(preference, api, req) > best)
				best = merit(preference, api, req);
		for (api = 0; api < ALLOC_NR_APIS; api++)
			if (left[api] && merit(preference, api, req) < best)
				left[api] = false;
		if (!left[decision->api])
			return preference;
	}
	return PRINCIPLE_KEPT;
}

enum principle judge(const struct alloc_request *req,
		     const struct alloc_env *env,
		     const struct alloc_decision *decision)
{
	enum principle broken;

	if (!decision->rule || decision->api >= ALLOC_NR_APIS)
		return PRINCIPLE_DECIDE;
	if (decision->err)
		return judge_refusal(req, env, decision);
	if (decision->api == ALLOC_API_NONE)
		return PRINCIPLE_DECIDE;
	broken = api_misfit(decision->api, req, env);
	if (!broken)
		broken = judge_call(req, decision);
	if (!broken)
		broken = judge_choice(req, env, decision);
	return broken;
}
