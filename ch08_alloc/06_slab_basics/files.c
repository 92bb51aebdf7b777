// SPDX-License-Identifier: GPL-2.0
/*
 * The way in and out, for you and for the check: files in debugfs, under
 * /sys/kernel/debug/slab_basics/. Nothing is to be done here.
 *
 *	new	write "10": throw the table away, make one of 10 records
 *	resize	write "20": give the table 20 records
 *	records	read and write the records themselves, 16 bytes each
 *	info	read about the table: what was asked for, what there is
 *	grid	write "3 5": throw the grid away, make one of 3 rows with 5 cells;
 *		read the cells, 4 bytes each
 *	secret	write a secret, in the place of the one before
 *	append	write more of it
 *	drop	write anything: forget the secret
 *	note	write what is no secret, in the place of the note before
 *
 * Do not learn from the file "secret" how to keep one: it can be read.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "store.h"

#define SECRET_MAX	4096

static struct dentry *dir;
static DEFINE_MUTEX(lock);		/* for all below */
static struct table *table;
static u32 *grid;
static size_t cells;
static struct secret secret;
static void *note;
static u8 incoming[SECRET_MAX];

/* -------------------------------------------------- the table, the grid --- */

static ssize_t new_write(struct file *file, const char __user *buf, size_t len,
			 loff_t *pos)
{
	unsigned long nr;
	int ret;

	ret = kstrtoul_from_user(buf, len, 0, &nr);
	if (ret)
		return ret;
	mutex_lock(&lock);
	kfree(table);
	table = table_new(nr);
	if (!table)
		ret = -ENOMEM;
	mutex_unlock(&lock);
	return ret ?: len;
}

static const struct file_operations new_fops = {
	.owner = THIS_MODULE,
	.write = new_write,
};

static ssize_t resize_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	unsigned long nr;
	int ret;

	ret = kstrtoul_from_user(buf, len, 0, &nr);
	if (ret)
		return ret;
	mutex_lock(&lock);
	ret = table ? table_resize(&table, nr) : -ENOENT;
	mutex_unlock(&lock);
	return ret ?: len;
}

static const struct file_operations resize_fops = {
	.owner = THIS_MODULE,
	.write = resize_write,
};

static ssize_t records_read(struct file *file, char __user *buf, size_t len,
			    loff_t *pos)
{
	ssize_t ret = 0;

	mutex_lock(&lock);
	if (table)
		ret = simple_read_from_buffer(buf, len, pos, table->rec,
					      table->nr * sizeof(*table->rec));
	mutex_unlock(&lock);
	return ret;
}

static ssize_t records_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	ssize_t ret = -ENOSPC;

	mutex_lock(&lock);
	if (table)
		ret = simple_write_to_buffer(table->rec,
					     table->nr * sizeof(*table->rec),
					     pos, buf, len);
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations records_fops = {
	.owner = THIS_MODULE,
	.read = records_read,
	.write = records_write,
};

static int info_show(struct seq_file *s, void *unused)
{
	mutex_lock(&lock);
	if (table)
		seq_printf(s, "%zu records at %p: %zu bytes asked for, %zu there\n",
			   table->nr, table,
			   sizeof(*table) + table->nr * sizeof(*table->rec),
			   ksize(table));
	mutex_unlock(&lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(info);

static ssize_t grid_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *pos)
{
	size_t rows, cols;
	char text[64];
	int ret = len;

	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	text[len] = '\0';
	if (sscanf(text, "%zu %zu", &rows, &cols) != 2)
		return -EINVAL;
	mutex_lock(&lock);
	kfree(grid);
	grid = grid_new(rows, cols);
	cells = grid ? rows * cols : 0;
	if (!grid)
		ret = -ENOMEM;
	mutex_unlock(&lock);
	return ret;
}

static ssize_t grid_read(struct file *file, char __user *buf, size_t len,
			 loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(buf, len, pos, grid,
				      cells * sizeof(*grid));
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations grid_fops = {
	.owner = THIS_MODULE,
	.read = grid_read,
	.write = grid_write,
};

/* ------------------------------------------------- the secret, the note --- */

/* The copy on the way in is wiped, too. */
static ssize_t secret_take(const char __user *buf, size_t len, bool replace)
{
	int ret;

	if (len > sizeof(incoming))
		return -E2BIG;
	mutex_lock(&lock);
	ret = copy_from_user(incoming, buf, len) ? -EFAULT : 0;
	if (!ret && replace)
		secret_drop(&secret);
	if (!ret)
		ret = secret_append(&secret, incoming, len);
	memzero_explicit(incoming, sizeof(incoming));
	mutex_unlock(&lock);
	return ret ?: len;
}

static ssize_t secret_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	return secret_take(buf, len, true);
}

static ssize_t secret_read(struct file *file, char __user *buf, size_t len,
			   loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&lock);
	ret = simple_read_from_buffer(buf, len, pos, secret.bytes, secret.len);
	mutex_unlock(&lock);
	return ret;
}

static const struct file_operations secret_fops = {
	.owner = THIS_MODULE,
	.read = secret_read,
	.write = secret_write,
};

static ssize_t append_write(struct file *file, const char __user *buf,
			    size_t len, loff_t *pos)
{
	return secret_take(buf, len, false);
}

static const struct file_operations append_fops = {
	.owner = THIS_MODULE,
	.write = append_write,
};

static ssize_t drop_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *pos)
{
	mutex_lock(&lock);
	secret_drop(&secret);
	mutex_unlock(&lock);
	return len;
}

static const struct file_operations drop_fops = {
	.owner = THIS_MODULE,
	.write = drop_write,
};

/* A plain kfree(): what a note leaves behind, a secret must not. */
static ssize_t note_write(struct file *file, const char __user *buf, size_t len,
			  loff_t *pos)
{
	void *copy;

	if (len > SECRET_MAX)
		return -E2BIG;
	copy = memdup_user(buf, len);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	mutex_lock(&lock);
	kfree(note);
	note = copy;
	mutex_unlock(&lock);
	return len;
}

static const struct file_operations note_fops = {
	.owner = THIS_MODULE,
	.write = note_write,
};

/* ------------------------------------------------------------ the module --- */

static int __init slab_basics_init(void)
{
	/* No error is looked at: debugfs wants it so, and checks them itself. */
	dir = debugfs_create_dir("slab_basics", NULL);
	debugfs_create_file("new", 0200, dir, NULL, &new_fops);
	debugfs_create_file("resize", 0200, dir, NULL, &resize_fops);
	debugfs_create_file("records", 0600, dir, NULL, &records_fops);
	debugfs_create_file("info", 0400, dir, NULL, &info_fops);
	debugfs_create_file("grid", 0600, dir, NULL, &grid_fops);
	debugfs_create_file("secret", 0600, dir, NULL, &secret_fops);
	debugfs_create_file("append", 0200, dir, NULL, &append_fops);
	debugfs_create_file("drop", 0200, dir, NULL, &drop_fops);
	debugfs_create_file("note", 0200, dir, NULL, &note_fops);
	pr_info("see /sys/kernel/debug/slab_basics\n");
	return 0;
}
module_init(slab_basics_init);

static void __exit slab_basics_exit(void)
{
	debugfs_remove(dir);
	kfree(table);
	kfree(grid);
	kfree(note);
	secret_drop(&secret);
}
module_exit(slab_basics_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Tables, grids and secrets in memory from kmalloc()");
