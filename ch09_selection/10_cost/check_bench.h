/* SPDX-License-Identifier: GPL-2.0 */
/* What the checks share: asking the module, and what its answers say. */
#ifndef CHECK_BENCH_H
#define CHECK_BENCH_H

#include "check.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BENCH			"/sys/kernel/debug/alloc_cost/"
#define ROUNDS_MAX		1000
#define PAGE			4096UL
#define KMALLOC_MAX		(4UL << 20)	/* the most kmalloc() gives on x86-64 */
#define CACHE_MAX		(KMALLOC_MAX / 2)	/* bench.c's own limit */

enum series { COLD_ALLOC, COLD_FREE, WARM_ALLOC, WARM_FREE, NR_SERIES };

extern const char *const series_name[NR_SERIES];
extern const char *const real_apis[5];

struct figures {
	u64 min, p50, p99, max;
};

struct result {
	char api[16];
	u64 size, real, rounds, clock;
	struct figures f[NR_SERIES];
	u64 sample[NR_SERIES][ROUNDS_MAX];
};

/* bench_start() - load the module anew; bench_stop() - unload it */
void bench_start(void);
void bench_stop(void);

/* ask() - a request as for printf(); 0 or -errno */
int ask(const char *fmt, ...) CHECK_PRINTF_(1, 2);

/* answer() - table and samples of the last request; ends the check if it cannot */
void answer(struct result *r);

/* figures_of() - what summarize() must say of n values, which get sorted */
struct figures figures_of(u64 *values, size_t n);

/* figures_expect() - they are equal, or the check ends; @what is named */
void figures_expect(const char *what, const struct figures *is,
		    const struct figures *should);

/* left_behind() - allocations that were not given back, by the module's count */
long left_behind(void);

/* mapped_areas() - areas of vmalloc() and kvmalloc() that the module has now */
unsigned int mapped_areas(void);

/* memory_line() - a line of /proc/meminfo, in bytes */
u64 memory_line(const char *name);

/* bucket() - what kmalloc() takes for this size: at most KMALLOC_MAX */
u64 bucket(u64 size);

#endif /* CHECK_BENCH_H */
