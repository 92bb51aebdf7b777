// SPDX-License-Identifier: GPL-2.0
/*
 * For shells:
 *
 *	cd /sys/kernel/debug/allocsel
 *	echo "size=3M contig=phys ctx=atomic" > request; cat decision
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "mod.h"
#include "mod_report.h"
#include "mod_stats.h"

#define REQUEST_MAX 1024

static struct dentry *dir;
static const struct alloc_selector *selector;

/* The last report; the lock also makes requests wait for each other. */
static DEFINE_MUTEX(report_lock);
static struct report report;

static int parse_place(struct job *job, const char *name, char *why)
{
	int place = job_place_find(name);

	if (place < 0) {
		snprintf(why, ALLOC_WHY_LEN,
			 "place=%.40s is not valid: place takes spinlock|timer|softirq",
			 name);
		return -EINVAL;
	}
	job->place = place;
	return 0;
}

/* Words of a request, force=ALLOCATOR and place=PLACE; cuts the text into words. */
static int parse(struct job *job, char *text, char *why)
{
	char *word;
	int err;

	mod_input_init(&job->in);
	while ((word = strsep(&text, " \t\r\n"))) {
		if (!*word)
			continue;
		if (!strncmp(word, "force=", 6)) {
			job->force = word + 6;
			continue;
		}
		if (!strncmp(word, "place=", 6)) {
			err = parse_place(job, word + 6, why);
			if (err)
				return err;
			continue;
		}
		err = alloc_input_word(&job->in, word, strlen(word), why);
		if (err)
			return err;
	}
	return alloc_input_complete(&job->in, why);
}

static int decide(char *text)
{
	struct job job = { .out = &report.buf };
	char why[ALLOC_WHY_LEN];
	int err;

	report_clear(&report);
	err = parse(&job, text, why);
	if (err) {
		seq_buf_printf(&report.buf, "error: %s\n", why);
		return err;
	}
	return job_run(&job, selector);
}

static ssize_t request_write(struct file *file, const char __user *user,
			     size_t len, loff_t *pos)
{
	char *text;
	int err;

	if (len > REQUEST_MAX)
		return -E2BIG;
	text = memdup_user_nul(user, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	if (strlen(text) != len) {	/* a NUL would hide the rest */
		kfree(text);
		return -EINVAL;
	}
	mutex_lock(&report_lock);
	err = decide(text);
	mutex_unlock(&report_lock);
	kfree(text);
	return err ? err : len;
}

static ssize_t decision_read(struct file *file, char __user *user, size_t len,
			     loff_t *pos)
{
	ssize_t ret;

	mutex_lock(&report_lock);
	ret = simple_read_from_buffer(user, len, pos, report.text,
				      report_len(&report));
	mutex_unlock(&report_lock);
	return ret;
}

static const struct file_operations request_ops = {
	.owner = THIS_MODULE,
	.write = request_write,
};

static const struct file_operations decision_ops = {
	.owner = THIS_MODULE,
	.read = decision_read,
	.llseek = default_llseek,
};

static int statistics_show(struct seq_file *file, void *unused)
{
	struct allocsel_stats *stats = kmalloc(sizeof(*stats), GFP_KERNEL);
	int i;

	if (!stats)
		return -ENOMEM;
	stats_read(stats);
	seq_printf(file, "decided: %llu\nrefused: %llu\nperformed: %llu\n",
		   stats->decided, stats->refused, stats->performed);
	seq_printf(file, "properties: %llu\nfailed: %llu\n",
		   stats->properties, stats->failed);
	for (i = 0; i < ALLOCSEL_RULES; i++)
		if (stats->rules[i])
			seq_printf(file, "rule %d: %llu\n", i,
				   stats->rules[i]);
	kfree(stats);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(statistics);

int mod_debugfs_init(const struct alloc_selector *who)
{
	int err = report_init(&report);

	if (err)
		return err;
	selector = who;
	/* Without debugfs the module still answers in the log. */
	dir = debugfs_create_dir("allocsel", NULL);
	debugfs_create_file("request", 0200, dir, NULL, &request_ops);
	debugfs_create_file("decision", 0400, dir, NULL, &decision_ops);
	debugfs_create_file("statistics", 0400, dir, NULL, &statistics_fops);
	return 0;
}

void mod_debugfs_exit(void)
{
	debugfs_remove_recursive(dir);
	report_free(&report);
}
