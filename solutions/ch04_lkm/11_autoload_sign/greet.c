// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/greet: write the name of a language, read a greeting in it
 *
 * The languages are modules of their own. Nobody loads them by hand, nor this
 * one: this module is loaded when somebody opens its device node, a language
 * when somebody writes its name.
 *
 *	write	a name, with or without a newline behind it. -EINVAL for what
 *		cannot be one, -ENOENT for a language that nobody knows
 *	read	the greeting and a newline, once for each write; -ENODATA before a
 *		language was chosen
 *
 * The choice is the open file's. As long as a language is chosen, its module
 * stays loaded.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kmod.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "greet.h"

static LIST_HEAD(languages);
static DEFINE_MUTEX(languages_lock);	/* of the list */

#define NAME_LETTERS	"abcdefghijklmnopqrstuvwxyz0123456789_-"

struct chosen {
	struct mutex lock;		/* of what follows */
	struct greet_language *language;
	bool said;
};

/* The caller holds languages_lock. */
static struct greet_language *find_language(const char *name)
{
	struct greet_language *l;

	list_for_each_entry(l, &languages, list)
		if (!strcmp(l->name, name))
			return l;
	return NULL;
}

int greet_register(struct greet_language *language)
{
	int err = 0;

	mutex_lock(&languages_lock);
	if (find_language(language->name))
		err = -EEXIST;
	else
		list_add_tail(&language->list, &languages);
	mutex_unlock(&languages_lock);
	return err;
}
EXPORT_SYMBOL_GPL(greet_register);

void greet_unregister(struct greet_language *language)
{
	mutex_lock(&languages_lock);
	list_del(&language->list);
	mutex_unlock(&languages_lock);
}
EXPORT_SYMBOL_GPL(greet_unregister);

/* TODO 1: hold_language() gives a language whose module cannot go; else NULL */
static struct greet_language *hold_language(const char *name)
{
	struct greet_language *l;

	mutex_lock(&languages_lock);
	l = find_language(name);
	if (l && !try_module_get(l->owner))
		l = NULL;
	mutex_unlock(&languages_lock);
	return l;
}

static void let_go(struct greet_language *language)
{
	module_put(language->owner);
}

/* END TODO 1 */

/* A language that is held, loaded if need be; or -ENOENT. */
static struct greet_language *get_language(const char *name)
{
	struct greet_language *l = hold_language(name);

	/* TODO 2: if nobody offers it, ask for the module "greet-NAME" */
	if (!l) {
		request_module("greet-%s", name);
		l = hold_language(name);
	}
	/* END TODO 2 */
	return l ? l : ERR_PTR(-ENOENT);
}

static int greet_open(struct inode *inode, struct file *file)
{
	struct chosen *chosen = kzalloc(sizeof(*chosen), GFP_KERNEL);

	if (!chosen)
		return -ENOMEM;
	mutex_init(&chosen->lock);
	file->private_data = chosen;
	return stream_open(inode, file);
}

static int greet_release(struct inode *inode, struct file *file)
{
	struct chosen *chosen = file->private_data;

	if (chosen->language)
		let_go(chosen->language);
	kfree(chosen);
	return 0;
}

static ssize_t greet_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *pos)
{
	struct chosen *chosen = file->private_data;
	struct greet_language *l, *old;
	char name[GREET_NAME_MAX + 2];
	size_t len = count;

	if (count >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, count))
		return -EFAULT;
	if (len && name[len - 1] == '\n')
		len--;
	name[len] = '\0';
	if (!len || strspn(name, NAME_LETTERS) != len)
		return -EINVAL;
	l = get_language(name);
	if (IS_ERR(l))
		return PTR_ERR(l);
	mutex_lock(&chosen->lock);
	old = chosen->language;
	chosen->language = l;
	chosen->said = false;
	mutex_unlock(&chosen->lock);
	if (old)
		let_go(old);
	return count;
}

static ssize_t greet_read(struct file *file, char __user *buf, size_t count,
			  loff_t *pos)
{
	struct chosen *chosen = file->private_data;
	ssize_t ret = 0;
	char *line;

	mutex_lock(&chosen->lock);
	if (!chosen->language) {
		ret = -ENODATA;
	} else if (!chosen->said) {
		line = kasprintf(GFP_KERNEL, "%s\n",
				 chosen->language->greeting());
		ret = line ? min(count, strlen(line)) : -ENOMEM;
		if (line && copy_to_user(buf, line, ret))
			ret = -EFAULT;
		chosen->said = ret > 0;
		kfree(line);
	}
	mutex_unlock(&chosen->lock);
	return ret;
}

static const struct file_operations greet_fops = {
	.owner = THIS_MODULE,
	.open = greet_open,
	.release = greet_release,
	.read = greet_read,
	.write = greet_write,
};

static struct miscdevice greet_device = {
	.minor = GREET_MINOR,
	.name = "greet",
	.fops = &greet_fops,
};
module_misc_device(greet_device);

/* TODO 3: by which names may this module be asked for? */
MODULE_ALIAS_MISCDEV(GREET_MINOR);
MODULE_ALIAS("devname:greet");
/* END TODO 3 */
MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Greetings in languages that are loaded when they are asked for");
