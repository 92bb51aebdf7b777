// SPDX-License-Identifier: GPL-2.0
/*
 * Where events come from. Nothing is to be done here.
 *
 * A line written to /proc/events makes one happen:
 *
 *	process TEXT	in the process that writes
 *	work TEXT	in a work item, which a thread of the kernel runs
 *	timer TEXT	in a timer's function
 *	tasklet TEXT	in a tasklet
 *	merge		make one record of all
 *	clear		forget them
 *
 * The write returns when the event has happened, with its result. Reading the file
 * lists the records.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "record.h"

static const char * const names[SOURCES] = { "process", "work", "timer", "tasklet", "merge" };

/* The one event that happens now. */
static struct {
	struct completion done;
	const char *text;
	int ret;
} event;

static DEFINE_MUTEX(lock);		/* for event */

static void work_fn(struct work_struct *work)
{
	event.ret = record_from_work(event.text);
	complete(&event.done);
}

static DECLARE_WORK(work, work_fn);

static void timer_fn(struct timer_list *timer)
{
	event.ret = record_from_timer(event.text);
	complete(&event.done);
}

static DEFINE_TIMER(timer, timer_fn);

static void tasklet_fn(struct tasklet_struct *tasklet)
{
	event.ret = record_from_tasklet(event.text);
	complete(&event.done);
}

static DECLARE_TASKLET(tasklet, tasklet_fn);

static int happen(const char *what, const char *text)
{
	event.text = text;
	reinit_completion(&event.done);
	if (!strcmp(what, "process"))
		return record_from_process(text);
	if (!strcmp(what, "work"))
		schedule_work(&work);
	else if (!strcmp(what, "timer"))
		mod_timer(&timer, jiffies + 1);
	else if (!strcmp(what, "tasklet"))
		tasklet_schedule(&tasklet);
	else
		return -EINVAL;
	wait_for_completion(&event.done);
	return event.ret;
}

static void clear(void)
{
	struct record *record, *next;
	unsigned long flags;
	LIST_HEAD(old);

	spin_lock_irqsave(&records_lock, flags);
	list_splice_init(&records, &old);
	records_nr = 0;
	spin_unlock_irqrestore(&records_lock, flags);
	list_for_each_entry_safe(record, next, &old, node)
		record_free(record);
}

static int obey(char *line)
{
	char *what = strsep(&line, " ");

	if (line)
		return happen(what, line);
	if (!strcmp(what, "merge"))
		return record_merge();
	if (strcmp(what, "clear"))
		return -EINVAL;
	clear();
	return 0;
}

static ssize_t events_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > 16384)
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

static int events_show(struct seq_file *s, void *unused)
{
	struct record *record;
	unsigned long flags;

	spin_lock_irqsave(&records_lock, flags);
	seq_printf(s, "%u records\n", records_nr);
	list_for_each_entry(record, &records, node)
		seq_printf(s, "%s %s\n", names[record->source], record->text);
	spin_unlock_irqrestore(&records_lock, flags);
	return 0;
}

static int events_open(struct inode *inode, struct file *file)
{
	return single_open(file, events_show, NULL);
}

static const struct proc_ops events_ops = {
	.proc_open = events_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = events_write,
};

static int __init events_init(void)
{
	init_completion(&event.done);
	return proc_create("events", 0600, NULL, &events_ops) ? 0 : -ENOMEM;
}
module_init(events_init);

static void __exit events_exit(void)
{
	remove_proc_entry("events", NULL);
	clear();
}
module_exit(events_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Records events that happen in contexts of every kind");
