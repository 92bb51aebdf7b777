// SPDX-License-Identifier: GPL-2.0
/*
 * What alloc_select() must keep.
 *
 * Your decisions are judged by principles (principles.h), with requests made
 * at run time, and not against a list of right answers. Then a sample of them
 * is performed in the kernel, and the memory is looked at.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_draw.h"
#include "alloc_api.h"
#include "alloc_request.h"
#include "alloc_select.h"
#include "principles.h"

#define DRAWS 4000

static void note_decision(const struct alloc_request *req,
			  const struct alloc_decision *decision)
{
	char text[ALLOC_TEXT_LEN];

	check_note("request:  %s",
		   alloc_format_request(req, text, sizeof(text)));
	if (!decision->rule)
		check_note("decision: none");
	else if (decision->err)
		check_note("decision: refused with %s, by rule %d",
			   alloc_errno_name(decision->err),
			   decision->rule->number);
	else
		check_note("decision: %s() with %s, by rule %d",
			   alloc_api_name(decision->api, req),
			   alloc_format_gfp(decision->gfp, text, sizeof(text)),
			   decision->rule->number);
}

/* Draws requests until a decision breaks one of the principles. */
static void keep(const enum principle *principles, size_t count)
{
	size_t i, draw;

	for (draw = 0; draw < DRAWS; draw++) {
		struct alloc_request req;
		struct alloc_env env;
		struct alloc_decision decision;
		enum principle broken;

		draw_request(&req);
		draw_env(&env);
		decision = alloc_select(&req, &env);
		broken = judge(&req, &env, &decision);
		for (i = 0; i < count; i++) {
			if (broken != principles[i])
				continue;
			note_decision(&req, &decision);
			ASSERT_TRUE(broken == PRINCIPLE_KEPT, "Wrong: %s.",
				    principle_text[broken]);
		}
	}
}

#define KEEP(...) do {							\
	static const enum principle principles[] = { __VA_ARGS__ };	\
									\
	keep(principles, ARRAY_SIZE(principles));			\
} while (0)

CHECK(impossible, .title = "Nothing is allocated that cannot be")
{
	KEEP(PRINCIPLE_DECIDE, PRINCIPLE_IMPOSSIBLE, PRINCIPLE_AVAILABLE,
	     PRINCIPLE_NMI);
}

CHECK(atomic, .title = "Who may not sleep never does; who may, lets reclaim work")
{
	KEEP(PRINCIPLE_SLEEP, PRINCIPLE_TIMID, PRINCIPLE_MODE);
}

CHECK(contiguity, .title = "Contiguous when needed, only then, and within limits")
{
	KEEP(PRINCIPLE_PHYS, PRINCIPLE_LIMIT, PRINCIPLE_VIRT);
}

CHECK(special, .title = "Special memory comes from the allocator made for it")
{
	KEEP(PRINCIPLE_PERCPU, PRINCIPLE_COHERENT, PRINCIPLE_MAP,
	     PRINCIPLE_RESERVE, PRINCIPLE_DEVICE_MEM, PRINCIPLE_ARRAY);
}

CHECK(promises, .title = "The allocator tries as hard as the caller needs")
{
	KEEP(PRINCIPLE_NOFAIL, PRINCIPLE_FOREVER, PRINCIPLE_EFFORT);
}

CHECK(cleared, .title = "Memory is cleared and charged when that is asked for")
{
	KEEP(PRINCIPLE_ZERO, PRINCIPLE_ACCOUNT, PRINCIPLE_USER_MASK);
}

CHECK(scopes, .title = "nofs and noio callers allocate inside their scope")
{
	KEEP(PRINCIPLE_SCOPE);
}

CHECK(freed, .title = "Everything is freed by the function that belongs to it")
{
	KEEP(PRINCIPLE_PAIR);
}

CHECK(refusals, .title = "A refusal is needed, explained, and tells the truth")
{
	KEEP(PRINCIPLE_GIVE_UP, PRINCIPLE_ADVICE, PRINCIPLE_ERRNO);
}

CHECK(thrift, .title = "Of the allocators that could serve, the best is taken")
{
	KEEP(PRINCIPLE_CACHE, PRINCIPLE_LIFETIME, PRINCIPLE_NODE,
	     PRINCIPLE_SMALL, PRINCIPLE_EASY, PRINCIPLE_SCARCE,
	     PRINCIPLE_WASTE);
}

/* The program must decide as the check does, when asked for your rules. */
CHECK(program, .title = "The program allocsel decides by your rules")
{
	const char *const argv[] = { "./allocsel", "--rules", "yours",
				     "--batch", "/tmp/requests", NULL };
	static struct alloc_decision expected[200];
	char *line, *rest;
	struct run_result run;
	struct alloc_request req;
	struct alloc_env env = { .kmax = 4ULL << 20, .ram = 16ULL << 30 };
	char text[ALLOC_TEXT_LEN];
	FILE *requests = fopen("/tmp/requests", "w");
	size_t i;

	ASSERT_NOTNULL(requests);
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		draw_request(&req);
		expected[i] = alloc_select(&req, &env);
		fprintf(requests, "%s\n",
			alloc_format_request(&req, text, sizeof(text)));
	}
	ASSERT_EQ(fclose(requests), 0);
	run = run_program(argv, 20);
	ASSERT_EQ(run.status, 0, "allocsel ended with an error: %s", run.err);
	rest = run.out;
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		line = strsep(&rest, "\n");
		ASSERT_NOTNULL(line, "Only %zu lines came back.", i);
		ASSERT_EQ(atoi(line), expected[i].rule ?
			  expected[i].rule->number : 0);
	}
}
