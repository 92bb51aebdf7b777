// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - a module that does, when it is loaded, what no module may do: the
 * one thing that its parameter how= names.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "misbehave.h"

static char *how = "well";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "the way to misbehave; well: not at all");

static char *path = "";
module_param(path, charp, 0444);
MODULE_PARM_DESC(path, "any text");

static int do_nothing(void)
{
	return 0;
}

static const struct way ways[] = {
	{ "well", do_nothing },
	{ "panic", fall_panic },
	{ "null", fall_null },
	{ "bug", fall_bug },
	{ "triple", fall_triple },
	{ "restart", fall_restart },
	{ "poweroff", fall_poweroff },
	{ "memory", fall_memory },
	{ "kill-init", fall_init },
	{ "hang", hang_silent },
	{ "sleep", hang_sleeping },
	{ "flood", hang_flooding },
	{ "flood-behind", flood_enter, flood_leave },
	{ "hang-exit", stay_enter, hang_leave },
	{ "hold", hold_enter },
	{ "forge", forge_results },
	{ "escape", forge_escapes },
	{ "lie", forge_panic },
	{ "chatter", chatter_enter, chatter_leave },
	{ "warn", warn_enter },
	{ "no-memory", refuse_memory },
	{ "no-value", refuse_value },
};

static const struct way *chosen;

static int __init misbehave_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (!strcmp(ways[i].name, how))
			chosen = &ways[i];
	if (!chosen) {
		pr_err("no way is called %s\n", how);
		return -EINVAL;
	}
	pr_info("how=%s\n", how);
	return chosen->enter();
}
module_init(misbehave_init);

static void __exit misbehave_exit(void)
{
	if (chosen->leave)
		chosen->leave();
	pr_info("gone\n");
}
module_exit(misbehave_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_DESCRIPTION("Does what no module may do, to try what watches over modules");
