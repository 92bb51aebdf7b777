/* SPDX-License-Identifier: GPL-2.0 */
/* The program's way to the module. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include "table.h"

#define BENCH_DIR	"/sys/kernel/debug/alloc_cost"

/*
 * bench_there() - whether the module is there; if not, 0 and errno
 * bench_measure() - let it measure row->api at row->size with row->rounds, and
 *	fill in the rest of the row, be it with its error. 0, or -errno if the
 *	module's answer cannot be had or understood.
 */
bool bench_there(void);
int bench_measure(struct row *row);

#endif /* BENCH_CLIENT_H */
