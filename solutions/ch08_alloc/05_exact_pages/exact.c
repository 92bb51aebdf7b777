// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers of whole pages, with and without the waste of powers of two
 *
 * A line written to /proc/exact makes a set of up to 16 buffers, in the place of
 * the set there was:
 *
 *	order SIZE...	each one a block of the page allocator
 *	exact SIZE...	each one from alloc_pages_exact()
 *	cut SIZE...	each one cut from a block, by ourselves
 *
 * If one of them cannot be had, there is no new set, and the old one stays.
 * Reading the file lists the buffers.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define GFP	(GFP_KERNEL | __GFP_NOWARN)	/* a user chose the size */

enum how { ORDER, EXACT, CUT };

static const char * const words[] = { "order", "exact", "cut" };

struct set {
	enum how how;
	unsigned int nr;		/* buffers there are */
	void *addr[16];
	size_t size[16];
};

static struct set *current_set;
static DEFINE_MUTEX(lock);

/* How many bytes does the page allocator give away for a buffer of this size? */
static size_t bytes_taken(enum how how, size_t size)
{
	/* TODO 1: a power of two of pages, or as many pages as are needed */
	if (how == ORDER)
		return PAGE_SIZE << get_order(size);
	return PAGE_ALIGN(size);
	/* END TODO 1 */
}

static void *exact_alloc(size_t size)
{
	/* TODO 2: let the kernel cut it */
	return alloc_pages_exact(size, GFP);
	/* END TODO 2 */
}

static void exact_free(void *addr, size_t size)
{
	/* TODO 3: and give it back */
	free_pages_exact(addr, size);
	/* END TODO 3 */
}

/* The same, but by hand. */
static void *cut_alloc(size_t size)
{
	/* TODO 4: take a block, split it into single pages, give back the rest of them */
	unsigned int order = get_order(size);
	struct page *page = alloc_pages(GFP, order);
	unsigned long i;

	if (!page)
		return NULL;
	split_page(page, order);
	for (i = PAGE_ALIGN(size) >> PAGE_SHIFT; i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
	/* END TODO 4 */
}

static void cut_free(void *addr, size_t size)
{
	/* TODO 5: each page has an owner of its own now */
	struct page *page = virt_to_page(addr);
	unsigned long i;

	for (i = 0; i < PAGE_ALIGN(size) >> PAGE_SHIFT; i++)
		__free_page(page + i);
	/* END TODO 5 */
}

static void *buffer_alloc(enum how how, size_t size)
{
	if (how == ORDER)
		return (void *)__get_free_pages(GFP, get_order(size));
	return how == EXACT ? exact_alloc(size) : cut_alloc(size);
}

static void buffer_free(enum how how, void *addr, size_t size)
{
	if (how == ORDER)
		free_pages((unsigned long)addr, get_order(size));
	else if (how == EXACT)
		exact_free(addr, size);
	else
		cut_free(addr, size);
}

/*
 * Take a buffer for each of set->size[0] to set->size[nr - 1]. -EINVAL if one of
 * the sizes is 0, -ENOMEM if one cannot be had; then nothing is taken.
 */
static int set_fill(struct set *set, unsigned int nr)
{
	/* TODO 6: all of them, or none: set->addr[], set->nr */
	int ret;

	for (set->nr = 0; set->nr < nr; set->nr++) {
		size_t size = set->size[set->nr];

		ret = -EINVAL;
		if (!size)
			goto err_free;
		ret = -ENOMEM;
		set->addr[set->nr] = buffer_alloc(set->how, size);
		if (!set->addr[set->nr])
			goto err_free;
	}
	return 0;

err_free:
	while (set->nr--)
		buffer_free(set->how, set->addr[set->nr], set->size[set->nr]);
	return ret;
	/* END TODO 6 */
}

/* ---------------------------------------- the file; nothing is to be done --- */

static void set_drop(struct set *set)
{
	unsigned int i;

	for (i = 0; set && i < set->nr; i++)
		buffer_free(set->how, set->addr[i], set->size[i]);
	kfree(set);
}

static int set_parse(struct set *set, char *line)
{
	char *word = strsep(&line, " ");
	unsigned int nr = 0;
	int how = match_string(words, ARRAY_SIZE(words), word);

	if (how < 0)
		return how;
	set->how = how;
	while ((word = strsep(&line, " "))) {
		if (nr == ARRAY_SIZE(set->size) || kstrtoul(word, 0, &set->size[nr++]))
			return -EINVAL;
	}
	return set_fill(set, nr);
}

static ssize_t exact_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct set *set = kzalloc(sizeof(*set), GFP_KERNEL);
	char *line = memdup_user_nul(buf, min_t(size_t, len, PAGE_SIZE - 1));
	int ret;

	if (!set || IS_ERR(line)) {
		kfree(set);
		if (!IS_ERR(line))
			kfree(line);
		return -ENOMEM;
	}
	ret = set_parse(set, strim(line));
	kfree(line);
	if (ret) {
		kfree(set);
		return ret;
	}
	mutex_lock(&lock);
	swap(set, current_set);
	mutex_unlock(&lock);
	set_drop(set);
	return len;
}

static int exact_show(struct seq_file *s, void *unused)
{
	unsigned int i;

	mutex_lock(&lock);
	for (i = 0; current_set && i < current_set->nr; i++) {
		size_t size = current_set->size[i];
		size_t taken = bytes_taken(current_set->how, size);

		seq_printf(s, "%s %zu: %zu taken, %zu wasted, at 0x%lx\n",
			   words[current_set->how], size, taken, taken - size,
			   (unsigned long)current_set->addr[i]);
	}
	mutex_unlock(&lock);
	return 0;
}

static int exact_open(struct inode *inode, struct file *file)
{
	return single_open(file, exact_show, NULL);
}

static const struct proc_ops exact_ops = {
	.proc_open = exact_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = exact_write,
};

static int __init exact_init(void)
{
	return proc_create("exact", 0600, NULL, &exact_ops) ? 0 : -ENOMEM;
}
module_init(exact_init);

static void __exit exact_exit(void)
{
	remove_proc_entry("exact", NULL);
	set_drop(current_set);
}
module_exit(exact_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Buffers of whole pages, cut to size");
