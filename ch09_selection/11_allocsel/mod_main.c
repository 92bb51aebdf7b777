// SPDX-License-Identifier: GPL-2.0
/*
 * allocsel.ko - which allocator, performed and proved
 *
 *	insmod allocsel.ko size=3M contig=phys ctx=atomic
 *
 * writes the decision, its reason, and each property that the memory was
 * promised to have, expected and actual, into the kernel log. Without a size
 * it only offers /sys/kernel/debug/allocsel and /dev/allocsel.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/utsname.h>

#include "mod.h"
#include "mod_misc.h"
#include "mod_report.h"

static char *rules;
module_param(rules, charp, 0444);
MODULE_PARM_DESC(rules, "whose rules decide: yours or finished");

static char *place;
module_param(place, charp, 0444);
MODULE_PARM_DESC(place, "where ctx=atomic is: spinlock, timer or softirq");

static char *force;
module_param(force, charp, 0444);
MODULE_PARM_DESC(force, "call this allocator, whatever was decided");

int report_init(struct report *report)
{
	report->text = kmalloc(REPORT_SIZE, GFP_KERNEL);
	if (!report->text)
		return -ENOMEM;
	report_clear(report);
	return 0;
}

void report_clear(struct report *report)
{
	report->text[0] = '\0';
	seq_buf_init(&report->buf, report->text, REPORT_SIZE);
}

void report_free(struct report *report)
{
	kfree(report->text);
	report->text = NULL;
}

size_t report_len(const struct report *report)
{
	/* A report that did not fit counts one byte more. */
	return min_t(size_t, report->buf.len, REPORT_SIZE);
}

void report_log(const struct report *report)
{
	size_t len = report_len(report);
	size_t from = 0;
	size_t i;

	for (i = 0; i < len; i++)
		if (report->text[i] == '\n') {
			pr_info("%.*s\n", (int)(i - from), report->text + from);
			from = i + 1;
		}
}

void mod_input_init(struct alloc_input *in)
{
	alloc_input_init(in);
	in->env.kernel = strncmp(init_utsname()->release, "6.1.", 4) ?
			 ALLOC_KERNEL_6_12 : ALLOC_KERNEL_6_1;
	in->env.kmax = KMALLOC_MAX_SIZE;
	in->env.ram = (u64)totalram_pages() << PAGE_SHIFT;
}

/* The answer goes to the log; a property that fails does not stop the load. */
static int answer_params(const struct alloc_input *params,
			 const struct alloc_selector *selector)
{
	struct job job = { .in = *params, .force = force };
	struct report report;
	char why[ALLOC_WHY_LEN];
	int where = place ? job_place_find(place) : PLACE_SPINLOCK;
	int err;

	if (where < 0) {
		pr_err("place=%s: it takes spinlock, timer or softirq\n", place);
		return -EINVAL;
	}
	job.place = where;
	if (alloc_input_complete(params, why)) {
		pr_err("%s\n", why);
		return -EINVAL;
	}
	err = report_init(&report);
	if (err)
		return err;
	job.out = &report.buf;
	err = job_run(&job, selector);
	report_log(&report);
	report_free(&report);
	return err == -EINVAL ? err : 0;
}

static int __init allocsel_init(void)
{
	const struct alloc_selector *selector = alloc_selector_find(rules);
	const struct alloc_input *params = mod_params();
	int err;

	if (!selector) {
		pr_err("rules=%s: it takes yours, or finished where that was built in\n",
		       rules);
		return -EINVAL;
	}
	err = mod_device_init();
	if (err)
		return err;
	if (params)
		err = answer_params(params, selector);
	if (!err)
		err = mod_debugfs_init(selector);
	if (err)
		goto no_debugfs;
	err = mod_misc_init(selector);
	if (!err)
		return 0;
	mod_debugfs_exit();
no_debugfs:
	mod_device_exit();
	return err;
}

static void __exit allocsel_exit(void)
{
	mod_misc_exit();
	mod_debugfs_exit();
	mod_device_exit();
}

module_init(allocsel_init);
module_exit(allocsel_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Selects a kernel memory allocator, performs and proves it");
