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
	struct table *table;

	table = kzalloc(struct_size(table, rec, nr), GFP_KERNEL | __GFP_NOWARN);
	if (table)
		table->nr = nr;
	return table;
	/* END TODO 1 */
}

int table_resize(struct table **table, size_t nr)
{
	/* TODO 2: more records, or fewer; the old ones stay, the new ones are 0 */
	struct table *resized;

	resized = krealloc(*table, struct_size(resized, rec, nr),
			   GFP_KERNEL | __GFP_NOWARN);
	if (!resized)
		return -ENOMEM;
	if (nr > resized->nr)
		memset(&resized->rec[resized->nr], 0,
		       (nr - resized->nr) * sizeof(*resized->rec));
	resized->nr = nr;
	*table = resized;
	return 0;
	/* END TODO 2 */
}

u32 *grid_new(size_t rows, size_t cols)
{
	/* TODO 3: rows times cols cells, all zero; or NULL */
	size_t cells;

	if (check_mul_overflow(rows, cols, &cells))
		return NULL;
	return kcalloc(cells, sizeof(u32), GFP_KERNEL | __GFP_NOWARN);
	/* END TODO 3 */
}

int secret_append(struct secret *secret, const void *bytes, size_t len)
{
	/* TODO 4: let the secret grow, and leave no copy of it behind */
	size_t total;
	u8 *grown;

	if (check_add_overflow(secret->len, len, &total))
		return -EOVERFLOW;
	/* Not krealloc(): where it moves, it frees the old bytes as they are. */
	grown = kmalloc(total, GFP_KERNEL | __GFP_NOWARN);
	if (!grown)
		return -ENOMEM;
	if (secret->len)
		memcpy(grown, secret->bytes, secret->len);
	memcpy(grown + secret->len, bytes, len);
	kfree_sensitive(secret->bytes);
	secret->bytes = grown;
	secret->len = total;
	return 0;
	/* END TODO 4 */
}

void secret_drop(struct secret *secret)
{
	/* TODO 5: forget the secret, and leave nothing of it in memory */
	kfree_sensitive(secret->bytes);
	secret->bytes = NULL;
	secret->len = 0;
	/* END TODO 5 */
}
