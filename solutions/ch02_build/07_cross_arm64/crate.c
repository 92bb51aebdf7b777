// SPDX-License-Identifier: GPL-2.0
/*
 * Crates: a format of files, read alike on every architecture
 *
 *	/sys/kernel/debug/crate/image	a crate is written to it, with one write(2)
 *	/sys/kernel/debug/crate/records	its records, one a line:
 *					KIND STAMP VALUE TEMPERATURE HASH
 *	/sys/kernel/debug/crate/ask	a question is written, the answer is read:
 *
 *	pages START BYTES	how many pages of this machine the bytes lie in
 *	nap MS			sleeps so many milliseconds; the nanoseconds it took
 *	ferry COUNT FIRST	so many numbers go from one CPU to another; how many
 *				came in their order
 *
 * A crate is a row of records without anything between them:
 *
 *	byte 0		n, the length of the name
 *	bytes 1-2	kind, the least significant byte first
 *	bytes 3-10	stamp, the most significant byte first
 *	bytes 11-14	value, the least significant byte first
 *	byte 15		temperature, from -128 to 127
 *	n bytes		name: bytes from 0 to 255, not text
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timex.h>
#include <linux/uaccess.h>

#include "compat.h"

#define IMAGE_MAX	8192
#define RECORD_HEAD	16	/* bytes in front of the name */
#define SLOTS		8
#define STEP		0x9e3779b97f4a7c15ull

struct record {
	u16 kind;
	u64 stamp;
	u32 value;
	int temperature;
};

static DEFINE_MUTEX(crate_lock);	/* of all three */
static u8 *image;
static size_t image_len;
static u64 answer;

/* Of the n bytes b1 ... bn, each from 0 to 255: h0 = 0, hi = 31 * h(i-1) + bi. */
static u32 name_hash(const char *name, size_t n)
{
	u32 hash = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		/* TODO 1: one byte more */
		hash = 31 * hash + (u8)name[i];
		/* END TODO 1 */
	}
	return hash;
}

/*
 * Reads the record that begins at bytes; left says how many bytes there are, one
 * at least. Returns how many the record takes, or -EINVAL when it is cut short.
 */
static int record_read(const u8 *bytes, size_t left, struct record *r)
{
	/* TODO 2: the four members of *r, and how long it all is, with its name */
	if (left < RECORD_HEAD || left - RECORD_HEAD < bytes[0])
		return -EINVAL;
	r->kind = get_unaligned_le16(bytes + 1);
	r->stamp = get_unaligned_be64(bytes + 3);
	r->value = get_unaligned_le32(bytes + 11);
	r->temperature = (s8)bytes[15];
	return RECORD_HEAD + bytes[0];
	/* END TODO 2 */
}

/* In how many pages do the bytes lie that begin at start? A page may be touched in part. */
static u64 pages_touched(u64 start, u64 bytes)
{
	/* TODO 3: count them */
	if (!bytes)
		return 0;
	return ((start + bytes - 1) >> PAGE_SHIFT) - (start >> PAGE_SHIFT) + 1;
	/* END TODO 3 */
}

/* Nanoseconds on a clock that goes on at the same pace on every machine. */
static u64 now_ns(void)
{
	/* TODO 4: which clock? */
	return ktime_get_ns();
	/* END TODO 4 */
}

/* From one CPU to another, without a lock: one puts, one takes. */
struct ring {
	u64 slots[SLOTS];
	u32 head ____cacheline_aligned_in_smp;	/* puts so far: the putting side's */
	u32 tail ____cacheline_aligned_in_smp;	/* takes so far: the taking side's */
};

/* false: the ring is full */
static bool ring_put(struct ring *ring, u64 number)
{
	/* TODO 5: put the number into slots[head % SLOTS], and let the other side know */
	u32 head = ring->head;

	/* Pairs with the release in ring_take(): what is free was read. */
	if (head - smp_load_acquire(&ring->tail) == SLOTS)
		return false;
	ring->slots[head % SLOTS] = number;
	/* Pairs with the acquire in ring_take(): what is there was written. */
	smp_store_release(&ring->head, head + 1);
	return true;
	/* END TODO 5 */
}

/* false: the ring is empty */
static bool ring_take(struct ring *ring, u64 *number)
{
	/* TODO 6: take the number in slots[tail % SLOTS], and let the other side know */
	u32 tail = ring->tail;

	/* Pairs with the release in ring_put(). */
	if (smp_load_acquire(&ring->head) == tail)
		return false;
	*number = ring->slots[tail % SLOTS];
	/* Pairs with the acquire in ring_put(). */
	smp_store_release(&ring->tail, tail + 1);
	return true;
	/* END TODO 6 */
}

struct ferry {
	struct ring ring;
	u64 first;
	u32 count;
};

static int ferry_thread(void *data)
{
	struct ferry *f = data;
	u32 i;

	for (i = 0; i < f->count && !kthread_should_stop();) {
		if (ring_put(&f->ring, f->first + i * STEP))
			i++;
		else
			cond_resched();
	}
	return 0;
}

/* How many came as they were put, until one did not, or none for a second. */
static int ferry(u32 count, u64 first, u64 *good)
{
	struct ferry *f = kzalloc(sizeof(*f), GFP_KERNEL);
	unsigned long last = jiffies;
	struct task_struct *task;
	u64 number;
	u32 i = 0;

	if (!f)
		return -ENOMEM;
	f->first = first;
	f->count = count;
	task = kthread_create(ferry_thread, f, "crate_ferry");
	if (IS_ERR(task)) {
		kfree(f);
		return PTR_ERR(task);
	}
	get_task_struct(task);	/* it may end before it is told to */
	wake_up_process(task);
	while (i < count && time_before(jiffies, last + HZ)) {
		if (!ring_take(&f->ring, &number)) {
			usleep_range(10, 20);
			continue;
		}
		if (number != first + i * STEP)
			break;
		last = jiffies;
		i++;
	}
	kthread_stop(task);
	put_task_struct(task);
	kfree(f);
	*good = i;
	return 0;
}

static int ask(const char *line)
{
	u64 first, bytes;
	u32 number;

	if (sscanf(line, "pages %llu %llu", &first, &bytes) == 2) {
		answer = pages_touched(first, bytes);
		return 0;
	}
	if (sscanf(line, "nap %u", &number) == 1 && number <= 10000) {
		first = now_ns();
		msleep(number);
		answer = now_ns() - first;
		return 0;
	}
	if (sscanf(line, "ferry %u %llu", &number, &first) == 2)
		return ferry(number, first, &answer);
	return -EINVAL;
}

static ssize_t ask_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char *line;
	int ret;

	if (len > 100)
		return -EMSGSIZE;
	line = memdup_user_nul(buf, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&crate_lock);
	ret = ask(line);
	mutex_unlock(&crate_lock);
	kfree(line);
	return ret ? ret : len;
}

static int ask_show(struct seq_file *m, void *unused)
{
	mutex_lock(&crate_lock);
	seq_printf(m, "%llu\n", answer);
	mutex_unlock(&crate_lock);
	return 0;
}

static int ask_open(struct inode *inode, struct file *file)
{
	return single_open(file, ask_show, NULL);
}

static const struct file_operations ask_fops = {
	.owner = THIS_MODULE,
	.open = ask_open,
	.read = seq_read,
	.write = ask_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* Every record, or the first error. m may be NULL: then nothing is printed. */
static int walk(const u8 *bytes, size_t len, struct seq_file *m)
{
	struct record r = { 0 };
	int used;

	for (; len; bytes += used, len -= used) {
		used = record_read(bytes, len, &r);
		if (used < 0)
			return used;
		if (used < RECORD_HEAD || used > len)
			return -EIO;
		if (m)
			seq_printf(m, "%u %llu %u %d %08x\n", r.kind, r.stamp, r.value,
				   r.temperature,
				   name_hash((const char *)bytes + RECORD_HEAD,
					     used - RECORD_HEAD));
	}
	return 0;
}

static ssize_t image_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	u8 *bytes;
	int ret;

	if (len > IMAGE_MAX)
		return -EMSGSIZE;
	bytes = memdup_user(buf, len);
	if (IS_ERR(bytes))
		return PTR_ERR(bytes);
	ret = walk(bytes, len, NULL);
	if (ret) {
		kfree(bytes);
		return ret;
	}
	mutex_lock(&crate_lock);
	swap(image, bytes);
	image_len = len;
	mutex_unlock(&crate_lock);
	kfree(bytes);
	return len;
}

static const struct file_operations image_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = image_write,
};

static int records_show(struct seq_file *m, void *unused)
{
	int ret;

	mutex_lock(&crate_lock);
	ret = walk(image, image_len, m);
	mutex_unlock(&crate_lock);
	return ret;
}
DEFINE_SHOW_ATTRIBUTE(records);

static struct dentry *dir;

static int __init crate_init(void)
{
	dir = debugfs_create_dir("crate", NULL);
	debugfs_create_file("image", 0200, dir, NULL, &image_fops);
	debugfs_create_file("records", 0400, dir, NULL, &records_fops);
	debugfs_create_file("ask", 0600, dir, NULL, &ask_fops);
	return 0;
}
module_init(crate_init);

static void __exit crate_exit(void)
{
	debugfs_remove(dir);
	kfree(image);
}
module_exit(crate_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Reads crates alike on x86 and on arm64");
