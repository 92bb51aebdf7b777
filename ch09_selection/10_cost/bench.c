// SPDX-License-Identifier: GPL-2.0
/*
 * The allocators that can be measured, three toys, and the clock. Nothing is to
 * be done here.
 *
 * The toys let you and the check see what your measuring makes of a known time:
 *
 *	nothing	takes no time
 *	delay	takes alloc_ns to allocate and free_ns to free
 *	shelf	takes alloc_ns for new things, and nothing for those that were
 *		given back before: they lie on a shelf
 *
 * GFP_KERNEL may sleep, so interrupts stay on, and so do task switches. All say
 * __GFP_NOWARN: here a failure is an answer.
 */
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/processor.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

#include "bench.h"

#define GFP_BENCH	(GFP_KERNEL | __GFP_NOWARN)

atomic_t bench_left = ATOMIC_INIT(0);

static void spin(u64 ns)
{
	u64 until;

	if (!ns)
		return;
	until = ktime_get_ns() + ns;
	while (ktime_get_ns() < until)
		cpu_relax();
}

/* ------------------------------------------------------------ allocators --- */

static void *kmalloc_alloc(struct bench *b)
{
	return kmalloc(b->size, GFP_BENCH);
}

static void kmalloc_free(struct bench *b, void *mem)
{
	kfree(mem);
}

static void *exact_alloc(struct bench *b)
{
	return alloc_pages_exact(b->size, GFP_BENCH);
}

static void exact_free(struct bench *b, void *mem)
{
	free_pages_exact(mem, b->size);
}

static void *kvmalloc_alloc(struct bench *b)
{
	return kvmalloc(b->size, GFP_BENCH);
}

static void kvmalloc_free(struct bench *b, void *mem)
{
	kvfree(mem);
}

static void *vmalloc_alloc(struct bench *b)
{
	return __vmalloc(b->size, GFP_BENCH);
}

static void vmalloc_free(struct bench *b, void *mem)
{
	vfree(mem);
}

static void *cache_alloc(struct bench *b)
{
	return kmem_cache_alloc(b->cache, GFP_BENCH);
}

static void cache_free(struct bench *b, void *mem)
{
	kmem_cache_free(b->cache, mem);
}

/* ------------------------------------------------------------------ toys --- */

static void *nothing_alloc(struct bench *b)
{
	return b;
}

static void nothing_free(struct bench *b, void *mem)
{
}

static void *delay_alloc(struct bench *b)
{
	spin(b->alloc_ns);
	return b;
}

static void delay_free(struct bench *b, void *mem)
{
	spin(b->free_ns);
}

static void *shelf_alloc(struct bench *b)
{
	struct list_head *thing = b->shelf.next;

	if (thing != &b->shelf) {
		list_del(thing);
		return thing;
	}
	spin(b->alloc_ns);
	return kmalloc(sizeof(*thing), GFP_BENCH);
}

static void shelf_free(struct bench *b, void *mem)
{
	list_add((struct list_head *)mem, &b->shelf);
	spin(b->free_ns);
}

#define API(name_)							\
	.name = #name_, .alloc = name_##_alloc, .free = name_##_free

static const struct api apis[] = {
	{ API(kmalloc) },
	{ API(exact), .whole_pages = true },
	{ API(kvmalloc) },
	{ API(vmalloc), .whole_pages = true },
	{ API(cache) },
	{ API(nothing), .toy = true },
	{ API(delay), .toy = true },
	{ API(shelf), .toy = true },
};

static const struct api *const nothing = &apis[5];

const char *bench_name(unsigned int i)
{
	return i < ARRAY_SIZE(apis) ? apis[i].name : NULL;
}

const struct api *bench_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(apis); i++)
		if (!strcmp(apis[i].name, name))
			return &apis[i];
	return NULL;
}

/* ------------------------------------------------------------ the bench --- */

u64 bench_clock(const struct bench *b)
{
	spin(b->clock_ns);
	return ktime_get_ns();
}

/* noinline: real allocators and toys are reached in the same way. */
static noinline void *call_alloc(struct bench *b, const struct api *api,
				 bool fails)
{
	void *mem = fails ? NULL : api->alloc(b);

	if (mem)
		atomic_inc(&bench_left);
	return mem;
}

static noinline void call_free(struct bench *b, const struct api *api, void *mem)
{
	atomic_dec(&bench_left);
	api->free(b, mem);
}

void *bench_alloc(struct bench *b)
{
	return call_alloc(b, b->api, ++b->calls == b->fail);
}

void bench_free(struct bench *b, void *mem)
{
	call_free(b, b->api, mem);
}

void bench_nothing(struct bench *b)
{
	if (call_alloc(b, nothing, false))
		atomic_dec(&bench_left);
}

/*
 * A cache of its own. Copies to and from userland do not happen; that they were
 * allowed keeps the cache from being merged with one that has been in use.
 *
 * Above half of what kmalloc() takes, slub_debug's additions would make the
 * object too large, and kmem_cache_create() write a stack trace into the log.
 */
static struct kmem_cache *new_cache(size_t size)
{
	static unsigned int number;
	char name[32];

	if (size > KMALLOC_MAX_SIZE / 2)
		return NULL;
	scnprintf(name, sizeof(name), "alloc_cost_%u", number++);
	return kmem_cache_create_usercopy(name, size, 0, 0, 0, size, NULL);
}

int bench_open(struct bench *b)
{
	b->cache = NULL;
	INIT_LIST_HEAD(&b->shelf);
	if (b->api->alloc == cache_alloc) {
		b->cache = new_cache(b->size);
		if (!b->cache)
			return -ENOMEM;
	}
	return 0;
}

void bench_close(struct bench *b)
{
	struct list_head *thing, *next;

	list_for_each_safe(thing, next, &b->shelf)
		kfree(thing);
	/* With objects in it, a cache cannot go: it would stay with a splat. */
	if (b->cache && !atomic_read(&bench_left))
		kmem_cache_destroy(b->cache);
	b->cache = NULL;
}
