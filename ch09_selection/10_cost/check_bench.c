// SPDX-License-Identifier: GPL-2.0
/* Asking the module, and what its answers say. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_bench.h"

const char *const series_name[NR_SERIES] = {
	"cold_alloc", "cold_free", "warm_alloc", "warm_free",
};

const char *const real_apis[5] = {
	"kmalloc", "exact", "kvmalloc", "vmalloc", "cache",
};

void bench_start(void)
{
	mod_unload("alloc_cost");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("alloc_cost.ko", NULL));
}

void bench_stop(void)
{
	EXPECT_OK(mod_unload("alloc_cost"));
}

int ask(const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return file_write(BENCH "request", text);
}

static void take_samples(struct result *r)
{
	char *text = file_read(BENCH "samples"), *at = text;

	ASSERT_NOTNULL(text, "Cannot read " BENCH "samples: %s", strerror(errno));
	for (u64 i = 0; i < r->rounds; i++) {
		int len = 0;
		int got = sscanf(at, "%llu %llu %llu %llu\n%n",
				 &r->sample[COLD_ALLOC][i],
				 &r->sample[COLD_FREE][i],
				 &r->sample[WARM_ALLOC][i],
				 &r->sample[WARM_FREE][i], &len);

		ASSERT_EQ(got, 4,
			  "The file samples has no line %llu, and there were %llu rounds.",
			  i + 1, r->rounds);
		at += len;
	}
	EXPECT_EQ(*at, '\0', "There are more samples than %llu rounds give.",
		  r->rounds);
	free(text);
}

void answer(struct result *r)
{
	char *text = file_read(BENCH "table");
	char *at = text;
	int len = 0, got;

	ASSERT_NOTNULL(text, "Cannot read " BENCH "table: %s", strerror(errno));
	got = sscanf(at, "api %15s size %llu real %llu rounds %llu clock %llu\n%n",
		     r->api, &r->size, &r->real, &r->rounds, &r->clock, &len);
	ASSERT_EQ(got, 5);
	ASSERT_LE(r->rounds, ROUNDS_MAX);
	at += len;
	for (int i = 0; i < NR_SERIES; i++) {
		struct figures *f = &r->f[i];
		char name[16];

		got = sscanf(at, "%15s %llu %llu %llu %llu\n%n", name,
			     &f->min, &f->p50, &f->p99, &f->max, &len);
		ASSERT_EQ(got, 5);
		ASSERT_STREQ(name, series_name[i]);
		at += len;
	}
	free(text);
	take_samples(r);
}

static int compare(const void *left, const void *right)
{
	u64 a = *(const u64 *)left, b = *(const u64 *)right;

	return a < b ? -1 : a > b;
}

struct figures figures_of(u64 *values, size_t n)
{
	size_t p50 = 1, p99 = 1;

	qsort(values, n, sizeof(*values), compare);
	while (p50 * 100 < n * 50)
		p50++;
	while (p99 * 100 < n * 99)
		p99++;
	return (struct figures){ values[0], values[p50 - 1], values[p99 - 1],
				 values[n - 1] };
}

void figures_expect(const char *what, const struct figures *is,
		    const struct figures *should)
{
	ASSERT_EQ(is->min, should->min, "%s: the smallest is another one.", what);
	ASSERT_EQ(is->p50, should->p50, "%s: this is not the median.", what);
	ASSERT_EQ(is->p99, should->p99, "%s: this is not the 99th percentile.",
		  what);
	ASSERT_EQ(is->max, should->max, "%s: the largest is another one.", what);
}

long left_behind(void)
{
	char *text = file_read(BENCH "left");
	long left;

	ASSERT_NOTNULL(text);
	left = strtol(text, NULL, 10);
	free(text);
	return left;
}

unsigned int mapped_areas(void)
{
	char *text = file_read("/proc/vmallocinfo");
	unsigned int count = 0;

	ASSERT_NOTNULL(text);
	for (char *p = text; (p = strstr(p, "[alloc_cost]")); p++)
		count++;
	free(text);
	return count;
}

u64 memory_line(const char *name)
{
	char *text = file_read("/proc/meminfo"), *line;
	u64 kib = 0;
	int got;

	ASSERT_NOTNULL(text);
	line = strstr(text, name);
	ASSERT_NOTNULL(line);
	got = sscanf(line + strlen(name), ": %llu kB", &kib);
	ASSERT_EQ(got, 1);
	free(text);
	return kib << 10;
}

u64 bucket(u64 size)
{
	u64 b = 8;

	if (size > 64 && size <= 96)
		return 96;
	if (size > 128 && size <= 192)
		return 192;
	while (b < size)
		b *= 2;
	return b;
}
