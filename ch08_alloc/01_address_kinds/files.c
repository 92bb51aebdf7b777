// SPDX-License-Identifier: GPL-2.0
/*
 * The way in and out, for you and for the check. Nothing is to be done here.
 *
 *	/proc/kinds	write an address, read what kind it is
 *	/proc/samples	addresses of things that the module made or has
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <asm/fixmap.h>

#include "classify.h"

static const char * const names[KIND_COUNT] = {
	[KIND_OTHER] = "other",
	[KIND_NULL] = "null",
	[KIND_USER] = "user",
	[KIND_NONCANONICAL] = "non-canonical",
	[KIND_DIRECT] = "direct map",
	[KIND_PERCPU] = "per-CPU",
	[KIND_VMALLOC] = "vmalloc",
	[KIND_IMAGE] = "kernel image",
	[KIND_MODULE] = "module",
	[KIND_FIXMAP] = "fixmap",
};

static void *small, *large, *virtual;
static struct page *page;
static int variable;
static DEFINE_PER_CPU(int, counter);

static unsigned long asked;
static DEFINE_MUTEX(lock);	/* for asked */

static void sample(struct seq_file *s, const void *addr, const char *what)
{
	seq_printf(s, "0x%lx %s\n", (unsigned long)addr, what);
}

static int samples_show(struct seq_file *s, void *unused)
{
	unsigned int cpu;
	int local;

	sample(s, NULL, "NULL");
	sample(s, &((struct task_struct *)NULL)->pid, "a member of NULL");
	sample(s, (void *)current->mm->mmap_base, "where this process maps its files");
	sample(s, small, "kmalloc(100)");
	sample(s, large, "kmalloc(100000)");
	sample(s, page_address(page), "a page");
	sample(s, current, "the current task's task_struct");
	sample(s, virtual, "vmalloc(100000)");
	sample(s, &local, "a variable on the stack");
	sample(s, &variable, "a static variable");
	sample(s, samples_show, "a function of this module");
	sample(s, schedule, "schedule(), a function of the kernel");
	sample(s, &init_task, "the first task, a variable of the kernel");
	sample(s, (void *)fix_to_virt(0), "the fixmap's first entry");
	for_each_possible_cpu(cpu)
		sample(s, per_cpu_ptr(&counter, cpu), "a CPU's copy of a variable");
	sample(s, ERR_PTR(-ENOMEM), "-ENOMEM as a pointer");
	return 0;
}

static int kinds_show(struct seq_file *s, void *unused)
{
	enum kind kind;

	mutex_lock(&lock);
	kind = classify(asked);
	seq_printf(s, "0x%lx: %s\n", asked,
		   kind < KIND_COUNT ? names[kind] : "no kind at all");
	mutex_unlock(&lock);
	return 0;
}

static ssize_t kinds_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	unsigned long addr;
	int ret = kstrtoul_from_user(buf, len, 0, &addr);

	if (ret)
		return ret;
	mutex_lock(&lock);
	asked = addr;
	mutex_unlock(&lock);
	return len;
}

static int kinds_open(struct inode *inode, struct file *file)
{
	return single_open(file, kinds_show, NULL);
}

static const struct proc_ops kinds_ops = {
	.proc_open = kinds_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
	.proc_write = kinds_write,
};

static void samples_free(void)
{
	kfree(small);
	kfree(large);
	vfree(virtual);
	if (page)
		__free_page(page);
}

static int __init kinds_init(void)
{
	small = kmalloc(100, GFP_KERNEL);
	large = kmalloc(100000, GFP_KERNEL);
	virtual = vmalloc(100000);
	page = alloc_page(GFP_KERNEL);
	if (!small || !large || !virtual || !page)
		goto err_free;
	if (!proc_create("kinds", 0600, NULL, &kinds_ops))
		goto err_free;
	if (!proc_create_single("samples", 0400, NULL, samples_show))
		goto err_remove;
	return 0;

err_remove:
	remove_proc_entry("kinds", NULL);
err_free:
	samples_free();
	return -ENOMEM;
}
module_init(kinds_init);

static void __exit kinds_exit(void)
{
	remove_proc_entry("samples", NULL);
	remove_proc_entry("kinds", NULL);
	samples_free();
}
module_exit(kinds_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Tells what kind of address a number is");
