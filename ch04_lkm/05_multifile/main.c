// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the words that are written to /proc/tally, and ranks them
 *
 *	echo the cat and the dog > /proc/tally
 *	cat /proc/tally
 *
 * This file is the module's face: it takes text apart and knows how to be
 * loaded. What a word is to the library, words.h says. Do not change it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "words.h"

#define BLANKS	" \t\n"

/* Around every call of the library. */
static DEFINE_MUTEX(words_lock);

static int tally_show(struct seq_file *m, void *unused)
{
	mutex_lock(&words_lock);
	seq_printf(m, "%u different\n", words_different());
	words_show(m);
	mutex_unlock(&words_lock);
	return 0;
}

static int tally_open(struct inode *inode, struct file *file)
{
	return single_open(file, tally_show, NULL);
}

/* "!" alone forgets everything. */
static int take_word(const char *text, size_t len)
{
	if (len == 1 && *text == '!') {
		words_forget();
		return 0;
	}
	return words_add(text, len);
}

static ssize_t tally_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	int err = 0;
	char *text, *at;

	if (count > PAGE_SIZE)
		return -EFBIG;
	text = memdup_user_nul(from, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&words_lock);
	for (at = text + strspn(text, BLANKS); *at && !err; at += strspn(at, BLANKS)) {
		size_t len = strcspn(at, BLANKS);

		err = take_word(at, len);
		at += len;
	}
	mutex_unlock(&words_lock);
	kfree(text);
	return err ?: count;
}

static const struct proc_ops tally_ops = {
	.proc_open = tally_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_write = tally_write,
	.proc_release = single_release,
};

static int __init tally_init(void)
{
	if (!proc_create("tally", 0600, NULL, &tally_ops))
		return -ENOMEM;
	pr_info("up to %u words, see /proc/tally\n", WORDS_MAX);
	return 0;
}
module_init(tally_init);

static void __exit tally_exit(void)
{
	remove_proc_entry("tally", NULL);
}
module_exit(tally_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Counts words, and ranks them");
