// SPDX-License-Identifier: GPL-2.0
/*
 * The finished rule table against the principles, over the whole domain:
 * every request gets exactly one decision, every decision keeps every
 * principle, every rule is reached, and no rule could be left out.
 *
 * Then the principles are tested by damaging the table: each rule removed,
 * each pair of neighbours swapped, each question dropped from a condition. A
 * damage that changes a decision must break a principle.
 */
#include "tap.h"
#include "domain.h"
#include "alloc_api.h"
#include "alloc_request.h"
#include "principles.h"
#include "../../solutions/ch09_selection/11_allocsel/rules.h"

#define NR_RULES ARRAY_SIZE(alloc_rules)

static struct alloc_rule table[NR_RULES];	/* the one that is damaged */
static const struct alloc_rule *const original = alloc_rules;

#define alloc_rules table
#include "../../solutions/ch09_selection/11_allocsel/alloc_select.h"
#undef alloc_rules

static u64 reached[NR_RULES + 1];

static void restore(void)
{
	memcpy(table, original, sizeof(table));
}

static void complain(const struct alloc_request *req,
		     const struct alloc_decision *decision,
		     enum principle principle)
{
	char text[ALLOC_TEXT_LEN];
	char gfp[ALLOC_TEXT_LEN];

	tap_note("%s -> rule %d, %s %s: %s",
		 alloc_format_request(req, text, sizeof(text)),
		 decision->rule ? decision->rule->number : 0,
		 decision->api ? alloc_apis[decision->api].name :
		 alloc_errno_name(decision->err),
		 alloc_format_gfp(decision->gfp, gfp, sizeof(gfp)),
		 principle_text[principle]);
}

static void visit_judge(const struct alloc_request *req,
			const struct alloc_env *env, void *data)
{
	struct alloc_decision decision = alloc_select(req, env);
	enum principle principle = judge(req, env, &decision);
	u64 *bad = data;

	reached[decision.rule ? decision.rule->number : 0]++;
	if (principle && ++*bad <= 5)
		complain(req, &decision, principle);
}

/* One request for each set of answers: conditions cannot tell them apart. */
#define MAX_CLASSES 0x80000U

static struct {
	struct alloc_request req;
	struct alloc_env env;
	u32 facts;
	bool used;
} classes[MAX_CLASSES];
static u32 nr_classes;

static void visit_classify(const struct alloc_request *req,
			   const struct alloc_env *env, void *data)
{
	u32 facts = alloc_facts(req, env);
	u32 slot = (facts * 2654435761u) >> 13;

	(void)data;
	while (classes[slot].used && classes[slot].facts != facts)
		slot = (slot + 1) % MAX_CLASSES;
	if (classes[slot].used)
		return;
	if (++nr_classes > MAX_CLASSES / 2)
		tap_bail("the table of classes is too small");
	classes[slot].req = *req;
	classes[slot].env = *env;
	classes[slot].facts = facts;
	classes[slot].used = true;
}

static bool same_decision(const struct alloc_decision *a,
			  const struct alloc_decision *b)
{
	return a->err == b->err && a->api == b->api && a->gfp == b->gfp &&
	       a->scope == b->scope && a->clear == b->clear;
}

static struct alloc_decision kept[MAX_CLASSES];

static void remember_decisions(void)
{
	u32 i;

	restore();
	for (i = 0; i < MAX_CLASSES; i++)
		if (classes[i].used)
			kept[i] = alloc_select(&classes[i].req,
					       &classes[i].env);
}

enum fate { EQUIVALENT, CAUGHT, MISSED };

/* What becomes of the damage now in the table; restores the table. */
static enum fate try_damage(const char *what)
{
	enum fate fate = EQUIVALENT;
	struct alloc_decision missed;
	u32 i, where = 0;

	for (i = 0; i < MAX_CLASSES && fate != CAUGHT; i++) {
		struct alloc_decision now;

		if (!classes[i].used)
			continue;
		now = alloc_select(&classes[i].req, &classes[i].env);
		if (same_decision(&now, &kept[i]))
			continue;
		fate = judge(&classes[i].req, &classes[i].env, &now) ?
		       CAUGHT : MISSED;
		missed = now;
		where = i;
	}
	if (fate == MISSED) {
		tap_note("missed: %s", what);
		complain(&classes[where].req, &missed, PRINCIPLE_KEPT);
	}
	restore();
	return fate;
}

static void remove_rule(size_t rule)
{
	/* A condition that nothing meets: yes and no to one question. */
	memset(table[rule].terms, 0, sizeof(table[rule].terms));
	table[rule].terms[0].all = Q(EMPTY);
	table[rule].terms[0].none = Q(EMPTY);
}

static void test_removal(void)
{
	unsigned int redundant = 0, missed = 0;
	char what[64];
	size_t i;

	for (i = 0; i < NR_RULES; i++) {
		snprintf(what, sizeof(what), "rule %zu removed", i + 1);
		remove_rule(i);
		switch (try_damage(what)) {
		case EQUIVALENT:
			tap_note("rule %zu changes no decision", i + 1);
			redundant++;
			break;
		case MISSED:
			missed++;
			break;
		default:
			break;
		}
	}
	tap_ok(!redundant, "no rule could be left out");
	tap_ok(!missed, "every removed rule breaks a principle");
}

static void test_swap(void)
{
	unsigned int missed = 0, caught = 0;
	char what[64];
	size_t i;

	for (i = 0; i + 1 < NR_RULES; i++) {
		snprintf(what, sizeof(what), "rules %zu and %zu swapped", i + 1,
			 i + 2);
		table[i] = original[i + 1];
		table[i + 1] = original[i];
		switch (try_damage(what)) {
		case MISSED:
			missed++;
			break;
		case CAUGHT:
			caught++;
			break;
		default:
			break;
		}
	}
	tap_note("%u swaps of %zu change decisions", caught + missed,
		 NR_RULES - 1);
	tap_ok(!missed, "every swap that matters breaks a principle");
}

static u32 *mask_of(size_t rule, int term, int kind)
{
	struct alloc_term *t = &table[rule].terms[term];

	return kind == 0 ? &t->all : kind == 1 ? &t->any : &t->none;
}

static void test_conditions(void)
{
	static const char *const kinds[] = { "all", "any", "none" };
	unsigned int fates[3] = { 0 };
	size_t rule;

	for (rule = 0; rule < NR_RULES; rule++)
		for (int place = 0; place < ALLOC_MAX_TERMS * 3; place++)
			for (int q = 0; q < ALLOC_NR_QUESTIONS; q++) {
				u32 *mask = mask_of(rule, place / 3, place % 3);
				enum fate fate;
				char what[80];

				if (!(*mask & 1U << q))
					continue;
				*mask &= ~(1U << q);
				snprintf(what, sizeof(what),
					 "rule %zu term %d .%s without question %d",
					 rule + 1, place / 3, kinds[place % 3],
					 q);
				fate = try_damage(what);
				if (fate == EQUIVALENT)
					tap_note("%s: no decision changes", what);
				fates[fate]++;
			}
	tap_note("%u of %u dropped questions caught", fates[CAUGHT],
		 fates[0] + fates[1] + fates[2]);
	tap_ok(!fates[EQUIVALENT], "no question could be dropped");
	tap_ok(!fates[MISSED], "every dropped question breaks a principle");
}

static void test_waste(void)
{
	u64 worst = 0, size;
	bool exact = true, half = true;

	for (size = 9; size <= ALLOC_SLAB_MAX; size++) {
		u64 taken = alloc_api_taken(ALLOC_API_KMALLOC, size);

		if (taken < size || taken >= 2 * size)
			half = false;
		if ((taken - size) * 10000 / taken > worst)
			worst = (taken - size) * 10000 / taken;
	}
	for (size = 1; size <= 4ULL << 20; size += 509) {
		u64 taken = alloc_api_taken(ALLOC_API_PAGES_EXACT, size);

		if (taken < size || taken - size >= ALLOC_PAGE)
			exact = false;
	}
	tap_note("worst kmalloc waste above 8 bytes: %llu.%02llu %%",
		 worst / 100, worst % 100);
	tap_ok(half && worst < 5000, "kmalloc never wastes half or more");
	tap_ok(exact, "alloc_pages_exact wastes less than a page");
	tap_ok(alloc_api_taken(ALLOC_API_KVMALLOC, (4 << 20) + 1) == 6 << 20,
	       "huge kvmalloc rounds to 2 MiB");
	tap_ok(alloc_api_taken(ALLOC_API_DMA_COHERENT, 20480) == 32768,
	       "coherent memory rounds to a power of two of pages");
}

int main(void)
{
	u64 bad = 0, count;
	size_t i, missing = 0, order = 0;

	restore();
	for (i = 0; i < NR_RULES; i++)
		order += original[i].number != i + 1;
	tap_ok(NR_RULES == 27 && !order, "27 rules, numbered in order");

	count = domain_each(visit_judge, &bad);
	tap_note("%llu requests", count);
	tap_ok(count > 1000000, "about a million requests");
	tap_ok(!reached[0], "exactly one rule decides about each");
	tap_ok(!bad, "every decision keeps every principle (%llu do not)", bad);
	for (i = 1; i <= NR_RULES; i++)
		if (!reached[i]) {
			tap_note("rule %zu is never reached", i);
			missing++;
		}
	tap_ok(!missing, "every rule is reached");

	domain_each(visit_classify, NULL);
	tap_note("%u classes of requests", nr_classes);
	remember_decisions();
	test_removal();
	test_swap();
	test_conditions();
	test_waste();
	return tap_done();
}
