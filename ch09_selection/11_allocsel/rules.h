/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rule table of the allocation selector. The first rule that applies
 * decides, so order is part of the meaning: refusals that hold for every
 * allocator come first, then special memory (per-CPU, guaranteed, DMA,
 * mapped), and plain memory by amount last.
 *
 * A rule applies when one of its terms holds; a term holds when all questions
 * in .all are answered yes, at least one in .any (if there is any), and none
 * in .none. The questions stand in alloc_types.h, their answers in
 * alloc_facts.h.
 *
 * .source names the place in Linux 6.1.192 and in 6.12.117.
 */
#ifndef RULES_H
#define RULES_H

#include "alloc_types.h"

static const struct alloc_rule alloc_rules[] = {
	/* TODO 1: requests that no allocator can serve */
	/* END TODO 1 */

	/* TODO 2: per-CPU memory */
	/* END TODO 2 */

	/* TODO 3: memory that must not fail, or must make progress */
	/* END TODO 3 */

	/* TODO 4: memory that a device and the CPU share */
	/* END TODO 4 */

	/* TODO 5: mapped memory, object caches, memory that lives with a device */
	/* END TODO 5 */

	/* TODO 6: plain memory, by amount and by contiguity */
	{
		.number = 20, .api = ALLOC_API_KMALLOC, .free = "kfree",
		.reason =
			"The skeleton takes kmalloc() for everything.",
		.source = { "include/linux/slab.h:549", "include/linux/slab.h:885" },
	},
	/* END TODO 6 */
};

#endif /* RULES_H */
