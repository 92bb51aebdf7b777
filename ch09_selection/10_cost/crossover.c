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
	(void)a;
	(void)nr_a;
	(void)b;
	(void)nr_b;
	return (struct crossover){ 0 };
	/* END TODO 1 */
}
