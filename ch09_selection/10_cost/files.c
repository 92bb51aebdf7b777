// SPDX-License-Identifier: GPL-2.0
/*
 * The way in and out, for shells and for the program `cost`: files in debugfs,
 * under /sys/kernel/debug/alloc_cost/. Nothing is to be done here.
 *
 *	request	write "api=kmalloc size=4096 rounds=100": measure. Further words:
 *		fail=3 lets the third allocation fail, clock_ns=5000 makes the
 *		clock slow, alloc_ns= and free_ns= are for the toys (bench.c).
 *	table	read what was measured, a line for each series
 *	samples	read all of it, a line for each round
 *	apis	read the names of what can be measured
 *	numbers	write numbers, read their summary: summarize() alone
 *	left	read how many allocations were not given back
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "bench.h"

#define TEXT_MAX	32768

static struct dentry *dir;
static DEFINE_MUTEX(lock);	/* for all below: one measures at a time */
static struct bench bench;
static bool measured;		/* bench has the results of a request */
static u64 numbers[BENCH_ROUNDS_MAX];
static unsigned int nr_numbers;

static const char *const series_name[NR_SERIES] = {
	"cold_alloc", "cold_free", "warm_alloc", "warm_free",
};

/* ---------------------------------------------------------- the request --- */

struct number {
	const char *key;
	u64 min;
	u64 max;
	u64 value;
};

static int parse_word(char *word, const struct api **api, struct number *keys,
		      unsigned int *seen)
{
	char *value = strchr(word, '=');
	unsigned int i;

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	if (!strcmp(word, "api")) {
		if (*api)
			return -EINVAL;
		*api = bench_find(value);
		return *api ? 0 : -EINVAL;
	}
	for (i = 0; keys[i].key; i++) {
		if (strcmp(word, keys[i].key))
			continue;
		if (*seen & BIT(i) || kstrtou64(value, 0, &keys[i].value) ||
		    keys[i].value < keys[i].min || keys[i].value > keys[i].max)
			return -EINVAL;
		*seen |= BIT(i);
		return 0;
	}
	return -EINVAL;
}

static int parse_request(char *text, struct bench *b)
{
	struct number keys[] = {
		{ "size", 1, SIZE_MAX / BENCH_ROUNDS_MAX },
		{ "rounds", 1, BENCH_ROUNDS_MAX, 100 },
		{ "fail", 0, UINT_MAX },
		{ "clock_ns", 0, BENCH_DELAY_MAX },
		{ "alloc_ns", 0, BENCH_DELAY_MAX },
		{ "free_ns", 0, BENCH_DELAY_MAX },
		{ }
	};
	const struct api *api = NULL;
	unsigned int seen = 0;
	char *word;
	int ret;

	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		ret = parse_word(word, &api, keys, &seen);
		if (ret)
			return ret;
	}
	if (!api || !(seen & BIT(0)))
		return -EINVAL;
	b->api = api;
	b->size = keys[0].value;
	b->rounds = keys[1].value;
	b->fail = keys[2].value;
	b->clock_ns = keys[3].value;
	b->alloc_ns = keys[4].value;
	b->free_ns = keys[5].value;
	return 0;
}

static int measure_real(struct bench *b)
{
	void *mem;

	if (b->api->toy) {
		b->real = b->size;
		return 0;
	}
	mem = bench_alloc(b);
	if (!mem)
		return -ENOMEM;
	b->real = real_size(b, mem);
	bench_free(b, mem);
	return 0;
}

/* Held all at once, memory for the rounds must not make the machine fall ill. */
static bool too_much(const struct bench *b)
{
	u64 most = (u64)totalram_pages() << PAGE_SHIFT;

	return !b->api->toy && (u64)b->size * b->rounds > most / 8;
}

/* Each with a new cache, or an empty shelf: nothing is warm from the one before. */
static int measure_part(struct bench *b, int (*part)(struct bench *b))
{
	int ret = bench_open(b);

	if (ret)
		return ret;
	ret = part(b);
	bench_close(b);
	return ret;
}

static int measure(struct bench *b)
{
	int ret;

	if (too_much(b))
		return -ERANGE;
	memset(b->sample, 0, sizeof(b->sample));
	b->calls = 0;
	b->clock = measure_clock(b);
	ret = measure_part(b, measure_cold);
	if (!ret)
		ret = measure_part(b, measure_warm);
	if (!ret)
		ret = measure_part(b, measure_real);
	return ret;
}

static ssize_t request_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char *text;
	int ret;

	if (len > TEXT_MAX)
		return -EINVAL;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = mutex_lock_interruptible(&lock);
	if (ret)
		goto out;
	measured = false;
	ret = parse_request(text, &bench);
	if (!ret)
		ret = measure(&bench);
	measured = !ret;
	mutex_unlock(&lock);
out:
	kfree(text);
	return ret ?: len;
}

static const struct file_operations request_fops = {
	.owner = THIS_MODULE,
	.write = request_write,
};

/* ------------------------------------------------------------ the answer --- */

static void summary_print(struct seq_file *s, const char *name, u64 *values,
			  unsigned int n)
{
	struct summary sum = { };

	summarize(values, n, &sum);
	seq_printf(s, "%s %llu %llu %llu %llu\n", name, sum.min, sum.p50,
		   sum.p99, sum.max);
}

static int table_show(struct seq_file *s, void *unused)
{
	unsigned int i;
	int ret = -ENODATA;

	mutex_lock(&lock);
	if (measured) {
		seq_printf(s, "api %s\nsize %zu\nreal %zu\nrounds %u\nclock %llu\n",
			   bench.api->name, bench.size, bench.real, bench.rounds,
			   bench.clock);
		for (i = 0; i < NR_SERIES; i++) {
			memcpy(bench.scratch, bench.sample[i],
			       bench.rounds * sizeof(*bench.scratch));
			summary_print(s, series_name[i], bench.scratch,
				      bench.rounds);
		}
		ret = 0;
	}
	mutex_unlock(&lock);
	return ret;
}
DEFINE_SHOW_ATTRIBUTE(table);

static int samples_show(struct seq_file *s, void *unused)
{
	unsigned int i;
	int ret = -ENODATA;

	mutex_lock(&lock);
	if (measured) {
		for (i = 0; i < bench.rounds; i++)
			seq_printf(s, "%llu %llu %llu %llu\n",
				   bench.sample[COLD_ALLOC][i],
				   bench.sample[COLD_FREE][i],
				   bench.sample[WARM_ALLOC][i],
				   bench.sample[WARM_FREE][i]);
		ret = 0;
	}
	mutex_unlock(&lock);
	return ret;
}
DEFINE_SHOW_ATTRIBUTE(samples);

static int apis_show(struct seq_file *s, void *unused)
{
	unsigned int i;

	for (i = 0; bench_name(i); i++)
		seq_printf(s, "%s\n", bench_name(i));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(apis);

static int numbers_parse(char *text)
{
	unsigned int n = 0;
	char *word;

	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		if (n == BENCH_ROUNDS_MAX || kstrtou64(word, 0, &numbers[n]))
			return -EINVAL;
		n++;
	}
	nr_numbers = n;
	return n ? 0 : -EINVAL;
}

static ssize_t numbers_write(struct file *file, const char __user *buf,
			     size_t len, loff_t *pos)
{
	char *text;
	int ret;

	if (len > TEXT_MAX)
		return -EINVAL;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	mutex_lock(&lock);
	nr_numbers = 0;
	ret = numbers_parse(text);
	mutex_unlock(&lock);
	kfree(text);
	return ret ?: len;
}

static int numbers_show(struct seq_file *s, void *unused)
{
	int ret = -ENODATA;

	mutex_lock(&lock);
	if (nr_numbers) {
		summary_print(s, "numbers", numbers, nr_numbers);
		ret = 0;
	}
	mutex_unlock(&lock);
	return ret;
}

static int numbers_open(struct inode *inode, struct file *file)
{
	return single_open(file, numbers_show, NULL);
}

static const struct file_operations numbers_fops = {
	.owner = THIS_MODULE,
	.open = numbers_open,
	.read = seq_read,
	.write = numbers_write,
	.llseek = seq_lseek,
	.release = single_release,
};

/* ------------------------------------------------------------ the module --- */

static int __init alloc_cost_init(void)
{
	/* No error is looked at: debugfs wants it so, and checks them itself. */
	dir = debugfs_create_dir("alloc_cost", NULL);
	debugfs_create_file("request", 0200, dir, NULL, &request_fops);
	debugfs_create_file("table", 0400, dir, NULL, &table_fops);
	debugfs_create_file("samples", 0400, dir, NULL, &samples_fops);
	debugfs_create_file("apis", 0400, dir, NULL, &apis_fops);
	debugfs_create_file("numbers", 0600, dir, NULL, &numbers_fops);
	debugfs_create_atomic_t("left", 0400, dir, &bench_left);
	pr_info("see /sys/kernel/debug/alloc_cost\n");
	return 0;
}
module_init(alloc_cost_init);

static void __exit alloc_cost_exit(void)
{
	debugfs_remove(dir);
}
module_exit(alloc_cost_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("What each allocator costs, by size");
