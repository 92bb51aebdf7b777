// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations that are made to fail, one after another, on the way of a
 * request: the memory it asks for, and what else the kernel takes for it. Only
 * a kernel built for that can do it, as that of the lane memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "check_draw.h"
#include "check_kernel.h"
#include "check_opener.h"

#define FAIL_NTH "/proc/self/fail-nth"
#define MOST 400

/* What counts: slabs and pages, also for those who may wait; in silence. */
static const char *const settings[][2] = {
	{ "failslab/ignore-gfp-wait", "N" },
	{ "failslab/verbose", "0" },
	{ "fail_page_alloc/ignore-gfp-wait", "N" },
	{ "fail_page_alloc/min-order", "0" },
	{ "fail_page_alloc/verbose", "0" },
};

/*
 * None of them makes an object cache: when that cannot be entered into sysfs
 * the kernel forgets its name, 6.1: sysfs_slab_add() in mm/slub.c, which does
 * not put the kobject. kmemleak would call that leak ours.
 */
static const struct allocsel_request asked[] = {
	{ .bytes = 300, .flags = ALLOCSEL_ZERO },
	{ .bytes = 300, .ctx = ALLOCSEL_ATOMIC },
	{ .bytes = 300, .ctx = ALLOCSEL_ATOMIC, .place = ALLOCSEL_SPINLOCK,
	  .need = ALLOCSEL_BEST_EFFORT },
	{ .bytes = 70000, .contig = ALLOCSEL_PHYS },
	{ .bytes = 70000, .ctx = ALLOCSEL_NOIO, .flags = ALLOCSEL_ZERO },
	{ .bytes = 70000, .flags = ALLOCSEL_USER_MAP },
	{ .bytes = 64, .flags = ALLOCSEL_PERCPU },
	{ .bytes = 300, .need = ALLOCSEL_MUST_PROGRESS },
	{ .bytes = 70000, .need = ALLOCSEL_MUST_PROGRESS },
	{ .bytes = 70000, .dma = ALLOCSEL_DMA_COHERENT },
	{ .bytes = 64, .dma = ALLOCSEL_DMA_COHERENT, .flags = ALLOCSEL_MANY },
	{ .bytes = 70000, .dma = ALLOCSEL_DMA_STREAMING },
	{ .bytes = 300, .life = ALLOCSEL_DEVICE },
	{ .bytes = 70000, .life = ALLOCSEL_DEVICE },
	{ .bytes = 70000, .contig = ALLOCSEL_PHYS, .force = "dma_alloc_pages" },
};

static int nth_fd;

static void prepare(void)
{
	char path[80];
	size_t i;

	nth_fd = open(FAIL_NTH, O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		check_skip("this kernel makes no allocation fail");
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s",
			 settings[i][0]);
		if (access(path, W_OK))
			check_skip("this kernel makes no allocation fail");
		ASSERT_OK(file_write(path, settings[i][1]));
	}
}

/* From now on the nth allocation of this task fails; 0: none does. */
static void fail_nth(int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	ASSERT_EQ(pwrite(nth_fd, text, len, 0), len);
}

/* Did it? The file is open already: to open it takes memory. */
static bool struck(void)
{
	char text[16] = "";

	ASSERT_GT(pread(nth_fd, text, sizeof(text) - 1, 0), 0);
	fail_nth(0);
	return !atoi(text);
}

/* One request with its nth allocation failing; false when it has not so many. */
static bool ask_with_failure(int fd, struct allocsel_request r, int nth)
{
	bool yes;
	int err;

	fail_nth(nth);
	err = device_alloc(fd, &r);
	yes = struck();
	EXPECT_TRUE(!err || err == -ENOMEM,
		    "Allocation %d failed, and the answer was %d.", nth, err);
	if (!err && r.handle)
		EXPECT_OK(device_free(fd, r.handle));
	else if (!err && !yes)
		EXPECT_NE(r.handle, 0, "Nothing failed, and there is no memory.");
	return yes;
}

CHECK(injected, .needs = "performs", .deadline = 120, .title =
	"Whichever allocation fails on the way, nothing is lost")
{
	struct allocsel_stats stats;
	unsigned int failures = 0;
	size_t i;
	int fd;

	prepare();
	load_module("");
	fd = device_open();
	ASSERT_OK(fd);
	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		struct allocsel_request r = asked[i];
		int nth = 1;

		r.size = sizeof(r);
		r.version = ALLOCSEL_VERSION;
		r.nmemb = 1;
		r.node = ALLOCSEL_NODE_ANY;
		while (nth < MOST && ask_with_failure(fd, r, nth))
			nth++;
		/* At the very least the handle, and the report's text. */
		EXPECT_BETWEEN(nth, 3, MOST - 1);
		failures += nth - 1;
		ASSERT_OK(device_stats(fd, &stats));
		EXPECT_EQ(stats.handles, 0);
		EXPECT_EQ(stats.bytes, 0);
	}
	check_note("%u allocations were made to fail", failures);
	close(fd);
	unload_module();
}
