// SPDX-License-Identifier: GPL-2.0
/*
 * Everything of compat.h, in today's spelling
 *
 * compat all VALUE: use each once; the answer tells what came of it.
 * compat flag ADDR, compat noflag ADDR: VM_DONTDUMP of the mapping at ADDR.
 * compat shrinker NAME: register a shrinker; compat shrunk: how often it was
 * asked since, and what its private pointer says.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "workbook.h"
#include "compat.h"
#include "convenience.h"

/* For namespace_user.ko. */
unsigned int namespaced(unsigned int value);

unsigned int namespaced(unsigned int value)
{
	return value * 3;
}
EXPORT_SYMBOL_NS_GPL(namespaced, "WB_TEST");

/* ------------------------------------------------------------- memory --- */

static void use_orders(void)
{
	struct page *top = alloc_pages(GFP_KERNEL | __GFP_NOWARN,
				       MAX_PAGE_ORDER);
	struct page *over = alloc_pages(GFP_KERNEL | __GFP_NOWARN,
					NR_PAGE_ORDERS);

	answer("top order %d: %s\n", MAX_PAGE_ORDER, top ? "yes" : "no");
	answer("over it: %s\n", over ? "yes" : "no");
	if (top)
		__free_pages(top, MAX_PAGE_ORDER);
	if (over)
		__free_pages(over, NR_PAGE_ORDERS);
}

static void use_kvrealloc(u32 value)
{
	size_t old = 64 * sizeof(u32);
	size_t new = 8 << 20;
	u32 *table = kvmalloc(old, GFP_KERNEL);
	u32 *larger;
	unsigned int i, kept = 0;

	if (!table)
		return;
	for (i = 0; i < 64; i++)
		table[i] = value + i;
	larger = wb_kvrealloc(table, old, new, GFP_KERNEL);
	if (larger)
		table = larger;
	for (i = 0; i < 64; i++)
		kept += table[i] == value + i;
	answer("kvrealloc: %u of 64 kept, %s\n", kept,
	       larger ? wb_region_name(wb_region_of(larger)) : "no memory");
	kvfree(table);
}

static int use_vm_flags(unsigned long addr, bool set)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret = -EFAULT;

	mmap_write_lock(mm);
	vma = find_vma(mm, addr);
	if (vma && vma->vm_start <= addr) {
		if (set)
			vm_flags_set(vma, VM_DONTDUMP);
		else
			vm_flags_clear(vma, VM_DONTDUMP);
		ret = 0;
	}
	mmap_write_unlock(mm);
	return ret;
}

struct counter {
	unsigned long counted;
	unsigned long scanned;
};

static struct counter counter;
static struct shrinker *shrinker;

static unsigned long count_objects(struct shrinker *s, struct shrink_control *sc)
{
	struct counter *own = wb_shrinker_private(s);

	own->counted++;
	return 128;
}

static unsigned long scan_objects(struct shrinker *s, struct shrink_control *sc)
{
	struct counter *own = wb_shrinker_private(s);

	own->scanned++;
	return SHRINK_STOP;
}

static int use_shrinker(const char *name)
{
	shrinker_free(NULL);
	if (shrinker)
		return -EBUSY;
	shrinker = shrinker_alloc(0, "wb-%s", name);
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = count_objects;
	shrinker->scan_objects = scan_objects;
	wb_shrinker_set_private(shrinker, &counter);
	shrinker_register(shrinker);
	return 0;
}

/* ---------------------------------------------------- timers, threads --- */

struct clocked {
	u32 value;
	struct hrtimer hrtimer;
	struct timer_list timer;
	struct kthread_work work;
	struct work_struct percpu_work;
	struct completion done;
};

static enum hrtimer_restart clocked_hrtimer(struct hrtimer *hrtimer)
{
	struct clocked *own = container_of(hrtimer, struct clocked, hrtimer);

	own->value += 1;
	complete(&own->done);
	return HRTIMER_NORESTART;
}

static void clocked_timer(struct timer_list *timer)
{
	struct clocked *own = timer_container_of(own, timer, timer);

	own->value += 10;
	complete(&own->done);
}

static void clocked_work(struct kthread_work *work)
{
	container_of(work, struct clocked, work)->value += 100;
}

static void clocked_percpu(struct work_struct *work)
{
	container_of(work, struct clocked, percpu_work)->value += 1000;
}

static void use_clocks(u32 value)
{
	struct clocked *own = kzalloc(sizeof(*own), GFP_KERNEL);
	struct kthread_worker *worker;
	struct workqueue_struct *queue;

	if (!own)
		return;
	own->value = value;
	init_completion(&own->done);

	hrtimer_setup(&own->hrtimer, clocked_hrtimer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL);
	hrtimer_start(&own->hrtimer, ns_to_ktime(NSEC_PER_MSEC),
		      HRTIMER_MODE_REL);
	wait_for_completion(&own->done);
	hrtimer_cancel(&own->hrtimer);

	reinit_completion(&own->done);
	timer_setup(&own->timer, clocked_timer, 0);
	mod_timer(&own->timer, jiffies + 1);
	wait_for_completion(&own->done);
	mod_timer(&own->timer, jiffies + 1000 * HZ);
	answer("pending: %d", timer_delete(&own->timer));
	answer(", then %d\n", timer_delete_sync(&own->timer));

	worker = kthread_run_worker(0, "wb_worker/%u", value);
	if (WB_EXPECT(!IS_ERR(worker))) {
		kthread_init_work(&own->work, clocked_work);
		kthread_queue_work(worker, &own->work);
		kthread_flush_worker(worker);
		kthread_destroy_worker(worker);
	}

	INIT_WORK(&own->percpu_work, clocked_percpu);
	queue_work(system_percpu_wq, &own->percpu_work);
	flush_work(&own->percpu_work);
	queue_work(system_dfl_wq, &own->percpu_work);
	flush_work(&own->percpu_work);
	queue = alloc_workqueue("wb_queue", WQ_PERCPU, 0);
	if (WB_EXPECT(queue)) {
		queue_work(queue, &own->percpu_work);
		destroy_workqueue(queue);
	}
	answer("clocks: %u\n", own->value);
	kfree_rcu_mightsleep(own);
}

/* -------------------------------------------------- drivers, strings --- */

static unsigned int probed, removed;

static int wb_probe(struct platform_device *pdev)
{
	probed++;
	return 0;
}

static void wb_remove(struct platform_device *pdev)
{
	removed++;
}

static struct platform_driver wb_driver = {
	.driver.name = "wb_compat",
	.probe = wb_probe,
	WB_PLATFORM_REMOVE(wb_remove),
};

static void use_devices(void)
{
	struct platform_device *device;
	struct class *class;

	probed = 0;
	removed = 0;
	if (!WB_EXPECT_EQ(platform_driver_register(&wb_driver), 0))
		return;
	device = platform_device_register_simple("wb_compat", 0, NULL, 0);
	if (WB_EXPECT(!IS_ERR(device)))
		platform_device_unregister(device);
	platform_driver_unregister(&wb_driver);
	answer("platform: %u probed, %u removed\n", probed, removed);

	class = class_create("wb_class");
	if (IS_ERR(class))
		return;
	answer("class: %s\n", class->name);
	class_destroy(class);
}

static void use_strings(u32 value)
{
	u8 bytes[5] = { 0xff };
	char five[5];
	char more[16];

	put_unaligned_le32(value, bytes + 1);
	answer("unaligned: %u\n", get_unaligned_le32(bytes + 1));
	answer("strscpy: %zd", strscpy(five, "abc"));
	answer(" %s", five);
	answer(" %zd", strscpy(five, "abcdefgh"));
	answer(" %s", five);
	answer(" %zd", strscpy(more, "abcdefgh", 4));
	answer(" %s", more);
	memset(five, 'x', sizeof(five));
	answer(" %zd", strscpy_pad(five, "a"));
	answer(" %d\n", five[4]);
	answer("random: %d\n", get_random_u32_below(1) == 0 &&
	       get_random_u32_inclusive(7, 7) == 7);
}

int run_compat(char *args)
{
	char what[16], arg[32];
	unsigned long number;
	int words = sscanf(args, "%15s %31s", what, arg);

	if (words == 2 && !strcmp(what, "shrinker"))
		return use_shrinker(arg);
	if (words == 1 && !strcmp(what, "shrunk")) {
		answer("counted %lu, scanned %lu\n", counter.counted,
		       counter.scanned);
		return 0;
	}
	if (words != 2 || kstrtoul(arg, 0, &number))
		return -EINVAL;
	if (!strcmp(what, "flag") || !strcmp(what, "noflag"))
		return use_vm_flags(number, *what == 'f');
	if (strcmp(what, "all"))
		return -EINVAL;
	use_orders();
	use_kvrealloc(number);
	use_clocks(number);
	use_devices();
	use_strings(number);
	return 0;
}

void compat_exit(void)
{
	shrinker_free(shrinker);
}
