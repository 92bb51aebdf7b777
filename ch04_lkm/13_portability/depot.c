// SPDX-License-Identifier: GPL-2.0
/*
 * A depot that is to work alike on every kernel, asked through /proc/depot
 *
 * A line is written to it, then the answer is read:
 *
 *	block			KiB of the largest block that alloc_pages() gives.
 *				One is taken, and given back.
 *	pack KIND STAMP VALUE	a record as it goes over a wire, in hexadecimal: 2
 *				bytes kind, 8 bytes stamp, 4 bytes value, nothing
 *				between, the most significant byte first
 *	unpack HEX		the three numbers of such a record
 *	sum HEX			the sum of the bytes, each from 0 to 255
 *	coldest HEX		the least of the bytes, each from -128 to 127
 *	flag N			a number of 64 bits, of which only bit N is set
 *	later SECONDS DAYS	the time so many days later; SECONDS is since 1970 and
 *				may be far beyond 2038
 *	wait MS			"done", after so many milliseconds
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/uaccess.h>

#include "compat.h"

#define RECORD_BYTES	14
#define ANSWER_MAX	64
#define BYTES_MAX	256

struct waiter {
	struct timer_list timer;
	struct completion done;
};

static DEFINE_MUTEX(answer_lock);
static char answer[ANSWER_MAX];

/* TODO 1: one or more defects: the highest order that alloc_pages() takes */
static unsigned int top_order(void)
{
#ifdef MAX_ORDER
	return MAX_ORDER;
#else
	return 11;	/* newer kernels have no MAX_ORDER; it was always 11 */
#endif
}

/* END TODO 1 */

/* TODO 2: one or more defects: a record as it goes over a wire */
struct record {
	u16 kind;
	u32 value;
	u64 stamp;
};

static void pack(u8 *bytes, u16 kind, u64 stamp, u32 value)
{
	struct record r = { .kind = kind, .stamp = stamp, .value = value };

	memcpy(bytes, &r, RECORD_BYTES);
}

static void unpack(const u8 *bytes, u16 *kind, u64 *stamp, u32 *value)
{
	struct record r = { 0 };

	memcpy(&r, bytes, RECORD_BYTES);
	*kind = r.kind;
	*stamp = r.stamp;
	*value = r.value;
}

/* END TODO 2 */

/* TODO 3: one or more defects: bytes with a sign and without */
static unsigned int sum(const u8 *bytes, size_t len)
{
	const char *c = (const char *)bytes;
	unsigned int total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += c[i];
	return total;
}

static int coldest(const u8 *bytes, size_t len)
{
	const char *c = (const char *)bytes;
	int least = 127;
	size_t i;

	for (i = 0; i < len; i++)
		if (c[i] < least)
			least = c[i];
	return least;
}

/* END TODO 3 */

/* TODO 4: one or more defects: a number with bit nr set, nr below 64 */
static u64 flag(unsigned int nr)
{
	return 1U << nr;
}

/* END TODO 4 */

/* TODO 5: one or more defects: seconds since 1970, so many days later */
static s64 later(s64 seconds, u32 days)
{
	int start = seconds;

	return start + days * 24 * 60 * 60;
}

/* END TODO 5 */

static void wake(struct timer_list *timer)
{
	struct waiter *w = timer_container_of(w, timer, timer);

	complete(&w->done);
}

static void wait(unsigned int ms)
{
	struct waiter w;

	init_completion(&w.done);
	timer_setup_on_stack(&w.timer, wake, 0);
	/* TODO 6: one or more defects: let the timer expire in ms milliseconds */
	mod_timer(&w.timer, jiffies + ms);
	/* END TODO 6 */
	wait_for_completion(&w.done);
	timer_delete_sync(&w.timer);
	timer_destroy_on_stack(&w.timer);
}

static int ask_block(char *out)
{
	unsigned int order = top_order();
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_NOWARN, order);

	if (!page)
		return -ENOMEM;
	__free_pages(page, order);
	snprintf(out, ANSWER_MAX, "%lu", (PAGE_SIZE << order) >> 10);
	return 0;
}

static int ask_pack(char *out, const char *text)
{
	u8 bytes[RECORD_BYTES] = { 0 };
	u32 kind, value;
	u64 stamp;

	if (sscanf(text, "%u %llu %u", &kind, &stamp, &value) != 3 || kind > U16_MAX)
		return -EINVAL;
	pack(bytes, kind, stamp, value);
	snprintf(out, ANSWER_MAX, "%*phN", RECORD_BYTES, bytes);
	return 0;
}

/* For all that begins with bytes in hexadecimal. */
static int ask_bytes(char *out, const char *what, const char *hex)
{
	size_t len = strlen(hex) / 2;
	u8 bytes[BYTES_MAX];
	u32 value;
	u64 stamp;
	u16 kind;

	if (!len || len > sizeof(bytes) || strlen(hex) % 2 || hex2bin(bytes, hex, len))
		return -EINVAL;
	if (!strcmp(what, "sum")) {
		snprintf(out, ANSWER_MAX, "%u", sum(bytes, len));
	} else if (!strcmp(what, "coldest")) {
		snprintf(out, ANSWER_MAX, "%d", coldest(bytes, len));
	} else if (!strcmp(what, "unpack") && len == RECORD_BYTES) {
		unpack(bytes, &kind, &stamp, &value);
		snprintf(out, ANSWER_MAX, "%u %llu %u", kind, stamp, value);
	} else {
		return -EINVAL;
	}
	return 0;
}

static int ask(char *out, char *line)
{
	char *what = strsep(&line, " ");
	unsigned int number;
	s64 seconds;

	if (!strcmp(what, "block"))
		return ask_block(out);
	if (!line)
		return -EINVAL;
	if (!strcmp(what, "pack"))
		return ask_pack(out, line);
	if (!strcmp(what, "later")) {
		if (sscanf(line, "%lld %u", &seconds, &number) != 2)
			return -EINVAL;
		snprintf(out, ANSWER_MAX, "%lld", later(seconds, number));
		return 0;
	}
	if (strcmp(what, "flag") && strcmp(what, "wait"))
		return ask_bytes(out, what, line);
	if (kstrtouint(line, 10, &number))
		return -EINVAL;
	if (!strcmp(what, "wait")) {
		wait(min(number, 10000u));
		snprintf(out, ANSWER_MAX, "done");
	} else {
		snprintf(out, ANSWER_MAX, "0x%016llx", flag(number % 64));
	}
	return 0;
}

static ssize_t depot_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > PAGE_SIZE)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&answer_lock);
	ret = ask(answer, strim(line));
	if (ret)
		*answer = '\0';
	mutex_unlock(&answer_lock);
	kfree(line);
	return ret ? ret : len;
}

static int depot_show(struct seq_file *m, void *unused)
{
	mutex_lock(&answer_lock);
	seq_printf(m, "%s\n", answer);
	mutex_unlock(&answer_lock);
	return 0;
}

static int depot_open(struct inode *inode, struct file *file)
{
	return single_open(file, depot_show, NULL);
}

static const struct proc_ops depot_proc_ops = {
	.proc_open = depot_open,
	.proc_read = seq_read,
	.proc_write = depot_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init depot_init(void)
{
	return proc_create("depot", 0644, NULL, &depot_proc_ops) ? 0 : -ENOMEM;
}
module_init(depot_init);

static void __exit depot_exit(void)
{
	remove_proc_entry("depot", NULL);
}
module_exit(depot_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Answers alike on every kernel");
