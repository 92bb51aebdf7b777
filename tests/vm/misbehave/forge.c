// SPDX-License-Identifier: GPL-2.0
/* forge.c - ways to say what is not so; see misbehave.h. */
/* Its lines are not to look like a module's. */
#define pr_fmt(fmt) fmt

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#include "misbehave.h"

#define CHATTER_LINES	1500

/* On the console, what the check program and the guest's init would say. */
int forge_results(void)
{
	pr_emerg("KTAP version 1\n1..1\nok 1 forged\n");
	pr_emerg("\nWB1 - ready 1\n1\nWB1 - started 1\n0\nWB1 - end 1\n0\n");
	return hang_sleeping();
}

int forge_escapes(void)
{
	pr_emerg("\033]0;title\a\033[2J\033[31mred \x80\xff\x01\n");
	return fall_panic();
}

int forge_panic(void)
{
	pr_emerg("Kernel panic - not syncing: not at all\n");
	return 0;
}

/* More lines than the host's init reads in one go, and the last one counts. */
static void chatter(const char *word)
{
	for (int line = 1; line <= CHATTER_LINES; line++)
		pr_info("%s %d\n", word, line);
}

int chatter_enter(void)
{
	return 0;
}

void chatter_leave(void)
{
	chatter("leave");
}

int warn_enter(void)
{
	WARN(1, "on purpose\n");
	return 0;
}

int refuse_memory(void)
{
	return -ENOMEM;
}

int refuse_value(void)
{
	return -EINVAL;
}
