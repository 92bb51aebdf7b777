/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A selector is a rule table with its alloc_select(), compiled. There can be
 * two: yours, from this directory, and the finished one of the workbook, when
 * the solutions are there to build it from.
 */
#ifndef SELECTOR_H
#define SELECTOR_H

#include "alloc_types.h"

struct alloc_selector {
	const char *name;
	const struct alloc_rule *rules;
	size_t nr_rules;
	struct alloc_decision (*select)(const struct alloc_request *req,
					const struct alloc_env *env);
};

extern const struct alloc_selector alloc_selector_yours;
/* Its table is empty when the solutions were not there. */
extern const struct alloc_selector alloc_selector_finished;

/* "yours", "finished", or NULL for the best there is; NULL when not there. */
const struct alloc_selector *alloc_selector_find(const char *name);

#endif /* SELECTOR_H */
