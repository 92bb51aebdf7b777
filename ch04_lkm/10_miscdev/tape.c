// SPDX-License-Identifier: GPL-2.0
/*
 * Two tapes, /dev/tape0 and /dev/tape1
 *
 * A tape holds up to capacity bytes. It is written, read and wound to any
 * place, as a file is:
 *
 *	read	what is on the tape from the position on; 0 at the end of it
 *	write	as much as fits; -ENOSPC where nothing fits any more. What lies
 *		between the old end and the position reads as zeros.
 *	llseek	from 0 to capacity; SEEK_END counts from the length
 *	ioctl	see tape.h. -EBADF for changes through a file that is open for
 *		reading only, -EINVAL for bad values, -ENOTTY for what is unknown
 *
 * A call that is given a bad pointer returns -EFAULT, and has done nothing.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "tape.h"

struct tape {
	struct miscdevice misc;
	char name[8];
	struct mutex lock;	/* of all below */
	u8 *bytes;
	u64 length;
	u32 writes;
};

static unsigned int capacity = 64 * 1024;
module_param(capacity, uint, 0444);
MODULE_PARM_DESC(capacity, "bytes that fit on a tape");

static struct tape tapes[2];

/* misc_open() has left the address of our miscdevice there. */
static struct tape *tape_of(struct file *file)
{
	return container_of(file->private_data, struct tape, misc);
}

static ssize_t tape_read(struct file *file, char __user *buf, size_t count,
			 loff_t *pos)
{
	struct tape *t = tape_of(file);
	ssize_t ret = 0;

	mutex_lock(&t->lock);
	/* TODO 1: copy to the user what there is, and move the position */
	/* END TODO 1 */
	mutex_unlock(&t->lock);
	return ret;
}

static ssize_t tape_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *pos)
{
	struct tape *t = tape_of(file);

	/* TODO 2: take what fits; first from the user, then to the tape */
	return t ? -EOPNOTSUPP : 0;
	/* END TODO 2 */
}

static loff_t tape_llseek(struct file *file, loff_t offset, int whence)
{
	struct tape *t = tape_of(file);
	loff_t ret;

	mutex_lock(&t->lock);
	/* TODO 3: the new position, or -EINVAL */
	ret = -ESPIPE;
	/* END TODO 3 */
	mutex_unlock(&t->lock);
	return ret;
}

/* Called with t->lock held. */
static long tape_command(struct tape *t, struct file *file, unsigned int cmd,
			 void __user *arg)
{
	/* TODO 4: the three commands of tape.h */
	return -ENOTTY;
	/* END TODO 4 */
}

static long tape_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tape *t = tape_of(file);
	long ret;

	mutex_lock(&t->lock);
	ret = tape_command(t, file, cmd, (void __user *)arg);
	mutex_unlock(&t->lock);
	return ret;
}

static const struct file_operations tape_fops = {
	/* TODO 5: what keeps the module here while a tape is open? */
	/* END TODO 5 */
	.read = tape_read,
	.write = tape_write,
	.llseek = tape_llseek,
	.unlocked_ioctl = tape_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static int tape_start(struct tape *t, unsigned int id)
{
	int ret;

	snprintf(t->name, sizeof(t->name), "tape%u", id);
	mutex_init(&t->lock);
	t->bytes = kvzalloc(capacity, GFP_KERNEL);
	if (!t->bytes)
		return -ENOMEM;
	/* TODO 6: fill in t->misc, mode 0640, any minor number; register it */
	t->misc.fops = &tape_fops;
	ret = 0;
	/* END TODO 6 */
	if (ret)
		kvfree(t->bytes);
	return ret;
}

static void tape_stop(struct tape *t)
{
	/* TODO 7: the device goes */
	/* END TODO 7 */
	kvfree(t->bytes);
}

static int __init tape_init(void)
{
	int ret = tape_start(&tapes[0], 0);

	if (ret)
		return ret;
	ret = tape_start(&tapes[1], 1);
	if (ret)
		tape_stop(&tapes[0]);
	return ret;
}
module_init(tape_init);

static void __exit tape_exit(void)
{
	tape_stop(&tapes[1]);
	tape_stop(&tapes[0]);
}
module_exit(tape_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Two tapes in memory, as character devices");
