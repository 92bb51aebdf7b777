// SPDX-License-Identifier: GPL-2.0
/*
 * Memory from the kmalloc() family, with sizes that a user asks for
 *
 * What each function has to do is written in store.h.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "store.h"

struct table *table_new(size_t nr)
{
	/* TODO 1: a table of nr records, all zero; or NULL */
	return NULL;
	/* END TODO 1 */
}

int table_resize(struct table **table, size_t nr)
{
	/* TODO 2: more records, or fewer; the old ones stay, the new ones are 0 */
	return -EOPNOTSUPP;
	/* END TODO 2 */
}

u32 *grid_new(size_t rows, size_t cols)
{
	/* TODO 3: rows times cols cells, all zero; or NULL */
	return NULL;
	/* END TODO 3 */
}

int secret_append(struct secret *secret, const void *bytes, size_t len)
{
	/* TODO 4: let the secret grow, and leave no copy of it behind */
	return -EOPNOTSUPP;
	/* END TODO 4 */
}

void secret_drop(struct secret *secret)
{
	/* TODO 5: forget the secret, and leave nothing of it in memory */
	/* END TODO 5 */
}
