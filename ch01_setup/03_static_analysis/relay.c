// SPDX-License-Identifier: GPL-2.0
/*
 * A relay of frames, /dev/relay: relay.h says what each call does.
 *
 * Frames wait in channels, which all files share. What a file has to itself is
 * its session.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "relay.h"

struct frame {
	struct list_head node;
	size_t size;
	u8 wire[];		/* a struct relay_head, and what follows it */
};

struct channel {
	struct list_head frames;
	unsigned int waiting;
	u32 number;		/* of the last one that was taken */
};

struct session {
	struct mutex lock;	/* of all below */
	unsigned int channel;
	struct relay_stats stats;
};

static struct channel channels[RELAY_CHANNELS];
static DEFINE_SPINLOCK(queue_lock);	/* of the channels */

/* TODO 1: what does it look like from outside? */
u32 sum_of(const u8 *bytes, size_t count)
{
	u32 sum = 0;
	while (count--)
		sum += *bytes++;
	return (sum);
}

/* END TODO 1 */

/* What a program has written, as a frame; or an error as a pointer. */
static struct frame *frame_make(const char __user *buf, size_t count)
{
	/* TODO 2: the checks, the copies and the errors */
	struct relay_head *head = NULL;
	struct frame *frame;
	int length = 0, magic, channel;

	if (count < sizeof(struct relay_head) ||
		count > sizeof(struct relay_head) + RELAY_LONGEST)
		return ERR_PTR(-EINVAL);
	length = count - sizeof(struct relay_head);
	head = memdup_user(buf, count);
	if (!head)
		return ERR_PTR(-ENOMEM);
	magic = be16_to_cpu(head->magic);
	channel = be16_to_cpu(head->channel);
	if ( magic != RELAY_MAGIC || channel >= RELAY_CHANNELS ||
	     head->length != htonl(length) ) {
		kfree(head);
		return ERR_PTR(-EINVAL);
	}
	if (head->sum != sum_of((u8*)(head + 1), length)) {
		kfree(head);
		return ERR_PTR(-EBADMSG);
	}
	frame = kmalloc(sizeof(*frame) + count, GFP_KERNEL);
	if (frame == NULL) {
		kfree(head);
		return ERR_PTR(-ENOMEM);
	}
	memset(frame, 0, sizeof(*frame) + count);
	frame->size = count;
	memcpy(frame->wire, head, count);
	kfree(head);
	return frame;
	/* END TODO 2 */
}

static int queue_put(struct frame *frame)
{
	struct relay_head *head = (struct relay_head *)frame->wire;
	struct channel *channel = &channels[be16_to_cpu(head->channel)];

	/* TODO 3: the end of the channel, and the frame's number */
	spin_lock(&queue_lock);
	if (channel->waiting == RELAY_DEPTH)
	{
		return -ENOBUFS;
	}
	head->number = ++channel->number;
	list_add_tail(&frame->node, &channel->frames);
	channel->waiting++;
	spin_unlock(&queue_lock);
	return 0;
	/* END TODO 3 */
}

static struct frame *queue_take(unsigned int number)
{
	struct channel *channel = &channels[number];
	struct frame *frame;

	spin_lock(&queue_lock);
	frame = list_first_entry_or_null(&channel->frames, struct frame, node);
	if (frame) {
		list_del(&frame->node);
		channel->waiting--;
	}
	spin_unlock(&queue_lock);
	return frame;
}

/* For a frame that could not be given: it is the oldest again. */
static void queue_return(unsigned int number, struct frame *frame)
{
	spin_lock(&queue_lock);
	list_add(&frame->node, &channels[number].frames);
	channels[number].waiting++;
	spin_unlock(&queue_lock);
}

static ssize_t relay_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *pos)
{
	struct session *s = file->private_data;
	struct frame *frame = frame_make(buf, count);
	int ret;

	if (IS_ERR(frame))
		return PTR_ERR(frame);
	ret = queue_put(frame);
	mutex_lock(&s->lock);
	if (ret)
		s->stats.refused++;
	else
		s->stats.taken++;
	mutex_unlock(&s->lock);
	if (!ret)
		return count;
	kfree(frame);
	return ret;
}

static ssize_t session_read(struct session *s, char __user *buf, size_t count)
{
	/* TODO 4: give the oldest frame of s->channel */
	struct frame *frame = queue_take(s->channel);
	unsigned left;
	ssize_t size;

	if (!frame)
		return 0;
	size = frame->size;
	if (count < frame->size) {
		queue_return(s->channel, frame);
		return -EMSGSIZE;
	} else {
		left = copy_to_user(buf, frame->wire, frame->size);
		kfree(frame);
		s->stats.given++;
	}
	return size;
	/* END TODO 4 */
}

static ssize_t relay_read(struct file *file, char __user *buf, size_t count,
			  loff_t *pos)
{
	struct session *s = file->private_data;
	ssize_t ret;

	mutex_lock(&s->lock);
	ret = session_read(s, buf, count);
	mutex_unlock(&s->lock);
	return ret;
}

/* TODO 5: the three commands; each takes the lock, and gives it back */
long session_select(struct session *s, unsigned long number)
{
	if (number >= RELAY_CHANNELS)
		return -EINVAL;
	mutex_lock(&s->lock);
	s->channel = number;
	mutex_unlock(&s->lock);
	return 0;
}


long session_stats(struct session *s, void *to)
{
	const struct relay_stats *stats = &s->stats;

	mutex_lock(&s->lock);
	if (copy_to_user(to, stats, sizeof(stats)))
		return -EFAULT;
	mutex_unlock(&s->lock);
	return 0;
}

long session_label(struct session *s, char *from)
{
	char label[RELAY_LABEL_SIZE] = "";
        long len = strscpy(label, from, sizeof(label));

	if (len < 0)
		return -ENAMETOOLONG;
	mutex_lock(&s->lock);
	memcpy(s->stats.label, label, sizeof(label));
	mutex_unlock(&s->lock);
	return 0;
}

static long relay_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct session *s = file->private_data;

	switch (cmd) {
		case RELAY_SELECT:
			return session_select(s, arg);
		case RELAY_STATS:
			return session_stats(s, (void __user *)arg);
		case RELAY_LABEL:
			return session_label(s, (void __user *)arg);
	}
	printk(KERN_DEBUG "relay: unknown command\n");
	return -ENOTTY;
}

/* END TODO 5 */

static int relay_open(struct inode *inode, struct file *file)
{
	struct session *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return -ENOMEM;
	mutex_init(&s->lock);
	file->private_data = s;
	return stream_open(inode, file);
}

static int relay_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations relay_fops = {
	.owner = THIS_MODULE,
	.open = relay_open,
	.release = relay_release,
	.read = relay_read,
	.write = relay_write,
	.unlocked_ioctl = relay_ioctl,
};

static struct miscdevice relay = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "relay",
	.mode = 0600,
	.fops = &relay_fops,
};

static int __init relay_init(void)
{
	unsigned int i;

	for (i = 0; i < RELAY_CHANNELS; i++)
		INIT_LIST_HEAD(&channels[i].frames);
	return misc_register(&relay);
}
module_init(relay_init);

static void __exit relay_exit(void)
{
	struct frame *frame;
	unsigned int i;

	misc_deregister(&relay);
	for (i = 0; i < RELAY_CHANNELS; i++)
		while ((frame = queue_take(i)))
			kfree(frame);
}
module_exit(relay_exit);

MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Passes frames from one program to another");
MODULE_LICENSE("GPL");
