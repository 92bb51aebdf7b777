// SPDX-License-Identifier: GPL-2.0
/* fall.c - ways to end the machine; see misbehave.h. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/reboot.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <asm/desc.h>

#include "misbehave.h"

int fall_panic(void)
{
	panic("%s: on purpose", KBUILD_MODNAME);
}

int fall_null(void)
{
	int *nowhere = NULL;

	/* Or the compiler sees that it is NULL, and makes a trap of it. */
	OPTIMIZER_HIDE_VAR(nowhere);
	WRITE_ONCE(*nowhere, 42);
	return 0;
}

/* The kernel stops who copies more than an object has to userland. */
int fall_bug(void)
{
	char *object = kmalloc(16, GFP_KERNEL);
	unsigned long size = 4096;
	unsigned long left;

	if (!object)
		return -ENOMEM;
	/* Or the compiler sees it, and warns in its own way. */
	OPTIMIZER_HIDE_VAR(object);
	OPTIMIZER_HIDE_VAR(size);
	left = copy_to_user((void __user *)PAGE_SIZE, object, size);
	kfree(object);
	return left ? -EFAULT : 0;
}

/* Without a table of handlers no trap can be handled, nor that failure. */
int fall_triple(void)
{
	const struct desc_ptr nothing = { 0 };

	load_idt(&nothing);
	asm volatile("int3");
	return 0;
}

int fall_restart(void)
{
	emergency_restart();
	return 0;
}

int fall_poweroff(void)
{
	kernel_power_off();
	return 0;
}

/* Nothing gives it back: the kernel kills what it can, then gives up. */
int fall_memory(void)
{
	while (alloc_page(GFP_KERNEL | __GFP_NOFAIL))
		;
	return 0;
}

/* Loaded by the guest's init itself, it takes that with it. */
int fall_init(void)
{
	force_sig(SIGSEGV);
	return 0;
}
