// SPDX-License-Identifier: GPL-2.0
/* hang.c - ways that do not come to an end; see misbehave.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/processor.h>

#include "misbehave.h"

int hang_silent(void)
{
	local_irq_disable();
	for (;;)
		cpu_relax();
}

int hang_sleeping(void)
{
	for (unsigned long rounds = 0;; rounds++) {
		if (!rounds)
			pr_info("init sleeps for ever\n");
		msleep(1000);
	}
}

int hang_flooding(void)
{
	for (unsigned long line = 0;; line++)
		pr_emerg("line %lu: as fast as it goes, and for ever\n", line);
}

static struct task_struct *flooder;

static int flood(void *unused)
{
	for (unsigned long line = 0; !kthread_should_stop(); line++) {
		pr_info("line %lu: as fast as it goes\n", line);
		if (line % 64 == 0)
			cond_resched();
	}
	return 0;
}

int flood_enter(void)
{
	flooder = kthread_run(flood, NULL, "misbehave");
	return PTR_ERR_OR_ZERO(flooder);
}

void flood_leave(void)
{
	kthread_stop(flooder);
}

int stay_enter(void)
{
	return 0;
}

void hang_leave(void)
{
	pr_info("exit sleeps for ever\n");
	hang_sleeping();
}

/* A reference that nobody gives back. */
int hold_enter(void)
{
	__module_get(THIS_MODULE);
	return 0;
}
