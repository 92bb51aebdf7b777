// SPDX-License-Identifier: GPL-2.0
/*
 * The table of sizes. Nothing is to be done here.
 *
 *	/proc/frag	write:	SIZE...			measure these sizes
 *				sweep FROM TO STEP	from FROM to TO, by steps
 *				steps			all sizes that kmalloc() knows
 *			read:	what was measured last:
 *				asked, real, wasted, wasted for 1000 bytes
 *
 * A write that fails leaves the table as it was.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "measure.h"

struct table {
	size_t nr;
	struct row rows[ROWS_MOST];
};

static DEFINE_MUTEX(lock);	/* for both tables */
static struct table *table;	/* what is shown; NULL before the first write */
static struct table *making;	/* what is being measured */

int table_add(const struct row *row)
{
	/* A sweep may take seconds: let others run, and let Ctrl-C end it. */
	cond_resched();
	if (fatal_signal_pending(current))
		return -EINTR;
	if (making->nr == ROWS_MOST)
		return -E2BIG;
	making->rows[making->nr++] = *row;
	return 0;
}

static int measure_and_add(size_t size)
{
	struct row row = { .asked = size };

	measure(&row);
	return table_add(&row);
}

static int measure_list(char *words)
{
	char *word;
	size_t size;
	int ret = 0;

	while (!ret && (word = strsep(&words, " "))) {
		ret = kstrtoul(word, 10, &size);
		if (!ret)
			ret = measure_and_add(size);
	}
	return ret;
}

static int measure_sweep(const char *words)
{
	size_t size, to, step;
	int ret;

	if (sscanf(words, "%zu %zu %zu", &size, &to, &step) != 3 || !step || size > to)
		return -EINVAL;
	do {
		ret = measure_and_add(size);
		if (ret || check_add_overflow(size, step, &size))
			return ret;
	} while (size <= to);
	return 0;
}

static int obey(char *line)
{
	if (!strcmp(line, "steps"))
		return measure_steps();
	if (!strncmp(line, "sweep ", 6))
		return measure_sweep(line + 6);
	return measure_list(line);
}

static ssize_t frag_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > 64 * 1024)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	making = kvzalloc(sizeof(*making), GFP_KERNEL);
	ret = making ? obey(strim(line)) : -ENOMEM;
	if (!ret)
		swap(table, making);
	kvfree(making);
	making = NULL;
	mutex_unlock(&lock);
	kfree(line);
	return ret ?: len;
}

/* One line a call: a table of any length fits into seq_file's page. */
static void *frag_start(struct seq_file *s, loff_t *pos)
{
	mutex_lock(&lock);
	return table && *pos < table->nr ? &table->rows[*pos] : NULL;
}

static void *frag_next(struct seq_file *s, void *row, loff_t *pos)
{
	++*pos;
	return *pos < table->nr ? &table->rows[*pos] : NULL;
}

static void frag_stop(struct seq_file *s, void *row)
{
	mutex_unlock(&lock);
}

static int frag_show(struct seq_file *s, void *at)
{
	const struct row *row = at;

	if (row->refused)
		seq_printf(s, "%zu - - -\n", row->asked);
	else
		seq_printf(s, "%zu %zu %zu %u\n", row->asked, row->real, row->real - row->asked,
			   permille(row));
	return 0;
}

static const struct seq_operations frag_seq = {
	.start = frag_start,
	.next = frag_next,
	.stop = frag_stop,
	.show = frag_show,
};

static int frag_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &frag_seq);
}

static const struct proc_ops frag_ops = {
	.proc_open = frag_open,
	.proc_read = seq_read,
	.proc_write = frag_write,
	.proc_lseek = seq_lseek,
	.proc_release = seq_release,
};

static int __init frag_init(void)
{
	return proc_create("frag", 0600, NULL, &frag_ops) ? 0 : -ENOMEM;
}
module_init(frag_init);

static void __exit frag_exit(void)
{
	remove_proc_entry("frag", NULL);
	kvfree(table);
}
module_exit(frag_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("A table of what kmalloc() really gives");
