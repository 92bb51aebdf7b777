/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the allocsel program share. */
#ifndef CLI_H
#define CLI_H

#include "alloc_api.h"
#include "alloc_request.h"
#include "selector.h"

/* Exit statuses; the same in every program of the workbook. */
enum { CLI_OK = 0, CLI_BAD_INPUT = 1, CLI_USAGE = 2, CLI_MACHINE = 5 };

/**
 * struct cli - what the command line asked for
 * @selector: whose rules decide
 * @in: the request of a single decision
 * @json: print JSON
 */
struct cli {
	const struct alloc_selector *selector;
	struct alloc_input in;
	bool json;
};

/* The modes; each returns an exit status. */
int cli_decide(const struct cli *cli);
int cli_batch(const struct cli *cli, FILE *requests);
int cli_table(const struct cli *cli, bool markdown);
int cli_dot(const struct cli *cli);
int cli_explain(const struct cli *cli, FILE *answers);
int cli_code(const struct cli *cli);
int cli_live(const struct cli *cli);

/* "6.1.192", "6.12.117": the kernels that sources are cited from. */
extern const char *const cli_kernels[ALLOC_NR_KERNELS];

/* The bits of a mask on a kernel. */
u32 cli_gfp_value(u32 gfp, int kernel);

/* What a decision calls: "kmalloc_node", or "-" for a refusal. */
const char *cli_api(const struct alloc_request *req,
		    const struct alloc_decision *decision);
const char *cli_free(const struct alloc_decision *decision);

/* What a rule calls: with _node where it is only for requests with a node. */
const char *cli_rule_api(const struct alloc_rule *rule);

/* A decision as one JSON object, without a newline. */
void cli_json_decision(const struct cli *cli, const struct alloc_input *in);

/* A JSON string with its quotes; null for NULL. */
void json_string(const char *text);

/* "key": before a value; a comma goes before it unless it is the first. */
void json_key(const char *key, bool first);
void json_member(const char *key, const char *value, bool first);

#endif /* CLI_H */
