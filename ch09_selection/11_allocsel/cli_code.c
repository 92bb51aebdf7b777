// SPDX-License-Identifier: GPL-2.0
/* allocsel --code: C code for one request. */
#include <stdlib.h>

#include "cli.h"
#include "code.h"

int cli_code(const struct cli *cli)
{
	const struct alloc_request *req = &cli->in.req;
	struct alloc_decision decision = cli->selector->select(req,
							       &cli->in.env);
	char *text = NULL;
	size_t len = 0;
	FILE *out;

	if (!decision.rule)
		return CLI_BAD_INPUT;
	out = open_memstream(&text, &len);
	if (out)
		code_print(out, req, &decision);
	if (!out || fclose(out)) {
		perror("allocsel: cannot keep the code");
		free(text);
		return CLI_MACHINE;
	}
	if (cli->json) {
		putchar('{');
		json_member("code", text, true);
		puts("}");
	} else {
		fputs(text, stdout);
	}
	free(text);
	return CLI_OK;
}
