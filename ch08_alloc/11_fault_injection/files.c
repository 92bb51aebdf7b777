// SPDX-License-Identifier: GPL-2.0
/*
 * files.c - /dev/ledger: "add NAME VALUE" and "batch PREFIX COUNT" are written to it, and
 * the accounts are read from it, behind the title.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "accounts.h"
#include "faulty.h"

static char *title = "ledger";
module_param(title, charp, 0444);
MODULE_PARM_DESC(title, "of the ledger");

module_param(sessions, uint, 0444);
MODULE_PARM_DESC(sessions, "how often /dev/ledger is open");

static struct ledger *ledger;
static DEFINE_MUTEX(lock);	/* for the ledger, and all functions of accounts.c */

static int ledger_open(struct inode *inode, struct file *file)
{
	struct session *session;

	mutex_lock(&lock);
	session = session_new(ledger);
	mutex_unlock(&lock);
	file->private_data = session;
	return PTR_ERR_OR_ZERO(session);
}

static int ledger_release(struct inode *inode, struct file *file)
{
	mutex_lock(&lock);
	session_free(file->private_data);
	mutex_unlock(&lock);
	return 0;
}

static int obey(struct session *session)
{
	char name[LINE_LONGEST + 1];
	unsigned int count;
	long value;

	if (sscanf(session->line, "add %200s %ld", name, &value) == 2)
		return ledger_add(session->ledger, name, value);
	if (sscanf(session->line, "batch %200s %u", name, &count) == 2 && count && count <= 1000)
		return ledger_batch(session->ledger, name, count);
	return -EINVAL;
}

static ssize_t ledger_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct session *session = file->private_data;
	ssize_t ret = len;

	if (len > LINE_LONGEST)
		return -EMSGSIZE;
	mutex_lock(&lock);
	if (copy_from_user(session->line, buf, len)) {
		ret = -EFAULT;
	} else {
		session->line[len] = '\0';
		ret = obey(session) ?: ret;
	}
	mutex_unlock(&lock);
	return ret;
}

/* The whole text at once, or nothing: the ledger may change between two reads. */
static ssize_t ledger_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	char *text = kvmalloc(len, GFP_KERNEL | __GFP_NOWARN);
	ssize_t used, ret = -ENOMEM;

	if (!text)
		return ret;
	mutex_lock(&lock);
	used = scnprintf(text, len, "%s\n", ledger->title);
	for (size_t i = 0; i < ledger->nr; i++)
		used += scnprintf(text + used, len - used, "%s %ld\n", ledger->accounts[i]->name,
				  ledger->accounts[i]->value);
	mutex_unlock(&lock);
	ret = simple_read_from_buffer(buf, len, pos, text, used);
	kvfree(text);
	return ret;
}

static const struct file_operations ledger_ops = {
	.owner = THIS_MODULE,
	.open = ledger_open,
	.release = ledger_release,
	.read = ledger_read,
	.write = ledger_write,
	.llseek = default_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ledger",
	.fops = &ledger_ops,
	.mode = 0600,
};

static int __init ledger_init(void)
{
	int ret;

	ledger = ledger_new(title);
	if (IS_ERR(ledger)) {
		faulty_report();
		return PTR_ERR(ledger);
	}
	ret = misc_register(&device);
	if (ret)
		ledger_free(ledger);
	return ret;
}
module_init(ledger_init);

static void __exit ledger_exit(void)
{
	misc_deregister(&device);
	ledger_free(ledger);
	faulty_report();
}
module_exit(ledger_exit);

MODULE_DESCRIPTION("A ledger that survives each of its allocations failing");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
