// SPDX-License-Identifier: GPL-2.0
/*
 * Fractions, asked for through /proc/share
 *
 * A line is written to it, then the answer is read:
 *
 *	percent PART WHOLE	how much of WHOLE is PART, in percent, rounded to
 *				two decimals, half up. Both are below 2^64.
 *	smooth N N N ...	the smoothed value of up to 16 numbers below 2^32:
 *				it begins with the first, then each new one moves
 *				it by an eighth of the difference. Kept in units
 *				of 1/1024, rounded down. Three decimals, cut off.
 *	fahrenheit N		N thousandths of a degree Celsius, negative ones
 *				too, in degrees Fahrenheit, rounded to three
 *				decimals; within 10^15 of 0
 *	root N			the square root of N, below 2^32, with three
 *				decimals, cut off
 *
 * -EINVAL for what has no answer: a PART above WHOLE, a WHOLE of 0.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/fpu/api.h>

#define NUMBERS_MAX	16
#define ANSWER_MAX	48

static DEFINE_MUTEX(answer_lock);
static char answer[ANSWER_MAX];

/* TODO 1: one or more defects: percent PART WHOLE */
static int percent(char *out, u64 part, u64 whole)
{
	u64 hundredths, rest;

	if (!whole || part > whole)
		return -EINVAL;
	hundredths = mul_u64_u64_div_u64(part, 10000, whole);
	/* Both products may wrap. Their difference is right all the same. */
	rest = part * 10000 - hundredths * whole;
	if (rest >= whole - rest)
		hundredths++;
	snprintf(out, ANSWER_MAX, "%llu.%02llu", hundredths / 100,
		 hundredths % 100);
	return 0;
}

/* END TODO 1 */

/* TODO 2: one or more defects: smooth N N N ... */
static int smooth(char *out, const u64 *numbers, unsigned int nr)
{
	u64 value = numbers[0] << 10;
	unsigned int i;

	/* Rounded down: the difference may be negative, so no difference. */
	for (i = 1; i < nr; i++)
		value = (value * 7 + (numbers[i] << 10)) / 8;
	snprintf(out, ANSWER_MAX, "%llu.%03llu", value >> 10,
		 (value & 1023) * 1000 >> 10);
	return 0;
}

/* END TODO 2 */

/* TODO 3: one or more defects: fahrenheit N */
static int fahrenheit(char *out, s64 celsius)
{
	s64 value = DIV_ROUND_CLOSEST(celsius * 9, 5) + 32000;
	u64 size = abs(value);

	snprintf(out, ANSWER_MAX, "%s%llu.%03llu", value < 0 ? "-" : "",
		 size / 1000, size % 1000);
	return 0;
}

/* END TODO 3 */

/*
 * The root of n, rounded down. n is below 2^53, so a double is exact enough. The
 * attribute lets the compiler use SSE registers, in this function alone.
 */
__attribute__((target("sse2"))) static noinline u64 root_by_fpu(u64 n)
{
	double x = (s64)n;

	asm("sqrtsd %0, %0" : "+x" (x));
	return (s64)x;
}

/* TODO 4: one or more defects: root N */
static int root(char *out, u64 n)
{
	u64 value;

	kernel_fpu_begin();
	value = root_by_fpu(n * 1000000);
	kernel_fpu_end();
	snprintf(out, ANSWER_MAX, "%llu.%03llu", value / 1000, value % 1000);
	return 0;
}

/* END TODO 4 */

static int calculate(char *out, char *line)
{
	u64 numbers[NUMBERS_MAX];
	char *word, *what = strsep(&line, " ");
	unsigned int nr = 0;
	s64 celsius;

	if (!strcmp(what, "fahrenheit") && line)
		return kstrtos64(line, 10, &celsius) ?: fahrenheit(out, celsius);
	while ((word = strsep(&line, " "))) {
		if (nr == NUMBERS_MAX || kstrtou64(word, 10, &numbers[nr]))
			return -EINVAL;
		nr++;
	}
	if (!strcmp(what, "percent") && nr == 2)
		return percent(out, numbers[0], numbers[1]);
	if (!strcmp(what, "smooth") && nr)
		return smooth(out, numbers, nr);
	if (!strcmp(what, "root") && nr == 1 && numbers[0] <= U32_MAX)
		return root(out, numbers[0]);
	return -EINVAL;
}

static ssize_t share_write(struct file *file, const char __user *buf,
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
	ret = calculate(answer, strim(line));
	if (ret)
		*answer = '\0';
	mutex_unlock(&answer_lock);
	kfree(line);
	return ret ? ret : len;
}

static int share_show(struct seq_file *m, void *unused)
{
	mutex_lock(&answer_lock);
	seq_printf(m, "%s\n", answer);
	mutex_unlock(&answer_lock);
	return 0;
}

static int share_open(struct inode *inode, struct file *file)
{
	return single_open(file, share_show, NULL);
}

static const struct proc_ops share_proc_ops = {
	.proc_open = share_open,
	.proc_read = seq_read,
	.proc_write = share_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static int __init share_init(void)
{
	return proc_create("share", 0644, NULL, &share_proc_ops) ? 0 : -ENOMEM;
}
module_init(share_init);

static void __exit share_exit(void)
{
	remove_proc_entry("share", NULL);
}
module_exit(share_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Fractions, with and without the FPU");
