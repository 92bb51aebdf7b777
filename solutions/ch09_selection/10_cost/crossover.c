// SPDX-License-Identifier: GPL-2.0
/*
 * Where two curves cross
 *
 * What the function has to do is written in crossover.h.
 */
#include <stdbool.h>

#include "crossover.h"

struct crossover crossover(const struct cost *a, size_t nr_a,
			   const struct cost *b, size_t nr_b)
{
	/* TODO 1: up to which size, and from which on, a is clearly cheaper */
	struct crossover at = { 0 };
	bool always = true;
	size_t i = 0, j = 0;

	while (i < nr_a && j < nr_b) {
		if (a[i].size < b[j].size) {
			i++;
			continue;
		}
		if (b[j].size < a[i].size) {
			j++;
			continue;
		}
		if (10 * a[i].ns <= 9 * b[j].ns) {
			if (always)
				at.to = a[i].size;
			if (!at.from)
				at.from = a[i].size;
		} else {
			always = false;
			at.from = 0;
		}
		i++;
		j++;
	}
	return at;
	/* END TODO 1 */
}
