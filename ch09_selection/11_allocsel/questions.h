/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The questions in words, what one answer tells about others, and the way
 * through the rules that a request takes.
 */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include "selector.h"

struct question_text {
	const char *asks;	/* "Must it be physically contiguous?" */
	const char *brief;	/* "contiguous?", for diagrams */
};

extern const struct question_text question_texts[ALLOC_NR_QUESTIONS];

/* What is known of the answers; a question in neither is open. */
struct knowledge {
	u32 yes;
	u32 no;
};

/* Adds what follows from what is known; false when it contradicts itself. */
bool knowledge_close(struct knowledge *known);

/* The same with one more answer. */
bool knowledge_add(struct knowledge *known, int question, bool answer);

#define NR_LAWS 14

/* What a law still says: one of .no is answered no, or one of .yes yes. */
struct law {
	u32 no;
	u32 yes;
};

/* The laws that still bind some of the questions; returns how many. */
size_t knowledge_open_laws(struct knowledge known, u32 questions,
			   struct law *open);

enum truth { UNKNOWN, HOLDS, FAILS };

/* Does the rule apply, as far as one knows? */
enum truth rule_truth(const struct alloc_rule *rule, struct knowledge known);

/* The question to ask next about a rule of unknown truth, or -1. */
int rule_next_question(const struct alloc_rule *rule, struct knowledge known);

/**
 * struct path_step - one question on the way
 * @question: one of enum alloc_question
 * @answer: the answer
 * @rule: index of the rule it was asked for
 */
struct path_step {
	int question;
	bool answer;
	size_t rule;
};

/**
 * question_path() - the questions that lead to a decision
 * @selector: whose rules
 * @facts: all answers, from alloc_facts()
 * @steps: room for ALLOC_NR_QUESTIONS steps
 *
 * Return: the number of steps. No question is asked whose answer follows from
 * earlier ones.
 */
size_t question_path(const struct alloc_selector *selector, u32 facts,
		     struct path_step *steps);

#endif /* QUESTIONS_H */
