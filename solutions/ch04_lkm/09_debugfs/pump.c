// SPDX-License-Identifier: GPL-2.0
/*
 * Pumps, and a window in debugfs through which to see and to turn them
 *
 *	/sys/kernel/debug/pump/
 *	  0/			the first pump
 *	    limit	0644	the highest level that is allowed, decimal
 *	    faults	0644	what went wrong, one bit each, hexadecimal
 *	    running	0444	Y or N
 *	    level	0644	the pump's level; above the limit: -ERANGE
 *	    stop	0200	any number written to it sets the level to 0
 *	    history	0444	the levels since the start, one a line
 *	    nameplate	0400	the bytes on the pump's nameplate
 *	  1/			and so on
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#define HISTORY_MAX	32
#define LIMIT_FIRST	100
#define FAULT_RANGE	BIT(0)		/* a level above the limit was asked for */

struct pump {
	struct mutex lock;		/* of level and history */
	u64 level;
	u32 limit;
	u32 faults;
	bool running;
	u64 history[HISTORY_MAX];
	unsigned int nr_history;
	u8 *plate;
	unsigned int plate_len;
	struct debugfs_blob_wrapper blob;
};

static unsigned int pumps = 2;
module_param(pumps, uint, 0444);
MODULE_PARM_DESC(pumps, "how many pumps there are");

static int broken = -1;
module_param(broken, int, 0444);
MODULE_PARM_DESC(broken, "the pump that does not start, for tests");

static unsigned int plate_bytes = 40;
module_param(plate_bytes, uint, 0444);
MODULE_PARM_DESC(plate_bytes, "length of the nameplate of pump 0");

static struct pump *all;
static struct dentry *root;		/* the directory "pump" */

static int pump_set_level(struct pump *p, u64 level)
{
	int ret = 0;

	mutex_lock(&p->lock);
	if (level > p->limit) {
		p->faults |= FAULT_RANGE;
		ret = -ERANGE;
	} else {
		p->level = level;
		p->running = level;
		if (p->nr_history < HISTORY_MAX)
			p->history[p->nr_history++] = level;
	}
	mutex_unlock(&p->lock);
	return ret;
}

/* TODO 1: level: a function that gets, one that sets, and their attribute */
static int level_get(void *data, u64 *val)
{
	struct pump *p = data;

	mutex_lock(&p->lock);
	*val = p->level;
	mutex_unlock(&p->lock);
	return 0;
}

static int level_set(void *data, u64 val)
{
	return pump_set_level(data, val);
}

DEFINE_DEBUGFS_ATTRIBUTE(level_fops, level_get, level_set, "%llu\n");
/* END TODO 1 */

/* TODO 2: stop: an attribute that can be written, and not be read */
static int stop_set(void *data, u64 val)
{
	return pump_set_level(data, 0);
}

DEFINE_DEBUGFS_ATTRIBUTE(stop_fops, NULL, stop_set, "%llu\n");
/* END TODO 2 */

/* TODO 3: history: the levels, oldest first, one a line */
static int history_show(struct seq_file *m, void *unused)
{
	struct pump *p = m->private;
	unsigned int i;

	mutex_lock(&p->lock);
	for (i = 0; i < p->nr_history; i++)
		seq_printf(m, "%llu\n", p->history[i]);
	mutex_unlock(&p->lock);
	return 0;
}

DEFINE_SHOW_ATTRIBUTE(history);
/* END TODO 3 */

/* The directory of one pump and the files in it. */
static void pump_files(struct pump *p, unsigned int id)
{
	/* TODO 4: make them, with the names and modes at the top of this file */
	struct dentry *dir;
	char name[12];

	snprintf(name, sizeof(name), "%u", id);
	dir = debugfs_create_dir(name, root);
	debugfs_create_u32("limit", 0644, dir, &p->limit);
	debugfs_create_x32("faults", 0644, dir, &p->faults);
	debugfs_create_bool("running", 0444, dir, &p->running);
	debugfs_create_file("level", 0644, dir, p, &level_fops);
	debugfs_create_file("stop", 0200, dir, p, &stop_fops);
	debugfs_create_file("history", 0444, dir, p, &history_fops);
	p->blob.data = p->plate;
	p->blob.size = p->plate_len;
	debugfs_create_blob("nameplate", 0400, dir, &p->blob);
	/* END TODO 4 */
}

static int pump_start(struct pump *p, unsigned int id)
{
	unsigned int i;

	if (id == broken)
		return -EIO;
	mutex_init(&p->lock);
	p->limit = LIMIT_FIRST;
	p->plate_len = plate_bytes + id;
	p->plate = kmalloc(p->plate_len, GFP_KERNEL);
	if (!p->plate)
		return -ENOMEM;
	for (i = 0; i < p->plate_len; i++)
		p->plate[i] = i * 29 + id;
	return pump_set_level(p, 0);
}

static void pumps_free(void)
{
	unsigned int i;

	for (i = 0; i < pumps; i++)
		kfree(all[i].plate);
	kfree(all);
}

static int __init pump_init(void)
{
	unsigned int i;
	int ret;

	if (!pumps || pumps > 16)
		return -EINVAL;
	all = kcalloc(pumps, sizeof(*all), GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	/* TODO 5: make the directory "pump"; take back what was made on failure */
	root = debugfs_create_dir("pump", NULL);
	for (i = 0; i < pumps; i++) {
		ret = pump_start(&all[i], i);
		if (ret)
			goto fail;
		pump_files(&all[i], i);
	}
	pr_info("%u pumps\n", pumps);
	return 0;

fail:
	debugfs_remove(root);
	pumps_free();
	return ret;
	/* END TODO 5 */
}
module_init(pump_init);

static void __exit pump_exit(void)
{
	/* TODO 6: nothing may be left, neither files nor memory */
	debugfs_remove(root);
	pumps_free();
	/* END TODO 6 */
}
module_exit(pump_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Shows pumps in debugfs");
