// SPDX-License-Identifier: GPL-2.0
/*
 * A module that uses every piece of workbook.h and compat.h
 *
 * A command is written to /sys/module/convenience/parameters/run and carried out
 * before the write returns; its answer is what the next read gives:
 *
 *	# echo 'size 4097' > run; cat run
 *	4097 B (4.0 KiB)
 *
 * The commands are the functions of the table below.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "convenience.h"

static const struct {
	const char *name;
	int (*run)(char *args);
} command[] = {
	{ "sample", run_sample },
	{ "levels", run_levels },
	{ "interrupt", run_interrupt },
	{ "size", run_size },
	{ "region", run_region },
	{ "regions", run_regions },
	{ "show", run_show },
	{ "contig", run_contig },
	{ "vmap", run_vmap },
	{ "hexdump", run_hexdump },
	{ "ns", run_ns },
	{ "timer", run_timer },
	{ "expect", run_expect },
	{ "types", run_types },
	{ "flood", run_flood },
	{ "compat", run_compat },
};

/* One page is what sysfs can hand out. The parameters' lock protects both. */
static char answer_text[PAGE_SIZE];
static size_t answer_len;

void answer(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	answer_len += vscnprintf(answer_text + answer_len,
				 sizeof(answer_text) - answer_len, fmt, args);
	va_end(args);
}

static int command_set(const char *val, const struct kernel_param *kp)
{
	char *line = kstrdup(val, GFP_KERNEL);
	int ret = -EINVAL;
	char *args;
	char *name;
	int i;

	if (!line)
		return -ENOMEM;
	answer_len = 0;
	answer_text[0] = '\0';
	args = strim(line);
	name = strsep(&args, " ");
	for (i = 0; i < ARRAY_SIZE(command); i++)
		if (!strcmp(command[i].name, name))
			ret = command[i].run(args ? args : name + strlen(name));
	kfree(line);
	return ret;
}

static int command_get(char *buf, const struct kernel_param *kp)
{
	memcpy(buf, answer_text, answer_len);
	return answer_len;
}

static const struct kernel_param_ops command_ops = {
	.set = command_set,
	.get = command_get,
};

module_param_cb(run, &command_ops, NULL, 0600);
MODULE_PARM_DESC(run, "write: a command; read: its answer");

static int __init convenience_init(void)
{
	return 0;
}

static void __exit convenience_exit(void)
{
	compat_exit();
}

module_init(convenience_init);
module_exit(convenience_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Uses every piece of the workbook's headers");
