// SPDX-License-Identifier: GPL-2.0
/*
 * Two weather stations, and what they tell the kernel log
 *
 * A line written to /proc/station makes one of them speak:
 *
 *	0 fault TEXT	something is broken
 *	0 warning TEXT	something may break
 *	0 note TEXT	all is well, but worth knowing
 *	0 info TEXT	all is well
 *	0 detail TEXT	for whoever looks for a fault; off until asked for
 *	0 storm N	N gusts of wind, one right after the other
 *	0 frame HEX	bytes as they came over the wire
 *
 * The number in front, 0 or 1, is the station's.
 */
/* TODO 1: messages begin with the module's name and the function's */
/* END TODO 1 */

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/proc_fs.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define GUSTS_BURST	5		/* gusts that are told at once */
#define GUSTS_INTERVAL	(2 * HZ)	/* then none for so long */

struct station {
	const char *name;
	struct ratelimit_state gusts;	/* GUSTS_BURST in GUSTS_INTERVAL */
};

static struct station stations[] = { { "north" }, { "south" } };

/* TODO 2: a message that begins with the station's name, as "north: " */
#define station_err(st, fmt, ...)	\
	do {				\
		(void)(st);		\
		pr_err(fmt, ##__VA_ARGS__); \
	} while (0)
/* END TODO 2 */

static int report(struct station *st, const char *severity, const char *text)
{
	/* TODO 3: tell text at its level; -EINVAL for a severity that is none */
	if (!strcmp(severity, "fault"))
		station_err(st, "%s\n", text);
	return 0;
	/* END TODO 3 */
}

static void tell_gust(struct station *st, unsigned int number)
{
	/* TODO 4: tell of it, but no more often than the station's limit allows */
	station_err(st, "gust %u\n", number);
	/* END TODO 4 */
}

static void tell_frame(struct station *st, const u8 *bytes, size_t len)
{
	/* TODO 5: 16 bytes a line, with their offset, as numbers and as text */
	/* END TODO 5 */
}

static int storm(struct station *st, const char *count)
{
	unsigned int i, n;
	int ret = kstrtouint(count, 0, &n);

	for (i = 1; !ret && i <= n; i++)
		tell_gust(st, i);
	return ret;
}

static int receive(struct station *st, const char *hex)
{
	size_t len = strlen(hex) / 2;
	u8 *bytes = kmalloc(len + 1, GFP_KERNEL);
	int ret;

	if (!bytes)
		return -ENOMEM;
	ret = strlen(hex) % 2 ? -EINVAL : hex2bin(bytes, hex, len);
	if (!ret)
		tell_frame(st, bytes, len);
	kfree(bytes);
	return ret;
}

/* "0 fault TEXT": what is written is taken apart at the first two blanks. */
static int obey(char *line)
{
	char *number = strsep(&line, " ");
	char *what = strsep(&line, " ");
	unsigned int id;

	if (!what || !line || kstrtouint(number, 10, &id) ||
	    id >= ARRAY_SIZE(stations))
		return -EINVAL;
	if (!strcmp(what, "storm"))
		return storm(&stations[id], line);
	if (!strcmp(what, "frame"))
		return receive(&stations[id], line);
	return report(&stations[id], what, line);
}

static ssize_t station_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > PAGE_SIZE)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	strim(line);
	ret = obey(line);
	kfree(line);
	return ret ? ret : len;
}

static const struct proc_ops station_ops = {
	.proc_write = station_write,
	.proc_lseek = default_llseek,
};

static int __init station_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(stations); i++) {
		ratelimit_state_init(&stations[i].gusts, GUSTS_INTERVAL,
				     GUSTS_BURST);
		ratelimit_set_flags(&stations[i].gusts, RATELIMIT_MSG_ON_RELEASE);
	}
	return proc_create("station", 0200, NULL, &station_ops) ? 0 : -ENOMEM;
}
module_init(station_init);

static void __exit station_exit(void)
{
	unsigned int i;

	remove_proc_entry("station", NULL);
	/* It tells how many gusts nobody was told of. */
	for (i = 0; i < ARRAY_SIZE(stations); i++)
		ratelimit_state_exit(&stations[i].gusts);
}
module_exit(station_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Speaks to the kernel log at every level");
