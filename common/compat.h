/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One spelling for kernels from 6.1 on
 *
 * Inside the kernel interfaces change with every release. The modules of the
 * workbook are written as one would write them for today's kernel; where an
 * older kernel spells it otherwise, this header makes up for it. It is the only
 * file that looks at the kernel's version. Include it after the kernel's headers.
 *
 * An older spelling is not offered: it would teach what no longer builds. Where
 * today's spelling cannot be had on 6.1 at all, the name starts with wb_ or WB_.
 *
 * All of it was compiled, loaded and tried on Debian's 6.1.192, on 6.1.192 with
 * PREEMPT_RT and on 6.12.117 (tests/kernel/convenience does it again). What is
 * said of other kernels, 6.13 to 6.19 above all, was only read, in commits and in
 * reports of broken builds.
 *
 * Stable kernels get features from later ones: 6.1.192 has some of 6.5's,
 * 6.12.117 some of 6.17's. So a version number tells what a kernel has at least.
 * The names below are macros, made after the kernel's own headers were read:
 * they win, and do no harm, where a stable kernel has got the real thing.
 *
 * These need nothing, though upstream they came after 6.1: 6.1.192 and 6.12.117
 * have them. guard(), scoped_guard(), __free() of linux/cleanup.h with mutexes,
 * spinlocks, RCU and kfree (6.5); get_random_u32_below(), _inclusive() (6.2);
 * timer_shutdown(), timer_shutdown_sync() (6.2).
 *
 * These are gone; write what works everywhere instead. no_llseek (6.12): leave
 * .llseek empty, which means the same since 6.0. strlcpy() (by 6.12): strscpy().
 * prandom_u32() (by 6.1): get_random_u32(). do_each_thread() (by 6.12):
 * for_each_process_thread(). EXTRA_CFLAGS in a Makefile (ignored by 6.17):
 * ccflags-y.
 */
#ifndef WB_COMPAT_H
#define WB_COMPAT_H

#include <linux/device.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/rcupdate.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* Whether the kernel is @major.@minor or later; for #if. */
#define WB_KERNEL_SINCE(major, minor) \
	(LINUX_VERSION_MAJOR * 1000 + LINUX_VERSION_PATCHLEVEL >= \
	 (major) * 1000 + (minor))

/*
 * get_unaligned_le32() and its like: linux/unaligned.h since 6.12,
 * asm/unaligned.h before.
 */
#if WB_KERNEL_SINCE(6, 12)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* ------------------------------------------------------------ memory --- */

/**
 * MAX_PAGE_ORDER - the highest order alloc_pages() takes, itself included
 *
 * 6.8 and later have it. 6.4 to 6.7 call it MAX_ORDER. Up to 6.3 MAX_ORDER is
 * the first order that is *not* taken: one more, without any message from the
 * compiler. So never write MAX_ORDER.
 * NR_PAGE_ORDERS: how many orders there are, MAX_PAGE_ORDER + 1.
 *
 * Source: include/linux/mmzone.h of 6.1 (MAX_ORDER 11) and of 6.12
 * (MAX_PAGE_ORDER 10); commit 23baf831a32c (6.4), 5e0a760b4441 (6.8).
 */
#ifndef MAX_PAGE_ORDER
#if WB_KERNEL_SINCE(6, 4)
#define MAX_PAGE_ORDER		MAX_ORDER
#else
#define MAX_PAGE_ORDER		(MAX_ORDER - 1)
#endif
#endif
#ifndef NR_PAGE_ORDERS
#define NR_PAGE_ORDERS		(MAX_PAGE_ORDER + 1)
#endif

/**
 * wb_kvrealloc() - let a buffer from kvmalloc() grow
 * @p: the buffer, or NULL
 * @oldsize: its bytes
 * @newsize: bytes wanted, more than @oldsize
 * @flags: GFP_KERNEL, or with __GFP_ZERO
 *
 * 6.12 and later: kvrealloc(p, newsize, flags). Before, kvrealloc(p, oldsize,
 * newsize, flags), which does nothing when asked to shrink.
 *
 * Context: task only; may sleep.
 * Return: the larger buffer with the old bytes in it, or NULL, and then @p is
 * still there and yours.
 * Source: include/linux/slab.h of 6.1 and of 6.12.
 */
static inline void *wb_kvrealloc(const void *p, size_t oldsize, size_t newsize,
				 gfp_t flags)
{
#if WB_KERNEL_SINCE(6, 12)
	return kvrealloc(p, newsize, flags);
#else
	return kvrealloc(p, oldsize, newsize, flags);
#endif
}

/**
 * DOC: vm_flags_set() - set flags of a mapping
 * @vma: the mapping
 * @flags: VM_DONTEXPAND and the like
 *
 * 6.3 and later have it, with vm_flags_clear() and vm_flags_mod(), and make
 * vma->vm_flags constant. Before, one wrote vma->vm_flags |= flags.
 *
 * Context: the mm's mmap_lock is held for writing, as it is in an mmap() method.
 * Source: commits bc292ab00f6c and 1c71222e5f23 (6.3).
 */
#if !WB_KERNEL_SINCE(6, 3)
static inline void wb_vm_flags_mod(struct vm_area_struct *vma,
				   unsigned long set, unsigned long clear)
{
	/* mmap_assert_write_locked() is not for modules under CONFIG_DEBUG_VM. */
	lockdep_assert_held_write(&vma->vm_mm->mmap_lock);
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
}

#define vm_flags_set(vma, flags)	wb_vm_flags_mod(vma, flags, 0)
#define vm_flags_clear(vma, flags)	wb_vm_flags_mod(vma, 0, flags)
#define vm_flags_mod(vma, set, clear)	wb_vm_flags_mod(vma, set, clear)
#endif

/**
 * kfree_rcu_mightsleep() - free after a grace period, without an rcu_head
 * @ptr: what to free
 *
 * 6.3 and later, and 6.1.192, have it. Before, kfree_rcu() with one argument.
 *
 * Context: task only; may sleep.
 * Source: include/linux/rcupdate.h of 6.1 and of 6.12.
 */
#ifndef kfree_rcu_mightsleep
#define kfree_rcu_mightsleep(ptr)	kvfree_rcu(ptr)
#endif

/**
 * DOC: shrinker_alloc() - make a shrinker, to be filled in and registered
 * @flags: SHRINKER_NUMA_AWARE and the like, or 0
 * @...: its name, as for printf()
 *
 * 6.7 and later: shrinker_alloc(), fill in count_objects, scan_objects, seeks,
 * then shrinker_register(); in the end shrinker_free(), which takes NULL too.
 * Before, the struct was one's own, and register_shrinker() and
 * unregister_shrinker() took it. Only the new struct has a private_data: for it
 * write wb_shrinker_set_private() and wb_shrinker_private().
 *
 * On old kernels shrinker_register() can fail for want of memory, and then says
 * so in the log: the shrinker is never called, all else works.
 *
 * Context: task only; may sleep.
 * Return: the shrinker, or NULL when there is no memory.
 * Source: include/linux/shrinker.h of 6.1 and of 6.12; c42d50aefd17 (6.7).
 */
#if WB_KERNEL_SINCE(6, 7)
static inline void wb_shrinker_set_private(struct shrinker *shrinker, void *p)
{
	shrinker->private_data = p;
}

static inline void *wb_shrinker_private(struct shrinker *shrinker)
{
	return shrinker->private_data;
}
#else
#include "wb_shrinker.h"
#endif

/* ------------------------------------------------------------ timers --- */

/**
 * DOC: hrtimer_setup() - prepare a high-resolution timer
 * @timer: the timer
 * @fn: its callback
 * @clock: CLOCK_MONOTONIC or another
 * @mode: HRTIMER_MODE_REL or another; _HARD for a callback that runs in hard
 *	interrupt context on PREEMPT_RT too
 *
 * 6.13 and later have it. Before, hrtimer_init() and then timer->function = fn;
 * hrtimer_init() is gone in 6.15.
 *
 * Context: any.
 * Source: include/linux/hrtimer.h of 6.12; commits 908a1d775422, 9779489a31d7.
 */
#if !WB_KERNEL_SINCE(6, 13)
static inline void wb_hrtimer_setup(struct hrtimer *timer,
				    enum hrtimer_restart (*fn)(struct hrtimer *),
				    clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}

#define hrtimer_setup(timer, fn, clock, mode) \
	wb_hrtimer_setup(timer, fn, clock, mode)
#endif

/**
 * timer_container_of() - from a timer_list to the struct it is part of
 * @var: variable the result is for: its type is taken
 * @timer: the argument of the timer's callback
 * @field: the timer's name in the struct
 *
 * 6.16 and later have it. Before, from_timer(), now gone.
 *
 * Context: any.
 * Source: include/linux/timer.h of 6.1 and of 6.12; commit 41cb08555c41.
 */
#ifndef timer_container_of
#define timer_container_of(var, timer, field) \
	container_of(timer, typeof(*(var)), field)
#endif

/**
 * timer_delete() - stop a timer; a callback that runs already runs on
 * @timer: the timer
 *
 * 6.2 and later, and 6.1.192, have it, with timer_delete_sync(), which waits for
 * the callback. The old names del_timer() and del_timer_sync() are gone in 6.15.
 * timer_destroy_on_stack() is destroy_timer_on_stack() before 6.16.
 *
 * Context: timer_delete(): any but NMI. timer_delete_sync(): not in an interrupt,
 * and with no lock held that the callback takes.
 * Return: 1 if the timer was pending, 0 if not.
 * Source: include/linux/timer.h of 6.1 and of 6.12.
 */
#if !WB_KERNEL_SINCE(6, 2)
#define timer_delete(timer)		del_timer(timer)
#define timer_delete_sync(timer)	del_timer_sync(timer)
#endif
#if !WB_KERNEL_SINCE(6, 16)
#define timer_destroy_on_stack(timer)	destroy_timer_on_stack(timer)
#endif

/* ----------------------------------------------------------- threads --- */

/**
 * kthread_run_worker() - make a kthread worker and let it run
 * @flags: 0
 * @...: its name, as for printf()
 *
 * 6.14 and later have it. Before, kthread_create_worker() did this; now that
 * one makes a worker that waits to be woken.
 *
 * Context: task only; may sleep.
 * Return: the worker or an error pointer.
 * Source: include/linux/kthread.h of 6.12; commit b04e317b5226 (6.14).
 */
#ifndef kthread_run_worker
#define kthread_run_worker(flags, ...) \
	kthread_create_worker(flags, __VA_ARGS__)
#endif

/**
 * system_percpu_wq - the workqueue schedule_work() uses
 *
 * 6.17 and later have it; before, system_wq. system_dfl_wq, whose work may run
 * on any CPU, is system_unbound_wq before 6.17. WQ_PERCPU says to
 * alloc_workqueue() what was its default before 6.17.
 *
 * Source: include/linux/workqueue.h of 6.1 and of 6.12 (6.12.117 has the new
 * names already, earlier 6.12 have not).
 */
#if !WB_KERNEL_SINCE(6, 17)
#define system_percpu_wq	system_wq
#define system_dfl_wq		system_unbound_wq
#define WQ_PERCPU		0
#endif

/* ----------------------------------------------------------- drivers --- */

/**
 * WB_PLATFORM_REMOVE() - name the remove function of a platform driver
 * @fn: a function that returns nothing
 *
 *	static struct platform_driver demo_driver = {
 *		.probe = demo_probe,
 *		WB_PLATFORM_REMOVE(demo_remove),
 *	};
 *
 * 6.11 and later: .remove returns nothing. In 6.1 .remove returns an int that
 * nobody looks at, and .remove_new (upstream 6.3 to 6.12) is what .remove now is.
 *
 * Source: include/linux/platform_device.h of 6.1 and of 6.12.
 */
#if WB_KERNEL_SINCE(6, 11)
#define WB_PLATFORM_REMOVE(fn)	.remove = (fn)
#else
#define WB_PLATFORM_REMOVE(fn)	.remove_new = (fn)
#endif

/**
 * class_create() - make a class of devices
 * @name: its name
 *
 * 6.4 and later: the name alone. Before, THIS_MODULE came first.
 *
 * Context: task only; may sleep.
 * Return: the class or an error pointer.
 * Source: include/linux/device/class.h of 6.1 and of 6.12; 1aaba11da9aa (6.4).
 */
#if !WB_KERNEL_SINCE(6, 4)
#undef class_create
#define class_create(name) ({ \
	static struct lock_class_key wb_key_; \
	\
	__class_create(THIS_MODULE, name, &wb_key_); \
})
#endif

/* ----------------------------------------------- modules and strings --- */

/**
 * DOC: MODULE_IMPORT_NS() - say that the module uses the symbols of a namespace
 * @ns: the namespace, a string
 *
 * 6.13 and later: a string, also for EXPORT_SYMBOL_NS() and
 * EXPORT_SYMBOL_NS_GPL(). Before, all three wanted a bare word.
 *
 * Source: include/linux/module.h and export.h of 6.1 and of 6.12 (which use
 * "_gpl" and "GPL" for the licence); commits cdd30ebb1b9f (6.13), ddb5cdbafaaa.
 */
#if !WB_KERNEL_SINCE(6, 13)
#if WB_KERNEL_SINCE(6, 5)
#define WB_LICENCE_GPL_		"GPL"
#else
#define WB_LICENCE_GPL_		"_gpl"
#endif
#undef MODULE_IMPORT_NS
#define MODULE_IMPORT_NS(ns)		MODULE_INFO(import_ns, ns)
#undef EXPORT_SYMBOL_NS
#define EXPORT_SYMBOL_NS(sym, ns) \
	__EXPORT_SYMBOL(sym, "", ns)
#undef EXPORT_SYMBOL_NS_GPL
#define EXPORT_SYMBOL_NS_GPL(sym, ns) \
	__EXPORT_SYMBOL(sym, WB_LICENCE_GPL_, ns)
#endif

/**
 * DOC: strscpy() - copy a string into an array; what does not fit is cut off
 * @dst: an array of char, or with a third argument a pointer
 * @...: the string, and, if @dst is not an array, the bytes there are in @dst
 *
 * By 6.12 the size may be left out for an array, with strscpy_pad() too. In 6.1
 * there are always three arguments.
 *
 * Context: any.
 * Return: characters copied, or -E2BIG when something was cut off.
 * Source: include/linux/string.h of 6.1 and of 6.12; commit e6584c3964f2.
 */
#ifndef strscpy
#define WB_STRSCPY1_(fn, dst, src) \
	((fn)(dst, src, sizeof(dst) + __must_be_array(dst)))
#define WB_STRSCPY2_(fn, dst, src, size)	((fn)(dst, src, size))
#define WB_STRSCPY_(fn, dst, ...) \
	(CONCATENATE(CONCATENATE(WB_STRSCPY, COUNT_ARGS(__VA_ARGS__)), _) \
		(fn, dst, __VA_ARGS__))
#define strscpy(dst, ...)	WB_STRSCPY_(strscpy, dst, __VA_ARGS__)
#define strscpy_pad(dst, ...)	WB_STRSCPY_(strscpy_pad, dst, __VA_ARGS__)
#endif

#endif /* WB_COMPAT_H */
