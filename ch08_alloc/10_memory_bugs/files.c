// SPDX-License-Identifier: GPL-2.0
/*
 * The way in and out. Nothing is to be done here.
 *
 *	/proc/desk	who opens it has a session; then write
 *			draft LABEL	to choose a label
 *			submit		to get a ticket with it
 *			call		to call who waits longest
 *			undo		to forget the last call
 *			cancel NUMBER	to give a ticket up
 *			read: a struct ticket_info for each ticket that waits
 *	/proc/calls	read: the numbers called last
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

#include "desk.h"

static DEFINE_MUTEX(lock);	/* for all functions of tickets.c */

static int desk_open(struct inode *inode, struct file *file)
{
	mutex_lock(&lock);
	file->private_data = session_open();
	mutex_unlock(&lock);
	return file->private_data ? 0 : -ENOMEM;
}

static int desk_release(struct inode *inode, struct file *file)
{
	mutex_lock(&lock);
	session_close(file->private_data);
	mutex_unlock(&lock);
	return 0;
}

static int cancel(const char *digits)
{
	u32 number;
	int ret = kstrtou32(digits, 10, &number);

	return ret ?: desk_cancel(number);
}

static int obey(struct session *session, const char *line)
{
	if (!strncmp(line, "draft ", 6))
		return session_draft(session, line + 6);
	if (!strncmp(line, "cancel ", 7))
		return cancel(line + 7);
	if (!strcmp(line, "submit"))
		return session_submit(session);
	if (!strcmp(line, "call"))
		return desk_call();
	if (!strcmp(line, "undo"))
		return desk_undo();
	return -EINVAL;
}

static ssize_t desk_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > PAGE_SIZE)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	line[strcspn(line, "\n")] = '\0';
	mutex_lock(&lock);
	ret = obey(file->private_data, line);
	mutex_unlock(&lock);
	kfree(line);
	return ret ?: len;
}

static ssize_t desk_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct ticket_info *infos;
	ssize_t ret;

	mutex_lock(&lock);
	ret = desk_list(&infos);
	mutex_unlock(&lock);
	if (ret < 0)
		return ret;
	ret = simple_read_from_buffer(buf, len, pos, infos, ret * sizeof(*infos));
	kfree(infos);
	return ret;
}

static const struct proc_ops desk_ops = {
	.proc_open = desk_open,
	.proc_release = desk_release,
	.proc_read = desk_read,
	.proc_write = desk_write,
	.proc_lseek = default_llseek,
};

static int calls_show(struct seq_file *s, void *unused)
{
	const u32 *numbers;
	int nr;

	mutex_lock(&lock);
	nr = desk_calls(&numbers);
	for (int i = 0; i < nr; i++)
		seq_printf(s, "%u\n", numbers[i]);
	mutex_unlock(&lock);
	return 0;
}

static int __init desk_init(void)
{
	int ret = tickets_init();

	if (ret)
		return ret;
	if (!proc_create("desk", 0600, NULL, &desk_ops))
		goto err_exit;
	if (!proc_create_single("calls", 0400, NULL, calls_show))
		goto err_remove;
	return 0;

err_remove:
	remove_proc_entry("desk", NULL);
err_exit:
	tickets_exit();
	return -ENOMEM;
}
module_init(desk_init);

static void __exit desk_exit(void)
{
	remove_proc_entry("calls", NULL);
	remove_proc_entry("desk", NULL);
	tickets_exit();
}
module_exit(desk_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("A desk with tickets, in memory that is used as it should be");
