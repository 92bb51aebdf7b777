// SPDX-License-Identifier: GPL-2.0
/* JSON on standard output, and a decision in it. */
#include "cli.h"
#include "alloc_facts.h"
#include "principles.h"
#include "questions.h"

void json_string(const char *text)
{
	if (!text) {
		fputs("null", stdout);
		return;
	}
	putchar('"');
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

void json_key(const char *key, bool first)
{
	if (!first)
		putchar(',');
	json_string(key);
	putchar(':');
}

void json_member(const char *key, const char *value, bool first)
{
	json_key(key, first);
	json_string(value);
}

static void json_flags(u32 gfp)
{
	bool first = true;
	int i;

	json_key("flags", false);
	putchar('[');
	for (i = 0; i < ALLOC_NR_GFP; i++) {
		if (!(gfp & (1U << i)))
			continue;
		if (!first)
			putchar(',');
		json_string(alloc_gfp_flags[i].name);
		first = false;
	}
	putchar(']');
}

static void json_by_kernel(const struct alloc_decision *decision)
{
	int i;

	json_key("source", false);
	putchar('{');
	for (i = 0; i < ALLOC_NR_KERNELS; i++)
		json_member(cli_kernels[i], decision->rule->source[i], !i);
	putchar('}');
	json_key("mask", false);
	putchar('{');
	for (i = 0; i < ALLOC_NR_KERNELS; i++) {
		char mask[16];

		snprintf(mask, sizeof(mask), "0x%x",
			 cli_gfp_value(decision->gfp, i));
		json_member(cli_kernels[i], mask, !i);
	}
	putchar('}');
}

static void json_path(const struct cli *cli, const struct alloc_input *in)
{
	struct path_step steps[ALLOC_NR_QUESTIONS];
	size_t count, i;

	count = question_path(cli->selector, alloc_facts(&in->req, &in->env),
			      steps);
	json_key("path", false);
	putchar('[');
	for (i = 0; i < count; i++) {
		if (i)
			putchar(',');
		putchar('{');
		json_member("question",
			    question_texts[steps[i].question].asks, true);
		json_key("answer", false);
		fputs(steps[i].answer ? "true" : "false", stdout);
		putchar('}');
	}
	putchar(']');
}

void cli_json_decision(const struct cli *cli, const struct alloc_input *in)
{
	struct alloc_decision decision = cli->selector->select(&in->req,
							       &in->env);
	static const char *const scopes[] = {
		[ALLOC_NOFS] = "memalloc_nofs_save",
		[ALLOC_NOIO] = "memalloc_noio_save",
	};
	char text[ALLOC_TEXT_LEN];
	enum principle broken;
	u64 total;

	putchar('{');
	json_member("request", alloc_format_request(&in->req, text,
						    sizeof(text)), true);
	json_member("errno", alloc_errno_name(decision.err), false);
	if (!decision.rule) {
		putchar('}');
		return;
	}
	json_key("rule", false);
	printf("%d", decision.rule->number);
	json_member("api", decision.err ? NULL : cli_api(&in->req, &decision),
		    false);
	json_member("free", decision.rule->free, false);
	json_flags(decision.gfp);
	json_member("scope", decision.scope ? scopes[decision.scope] : NULL,
		    false);
	json_key("clear", false);
	fputs(decision.clear ? "true" : "false", stdout);
	if (!decision.err && !alloc_total(&in->req, &total)) {
		json_key("takes", false);
		printf("%llu", alloc_api_taken(decision.api, total));
	}
	json_member("reason", decision.rule->reason, false);
	json_member("instead", decision.rule->instead, false);
	json_by_kernel(&decision);
	broken = judge(&in->req, &in->env, &decision);
	json_member("broken", broken ? principle_text[broken] : NULL, false);
	json_path(cli, in);
	putchar('}');
}
