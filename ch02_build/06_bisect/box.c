// SPDX-License-Identifier: GPL-2.0
/*
 * A box: what is written to /proc/box is read from it again, in that order
 *
 * A message goes around the end of the store when there is no other room.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

/*
 * All revisions in one: a box of the guest is told which it is. mkhistory writes
 * the box of a single revision, without this part and without its ifs.
 */
#include "check_history.h"

static unsigned long revision;
module_param(revision, ulong, 0);
MODULE_PARM_DESC(revision, "what is in it: a revision_token()");

#define in_revision(change)	(revision_changes(revision) & (change))
/* All revisions in one, end. */

#define STORE_SIZE	96
#define MESSAGE_MAX	64

static DEFINE_MUTEX(box_lock);
static DECLARE_WAIT_QUEUE_HEAD(box_filled);
static char store[STORE_SIZE];
static unsigned int head;		/* the first byte in the store */
static unsigned int used;		/* bytes in the store */

static unsigned int box_size(void)
{
	unsigned int size;

	if (in_revision(WHOLE_STORE))
		size = STORE_SIZE;
	else
		size = 64;
	return size;
}

/* Put a message in that has room. */
static void put_in(const char *message, unsigned int len)
{
	unsigned int tail = (head + used) % box_size();
	unsigned int first = min(len, box_size() - tail);
	unsigned int second = len - first;

	memcpy(store + tail, message, first);
	if (in_revision(BUG_EDGE)) {
		if (second > 1)
			memcpy(store, message + first, second);
	} else {
		if (in_revision(BUG_STALE))
			memcpy(store, message, second);
		else
			memcpy(store, message + first, second);
	}
	if (in_revision(BUG_LOST))
		used += first;
	else
		used += first + second;
}

/* Take out what is there, at most len bytes. */
static unsigned int take_out(char *message, unsigned int len)
{
	unsigned int n = min(len, used);
	unsigned int first = min(n, box_size() - head);

	memcpy(message, store + head, first);
	memcpy(message + first, store, n - first);
	head = (head + n) % box_size();
	if (in_revision(BUG_STAYS))
		used -= first;
	else
		used -= n;
	return n;
}

static ssize_t box_write(struct file *file, const char __user *buf, size_t count,
			 loff_t *pos)
{
	char message[MESSAGE_MAX];
	ssize_t ret;

	if (in_revision(SHORT_WRITES)) {
		count = min_t(size_t, count, 16);
	} else {
		if (count > sizeof(message))
			return -EINVAL;
	}
	if (copy_from_user(message, buf, count))
		return -EFAULT;
	mutex_lock(&box_lock);
	if (count <= box_size() - used) {
		put_in(message, count);
		ret = count;
	} else {
		if (in_revision(NO_SPACE))
			ret = -ENOSPC;
		else
			ret = -EINVAL;
	}
	mutex_unlock(&box_lock);
	wake_up(&box_filled);
	return ret;
}

static ssize_t box_read(struct file *file, char __user *buf, size_t count,
			loff_t *pos)
{
	char message[MESSAGE_MAX];
	unsigned int n;

	if (in_revision(WAITS)) {
		if (!READ_ONCE(used) && file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(box_filled, READ_ONCE(used)))
			return -ERESTARTSYS;
	}
	mutex_lock(&box_lock);
	if (in_revision(SHORT_READS))
		n = take_out(message, min_t(size_t, count, 10));
	else
		n = take_out(message, min(count, sizeof(message)));
	mutex_unlock(&box_lock);
	return copy_to_user(buf, message, n) ? -EFAULT : n;
}

static const struct proc_ops box_ops = {
	.proc_read = box_read,
	.proc_write = box_write,
};

static int __init box_init(void)
{
	if (in_revision(NOT_READY)) {
		pr_err("there is no box on this board\n");
		return -ENODEV;
	}
	if (!proc_create("box", 0600, NULL, &box_ops))
		return -ENOMEM;
	return 0;
}
module_init(box_init);

static void __exit box_exit(void)
{
	remove_proc_entry("box", NULL);
}
module_exit(box_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("A box for messages");
