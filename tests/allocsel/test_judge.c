// SPDX-License-Identifier: GPL-2.0
/*
 * The judge must notice every damage to a decision: each flag taken away or
 * added, another scope, another allocator, another errno.
 */
#include "tap.h"
#include "domain.h"
#include "alloc_api.h"
#include "alloc_request.h"
#include "principles.h"
#include "selector.h"

struct tally {
	u64 damaged;
	u64 missed;
	u64 allowed;
};

static struct tally flags, scopes, apis, refusals;

static void try(const struct alloc_request *req, const struct alloc_env *env,
		const struct alloc_decision *decision, struct tally *tally)
{
	char text[ALLOC_TEXT_LEN];

	tally->damaged++;
	if (judge(req, env, decision))
		return;
	if (tally->missed++ < 3)
		tap_note("missed: %s -> %s gfp %#x err %d",
			 alloc_format_request(req, text, sizeof(text)),
			 alloc_apis[decision->api].name, decision->gfp,
			 decision->err);
}

/* Asking an API to zero that zeroes anyway is no harm. */
static bool harmless(const struct alloc_decision *decision, int bit)
{
	return 1 << bit == ALLOC_GFP_ZERO &&
	       alloc_apis[decision->api].zeroing == ALLOC_ZERO_ALWAYS;
}

static void damage_flags(const struct alloc_request *req,
			 const struct alloc_env *env,
			 const struct alloc_decision *good)
{
	struct alloc_decision bad;
	int bit;

	for (bit = 0; bit < ALLOC_NR_GFP; bit++) {
		bad = *good;
		bad.gfp ^= 1U << bit;
		if (harmless(good, bit))
			flags.allowed++;
		else
			try(req, env, &bad, &flags);
	}
}

/* Another allocator may be as good as the chosen one, but only rarely. */
static void damage_api(const struct alloc_request *req,
		       const struct alloc_env *env,
		       const struct alloc_decision *good)
{
	struct alloc_decision bad = *good;
	struct alloc_rule rule = *good->rule;
	int api;

	bad.rule = &rule;
	for (api = ALLOC_API_NONE + 1; api < ALLOC_NR_APIS; api++) {
		if (api == good->api)
			continue;
		bad.api = api;
		rule.api = api;
		rule.free = alloc_apis[api].free;
		if (judge(req, env, &bad))
			apis.damaged++;
		else
			apis.allowed++;
	}
}

static void damage_refusal(const struct alloc_request *req,
			   const struct alloc_env *env,
			   const struct alloc_decision *good)
{
	struct alloc_rule rule = *good->rule;
	struct alloc_decision bad = *good;

	bad.rule = &rule;
	rule.instead = NULL;
	try(req, env, &bad, &refusals);
	rule = *good->rule;
	bad.err = -EIO;
	try(req, env, &bad, &refusals);
	/* Allocating all the same. */
	bad = *good;
	bad.err = 0;
	bad.api = ALLOC_API_KMALLOC;
	bad.gfp = ALLOC_GFP_KERNEL;
	try(req, env, &bad, &refusals);
}

static void visit(const struct alloc_request *req, const struct alloc_env *env,
		  void *data)
{
	struct alloc_decision good = alloc_selector_finished.select(req, env);
	struct alloc_rule rule = *good.rule;
	struct alloc_decision bad = good;
	u64 *turn = data;

	/* Every 23rd: a number that shares no factor with the digits. */
	if ((*turn)++ % 23)
		return;
	if (good.err) {
		damage_refusal(req, env, &good);
		return;
	}
	damage_api(req, env, &good);
	if (good.api != ALLOC_API_MEMBLOCK) {
		damage_flags(req, env, &good);
		bad.scope = good.scope ? ALLOC_SLEEP : ALLOC_NOFS;
		try(req, env, &bad, &scopes);
	}
	bad = good;
	bad.rule = &rule;
	rule.free = good.rule->free ? NULL : "kfree";
	try(req, env, &bad, &scopes);
	/* Refusing what can be served. */
	bad = good;
	bad.err = -ENOMEM;
	try(req, env, &bad, &refusals);
}

int main(void)
{
	u64 turn = 0;

	domain_each(visit, &turn);
	tap_note("%llu damaged masks, %llu harmless", flags.damaged,
		 flags.allowed);
	tap_ok(!flags.missed, "every wrong flag is noticed");
	tap_ok(!scopes.missed, "every wrong scope or free function is noticed");
	tap_ok(!refusals.missed, "every wrong refusal is noticed");
	tap_note("%llu wrong allocators noticed, %llu accepted as equally good",
		 apis.damaged, apis.allowed);
	tap_ok(apis.allowed * 200 < apis.damaged,
	       "hardly any other allocator is accepted");
	return tap_done();
}
