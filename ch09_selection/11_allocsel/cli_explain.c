// SPDX-License-Identifier: GPL-2.0
/* The questions, one by one, until a rule is reached. */
#include <stdlib.h>

#include "cli.h"
#include "questions.h"

/* 1 yes, 0 no, -1 the input ended. Asks again when it is neither. */
static int ask(const char *question, FILE *answers, FILE *out)
{
	char *line = NULL;
	size_t room = 0;
	int answer = -1;

	do {
		fprintf(out, "%s [y/n] ", question);
		fflush(out);
		if (getline(&line, &room, answers) < 0)
			break;
		if (line[0] == 'y' || line[0] == 'Y')
			answer = 1;
		else if (line[0] == 'n' || line[0] == 'N')
			answer = 0;
		else
			fputs("Answer y or n.\n", out);
	} while (answer < 0);
	free(line);
	return answer;
}

static void show_rule(const struct alloc_rule *rule, bool json)
{
	const struct alloc_api_info *info = &alloc_apis[rule->api];

	if (json) {
		printf("{\"rule\":%d", rule->number);
		json_member("errno", alloc_errno_name(rule->err), false);
		json_member("api", rule->err ? NULL : info->name, false);
		json_member("free", rule->free, false);
		json_member("reason", rule->reason, false);
		json_member("instead", rule->instead, false);
		puts("}");
		return;
	}
	printf("\nRule %d: ", rule->number);
	if (rule->err)
		printf("refuse with %s.\n", alloc_errno_name(rule->err));
	else
		printf("%s(), up to %s; %s%s\n", info->name, info->limit_text,
		       rule->free ? "freed by " : "freed with the device",
		       rule->free ? rule->free : "");
	printf("%s\n", rule->reason);
	if (rule->instead)
		printf("Instead: %s.\n", rule->instead);
}

int cli_explain(const struct cli *cli, FILE *answers)
{
	/* The answer alone is JSON. */
	FILE *out = cli->json ? stderr : stdout;
	struct knowledge known = { 0 };
	size_t i;

	for (i = 0; i < cli->selector->nr_rules; i++) {
		const struct alloc_rule *rule = &cli->selector->rules[i];
		enum truth truth;

		while ((truth = rule_truth(rule, known)) == UNKNOWN) {
			int question = rule_next_question(rule, known);
			int yes = ask(question_texts[question].asks, answers,
				      out);

			if (yes < 0) {
				fputs("\nNo answer: stopped before a rule was reached.\n", out);
				return CLI_USAGE;
			}
			knowledge_add(&known, question, yes);
		}
		if (truth == HOLDS) {
			show_rule(rule, cli->json);
			return CLI_OK;
		}
	}
	fputs("No rule applies: the table has a hole.\n", out);
	return CLI_BAD_INPUT;
}
