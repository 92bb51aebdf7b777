// SPDX-License-Identifier: GPL-2.0
/*
 * The machine's memory: nodes, their zones, and what is free in them
 *
 * Reading /proc/zones lists the zones that have memory. A line written to it asks for
 * something, and the answer is behind the list:
 *
 *	pfn N		in which zone is this page frame?
 *	order N		how many blocks of this order could be had, in each zone?
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/vmstat.h>

#include "compat.h"

static char asked[16];		/* "pfn" or "order", and */
static unsigned long number;	/* which one */
static DEFINE_MUTEX(lock);	/* for both */

/* Call fn for each zone that has memory, in each node that there is. */
static void for_all_zones(struct seq_file *s, void (*fn)(struct seq_file *s, struct zone *zone))
{
	/* TODO 1: NODE_DATA(node)->node_zones[] has MAX_NR_ZONES, some of them empty */
	int node, i;

	for_each_online_node(node) {
		for (i = 0; i < MAX_NR_ZONES; i++) {
			struct zone *zone = &NODE_DATA(node)->node_zones[i];

			if (populated_zone(zone))
				fn(s, zone);
		}
	}
	/* END TODO 1 */
}

static void show_size(struct seq_file *s, struct zone *zone)
{
	unsigned long start = 0, spanned = 0, present = 0, managed = 0;
	unsigned long min = 0, low = 0, high = 0;

	/* TODO 2: where it begins, how large it is, and its watermarks; all in pages */
	start = zone->zone_start_pfn;
	spanned = zone->spanned_pages;
	present = zone->present_pages;
	managed = zone_managed_pages(zone);
	min = min_wmark_pages(zone);
	low = low_wmark_pages(zone);
	high = high_wmark_pages(zone);
	/* END TODO 2 */
	seq_printf(s, "node %d zone %s: start %lu spanned %lu present %lu managed %lu\n",
		   zone_to_nid(zone), zone->name, start, spanned, present, managed);
	seq_printf(s, "  min %lu low %lu high %lu\n", min, low, high);
}

/* How many free blocks there are of each order, at one and the same moment. */
static void count_free(struct zone *zone, unsigned long blocks[MAX_PAGE_ORDER + 1])
{
	/* TODO 3: zone->free_area[]; zone->lock guards it, also against interrupts */
	unsigned long flags;
	int order;

	spin_lock_irqsave(&zone->lock, flags);
	for (order = 0; order <= MAX_PAGE_ORDER; order++)
		blocks[order] = zone->free_area[order].nr_free;
	spin_unlock_irqrestore(&zone->lock, flags);
	/* END TODO 3 */
}

/* So many blocks of this order could be cut from what is free. */
static unsigned long blocks_to_have(const unsigned long blocks[MAX_PAGE_ORDER + 1],
				    unsigned int order)
{
	/* TODO 4: a block of order 3 is two of order 2 */
	unsigned long sum = 0;
	unsigned int i;

	for (i = order; i <= MAX_PAGE_ORDER; i++)
		sum += blocks[i] << (i - order);
	return sum;
	/* END TODO 4 */
}

static bool zone_has(struct zone *zone, unsigned long pfn)
{
	/* TODO 5: from its first page frame on, as many as it spans */
	return zone_spans_pfn(zone, pfn);
	/* END TODO 5 */
}

/* ---------------------------------------- the file; nothing is to be done --- */

static void show_zone(struct seq_file *s, struct zone *zone)
{
	unsigned long blocks[MAX_PAGE_ORDER + 1] = { };
	int order;

	show_size(s, zone);
	count_free(zone, blocks);
	seq_puts(s, "  blocks");
	for (order = 0; order <= MAX_PAGE_ORDER; order++)
		seq_printf(s, " %lu", blocks[order]);
	seq_putc(s, '\n');
}

static void show_answer(struct seq_file *s, struct zone *zone)
{
	unsigned long blocks[MAX_PAGE_ORDER + 1] = { };

	if (!strcmp(asked, "pfn") && zone_has(zone, number))
		seq_printf(s, "pfn %lu: node %d zone %s\n", number, zone_to_nid(zone), zone->name);
	if (!strcmp(asked, "order")) {
		count_free(zone, blocks);
		seq_printf(s, "order %lu: node %d zone %s: %lu\n", number, zone_to_nid(zone),
			   zone->name, blocks_to_have(blocks, number));
	}
}

static int zones_show(struct seq_file *s, void *unused)
{
	mutex_lock(&lock);
	for_all_zones(s, show_zone);
	for_all_zones(s, show_answer);
	mutex_unlock(&lock);
	return 0;
}

static ssize_t zones_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char line[40], what[16];
	unsigned long n;

	if (len >= sizeof(line))
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	if (sscanf(line, "%15s %lu", what, &n) != 2 ||
	    (!strcmp(what, "order") && n > MAX_PAGE_ORDER))
		return -EINVAL;
	mutex_lock(&lock);
	strscpy(asked, what, sizeof(asked));
	number = n;
	mutex_unlock(&lock);
	return len;
}

static int zones_open(struct inode *inode, struct file *file)
{
	return single_open(file, zones_show, NULL);
}

static const struct proc_ops zones_ops = {
	.proc_open = zones_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = zones_write,
};

static int __init zones_init(void)
{
	return proc_create("zones", 0600, NULL, &zones_ops) ? 0 : -ENOMEM;
}
module_init(zones_init);

static void __exit zones_exit(void)
{
	remove_proc_entry("zones", NULL);
}
module_exit(zones_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Nodes, zones, watermarks and free lists");
