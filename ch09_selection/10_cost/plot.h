/* SPDX-License-Identifier: GPL-2.0 */
/* The two pictures. */
#ifndef PLOT_H
#define PLOT_H

#include <stdio.h>

#include "table.h"

/*
 * plot_latency() - time by size: a panel for each series, a line for each API
 * plot_waste() - bytes taken but not asked for, by size: a panel for each API
 *
 * Both: 0 or -errno. @title stands above the picture. Rows are in the order of
 * table_order(), and at least one has no error.
 */
int plot_latency(const struct table *table, const char *title, FILE *file);
int plot_waste(const struct table *table, const char *title, FILE *file);

#endif /* PLOT_H */
