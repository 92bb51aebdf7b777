// SPDX-License-Identifier: GPL-2.0
/*
 * What the module's table must say, and where this check knows it from:
 *
 *	/sys/kernel/slab/kmalloc-N	the sizes that kmalloc() has caches for
 *	/proc/buddyinfo			the orders of the page allocator, above that
 *	kmem:kmalloc, kmem:kfree	tracing: what was really allocated, and freed
 *
 * The picture is judged in check_plot.c.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME	"/proc/frag"
#define TRACING		"/sys/kernel/tracing/"
#define PAGE		4096ULL
#define CACHES_MOST	64

/* A growing text. */
struct text {
	char *all;
	size_t len;
	FILE *file;
};

static void text_open(struct text *t)
{
	t->file = open_memstream(&t->all, &t->len);
	ASSERT_NOTNULL(t->file);
}

/* ----------------------------------------------- what the kernel would give --- */

/* Sizes of objects, and what they take with the debugger's parts; from small to large. */
static u64 caches[CACHES_MOST], taken[CACHES_MOST];
static unsigned int nr_caches;
static u64 most;			/* more than this is refused */

static u64 slab_number(const char *cache, const char *file)
{
	char path[600], *text;

	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/%s", cache, file);
	text = file_read(path);
	ASSERT_NOTNULL(text, "%s cannot be read.", path);
	return strtoull(text, NULL, 10);
}

/* "kmalloc-96" and "kmalloc-2k", and not "kmalloc-rcl-96" or "kmalloc-cg-2k". */
static void read_caches(void)
{
	DIR *dir = opendir("/sys/kernel/slab");
	struct dirent *entry;

	ASSERT_NOTNULL(dir);
	while ((entry = readdir(dir))) {
		const char *digits = entry->d_name + strlen("kmalloc-");
		unsigned int i;
		u64 size;

		if (strncmp(entry->d_name, "kmalloc-", strlen("kmalloc-")) ||
		    !strspn(digits, "0123456789") ||
		    strlen(digits + strspn(digits, "0123456789")) > 1)
			continue;
		size = slab_number(entry->d_name, "object_size");
		ASSERT_LT(nr_caches, CACHES_MOST);
		for (i = nr_caches++; i && caches[i - 1] > size; i--) {
			caches[i] = caches[i - 1];
			taken[i] = taken[i - 1];
		}
		caches[i] = size;
		taken[i] = slab_number(entry->d_name, "slab_size");
	}
	closedir(dir);
	ASSERT_GT(nr_caches, 5);
}

/* A line has a number for each order: "Node 0, zone DMA 1 0 0 ...". */
static void read_orders(void)
{
	char *line = file_read("/proc/buddyinfo");
	unsigned int words = 0;

	ASSERT_NOTNULL(line);
	for (char *w = strtok(strsep(&line, "\n"), " "); w; w = strtok(NULL, " "))
		words++;
	ASSERT_GT(words, 4);
	most = PAGE << (words - 4 - 1);
}

/* Of a size from 1 to most. */
static u64 given(u64 asked)
{
	u64 pages = PAGE;

	for (unsigned int i = 0; i < nr_caches; i++)
		if (asked <= caches[i])
			return caches[i];
	while (pages < asked)
		pages *= 2;
	return pages;
}

/* How many bytes leave the allocator: slub_debug adds to each object. */
static u64 left_allocator(u64 asked)
{
	for (unsigned int i = 0; i < nr_caches; i++)
		if (asked <= caches[i])
			return taken[i];
	return given(asked);
}

static void expect_row(struct text *t, u64 asked)
{
	u64 real = asked && asked <= most ? given(asked) : 0;

	if (asked > most)
		fprintf(t->file, "%llu - - -\n", asked);
	else
		fprintf(t->file, "%llu %llu %llu %llu\n", asked, real, real - asked,
			real ? (real - asked) * 1000 / real : 0);
}

/* ------------------------------------------------------------- the table --- */

static int say(const char *line)
{
	int fd = libc_ret(open(FILE_NAME, O_WRONLY | O_CLOEXEC));
	long long ret;

	if (fd < 0)
		return fd;
	ret = libc_ret(write(fd, line, strlen(line)));
	close(fd);
	return ret < 0 ? ret : 0;
}

/* The table has these rows; the first one that differs is shown. */
static void expect_table(struct text *want, const char *what)
{
	char *have = file_read(FILE_NAME), *next;
	unsigned int line = 1;

	ASSERT_NOTNULL(have);
	fclose(want->file);
	next = want->all;
	while (*next || *have) {
		char *w = strsep(&next, "\n"), *h = strsep(&have, "\n");

		if (!h || !next || !have)
			ASSERT_STREQ(h ? h : "", w,
				     "%s: the table ends too early, or too late, at row %u.", what,
				     line);
		if (strcmp(h, w))
			ASSERT_STREQ(h, w,
				     "%s: row %u is wrong (asked, real, wasted, wasted of 1000).",
				     what, line);
		line++;
	}
}

FIXTURE(frag) {
	bool loaded;
};

FIXTURE_SETUP(frag)
{
	read_caches();
	read_orders();
	ASSERT_OK(mod_load("frag.ko", NULL), "The module was not loaded.");
	self->loaded = true;
}

FIXTURE_TEARDOWN(frag)
{
	if (self->loaded)
		EXPECT_OK(mod_unload("frag"), "The module was not unloaded.");
}

/* Any number of bits is as likely as any other. */
static u64 draw_size(unsigned int bits)
{
	u64 highest = 1ULL << check_random_range(0, bits - 1);

	return highest | (check_random() & (highest - 1));
}

static void ask(FILE *f, struct text *want, u64 size)
{
	fprintf(f, "%llu ", size);
	expect_row(want, size);
}

CHECK_F(frag, sizes, .title = "The table says what each size gets")
{
	struct text want, line;

	text_open(&want);
	text_open(&line);
	for (unsigned int i = 0; i < nr_caches; i++)
		for (int off = -1; off <= 1; off++)
			ask(line.file, &want, caches[i] + off);
	for (u64 size = caches[nr_caches - 1]; size < most; size *= 2)
		for (int off = -1; off <= 1; off++)
			ask(line.file, &want, size + off);
	for (int i = 0; i < 100; i++)
		ask(line.file, &want, draw_size(20));
	fclose(line.file);
	ASSERT_OK(say(line.all), "Sizes that kmalloc() has were not measured.");
	expect_table(&want, "sizes");
}

/* What tracing says of an event that has such a text in it: the text, from there on. */
static const char *traced(const char *trace, const char *event, const char *with)
{
	const char *line = trace;

	for (; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *at = strstr(line, event), *end = line + strcspn(line, "\n");
		const char *part = at ? strstr(at, with) : NULL;

		if (part && part < end)
			return at;
	}
	return NULL;
}

static void trace_on(bool on)
{
	ASSERT_OK(file_write(TRACING "events/kmem/kmalloc/enable", on ? "1" : "0"));
	ASSERT_OK(file_write(TRACING "events/kmem/kfree/enable", on ? "1" : "0"));
}

CHECK_F(frag, allocates, .needs = "sizes",
	.title = "It is measured with real memory, which is given back")
{
	for (int i = 0; i < 12; i++) {
		/* Odd numbers that nobody else asks for. */
		u64 size = draw_size(i % 2 ? 12 : 20) * 2 + 301;
		char line[40], with[80], ptr[40];
		const char *event;
		char *trace;

		snprintf(line, sizeof(line), "%llu", size);
		ASSERT_OK(file_write(TRACING "trace", "0"));
		trace_on(true);
		ASSERT_OK(say(line));
		trace_on(false);
		trace = file_read(TRACING "trace");
		ASSERT_NOTNULL(trace);
		snprintf(with, sizeof(with), "bytes_req=%llu bytes_alloc=%llu ", size,
			 left_allocator(size));
		event = traced(trace, " kmalloc: ", with);
		ASSERT_NOTNULL(event,
			       "%llu bytes were to be measured, and nobody took memory of this size: the kernel's event kmem:kmalloc has no %s",
			       size, with);
		event = strstr(event, "ptr=");
		ASSERT_NOTNULL(event);
		snprintf(ptr, sizeof(ptr), "%.*s", (int)strcspn(event, " "), event);
		EXPECT_NOTNULL(traced(event, " kfree: ", ptr),
			       "%llu bytes were taken, and never given back.", size);
	}
}

/* Objects of all caches of kmalloc() that are in use. */
static long objects_in_use(void)
{
	char *next = file_read("/proc/slabinfo"), *line;
	long sum = 0;

	ASSERT_NOTNULL(next);
	while ((line = strsep(&next, "\n")))
		if (!strncmp(line, "kmalloc-", strlen("kmalloc-")))
			sum += atol(line + strcspn(line, " "));
	return sum;
}

CHECK_F(frag, leaves_nothing, .needs = "sizes", .deadline = 60,
	.title = "Thousands of measurements leave nothing behind")
{
	long before, grown;

	ASSERT_OK(say("sweep 1 2000 1"));
	before = objects_in_use();
	ASSERT_OK(say("sweep 1 2000 1"));
	grown = objects_in_use() - before;
	ASSERT_LT(grown, 1000, "2000 sizes were measured, and so many objects more are in use.");
	/* More than the machine has. */
	ASSERT_OK(say("sweep 1048577 1048726 1"));
	EXPECT_NULL(strstr(file_read(FILE_NAME), "-"),
		    "After 150 buffers of 2 MiB, one after the other, there is no memory left.");
}

CHECK_F(frag, small_sizes, .needs = "leaves_nothing", .deadline = 60,
	.title = "Every size up to two pages")
{
	struct text want;

	text_open(&want);
	for (u64 size = 0; size <= 2 * PAGE + 2; size++)
		expect_row(&want, size);
	ASSERT_OK(say("sweep 0 8194 1"));
	expect_table(&want, "sweep 0 8194 1");
}

CHECK_F(frag, refused, .needs = "leaves_nothing",
	.title = "What is refused is in the table, and ends nothing")
{
	struct text want, line;
	u64 mark = kmsg_mark();

	text_open(&want);
	text_open(&line);
	ask(line.file, &want, most);
	ask(line.file, &want, most + 1);
	ask(line.file, &want, ~0ULL);
	for (int i = 0; i < 40; i++) {
		ask(line.file, &want, draw_size(20));
		ask(line.file, &want, most + draw_size(63));
	}
	fclose(line.file);
	ASSERT_OK(say(line.all),
		  "A size was refused by kmalloc(), and the rest was not measured.");
	expect_table(&want, "sizes, refused ones among them");
	EXPECT_FALSE(kmsg_wait(mark, "WARNING|page allocation failure", 0),
		     "The kernel warns when too much is asked for, unless it is told that this is expected.");
}

CHECK_F(frag, steps, .title = "All sizes that kmalloc() has, from 1 byte to the first refused")
{
	struct text want;
	u64 asked = 1;

	text_open(&want);
	for (; asked <= most; asked = given(asked) + 1) {
		expect_row(&want, asked);
		if (given(asked) != asked)
			expect_row(&want, given(asked));
	}
	expect_row(&want, asked);
	ASSERT_OK(say("steps"));
	expect_table(&want, "steps");
}
