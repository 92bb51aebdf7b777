/* SPDX-License-Identifier: GPL-2.0 */
/* Each API against each. */
#ifndef COMPARE_H
#define COMPARE_H

#include "table.h"

/*
 * print_crossovers() - a line and a column for each API: at which sizes that of the
 * line is clearly cheaper, by the medians, warm or cold. 0 or -ENOMEM.
 */
int print_crossovers(const struct table *table, bool warm);

#endif /* COMPARE_H */
