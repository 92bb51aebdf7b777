/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The shrinker interface of 6.7 on kernels before it
 *
 * Part of compat.h, which includes it where it is needed; include that one. The
 * functions are described there.
 */
#ifndef WB_SHRINKER_H
#define WB_SHRINKER_H

#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/shrinker.h>
#include <linux/slab.h>

/**
 * struct wb_shrinker - what 6.7's struct shrinker has and 6.1's has not
 * @shrinker: the kernel's
 * @private_data: the owner's
 * @name: for register_shrinker(), which comes later
 */
struct wb_shrinker {
	struct shrinker shrinker;
	void *private_data;
	char *name;
};

static inline struct wb_shrinker *wb_shrinker_own(struct shrinker *shrinker)
{
	return container_of(shrinker, struct wb_shrinker, shrinker);
}

static inline __printf(2, 3)
struct shrinker *wb_shrinker_alloc(unsigned int flags, const char *fmt, ...)
{
	struct wb_shrinker *own = kzalloc(sizeof(*own), GFP_KERNEL);
	va_list args;

	if (!own)
		return NULL;
	va_start(args, fmt);
	own->name = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	if (!own->name) {
		kfree(own);
		return NULL;
	}
	own->shrinker.flags = flags;
	own->shrinker.seeks = DEFAULT_SEEKS;
	return &own->shrinker;
}

static inline void wb_shrinker_register(struct shrinker *shrinker)
{
	struct wb_shrinker *own = wb_shrinker_own(shrinker);

	if (register_shrinker(shrinker, "%s", own->name))
		pr_warn("no memory to register the shrinker %s\n", own->name);
}

static inline void wb_shrinker_free(struct shrinker *shrinker)
{
	struct wb_shrinker *own;

	if (!shrinker)
		return;
	own = wb_shrinker_own(shrinker);
	unregister_shrinker(shrinker);
	kfree(own->name);
	kfree(own);
}

static inline void wb_shrinker_set_private(struct shrinker *shrinker, void *p)
{
	wb_shrinker_own(shrinker)->private_data = p;
}

static inline void *wb_shrinker_private(struct shrinker *shrinker)
{
	return wb_shrinker_own(shrinker)->private_data;
}

#define shrinker_alloc(flags, ...)	wb_shrinker_alloc(flags, __VA_ARGS__)
#define shrinker_register(shrinker)	wb_shrinker_register(shrinker)
#define shrinker_free(shrinker)		wb_shrinker_free(shrinker)

#endif /* WB_SHRINKER_H */
