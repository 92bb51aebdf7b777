/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cache.h - the cache directory: $LAB_CACHE, else $XDG_CACHE_HOME/lkp-workbook,
 * else ~/.cache/lkp-workbook. All in it can be fetched or built again.
 */
#ifndef LAB_CACHE_H
#define LAB_CACHE_H

#include "util.h"

const char *cache_dir(void);		/* absolute; not necessarily there yet */
char *cache_path(const char *fmt, ...) PRINTF(1, 2);	/* below it, malloc'd */
/* Makes the directory and proves that we can write and read in it; complains
 * once and returns a negative errno when not. Call before any use. */
int cache_prepare(void);

/*
 * A lock between lab processes, by flock() on CACHE/locks/NAME: gone with the
 * process. Waits; says so after 2 s. Returns a descriptor (close-on-exec) for
 * cache_unlock(), or a negative errno (complained; -EINTR: interrupted).
 */
int cache_lock(const char *name);
/* Does not wait: -EWOULDBLOCK, without a complaint, when another has it. */
int cache_trylock(const char *name);
void cache_unlock(int fd);

/* A new private directory CACHE/tmp/PREFIX.XXXXXX, malloc'd; NULL when it
 * failed (complained). The caller removes it with rm_rf(). */
char *cache_tmpdir(const char *prefix);

#endif
