/* SPDX-License-Identifier: GPL-2.0 */
/* At which sizes one API is cheaper than another. You write crossover.c. */
#ifndef CROSSOVER_H
#define CROSSOVER_H

#include <stddef.h>

/**
 * struct cost - what one allocation of this size costs
 * @size: bytes
 * @ns: to allocate and to free
 */
struct cost {
	size_t size;
	unsigned long long ns;
};

/**
 * struct crossover - where one is clearly cheaper than the other
 * @to: the largest size at which, and at all smaller ones too, it is; 0: none
 * @from: the smallest size at which, and at all larger ones too, it is; 0: none
 */
struct crossover {
	size_t to;
	size_t from;
};

/**
 * crossover() - at which sizes API @a is clearly cheaper than API @b
 * @a: its costs, from the smallest size to the largest
 * @nr_a: how many
 * @b: those of the other
 * @nr_b: how many
 *
 * Clearly cheaper is what costs at most nine tenths: less may be chance. Only the
 * sizes count that are in both; a failed one is in none.
 */
struct crossover crossover(const struct cost *a, size_t nr_a,
			   const struct cost *b, size_t nr_b);

#endif /* CROSSOVER_H */
