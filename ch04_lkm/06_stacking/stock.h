/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module stock offers to other modules
 *
 * All of these may sleep, and may be called by several tasks at the same time.
 * They are exported in the namespace STOCK, to modules with a licence that is
 * compatible with the GPL.
 */
#ifndef STOCK_H
#define STOCK_H

/**
 * stock_take() - take items out of the stock
 * @count: how many; 0 is allowed
 *
 * Return: 0, or -ENOSPC when there are not so many left; then none is taken.
 */
int stock_take(unsigned int count);

/**
 * stock_give() - put items back
 * @count: as many as were taken
 */
void stock_give(unsigned int count);

/**
 * stock_left() - how many there are now
 */
unsigned int stock_left(void);

#endif /* STOCK_H */
