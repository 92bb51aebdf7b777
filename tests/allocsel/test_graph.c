// SPDX-License-Identifier: GPL-2.0
/*
 * The flowchart says what the rules say: every request of the domain, led
 * through the graph by its answers, ends in the rule that decides about it;
 * every path ends in a rule, and every rule has a path.
 */
#include "tap.h"
#include "domain.h"
#include "alloc_facts.h"
#include "graph.h"

struct walk {
	const struct graph *graph;
	u64 wrong;
	u64 contradictions;
	size_t reached[64];
};

static bool holds(const struct graph_node *node, u32 facts)
{
	size_t i;

	for (i = 0; i < node->nr_parts; i++) {
		bool yes = facts & (1U << node->parts[i].question);
		bool met = yes != node->parts[i].negated;

		if (met != node->all)
			return !node->all;
	}
	return node->all;
}

static size_t follow(const struct graph *graph, u32 facts)
{
	struct graph_target at = graph->root;

	while (!at.is_rule) {
		const struct graph_node *node = &graph->nodes[at.index];

		at = holds(node, facts) ? node->yes : node->no;
	}
	return at.index;
}

static void visit(const struct alloc_request *req, const struct alloc_env *env,
		  void *data)
{
	struct alloc_decision decision =
		alloc_selector_finished.select(req, env);
	u32 facts = alloc_facts(req, env);
	struct knowledge known = { .yes = facts, .no = ~facts };
	struct walk *walk = data;
	size_t rule = follow(walk->graph, facts);

	walk->reached[rule]++;
	if (&alloc_selector_finished.rules[rule] != decision.rule)
		walk->wrong++;
	/* What follows from an answer must be true of every request. */
	if (!(facts & (Q(EMPTY) | Q(OVERFLOW))) && !knowledge_close(&known))
		walk->contradictions++;
}

static void test_walk(const struct graph *graph, const char *what)
{
	struct walk walk = { .graph = graph };
	size_t i, missing = 0, nodes = 0;

	domain_each(visit, &walk);
	for (i = 0; i < graph->nr_nodes; i++)
		nodes += !graph->nodes[i].merged;
	for (i = 0; i < alloc_selector_finished.nr_rules; i++)
		missing += !walk.reached[i];
	tap_note("%s: %zu nodes", what, nodes);
	tap_ok(!walk.wrong, "%s: every path ends where the rules do", what);
	tap_ok(!missing, "%s: every rule has a path", what);
	tap_ok(!walk.contradictions, "%s: the laws between questions hold",
	       what);
}

/* A table with a hole, and one with a single rule. */
static void test_others(void)
{
	static const struct alloc_rule holey[] = {
		{ .number = 1, .terms = { { .all = Q(EMPTY) } } },
	};
	static const struct alloc_rule single[] = { { .number = 1 } };
	struct alloc_selector other = { .rules = holey, .nr_rules = 1 };
	struct graph graph;

	tap_ok(graph_build(&other, &graph) && graph.hole, "a hole is noticed");
	graph_free(&graph);
	other.rules = single;
	tap_ok(!graph_build(&other, &graph) && graph.root.is_rule &&
	       !graph.nr_nodes, "one rule alone needs no question");
	graph_free(&graph);
	other.nr_rules = 0;
	tap_ok(graph_build(&other, &graph) && graph.hole,
	       "an empty table is a hole");
	graph_free(&graph);
}

int main(void)
{
	struct graph graph;
	int err = graph_build(&alloc_selector_finished, &graph);

	if (err)
		tap_bail("the graph cannot be built: %s", strerror(-err));
	test_walk(&graph, "plain");
	graph_join(&graph);
	test_walk(&graph, "joined");
	graph_free(&graph);
	test_others();
	return tap_done();
}
