// SPDX-License-Identifier: GPL-2.0
/* faulty.c - counts allocations, and lets one of them fail. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "faulty.h"

static unsigned int fail_nth;
module_param(fail_nth, uint, 0644);
MODULE_PARM_DESC(fail_nth, "which allocation from now on fails; 0: none");

static unsigned int failed;
module_param(failed, uint, 0444);
MODULE_PARM_DESC(failed, "allocations that were made to fail");

static DEFINE_SPINLOCK(lock);	/* for both */

static atomic_t in_use = ATOMIC_INIT(0);

static int live_get(char *buf, const struct kernel_param *param)
{
	return sysfs_emit(buf, "%d\n", atomic_read(&in_use));
}

static const struct kernel_param_ops live_ops = { .get = live_get };
module_param_cb(live, &live_ops, NULL, 0444);
MODULE_PARM_DESC(live, "allocations in use");

/* In the kernel it is should_fail_ex() in lib/fault-inject.c that decides. */
static bool should_fail(void)
{
	bool fail;

	spin_lock(&lock);
	fail = fail_nth && !--fail_nth;
	failed += fail;
	spin_unlock(&lock);
	return fail;
}

static void *counted(void *memory)
{
	if (memory)
		atomic_inc(&in_use);
	return memory;
}

void *faulty_alloc(size_t size, gfp_t gfp)
{
	return should_fail() ? NULL : counted(kzalloc(size, gfp));
}

void *faulty_array(size_t nr, size_t size, gfp_t gfp)
{
	return should_fail() ? NULL : counted(kcalloc(nr, size, gfp));
}

char *faulty_strdup(const char *text, gfp_t gfp)
{
	return should_fail() ? NULL : counted(kstrdup(text, gfp));
}

void *faulty_resize(void *old, size_t nr, size_t size, gfp_t gfp)
{
	void *memory = should_fail() ? NULL : krealloc_array(old, nr, size, gfp);

	return old ? memory : counted(memory);
}

void faulty_free(const void *memory)
{
	if (memory)
		atomic_dec(&in_use);
	kfree(memory);
}

void faulty_report(void)
{
	pr_info("failed=%u live=%d\n", failed, atomic_read(&in_use));
}
