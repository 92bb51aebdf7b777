/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules as a graph of questions: every path from node 0 ends in a rule.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include "questions.h"

/* A place in the graph: a node, or the end of a path. */
struct graph_target {
	bool is_rule;
	size_t index;	/* of the node, or of the rule in its table */
};

/* One question of a node, or its opposite. */
struct graph_part {
	int question;
	bool negated;
};

/**
 * struct graph_node - a question, or several joined
 * @parts: the questions
 * @nr_parts: how many
 * @all: with several parts, "yes" means that all hold; else that one does
 * @yes: where yes leads
 * @no: where no leads
 * @parents: how many edges lead here
 * @merged: it became a part of another node and is gone
 */
struct graph_node {
	struct graph_part parts[8];
	size_t nr_parts;
	bool all;
	struct graph_target yes;
	struct graph_target no;
	size_t parents;
	bool merged;
};

struct graph {
	struct graph_node *nodes;
	size_t nr_nodes;
	struct graph_target root;
	/* "no rule applies" was reached on some path */
	bool hole;
};

/* 0, or -ENOMEM. Free with graph_free(), also after a failure. */
int graph_build(const struct alloc_selector *selector, struct graph *graph);

/* Joins questions that lead to the same place; for people. */
void graph_join(struct graph *graph);

void graph_free(struct graph *graph);

#endif /* GRAPH_H */
