// SPDX-License-Identifier: GPL-2.0
/*
 * A model of what start_kernel() does with the command line (init/main.c and
 * kernel/params.c in 6.1 and 6.12), for code that was compiled as built in
 *
 * The kernel keeps __setup() entries, parameters and init functions in sections
 * of their own, and its linker script names their bounds. A module is linked
 * without such a script, so that two objects with empty variables in the same
 * sections mark the bounds: this one, linked first, and load.c, linked last.
 */
#undef MODULE
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "startup.h"

static const struct obs_kernel_param setup_start[0] __section(".init.setup");
static const initcall_entry_t initcall_start[0] __section(".initcall6.init");

/*
 * What refers to these sections is __ref: there while the module starts, as they
 * are. __init would be wrong in the other way: built in, it means code without
 * the retpolines that a module's indirect calls have to have.
 */

/* In names of parameters - and _ are the same. */
static bool same_name(const char *a, const char *b, size_t len)
{
	for (; len; len--, a++, b++) {
		if ((*a == '-' ? '_' : *a) != (*b == '-' ? '_' : *b))
			return false;
		if (!*a)
			break;
	}
	return true;
}

/* As obsolete_checksetup(): the word begins like the entry, and it takes it. */
static bool __ref take_setup(char *word)
{
	const struct obs_kernel_param *p;

	for (p = setup_start; (const char *)p < wb_setup_end; p++) {
		size_t len = strlen(p->str);

		if (!p->early && same_name(word, p->str, len) &&
		    p->setup_func(word + len))
			return true;
	}
	return false;
}

/* As parse_one(): true when there is such a parameter, whatever it says. */
static bool set_param(const char *name, const char *val,
		      const struct kernel_param *params, unsigned int num)
{
	int err = -EINVAL;
	unsigned int i;

	for (i = 0; i < num; i++) {
		/* Built-in code belongs to no module. */
		if (!params[i].mod && same_name(name, params[i].name, SIZE_MAX))
			break;
	}
	if (i == num)
		return false;
	kernel_param_lock(params[i].mod);
	if (val || params[i].ops->flags & KERNEL_PARAM_OPS_FL_NOARG)
		err = params[i].ops->set(val, &params[i]);
	kernel_param_unlock(params[i].mod);
	if (err)
		pr_err("`%s' invalid for parameter `%s' (%d)\n", val ?: "", name, err);
	else
		pr_info("set: %s=%s\n", name, val ?: "");
	return true;
}

/* As parse_args() with unknown_bootoption(). */
void parse_line(char *line, const struct kernel_param *params, unsigned int num)
{
	char *name, *val;

	line = skip_spaces(line);
	while (*line) {
		bool dotted;

		line = next_arg(line, &name, &val);
		if (!val && !strcmp(name, "--"))
			break;
		if (set_param(name, val, params, num))
			continue;
		dotted = strchr(name, '.');
		if (val)
			val[-1] = '=';		/* the whole word again */
		if (take_setup(name))
			pr_info("taken: %s\n", name);
		else if (dotted)
			pr_info("for a module to come: %s\n", name);
		else
			pr_info("to init: %s\n", name);
	}
}

/* As do_initcall_level(), with one level: that of module_init(). */
void __ref call_initcalls(void)
{
	const initcall_entry_t *entry;

	for (entry = initcall_start; (const char *)entry < wb_initcall_end; entry++) {
		int ret = initcall_from_entry((initcall_entry_t *)entry)();

		if (ret)
			pr_err("an initcall returned %d\n", ret);
	}
}
