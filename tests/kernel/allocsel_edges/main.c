// SPDX-License-Identifier: GPL-2.0
/*
 * What allocators answer at their limits
 *
 * A group of edges is written to /sys/module/edges/parameters/run and tried
 * before the write returns; the next read gives a line for each.
 *
 * The edges at which the kernel warns or dies are not here: this module is
 * judged like a lab, and must leave no complaint in the log. They are in
 * tests/allocsel/module/splats.c, where the complaint is what is expected.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include "workbook.h"
#include "edges.h"

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{ "zero", edge_zero },
	{ "buckets", edge_buckets },
	{ "roundup", edge_roundup },
	{ "limits", edge_limits },
	{ "overflow", edge_overflow },
	{ "percpu", edge_percpu },
	{ "cache", edge_cache },
	{ "coherent", edge_coherent },
	{ "blocks", edge_blocks },
	{ "context", edge_context },
};

/* The parameters' lock protects both. */
static char text[PAGE_SIZE];
static size_t len;

void answer(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	len += vscnprintf(text + len, sizeof(text) - len, fmt, args);
	va_end(args);
}

const char *what_is(const void *addr)
{
	return wb_region_name(wb_region_of(addr));
}

static int run_set(const char *val, const struct kernel_param *kp)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		if (!sysfs_streq(val, groups[i].name))
			continue;
		len = 0;
		groups[i].run();
		return 0;
	}
	return -EINVAL;
}

static int run_get(char *buf, const struct kernel_param *kp)
{
	memcpy(buf, text, len);
	return len;
}

static const struct kernel_param_ops run_ops = {
	.set = run_set,
	.get = run_get,
};

module_param_cb(run, &run_ops, NULL, 0600);
MODULE_PARM_DESC(run, "write: a group of edges; read: what came of them");

static int __init edges_init(void)
{
	return 0;
}

static void __exit edges_exit(void)
{
}

module_init(edges_init);
module_exit(edges_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Tries the edges of every allocator");
