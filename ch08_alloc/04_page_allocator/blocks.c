// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks of pages, as the page allocator has them
 *
 * A line written to /proc/blocks does something:
 *
 *	take ORDER [zero] [low]	take a block of 2^ORDER pages: zeroed, or from
 *				the lowest 16 MiB of the machine's memory
 *	stamp N WORD		write WORD and the page's number to the beginning
 *				of each page of block N
 *	find PHYS		say what is at this physical address
 *	give N			give block N back
 *
 * Reading the file lists the blocks, and then what was found.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"

struct block {
	struct page *page;	/* the first one; NULL: there is no block */
	unsigned int order;
};

static struct block blocks[48];
static char found[80];		/* the answer to the last "find" */
static DEFINE_MUTEX(lock);	/* for both */

/* -EINVAL if there are no blocks of that order, -ENOMEM if it cannot be had now. */
static int block_take(struct block *b, unsigned int order, bool zero, bool low)
{
	/* TODO 1: take it, with no warning in the log if there is none: a user asked */
	return -EOPNOTSUPP;
	/* END TODO 1 */
}

static void block_give(struct block *b)
{
	/* TODO 2: give all of it back, and remember that it is gone */
	b->page = NULL;
	/* END TODO 2 */
}

static void block_show(struct seq_file *s, const struct block *b)
{
	unsigned long first = 0, last = 0, virt = 0;
	phys_addr_t phys = 0;

	/* TODO 3: the PFNs of the first and the last page, and where the block begins */
	/* END TODO 3 */
	seq_printf(s, "%td: order %u, pfn %lu to %lu, phys 0x%llx, virt 0x%lx\n",
		   b - blocks, b->order, first, last, (u64)phys, virt);
}

static void block_stamp(const struct block *b, const char *word)
{
	/* TODO 4: "WORD 0" at the beginning of the first page, "WORD 1" of the second one */
	/* END TODO 4 */
}

/* Is this address in the block? Then tell the page's number in it, and its virtual address. */
static bool block_has(const struct block *b, phys_addr_t phys, unsigned long *index,
		      unsigned long *virt)
{
	/* TODO 5: from the physical address to the page frame, and on */
	return false;
	/* END TODO 5 */
}

/* ---------------------------------------- the file; nothing is to be done --- */

static int find(u64 phys)
{
	unsigned long index, virt;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(blocks); i++) {
		if (!blocks[i].page || !block_has(&blocks[i], phys, &index, &virt))
			continue;
		snprintf(found, sizeof(found), "0x%llx: block %zu, page %lu, virt 0x%lx\n",
			 phys, i, index, virt);
		return 0;
	}
	snprintf(found, sizeof(found), "0x%llx: in no block\n", phys);
	return 0;
}

static int take(char *args)
{
	unsigned int order;
	size_t i = 0;
	char *word = strsep(&args, " ");
	int ret = kstrtouint(word ?: "", 0, &order);
	bool zero = args && strstr(args, "zero"), low = args && strstr(args, "low");

	if (ret)
		return ret;
	while (i < ARRAY_SIZE(blocks) && blocks[i].page)
		i++;
	return i < ARRAY_SIZE(blocks) ? block_take(&blocks[i], order, zero, low) : -EBUSY;
}

static int obey(char *line)
{
	char *what = strsep(&line, " "), *arg;
	unsigned int nr;
	u64 phys;

	if (!line)
		return -EINVAL;
	if (!strcmp(what, "take"))
		return take(line);
	arg = strsep(&line, " ");
	if (!strcmp(what, "find"))
		return kstrtou64(arg, 0, &phys) ?: find(phys);
	if (kstrtouint(arg, 0, &nr) || nr >= ARRAY_SIZE(blocks) || !blocks[nr].page)
		return -ENOENT;
	if (!strcmp(what, "give"))
		block_give(&blocks[nr]);
	else if (!strcmp(what, "stamp") && line)
		block_stamp(&blocks[nr], line);
	else
		return -EINVAL;
	return 0;
}

static ssize_t blocks_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > 100)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	ret = obey(strim(line));
	mutex_unlock(&lock);
	kfree(line);
	return ret ?: len;
}

static int blocks_show(struct seq_file *s, void *unused)
{
	size_t i;

	mutex_lock(&lock);
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		if (blocks[i].page)
			block_show(s, &blocks[i]);
	seq_puts(s, found);
	mutex_unlock(&lock);
	return 0;
}

static int blocks_open(struct inode *inode, struct file *file)
{
	return single_open(file, blocks_show, NULL);
}

static const struct proc_ops blocks_ops = {
	.proc_open = blocks_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = blocks_write,
};

static int __init blocks_init(void)
{
	return proc_create("blocks", 0600, NULL, &blocks_ops) ? 0 : -ENOMEM;
}
module_init(blocks_init);

static void __exit blocks_exit(void)
{
	size_t i;

	remove_proc_entry("blocks", NULL);
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		if (blocks[i].page)
			block_give(&blocks[i]);
}
module_exit(blocks_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Blocks of pages from the page allocator");
