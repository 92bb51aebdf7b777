// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - a module that commits, when it is loaded, the one fault that its
 * parameter how= names: each gate must see its own.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "planted.h"

static char *how = "well";
module_param(how, charp, 0444);
MODULE_PARM_DESC(how, "the fault; well: none");

static int do_nothing(void)
{
	return 0;
}

static const struct way {
	const char *name;
	int (*enter)(void);
} ways[] = {
	{ "well", do_nothing },
	{ "out-of-bounds", plant_out_of_bounds },
	{ "past-object", plant_past_object },
	{ "use-after-free", plant_use_after_free },
	{ "double-free", plant_double_free },
	{ "past-stack", plant_past_stack },
	{ "leak", plant_leak },
	{ "area", plant_area },
	{ "shift", plant_shift },
	{ "index", plant_index },
	{ "lock-order", plant_lock_order },
	{ "lock-twice", plant_lock_twice },
	{ "sleep", plant_sleep_in_atomic },
	{ "bare-rcu", plant_bare_rcu },
	{ "lock-kept", plant_lock_kept },
	{ "race", plant_race },
	{ "list-twice", plant_list_twice },
	{ "timer-freed", plant_timer_freed },
	{ "use-count", plant_use_count },
	{ "name-twice", plant_name_twice },
	{ "dma", plant_dma },
	{ "null", plant_null },
	{ "warn", plant_warn },
};

static int __init planted_init(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (!strcmp(ways[i].name, how))
			return ways[i].enter();
	pr_err("no fault is called %s\n", how);
	return -EINVAL;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
}
module_exit(planted_exit);

MODULE_DESCRIPTION("One fault for each health gate");
MODULE_AUTHOR("Linux kernel programming workbook");
MODULE_LICENSE("GPL");
