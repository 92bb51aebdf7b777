// SPDX-License-Identifier: GPL-2.0
/*
 * The way in and out. Nothing is to be done here.
 *
 *	/proc/library	who opens it has a session; then write
 *			choose NAME	to choose a book, or to make it
 *			note TEXT	to write a note into it
 *			forget NAME	to take a book off the list
 *	/proc/books	read: the books, with their notes and references
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "books.h"

struct kmem_cache *book_cache, *note_cache, *session_cache;
static DEFINE_MUTEX(lock);	/* for books, and all functions of books.c */

static int library_open(struct inode *inode, struct file *file)
{
	struct session *session;

	mutex_lock(&lock);
	session = session_open();
	mutex_unlock(&lock);
	file->private_data = session;
	return PTR_ERR_OR_ZERO(session);
}

static int library_release(struct inode *inode, struct file *file)
{
	mutex_lock(&lock);
	session_close(file->private_data);
	mutex_unlock(&lock);
	return 0;
}

static int obey(struct session *session, char *line)
{
	char *what = strsep(&line, " ");

	if (!line)
		return -EINVAL;
	if (!strcmp(what, "choose"))
		return session_choose(session, line);
	if (!strcmp(what, "note"))
		return session_note(session, line);
	if (!strcmp(what, "forget"))
		return book_forget(line);
	return -EINVAL;
}

static ssize_t library_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > PAGE_SIZE)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&lock);
	ret = obey(file->private_data, strim(line));
	mutex_unlock(&lock);
	kfree(line);
	return ret ?: len;
}

static const struct proc_ops library_ops = {
	.proc_open = library_open,
	.proc_release = library_release,
	.proc_write = library_write,
	.proc_lseek = default_llseek,
};

static int books_show(struct seq_file *s, void *unused)
{
	struct book *book;
	struct note *note;

	mutex_lock(&lock);
	list_for_each_entry(book, &books, node) {
		seq_printf(s, "%s: references %u, notes:", book->name, kref_read(&book->ref));
		list_for_each_entry(note, &book->notes, node)
			seq_printf(s, " %s", note->text);
		seq_putc(s, '\n');
	}
	mutex_unlock(&lock);
	return 0;
}

static void forget_all(void)
{
	while (!list_empty(&books))
		book_forget(list_first_entry(&books, struct book, node)->name);
}

static void caches_destroy(void)
{
	/* Each says so in the log if some of its objects are still in use. */
	kmem_cache_destroy(book_cache);
	kmem_cache_destroy(note_cache);
	kmem_cache_destroy(session_cache);
}

static int __init library_init(void)
{
	book_cache = kmem_cache_create("library_book", sizeof(struct book), 0, 0, NULL);
	note_cache = kmem_cache_create("library_note", sizeof(struct note), 0, 0, NULL);
	session_cache = kmem_cache_create("library_session", sizeof(struct session), 0, 0, NULL);
	if (!book_cache || !note_cache || !session_cache)
		goto err_destroy;
	if (!proc_create("library", 0600, NULL, &library_ops))
		goto err_destroy;
	if (!proc_create_single("books", 0400, NULL, books_show))
		goto err_remove;
	return 0;

err_remove:
	remove_proc_entry("library", NULL);
err_destroy:
	caches_destroy();
	return -ENOMEM;
}
module_init(library_init);

static void __exit library_exit(void)
{
	remove_proc_entry("books", NULL);
	remove_proc_entry("library", NULL);
	forget_all();
	caches_destroy();
}
module_exit(library_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Books with notes, in memory that must all be given back");
