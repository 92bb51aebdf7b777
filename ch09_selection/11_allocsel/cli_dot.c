// SPDX-License-Identifier: GPL-2.0
/* The flowchart, for Graphviz: allocsel --dot | dot -Tsvg -o rules.svg */
#include "cli.h"
#include "graph.h"

/* What kind of memory a leaf gives, as a colour. */
static const char *colour(const struct alloc_rule *rule)
{
	switch (rule->api) {
	case ALLOC_API_NONE:
		return "#f4c7c3";
	case ALLOC_API_KMALLOC:
	case ALLOC_API_KMEM_CACHE:
	case ALLOC_API_DEVM:
	case ALLOC_API_MEMPOOL:
		return "#c8e6c9";
	case ALLOC_API_PAGES_EXACT:
	case ALLOC_API_MEMBLOCK:
		return "#bbdefb";
	case ALLOC_API_DMA_POOL:
	case ALLOC_API_DMA_COHERENT:
	case ALLOC_API_DMA_PAGES:
		return "#e1bee7";
	case ALLOC_API_PERCPU:
		return "#b2ebf2";
	default:
		return "#ffe0b2";
	}
}

/* What the rule's flags add to the mask of the caller's context. */
static const char *mask_text(const struct alloc_rule *rule)
{
	if (rule->flags & ALLOC_RF_NO_MASK)
		return "no mask";
	if (rule->flags & ALLOC_RF_USER)
		return "GFP_USER or\\nGFP_ATOMIC,\\n__GFP_ZERO";
	if (rule->flags & ALLOC_RF_ZEROES)
		return "mask of the context,\\nalways zeroed";
	if (rule->flags & ALLOC_RF_MEMSET)
		return "mask of the context,\\nnever __GFP_ZERO";
	return "mask of the context";
}

static void leaf(const struct alloc_rule *rule, size_t index)
{
	printf("\tr%zu [shape=box, style=\"filled,rounded\", fillcolor=\"%s\", label=\"",
	       index, colour(rule));
	if (rule->err)
		printf("refuse: %s\\nrule %d", alloc_errno_name(rule->err),
		       rule->number);
	else
		printf("%s\\n%s\\nup to %s\\nrule %d",
		       cli_rule_api(rule), mask_text(rule),
		       alloc_apis[rule->api].limit_text, rule->number);
	puts("\"];");
}

static void question(const struct graph_node *node, size_t index)
{
	size_t i;

	printf("\tq%zu [label=\"", index);
	for (i = 0; i < node->nr_parts; i++)
		printf("%s%s%s", !i ? "" : node->all ? "\\nand " : "\\nor ",
		       node->parts[i].negated ? "not " : "",
		       question_texts[node->parts[i].question].brief);
	puts("?\"];");
}

static void edge(size_t from, struct graph_target to, const char *answer)
{
	printf("\tq%zu -> %c%zu [label=\"%s\"];\n", from,
	       to.is_rule ? 'r' : 'q', to.index, answer);
}

static void print_dot(const struct alloc_selector *selector,
		      const struct graph *graph)
{
	size_t i;

	puts("// made by allocsel --dot from the rule table");
	puts("digraph allocsel {");
	puts("\tgraph [nodesep=0.1, ranksep=0.25];");
	puts("\tnode [fontname=\"Helvetica\", fontsize=11];");
	puts("\tnode [margin=\"0.06,0.03\", width=0, height=0];");
	puts("\tedge [fontname=\"Helvetica\", fontsize=10];");
	puts("\tnode [shape=box, style=filled, fillcolor=\"#fffde7\"];");
	for (i = graph->nr_nodes; i--; ) {
		const struct graph_node *node = &graph->nodes[i];

		if (node->merged)
			continue;
		question(node, i);
		edge(i, node->yes, "yes");
		edge(i, node->no, "no");
	}
	for (i = 0; i < selector->nr_rules; i++)
		leaf(&selector->rules[i], i);
	puts("}");
}

static void json_target(const char *key, struct graph_target to,
			const struct alloc_selector *selector)
{
	json_key(key, false);
	if (to.is_rule)
		printf("{\"rule\":%d}", selector->rules[to.index].number);
	else
		printf("{\"node\":%zu}", to.index);
}

static void print_json(const struct alloc_selector *selector,
		       const struct graph *graph)
{
	bool first = true;
	size_t i;

	putchar('[');
	for (i = graph->nr_nodes; i--; ) {
		const struct graph_node *node = &graph->nodes[i];

		if (node->merged)
			continue;
		printf("%s{\"node\":%zu", first ? "" : ",", i);
		json_member("question",
			    question_texts[node->parts[0].question].asks,
			    false);
		json_target("yes", node->yes, selector);
		json_target("no", node->no, selector);
		putchar('}');
		first = false;
	}
	puts("]");
}

int cli_dot(const struct cli *cli)
{
	struct graph graph;
	int err = graph_build(cli->selector, &graph);

	if (err) {
		fprintf(stderr, graph.hole ?
			"allocsel: some requests reach no rule; the last rule must always apply\n" :
			"allocsel: cannot make a graph of the rules: %s\n",
			strerror(-err));
		graph_free(&graph);
		return graph.hole ? CLI_BAD_INPUT : CLI_MACHINE;
	}
	if (cli->json) {
		print_json(cli->selector, &graph);
	} else {
		graph_join(&graph);
		print_dot(cli->selector, &graph);
	}
	graph_free(&graph);
	return CLI_OK;
}
