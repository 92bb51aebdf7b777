// SPDX-License-Identifier: GPL-2.0
/*
 * board.c - a board that is not there: it makes the devices, writes down what is done with
 * them, and fails where it is told to. In debugfs, directory board:
 *
 *	events	what was switched on and off, a line each; a write forgets them
 *	plan	"ID NAME CHANNELS ORDER LAMP": another plan for a device
 *	fail	"STEP ERRNO": power, engine, wire or lamp fails from now on; "none 0"
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "board.h"

#define DEVICES_MOST	8
#define EVENTS_MOST	4096

enum part { POWER, ENGINE, WIRE, LAMP, PARTS };

static const char *const part_names[PARTS] = { "power", "engine", "wire", "lamp" };

static unsigned int devices = 3;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "how many samplers the board has");

static struct platform_device *samplers[DEVICES_MOST];
static bool is_on[DEVICES_MOST][PARTS];
static void *rings[DEVICES_MOST];
static size_t ring_bytes[DEVICES_MOST];

static struct event {
	int id;
	enum part part;
	const char *what;
} events[EVENTS_MOST];
static unsigned int event_count;

static enum part failing = PARTS;
static int failing_errno;
static DEFINE_MUTEX(lock);	/* for all of the above */
static struct dentry *dir;

static int id_of(const struct device *dev)
{
	return to_platform_device(dev)->id;
}

static void note(int id, enum part part, const char *what)
{
	if (event_count < EVENTS_MOST)
		events[event_count++] = (struct event){ id, part, what };
}

static int switch_on(struct device *dev, enum part part)
{
	int id = id_of(dev);

	lockdep_assert_held(&lock);
	if (failing == part)
		return -failing_errno;
	note(id, part, is_on[id][part] ? "on, and was on already" : "on");
	is_on[id][part] = true;
	return 0;
}

static void switch_off(struct device *dev, enum part part, const char *what)
{
	int id = id_of(dev);

	lockdep_assert_held(&lock);
	note(id, part, is_on[id][part] ? what : "off, and was never on");
	is_on[id][part] = false;
}

int board_power_on(struct device *dev)
{
	guard(mutex)(&lock);
	return switch_on(dev, POWER);
}
EXPORT_SYMBOL_GPL(board_power_on);

void board_power_off(struct device *dev)
{
	guard(mutex)(&lock);
	switch_off(dev, POWER, is_on[id_of(dev)][ENGINE] ? "off, under the running engine" : "off");
}
EXPORT_SYMBOL_GPL(board_power_off);

int board_engine_start(struct device *dev, void *ring, size_t bytes)
{
	int id = id_of(dev), ret;

	guard(mutex)(&lock);
	if (!ring || !bytes || !PAGE_ALIGNED(ring) || !PAGE_ALIGNED(bytes) || !is_on[id][POWER])
		return -EINVAL;
	ret = switch_on(dev, ENGINE);
	if (ret)
		return ret;
	rings[id] = ring;
	ring_bytes[id] = bytes;
	return 0;
}
EXPORT_SYMBOL_GPL(board_engine_start);

void board_engine_stop(struct device *dev)
{
	int id = id_of(dev);
	bool freed;

	guard(mutex)(&lock);
	freed = is_on[id][ENGINE] && !page_count(virt_to_page(rings[id]));
	/* One more sample. In memory that is free, a real engine would not ask. */
	if (is_on[id][ENGINE] && !freed)
		memset(rings[id] + ring_bytes[id] - 64, 0x5a, 64);
	switch_off(dev, ENGINE, freed ? "off, and its ring was free already" : "off");
}
EXPORT_SYMBOL_GPL(board_engine_stop);

int board_wire_get(struct device *dev)
{
	guard(mutex)(&lock);
	return switch_on(dev, WIRE);
}
EXPORT_SYMBOL_GPL(board_wire_get);

void board_wire_put(struct device *dev)
{
	guard(mutex)(&lock);
	switch_off(dev, WIRE, is_on[id_of(dev)][LAMP] ? "off, with the lamp on" : "off");
}
EXPORT_SYMBOL_GPL(board_wire_put);

int board_lamp_on(struct device *dev)
{
	const struct board_plan *plan = dev_get_platdata(dev);

	guard(mutex)(&lock);
	if (!plan->lamp)
		return -ENODEV;
	return switch_on(dev, LAMP);
}
EXPORT_SYMBOL_GPL(board_lamp_on);

void board_lamp_off(struct device *dev)
{
	guard(mutex)(&lock);
	switch_off(dev, LAMP, "off");
}
EXPORT_SYMBOL_GPL(board_lamp_off);

static int events_show(struct seq_file *s, void *unused)
{
	guard(mutex)(&lock);
	for (unsigned int i = 0; i < event_count; i++)
		seq_printf(s, "sampler.%d %s %s\n", events[i].id, part_names[events[i].part],
			   events[i].what);
	return 0;
}

static int events_open(struct inode *inode, struct file *file)
{
	return single_open(file, events_show, NULL);
}

static ssize_t events_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	guard(mutex)(&lock);
	event_count = 0;
	return len;
}

static const struct file_operations events_ops = {
	.owner = THIS_MODULE,
	.open = events_open,
	.read = seq_read,
	.write = events_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static ssize_t take_line(char *line, size_t size, const char __user *buf, size_t len)
{
	if (len >= size)
		return -EINVAL;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	return len;
}

static ssize_t plan_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct board_plan plan = { };
	unsigned int id, lamp;
	char line[100];
	ssize_t ret = take_line(line, sizeof(line), buf, len);

	if (ret < 0)
		return ret;
	if (sscanf(line, "%u %23s %zu %u %u", &id, plan.name, &plan.channels, &plan.order,
		   &lamp) != 5 || id >= devices || !plan.channels)
		return -EINVAL;
	plan.lamp = lamp;
	guard(mutex)(&lock);
	*(struct board_plan *)dev_get_platdata(&samplers[id]->dev) = plan;
	return len;
}

static const struct file_operations plan_ops = {
	.owner = THIS_MODULE,
	.write = plan_write,
};

static ssize_t fail_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char line[40], part[16];
	int number, found;
	ssize_t ret = take_line(line, sizeof(line), buf, len);

	if (ret < 0)
		return ret;
	if (sscanf(line, "%15s %d", part, &number) != 2)
		return -EINVAL;
	found = match_string(part_names, PARTS, part);
	guard(mutex)(&lock);
	failing = found < 0 ? PARTS : found;
	failing_errno = number;
	return len;
}

static const struct file_operations fail_ops = {
	.owner = THIS_MODULE,
	.write = fail_write,
};

static void remove_samplers(void)
{
	for (int id = DEVICES_MOST - 1; id >= 0; id--)
		platform_device_unregister(samplers[id]);
}

static int __init board_init(void)
{
	if (!devices || devices > DEVICES_MOST)
		return -EINVAL;
	for (int id = 0; id < devices; id++) {
		struct board_plan plan = { .name = "plain", .channels = 4, .lamp = !(id % 2) };
		struct platform_device *pdev;

		pdev = platform_device_register_data(NULL, "sampler", id, &plan, sizeof(plan));
		if (IS_ERR(pdev)) {
			remove_samplers();
			return PTR_ERR(pdev);
		}
		samplers[id] = pdev;
	}
	dir = debugfs_create_dir("board", NULL);
	debugfs_create_file("events", 0600, dir, NULL, &events_ops);
	debugfs_create_file("plan", 0200, dir, NULL, &plan_ops);
	debugfs_create_file("fail", 0200, dir, NULL, &fail_ops);
	return 0;
}
module_init(board_init);

static void __exit board_exit(void)
{
	debugfs_remove(dir);
	remove_samplers();
}
module_exit(board_exit);

MODULE_DESCRIPTION("A board with samplers, which is not there");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
