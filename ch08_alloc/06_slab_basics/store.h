/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module keeps in memory that it allocates. You write the functions,
 * in store.c; files.c calls them, with sizes that a user wrote into a file.
 */
#ifndef STORE_H
#define STORE_H

#include <linux/types.h>

struct record {
	u64 key;
	u64 value;
};

/**
 * struct table - records, and how many there are, in one piece of memory
 * @nr: how many
 * @rec: the records
 */
struct table {
	size_t nr;
	struct record rec[];
};

/**
 * struct secret - something that nobody may find in memory when it is gone
 * @bytes: from the kmalloc() family, or NULL
 * @len: bytes in use there
 */
struct secret {
	void *bytes;
	size_t len;
};

/**
 * table_new() - make a table
 * @nr: how many records
 *
 * Return: the table, with all records zero, to be freed with kfree(); or NULL if
 * it cannot be had. Any number may be asked for.
 */
struct table *table_new(size_t nr);

/**
 * table_resize() - give a table more records, or fewer
 * @table: the pointer to the table; updated when the table moves
 * @nr: how many records it shall have
 *
 * The first records stay what they are. Those that are new are zero.
 *
 * Return: 0, or -ENOMEM; then the table is what it was before.
 */
int table_resize(struct table **table, size_t nr);

/**
 * grid_new() - make a grid of cells, row after row
 * @rows: how many rows
 * @cols: how many cells there are in each row
 *
 * Return: the first cell, with all cells zero, to be freed with kfree(); or NULL
 * if it cannot be had. Any numbers may be asked for.
 */
u32 *grid_new(size_t rows, size_t cols);

/**
 * secret_append() - let a secret grow at its end
 * @secret: the secret, which may be empty
 * @bytes: what is added
 * @len: how many bytes
 *
 * Return: 0, or a negative error number; then the secret is what it was before.
 */
int secret_append(struct secret *secret, const void *bytes, size_t len);

/**
 * secret_drop() - forget a secret
 * @secret: the secret, which is empty afterwards
 */
void secret_drop(struct secret *secret);

#endif /* STORE_H */
