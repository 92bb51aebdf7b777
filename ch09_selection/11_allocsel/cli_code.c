// SPDX-License-Identifier: GPL-2.0
/* C code for one request: allocate with error handling, free, map. */
#include "cli.h"
#include "code.h"

static const char *scope_name(const struct alloc_decision *decision)
{
	return decision->scope == ALLOC_NOFS ? "nofs" : "noio";
}

static void print_head(const struct alloc_request *req,
		       const struct alloc_decision *decision,
		       const struct code *code)
{
	char text[ALLOC_TEXT_LEN];

	printf("/*\n * %s\n * rule %d: %s\n */\n",
	       alloc_format_request(req, text, sizeof(text)),
	       decision->rule->number, decision->rule->reason);
	puts("#include <linux/mm.h>\n#include <linux/overflow.h>\n#include <linux/slab.h>");
	if (decision->scope)
		puts("#include <linux/sched/mm.h>");
	if (req->life == ALLOC_DEVICE && !strstr(code->headers, "device.h"))
		puts("#include <linux/device.h>");
	fputs(code->headers, stdout);
	printf("\nstruct buffer {\n\t%s%sdata;\n%s};\n", code->type,
	       code->type[strlen(code->type) - 1] == '*' ? "" : " ",
	       code->members);
}

static void print_pool(const struct code *code)
{
	const char *name = strrchr(code->pool, '*') + 1;

	printf("\nstatic %s;\n\n", code->pool);
	printf("/* Once, before the first allocation; may sleep. */\n"
	       "static int buffer_setup(%s)\n{\n\t%s = %s;\n"
	       "\treturn %s ? 0 : -ENOMEM;\n}\n\n",
	       code->needs_dev ? "struct device *dev" : "void", name,
	       code->setup, name);
	printf("/* When every buffer is freed. */\n"
	       "static void buffer_teardown(void)\n{\n\t%s;\n}\n",
	       code->teardown);
}

static void print_free(const struct code *code)
{
	if (*code->free)
		printf("\nstatic void buffer_free(struct buffer *b)\n{\n\t%s;\n}\n",
		       code->free);
}

static void print_action(void)
{
	puts("\nstatic void buffer_detach(void *data)\n{\n\tbuffer_free(data);\n}");
}

static void print_alloc(const struct alloc_request *req,
			const struct alloc_decision *decision,
			const struct code *code)
{
	bool action = req->life == ALLOC_DEVICE && *code->free;
	bool dev = code->needs_dev || action;

	printf("\nstatic int %sbuffer_alloc(struct buffer *b%s)\n{\n",
	       decision->api == ALLOC_API_MEMBLOCK ? "__init " : "",
	       dev ? ", struct device *dev" : "");
	if (decision->scope)
		printf("\tunsigned int scope = memalloc_%s_save();\n\n",
		       scope_name(decision));
	if (*code->members)
		puts("\tb->dev = dev;");
	printf("\tb->data = %s;\n", code->alloc);
	if (decision->scope)
		printf("\tmemalloc_%s_restore(scope);\n", scope_name(decision));
	if (decision->gfp & ALLOC_GFP_NOFAIL)
		puts("\t/* __GFP_NOFAIL: it waits, and is never NULL. */");
	else
		puts("\tif (!b->data)\n\t\treturn -ENOMEM;");
	if (decision->clear)
		printf("\tmemset(%s, 0, %s);\n",
		       code->data ? code->data : "b->data", code->total);
	puts(action ? "\treturn devm_add_action_or_reset(dev, buffer_detach, b);\n}" :
	     "\treturn 0;\n}");
}

int cli_code(const struct cli *cli)
{
	const struct alloc_request *req = &cli->in.req;
	struct alloc_decision decision = cli->selector->select(req,
							       &cli->in.env);
	struct code code;

	if (cli->json) {
		fprintf(stderr, "allocsel: --code prints C, not JSON\n");
		return CLI_USAGE;
	}
	if (!decision.rule)
		return CLI_BAD_INPUT;
	if (decision.err) {
		printf("/*\n * Refused with %s. %s\n * Instead: %s.\n */\n",
		       alloc_errno_name(decision.err), decision.rule->reason,
		       decision.rule->instead ? decision.rule->instead : "-");
		return CLI_OK;
	}
	code_make(&code, req, &decision);
	print_head(req, &decision, &code);
	if (code.pool)
		print_pool(&code);
	print_free(&code);
	if (req->life == ALLOC_DEVICE && *code.free)
		print_action();
	print_alloc(req, &decision, &code);
	if (req->user_map && *code.map)
		printf("\nstatic int buffer_mmap(struct buffer *b,\n"
		       "\t\t       struct vm_area_struct *vma)\n{\n\t%s;\n}\n",
		       code.map);
	return CLI_OK;
}
