// SPDX-License-Identifier: GPL-2.0
/* One decision, with all that led to it. */
#include "cli.h"
#include "alloc_facts.h"
#include "principles.h"
#include "questions.h"

const char *const cli_kernels[ALLOC_NR_KERNELS] = { "6.1.192", "6.12.117" };

u32 cli_gfp_value(u32 gfp, int kernel)
{
	u32 value = 0;
	int i;

	for (i = 0; i < ALLOC_NR_GFP; i++)
		if (gfp & (1U << i))
			value |= alloc_gfp_flags[i].value[kernel];
	return value;
}

const char *cli_api(const struct alloc_request *req,
		    const struct alloc_decision *decision)
{
	return decision->err ? "-" : alloc_api_name(decision->api, req);
}

const char *cli_free(const struct alloc_decision *decision)
{
	return decision->rule && decision->rule->free ?
	       decision->rule->free : "-";
}

const char *cli_rule_api(const struct alloc_rule *rule)
{
	const struct alloc_api_info *info = &alloc_apis[rule->api];

	return rule->terms[0].all & Q(NODE) ? info->node_name : info->name;
}

static void show_path(const struct cli *cli)
{
	struct path_step steps[ALLOC_NR_QUESTIONS];
	u32 facts = alloc_facts(&cli->in.req, &cli->in.env);
	size_t count = question_path(cli->selector, facts, steps);
	size_t i;

	puts("\nquestions");
	for (i = 0; i < count; i++)
		printf("  %-58s %s\n",
		       question_texts[steps[i].question].asks,
		       steps[i].answer ? "yes" : "no");
}

static void show_flags(u32 gfp, int kernel)
{
	int i;

	printf("\nflags       0x%x on %s\n", cli_gfp_value(gfp, kernel),
	       cli_kernels[kernel]);
	for (i = 0; i < ALLOC_NR_GFP; i++)
		if (gfp & (1U << i))
			printf("  %-14s 0x%-8x %s\n", alloc_gfp_flags[i].name,
			       alloc_gfp_flags[i].value[kernel],
			       alloc_gfp_flags[i].meaning);
}

static void show_amount(const struct alloc_request *req, int api)
{
	char text[2][32];
	u64 total = 0, taken;

	if (alloc_total(req, &total))
		return;
	if (alloc_apis[api].one_object)
		total = req->size;
	taken = alloc_api_taken(api, total);
	printf("takes       %s", alloc_format_size(taken, text[0],
						   sizeof(text[0])));
	if (taken > total)
		printf(", %s of it not asked for",
		       alloc_format_size(taken - total, text[1],
					 sizeof(text[1])));
	printf("%s; limit %s\n", alloc_apis[api].one_object ? " an object" :
	       api == ALLOC_API_PERCPU ? " a CPU" : "",
	       alloc_apis[api].limit_text);
}

/* What stands around the call. */
static void show_around(const struct alloc_request *req,
			const struct alloc_decision *decision)
{
	const struct alloc_api_info *info = &alloc_apis[decision->api];
	u32 lost = ALLOC_GFP_NOWARN | ALLOC_GFP_NORETRY | ALLOC_GFP_ACCOUNT |
		   ALLOC_GFP_NOFAIL;
	char text[ALLOC_TEXT_LEN];

	if (decision->scope)
		printf("scope       between memalloc_%s_save() and memalloc_%s_restore()\n",
		       decision->scope == ALLOC_NOFS ? "nofs" : "noio",
		       decision->scope == ALLOC_NOFS ? "nofs" : "noio");
	if (decision->clear)
		puts("clear       with memset(): elements held back are not zeroed");
	if (req->user_map && info->map)
		printf("map         %s() in the mmap method\n", info->map);
	if (req->life == ALLOC_DEVICE && info->free)
		printf("device      devm_add_action_or_reset() calls %s() at detach\n",
		       info->free);
	if (decision->gfp & lost && !info->takes_mask &&
	    decision->api != ALLOC_API_MEMBLOCK)
		printf("note        %s() takes no mask: %s is lost%s\n",
		       alloc_api_name(decision->api, req),
		       alloc_format_gfp(decision->gfp & lost, text,
					sizeof(text)),
		       decision->api == ALLOC_API_VMALLOC &&
		       req->node == ALLOC_NODE_ANY ?
		       " unless you call __vmalloc()" : "");
}

static void show_answer(const struct cli *cli,
			const struct alloc_decision *decision)
{
	const struct alloc_api_info *info = &alloc_apis[decision->api];
	const struct alloc_rule *rule = decision->rule;

	if (decision->err) {
		printf("decision    refused: %s\n",
		       alloc_errno_name(decision->err));
	} else {
		printf("decision    %s()\n", cli_api(&cli->in.req, decision));
		printf("free        %s%s\n", info->free ? info->free :
				"by the driver core, when the device goes",
		       info->free ? "()" : "");
	}
	printf("rule        %d of %zu\n", rule->number,
	       cli->selector->nr_rules);
	printf("reason      %s\n", rule->reason);
	if (rule->instead)
		printf("instead     %s\n", rule->instead);
	if (decision->err)
		return;
	show_amount(&cli->in.req, decision->api);
	show_around(&cli->in.req, decision);
	printf("declared    #include <%s>, %s\n", info->header,
	       !info->exported ? "not for modules" :
	       !strcmp(info->exported, "GPL") ? "for GPL modules" :
	       "for all modules");
}

/* The finished rules break none; yours may, as long as you work on them. */
static void show_principle(const struct cli *cli,
			   const struct alloc_decision *decision)
{
	enum principle broken = judge(&cli->in.req, &cli->in.env, decision);

	if (broken)
		printf("BROKEN      %s\n", principle_text[broken]);
}

static void show_sources(const struct alloc_rule *rule)
{
	int i;

	puts("\nread");
	for (i = 0; i < ALLOC_NR_KERNELS; i++)
		if (rule->source[i])
			printf("  Linux %-9s %s\n", cli_kernels[i],
			       rule->source[i]);
}

int cli_decide(const struct cli *cli)
{
	const struct alloc_input *in = &cli->in;
	struct alloc_decision decision;
	char text[ALLOC_TEXT_LEN];

	if (cli->json) {
		cli_json_decision(cli, in);
		putchar('\n');
		return CLI_OK;
	}
	decision = cli->selector->select(&in->req, &in->env);
	printf("request     %s\n",
	       alloc_format_request(&in->req, text, sizeof(text)));
	if (!decision.rule) {
		puts("decision    none: no rule of the table applies");
		return CLI_BAD_INPUT;
	}
	show_answer(cli, &decision);
	show_principle(cli, &decision);
	if (decision.gfp)
		show_flags(decision.gfp, in->env.kernel);
	show_path(cli);
	show_sources(decision.rule);
	return CLI_OK;
}
