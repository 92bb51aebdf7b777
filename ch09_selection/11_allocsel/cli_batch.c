// SPDX-License-Identifier: GPL-2.0
/* Many requests, one a line; one line of output for each line of input. */
#include <stdlib.h>

#include "cli.h"

static void batch_line(const struct cli *cli, const struct alloc_input *in)
{
	struct alloc_decision decision = cli->selector->select(&in->req,
							       &in->env);
	char gfp[ALLOC_TEXT_LEN];

	printf("%d\t%s\t%s\t%s\t%s\n",
	       decision.rule ? decision.rule->number : 0,
	       cli_api(&in->req, &decision), cli_free(&decision),
	       alloc_errno_name(decision.err),
	       alloc_format_gfp(decision.gfp, gfp, sizeof(gfp)));
}

static void batch_error(const struct cli *cli, size_t number, const char *why)
{
	if (!cli->json) {
		printf("error: line %zu: %s\n", number, why);
		return;
	}
	printf("{\"line\":%zu,", number);
	json_member("error", why, true);
	puts("}");
}

int cli_batch(const struct cli *cli, FILE *requests)
{
	int status = CLI_OK;
	char *line = NULL;
	size_t room = 0;
	size_t number = 0;
	ssize_t len;

	while ((len = getline(&line, &room, requests)) >= 0) {
		struct alloc_input in = cli->in;
		char why[ALLOC_WHY_LEN];

		in.given = 0;
		number++;
		if (alloc_input_line(&in, line, len, why)) {
			batch_error(cli, number, why);
			status = CLI_BAD_INPUT;
		} else if (cli->json) {
			cli_json_decision(cli, &in);
			putchar('\n');
		} else {
			batch_line(cli, &in);
		}
	}
	free(line);
	if (ferror(requests)) {
		perror("allocsel: cannot read the requests");
		return CLI_MACHINE;
	}
	return status;
}
