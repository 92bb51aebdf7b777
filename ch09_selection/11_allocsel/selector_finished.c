// SPDX-License-Identifier: GPL-2.0
/*
 * The workbook's finished alloc_select(), to compare yours with. Where a
 * submission is judged the solutions are not there, and nothing is compiled.
 */
#include "selector.h"

/* The checker sparse has no __has_include(). */
#ifndef __CHECKER__
#if __has_include("../../solutions/ch09_selection/11_allocsel/alloc_select.h")
#include "../../solutions/ch09_selection/11_allocsel/alloc_select.h"

static struct alloc_decision select_finished(const struct alloc_request *req,
					     const struct alloc_env *env)
{
	return alloc_select(req, env);
}

const struct alloc_selector alloc_selector_finished = {
	.name = "finished",
	.rules = alloc_rules,
	.nr_rules = ARRAY_SIZE(alloc_rules),
	.select = select_finished,
};

#define SELECTOR_FINISHED
#endif
#endif

#ifndef SELECTOR_FINISHED
const struct alloc_selector alloc_selector_finished = {
	.name = "finished",
};
#endif
