// SPDX-License-Identifier: GPL-2.0
/*
 * From rules to a graph of questions. Two states of knowledge are the same
 * node when the same conditions are still open, and the same laws bind the
 * questions in them.
 */
#include <stdlib.h>

#include "graph.h"

#define MAX_RULES 64
#define KEY_WORDS (MAX_RULES * (1 + 3 * ALLOC_MAX_TERMS) + 2 * NR_LAWS)

/* What is still open: the identity of a node. */
struct open_state {
	u32 words[KEY_WORDS];
	size_t used;
	u32 questions;
};

struct builder {
	const struct alloc_selector *selector;
	struct graph *graph;
	struct open_state *states;	/* one for each node */
	size_t room;
};

static void push(struct open_state *state, u32 word)
{
	if (state->used < KEY_WORDS)
		state->words[state->used++] = word;
}

static void push_term(struct open_state *state, const struct alloc_term *term,
		      struct knowledge known)
{
	u32 all = term->all & ~known.yes;
	u32 none = term->none & ~known.no;
	u32 any = term->any & known.yes ? 0 : term->any & ~known.no;

	push(state, all);
	push(state, any);
	push(state, none);
	state->questions |= all | any | none;
}

/* Fills state; returns the first rule not ruled out, or nr_rules. */
static size_t describe(const struct alloc_selector *selector,
		       struct knowledge known, struct open_state *state)
{
	size_t first = selector->nr_rules;
	struct law laws[NR_LAWS];
	size_t i, count;
	int t;

	memset(state, 0, sizeof(*state));
	for (i = 0; i < selector->nr_rules; i++) {
		const struct alloc_rule *rule = &selector->rules[i];
		enum truth truth = rule_truth(rule, known);
		struct alloc_rule one = { 0 };

		if (truth == FAILS)
			continue;
		if (first == selector->nr_rules)
			first = i;
		push(state, i);
		if (truth == HOLDS)
			break;
		for (t = 0; t < ALLOC_MAX_TERMS; t++) {
			one.terms[0] = rule->terms[t];
			if (rule_truth(&one, known) == UNKNOWN)
				push_term(state, &rule->terms[t], known);
		}
	}
	count = knowledge_open_laws(known, state->questions, laws);
	for (i = 0; i < count; i++) {
		push(state, laws[i].no);
		push(state, laws[i].yes);
	}
	return first;
}

static bool find_node(const struct builder *b, const struct open_state *state,
		      size_t *index)
{
	for (*index = 0; *index < b->graph->nr_nodes; ++*index)
		if (!memcmp(&b->states[*index], state, sizeof(*state)))
			return true;
	return false;
}

static int add_node(struct builder *b, const struct open_state *state,
		    int question, size_t *index)
{
	struct graph *graph = b->graph;

	if (graph->nr_nodes == b->room) {
		size_t room = b->room ? 2 * b->room : 64;
		struct graph_node *nodes;
		struct open_state *states;

		nodes = realloc(graph->nodes, room * sizeof(*nodes));
		if (!nodes)
			return -ENOMEM;
		graph->nodes = nodes;
		states = realloc(b->states, room * sizeof(*states));
		if (!states)
			return -ENOMEM;
		b->states = states;
		b->room = room;
	}
	*index = graph->nr_nodes++;
	b->states[*index] = *state;
	graph->nodes[*index] = (struct graph_node) {
		.parts = { { .question = question } },
		.nr_parts = 1,
	};
	return 0;
}

static int build(struct builder *b, struct knowledge known,
		 struct graph_target *target);

/* The node behind one answer. */
static int build_answer(struct builder *b, struct knowledge known, int question,
			bool answer, struct graph_target *target)
{
	if (!knowledge_add(&known, question, answer))
		return -EINVAL;
	return build(b, known, target);
}

static int build(struct builder *b, struct knowledge known,
		 struct graph_target *target)
{
	struct graph_target yes, no;
	struct open_state state;
	size_t first = describe(b->selector, known, &state);
	size_t index;
	int question, err;

	if (first == b->selector->nr_rules) {
		b->graph->hole = true;
		return -EINVAL;
	}
	*target = (struct graph_target) { .is_rule = true, .index = first };
	if (rule_truth(&b->selector->rules[first], known) == HOLDS)
		return 0;
	*target = (struct graph_target) { .is_rule = false };
	if (find_node(b, &state, &target->index))
		return 0;
	question = rule_next_question(&b->selector->rules[first], known);
	err = build_answer(b, known, question, true, &yes);
	if (!err)
		err = build_answer(b, known, question, false, &no);
	if (!err)
		err = add_node(b, &state, question, &index);
	if (err)
		return err;
	b->graph->nodes[index].yes = yes;
	b->graph->nodes[index].no = no;
	target->index = index;
	return 0;
}

static bool same_target(struct graph_target a, struct graph_target b)
{
	return a.is_rule == b.is_rule && a.index == b.index;
}

/* Equal nodes become one, and a question whose answers agree goes away. */
static void reduce(struct graph *graph)
{
	struct graph_target *to = calloc(graph->nr_nodes + 1, sizeof(*to));
	size_t i, j;

	if (!to)
		return;		/* a larger graph is right, too */
	for (i = 0; i < graph->nr_nodes; i++) {
		struct graph_node *node = &graph->nodes[i];

		if (!node->yes.is_rule)
			node->yes = to[node->yes.index];
		if (!node->no.is_rule)
			node->no = to[node->no.index];
		to[i].index = i;
		if (same_target(node->yes, node->no)) {
			to[i] = node->yes;
			node->merged = true;
			continue;
		}
		for (j = 0; j < i; j++) {
			struct graph_node *other = &graph->nodes[j];

			if (other->merged || !same_target(other->yes, node->yes) ||
			    !same_target(other->no, node->no) ||
			    other->parts[0].question != node->parts[0].question)
				continue;
			to[i].index = j;
			node->merged = true;
			break;
		}
	}
	if (!graph->root.is_rule)
		graph->root = to[graph->root.index];
	free(to);
}

/* Nodes that no edge leads to any more go, too: parents come last. */
static void count_parents(struct graph *graph)
{
	size_t i;

	for (i = 0; i < graph->nr_nodes; i++)
		graph->nodes[i].parents = 0;
	if (!graph->root.is_rule)
		graph->nodes[graph->root.index].parents++;
	for (i = 0; i < graph->nr_nodes; i++) {
		struct graph_node *node = &graph->nodes[i];

		if (node->merged)
			continue;
		if (!node->yes.is_rule)
			graph->nodes[node->yes.index].parents++;
		if (!node->no.is_rule)
			graph->nodes[node->no.index].parents++;
	}
	for (i = graph->nr_nodes; i--; ) {
		struct graph_node *node = &graph->nodes[i];

		if (node->merged || node->parents)
			continue;
		node->merged = true;
		if (!node->yes.is_rule)
			graph->nodes[node->yes.index].parents--;
		if (!node->no.is_rule)
			graph->nodes[node->no.index].parents--;
	}
}

int graph_build(const struct alloc_selector *selector, struct graph *graph)
{
	struct builder b = { .selector = selector, .graph = graph };
	struct knowledge known = { 0 };
	int err;

	memset(graph, 0, sizeof(*graph));
	if (selector->nr_rules > MAX_RULES)
		return -E2BIG;
	err = build(&b, known, &graph->root);
	free(b.states);
	if (err)
		return err;
	reduce(graph);
	count_parents(graph);
	return 0;
}

/* Takes the only child on one side in, when both lead to one place. */
static bool absorb(struct graph *graph, struct graph_node *node, bool all)
{
	struct graph_target *own = all ? &node->no : &node->yes;
	struct graph_target *rest = all ? &node->yes : &node->no;
	struct graph_node *child;
	bool negated;

	if (rest->is_rule || (node->nr_parts > 1 && node->all != all) ||
	    node->nr_parts == ARRAY_SIZE(node->parts))
		return false;
	child = &graph->nodes[rest->index];
	if (child->parents != 1 || child->nr_parts != 1)
		return false;
	if (same_target(all ? child->no : child->yes, *own))
		negated = false;
	else if (same_target(all ? child->yes : child->no, *own))
		negated = true;
	else
		return false;
	node->parts[node->nr_parts] = child->parts[0];
	node->parts[node->nr_parts++].negated = negated;
	node->all = all;
	*rest = all == negated ? child->no : child->yes;
	child->merged = true;
	return true;
}

void graph_join(struct graph *graph)
{
	size_t i = graph->nr_nodes;

	/* Parents come after their children: go from the root down. */
	while (i--) {
		struct graph_node *node = &graph->nodes[i];

		while (!node->merged &&
		       (absorb(graph, node, false) || absorb(graph, node, true)))
			;
	}
	count_parents(graph);
}

void graph_free(struct graph *graph)
{
	free(graph->nodes);
	graph->nodes = NULL;
}
