/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an allocation really gets. measure.c is yours; table.c calls it when
 * somebody writes to /proc/frag, and shows the table to who reads it.
 */
#ifndef MEASURE_H
#define MEASURE_H

#include <linux/types.h>

/**
 * struct row - one line of the table
 * @asked: how many bytes were asked for
 * @real: how many kmalloc() gave; 0 if it gave none
 * @refused: whether it gave none
 */
struct row {
	size_t asked;
	size_t real;
	bool refused;
};

/**
 * measure() - allocate, look, and give back
 * @row: @row->asked is set, any number; the rest is filled in
 *
 * Nothing appears in the kernel's log, however much was asked for.
 *
 * Context: task; may sleep.
 */
void measure(struct row *row);

/**
 * permille() - which part of the memory is wasted
 * @row: a row that was measured
 *
 * Return: wasted bytes for 1000 bytes of memory, rounded down. Where there is no
 * memory nothing is wasted: 0.
 */
unsigned int permille(const struct row *row);

/**
 * measure_steps() - find all sizes that kmalloc() knows
 *
 * Adds, from small to large, two rows for each of them: the least number of bytes
 * that gets it, and the largest. If these are one number it is one row. The last row
 * is the least number that is refused. It is found by asking kmalloc(), and by no more
 * questions than needed: a few for each size.
 *
 * Context: task; may sleep.
 * Return: 0, or the error of table_add(), which ends it.
 */
int measure_steps(void);

/**
 * table_add() - add a row to the table
 * @row: the row, which is copied
 *
 * Return: 0; -E2BIG when there are ROWS_MOST; -EINTR when somebody ends the writer.
 */
int table_add(const struct row *row);

#define ROWS_MOST	10000

#endif /* MEASURE_H */
