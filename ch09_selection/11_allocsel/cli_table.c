// SPDX-License-Identifier: GPL-2.0
/* The rules as tables: by amount, by type, and one by one. */
#include "cli.h"
#include "alloc_facts.h"
#include "questions.h"

struct table_request {
	const char *title;
	const char *words;
};

static const struct table_request amounts[] = {
	{ "Plain memory, the caller may sleep", "" },
	{ "Physically contiguous, the caller may sleep", "contig=phys" },
	{ "The caller may not sleep", "ctx=atomic" },
};

static const struct table_request types[] = {
	{ "one copy for every CPU", "size=64 percpu=1" },
	{ "coherent DMA, many small blocks", "size=64 dma=coherent many=1" },
	{ "coherent DMA, a buffer", "size=64K dma=coherent" },
	{ "streaming DMA, a buffer", "size=64K dma=streaming" },
	{ "contiguous, 64 MiB, CMA of 128 MiB", "size=64M contig=phys cma=128M" },
	{ "work that must make progress", "size=4K need=must_progress" },
	{ "a caller who cannot fail", "size=4K need=nofail" },
	{ "mapped by a process", "size=64K user_map=1" },
	{ "mapped by a process, contiguous", "size=64K user_map=1 contig=phys" },
	{ "many objects of 700 bytes", "size=700 many=1" },
	{ "lives as long as a device", "size=256 life=device" },
	{ "early boot, built in", "size=4K when=early_boot who=builtin" },
	{ "early boot, a module", "size=4K when=early_boot" },
	{ "in an NMI", "size=64 ctx=nmi" },
};

/* The words are the table's own: they are right, or a test fails. */
static struct alloc_input input_of(const struct cli *cli, const char *words)
{
	struct alloc_input in = cli->in;
	char why[ALLOC_WHY_LEN];

	in.given = 0;
	alloc_input_line(&in, words, strlen(words), why);
	return in;
}

/* The amounts behind which a decision can change, in order. */
static size_t edges(const struct alloc_env *env, u64 *edge)
{
	u64 all[] = { 0, ALLOC_PAGE, ALLOC_SLAB_MAX, ALLOC_PCPU_MAX, env->kmax,
		      ALLOC_INT_MAX, env->ram };
	size_t count = 0;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		for (j = i + 1; j < ARRAY_SIZE(all); j++)
			if (all[j] < all[i]) {
				u64 other = all[i];

				all[i] = all[j];
				all[j] = other;
			}
	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (!count || all[i] > edge[count - 1])
			edge[count++] = all[i];
	return count;
}

struct row {
	u64 from;
	u64 to;		/* ~0: without end */
	struct alloc_decision decision;
};

#define MAX_ROWS 10

static size_t amount_rows(const struct cli *cli, const char *words,
			  struct row *rows)
{
	struct alloc_input in = input_of(cli, words);
	u64 edge[MAX_ROWS];
	size_t count = edges(&in.env, edge);
	size_t nr_rows = 0;
	size_t i;

	for (i = 0; i <= count; i++) {
		struct row row = { .from = i ? edge[i - 1] + 1 : 0,
				   .to = i < count ? edge[i] : ~0ULL };

		in.req.size = row.from;
		row.decision = cli->selector->select(&in.req, &in.env);
		if (nr_rows && rows[nr_rows - 1].decision.rule ==
			       row.decision.rule)
			rows[nr_rows - 1].to = row.to;
		else
			rows[nr_rows++] = row;
	}
	return nr_rows;
}

static const char *range(const struct row *row, char *text, size_t len)
{
	char from[32], to[32];

	alloc_format_size(row->from, from, sizeof(from));
	alloc_format_size(row->to, to, sizeof(to));
	if (row->to == ~0ULL)
		snprintf(text, len, "%s and more", from);
	else if (row->from == row->to)
		snprintf(text, len, "%s", from);
	else
		snprintf(text, len, "%s to %s", from, to);
	return text;
}

static const char *verdict(const struct alloc_request *req,
			   const struct alloc_decision *decision, char *text,
			   size_t len)
{
	if (!decision->rule)
		snprintf(text, len, "no rule applies");
	else if (decision->err)
		snprintf(text, len, "refused: %s",
			 alloc_errno_name(decision->err));
	else
		snprintf(text, len, "%s", cli_api(req, decision));
	return text;
}

static void print_row(bool markdown, const char *what,
		      const struct alloc_request *req,
		      const struct alloc_decision *decision)
{
	char gfp[ALLOC_TEXT_LEN];
	char text[64];
	char *bar;

	alloc_format_gfp(decision->gfp, gfp, sizeof(gfp));
	/* A bar would end the cell. */
	for (bar = gfp; markdown && (bar = strchr(bar, '|')); )
		*bar = ',';
	printf(markdown ? "| %s | `%s` | `%s` | `%s` | %d |\n" :
	       "  %-34s %-20s %-18s %-22s %2d\n", what,
	       verdict(req, decision, text, sizeof(text)), cli_free(decision),
	       gfp,
	       decision->rule ? decision->rule->number : 0);
}

static void print_head(bool markdown, const char *title, const char *first)
{
	if (markdown)
		printf("\n%s:\n\n| %s | allocator | free | flags | rule |\n|---|---|---|---|---|\n",
		       title, first);
	else
		printf("\n%s\n  %-34s %-20s %-18s %-22s %s\n", title, first,
		       "allocator", "free", "flags", "rule");
}

static void print_mask(u32 mask, const char *separator, const char *before,
		       bool *first)
{
	int q;

	for (q = 0; q < ALLOC_NR_QUESTIONS; q++)
		if (mask & (1U << q)) {
			printf("%s%s%s", *first ? "" : separator, before,
			       question_texts[q].brief);
			*first = false;
		}
}

static void print_condition(const struct alloc_rule *rule)
{
	bool any_term = false;
	int i;

	for (i = 0; i < ALLOC_MAX_TERMS; i++) {
		const struct alloc_term *term = &rule->terms[i];
		bool first = true;

		if (!alloc_term_used(term))
			continue;
		if (any_term)
			printf("; or ");
		any_term = true;
		print_mask(term->all, ", ", "", &first);
		if (term->any) {
			printf("%s(", first ? "" : ", ");
			first = true;
			print_mask(term->any, " or ", "", &first);
			putchar(')');
			first = false;
		}
		print_mask(term->none, ", ", "not ", &first);
	}
	if (!any_term)
		printf("all others");
}

static void print_rules(const struct cli *cli)
{
	size_t i;

	puts("\n| rule | when | decision | free | reason |\n|---|---|---|---|---|");
	for (i = 0; i < cli->selector->nr_rules; i++) {
		const struct alloc_rule *rule = &cli->selector->rules[i];

		printf("| %d | ", rule->number);
		print_condition(rule);
		if (rule->err)
			printf(" | **%s**: %s | ", alloc_errno_name(rule->err),
			       rule->instead ? rule->instead : "");
		else
			printf(" | `%s` | ", cli_rule_api(rule));
		printf(rule->free ? "`%s` | " : "%s | ",
		       rule->free ? rule->free : rule->err ? "" : "automatic");
		printf("%s |\n", rule->reason);
	}
}

static void print_json(const struct cli *cli)
{
	struct row rows[MAX_ROWS];
	size_t i, j, count;
	bool first = true;

	printf("{\"amounts\":[");
	for (i = 0; i < ARRAY_SIZE(amounts); i++) {
		count = amount_rows(cli, amounts[i].words, rows);
		for (j = 0; j < count; j++) {
			struct alloc_input in = input_of(cli, amounts[i].words);

			in.req.size = rows[j].from;
			printf("%s{\"from\":%llu", first ? "" : ",",
			       rows[j].from);
			if (rows[j].to != ~0ULL)
				printf(",\"to\":%llu", rows[j].to);
			printf(",\"decision\":");
			cli_json_decision(cli, &in);
			putchar('}');
			first = false;
		}
	}
	printf("],\"types\":[");
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct alloc_input in = input_of(cli, types[i].words);

		printf("%s{", i ? "," : "");
		json_member("type", types[i].title, true);
		printf(",\"decision\":");
		cli_json_decision(cli, &in);
		putchar('}');
	}
	puts("]}");
}

int cli_table(const struct cli *cli, bool markdown)
{
	struct alloc_decision decision;
	struct row rows[MAX_ROWS];
	size_t i, j, count;
	char text[80];

	if (cli->json) {
		print_json(cli);
		return CLI_OK;
	}
	for (i = 0; i < ARRAY_SIZE(amounts); i++) {
		struct alloc_input in = input_of(cli, amounts[i].words);

		print_head(markdown, amounts[i].title, "amount");
		count = amount_rows(cli, amounts[i].words, rows);
		for (j = 0; j < count; j++)
			print_row(markdown, range(&rows[j], text, sizeof(text)),
				  &in.req, &rows[j].decision);
	}
	print_head(markdown, "By type", "type");
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		struct alloc_input in = input_of(cli, types[i].words);

		decision = cli->selector->select(&in.req, &in.env);
		print_row(markdown, types[i].title, &in.req, &decision);
	}
	if (markdown)
		print_rules(cli);
	return CLI_OK;
}
