// SPDX-License-Identifier: GPL-2.0
/* Your alloc_select(), compiled out of line. */
#include "selector.h"
#include "alloc_select.h"

static struct alloc_decision select_yours(const struct alloc_request *req,
					  const struct alloc_env *env)
{
	return alloc_select(req, env);
}

const struct alloc_selector alloc_selector_yours = {
	.name = "yours",
	.rules = alloc_rules,
	.nr_rules = ARRAY_SIZE(alloc_rules),
	.select = select_yours,
};

const struct alloc_selector *alloc_selector_find(const char *name)
{
	const struct alloc_selector *best = &alloc_selector_finished;

	if (!best->nr_rules)
		best = NULL;
	if (!name)
		return best ? best : &alloc_selector_yours;
	if (!strcmp(name, "yours"))
		return &alloc_selector_yours;
	return strcmp(name, "finished") ? NULL : best;
}
