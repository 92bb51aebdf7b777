// SPDX-License-Identifier: GPL-2.0
/* The pieces of code.c put together: allocate with error handling, free, map. */
#include "alloc_request.h"
#include "alloc_api.h"
#include "code.h"

static const char *scope_name(const struct alloc_decision *decision)
{
	return decision->scope == ALLOC_NOFS ? "nofs" : "noio";
}

static void print_head(FILE *out, const struct alloc_request *req,
		       const struct alloc_decision *decision,
		       const struct code *code)
{
	char text[ALLOC_TEXT_LEN];

	fprintf(out, "/*\n * %s\n * rule %d: %s\n */\n",
		alloc_format_request(req, text, sizeof(text)),
		decision->rule->number, decision->rule->reason);
	fputs("#include <linux/mm.h>\n#include <linux/overflow.h>\n#include <linux/slab.h>\n", out);
	if (decision->scope)
		fputs("#include <linux/sched/mm.h>\n", out);
	if (req->life == ALLOC_DEVICE && !strstr(code->headers, "device.h"))
		fputs("#include <linux/device.h>\n", out);
	fputs(code->headers, out);
	fprintf(out, "\nstruct buffer {\n\t%s%sdata;\n%s};\n", code->type,
		code->type[strlen(code->type) - 1] == '*' ? "" : " ",
		code->members);
}

static void print_pool(FILE *out, const struct code *code)
{
	const char *name = strrchr(code->pool, '*') + 1;

	fprintf(out, "\nstatic %s;\n\n", code->pool);
	fprintf(out, "/* Once, before the first allocation; may sleep. */\n"
		"static int buffer_setup(%s)\n{\n\t%s = %s;\n"
		"\treturn %s ? 0 : -ENOMEM;\n}\n\n",
		code->needs_dev ? "struct device *dev" : "void", name,
		code->setup, name);
	fprintf(out, "/* When every buffer is freed. */\n"
		"static void buffer_teardown(void)\n{\n\t%s;\n}\n",
		code->teardown);
}

static void print_free(FILE *out, const struct code *code)
{
	if (*code->free)
		fprintf(out, "\nstatic void buffer_free(struct buffer *b)\n{\n\t%s;\n}\n",
			code->free);
}

static void print_action(FILE *out)
{
	fputs("\nstatic void buffer_detach(void *data)\n{\n\tbuffer_free(data);\n}\n", out);
}

static void print_alloc(FILE *out, const struct alloc_request *req,
			const struct alloc_decision *decision,
			const struct code *code)
{
	bool action = req->life == ALLOC_DEVICE && *code->free;
	bool dev = code->needs_dev || action;

	fprintf(out, "\nstatic int %sbuffer_alloc(struct buffer *b%s)\n{\n",
		decision->api == ALLOC_API_MEMBLOCK ? "__init " : "",
		dev ? ", struct device *dev" : "");
	if (decision->scope)
		fprintf(out, "\tunsigned int scope = memalloc_%s_save();\n\n",
			scope_name(decision));
	if (*code->members)
		fputs("\tb->dev = dev;\n", out);
	fprintf(out, "\tb->data = %s;\n", code->alloc);
	if (decision->scope)
		fprintf(out, "\tmemalloc_%s_restore(scope);\n",
			scope_name(decision));
	if (decision->gfp & ALLOC_GFP_NOFAIL)
		fputs("\t/* __GFP_NOFAIL: it waits, and is never NULL. */\n", out);
	else
		fputs("\tif (!b->data)\n\t\treturn -ENOMEM;\n", out);
	if (code->unmapped)
		fprintf(out, "\tif (%s) {\n\t\tbuffer_free(b);\n\t\treturn -ENOMEM;\n\t}\n",
			code->unmapped);
	if (decision->clear)
		fprintf(out, "\tmemset(%s, 0, %s);\n",
			code->data ? code->data : "b->data", code->total);
	fputs(action ?
	      "\treturn devm_add_action_or_reset(dev, buffer_detach, b);\n}\n" :
	      "\treturn 0;\n}\n", out);
}

static void print_refusal(FILE *out, const struct alloc_decision *decision)
{
	fprintf(out, "/*\n * Refused with %s. %s\n * Instead: %s.\n */\n",
		alloc_errno_name(decision->err), decision->rule->reason,
		decision->rule->instead ? decision->rule->instead : "-");
}

void code_print(FILE *out, const struct alloc_request *req,
		const struct alloc_decision *decision)
{
	struct code code;

	if (decision->err) {
		print_refusal(out, decision);
		return;
	}
	code_make(&code, req, decision);
	print_head(out, req, decision, &code);
	if (code.pool)
		print_pool(out, &code);
	print_free(out, &code);
	if (req->life == ALLOC_DEVICE && *code.free)
		print_action(out);
	print_alloc(out, req, decision, &code);
	if (req->user_map && *code.map)
		fprintf(out, "\nstatic int buffer_mmap(struct buffer *b,\n"
			"\t\t       struct vm_area_struct *vma)\n{\n\t%s;\n}\n",
			code.map);
}
