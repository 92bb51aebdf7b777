// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations that fail for real: a memory cgroup whose limit they exceed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "check_kernel.h"
#include "check_opener.h"

#define CGROUP "/tmp/allocsel_cgroup"
#define SMALL CGROUP "/small"

/* Puts this process into a cgroup that may have 3 MiB. */
static void enter_cgroup(void)
{
	char pid[16];

	if ((mkdir(CGROUP, 0700) && errno != EEXIST) ||
	    mount("none", CGROUP, "cgroup2", 0, NULL) ||
	    file_write(CGROUP "/cgroup.subtree_control", "+memory"))
		check_skip("this kernel offers no memory cgroup");
	ASSERT_EQ(mkdir(SMALL, 0700), 0);
	ASSERT_OK(file_write(SMALL "/memory.max", "3145728"));
	snprintf(pid, sizeof(pid), "%d", getpid());
	ASSERT_OK(file_write(SMALL "/cgroup.procs", pid));
}

static void leave_cgroup(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	EXPECT_OK(file_write(CGROUP "/cgroup.procs", pid));
	EXPECT_EQ(rmdir(SMALL), 0);
	EXPECT_EQ(umount(CGROUP), 0);
}

CHECK(failing, .needs = "performs", .deadline = 60, .title =
	"Allocations that really fail are reported and leave nothing")
{
	unsigned int failed = 0;
	char line[160];
	int i, fd;

	load_module("");
	enter_cgroup();
	for (i = 0; i < 50; i++) {
		int err;
		char *text;

		snprintf(line, sizeof(line),
			 "size=%llu contig=phys need=best_effort account=1 zero=%d life=%s",
			 check_random_range(3145729, 4194304), i & 1,
			 i & 2 ? "device" : "manual");
		text = ask(line, &err);
		EXPECT_OK(err, "\"%s\" may fail, but must not break anything.",
			  line);
		failed += !!strstr(text, "expected an address, or NULL, actual NULL");
		free(text);
	}
	EXPECT_EQ(failed, 50, "The limit of the cgroup did not hold.");
	fd = device_open();
	EXPECT_OK(fd);
	for (i = 0; i < 10; i++) {
		struct allocsel_request r = device_request(4 << 20);
		struct allocsel_stats stats;

		r.contig = ALLOCSEL_PHYS;
		r.need = ALLOCSEL_BEST_EFFORT;
		r.flags = ALLOCSEL_ACCOUNT;
		EXPECT_OK(device_alloc(fd, &r));
		EXPECT_EQ(r.handle, 0);
		EXPECT_OK(device_stats(fd, &stats));
		EXPECT_EQ(stats.bytes, 0);
	}
	close(fd);
	leave_cgroup();
	unload_module();
}

CHECK(pressed, .needs = "performs", .deadline = 60, .title =
	"With the machine's memory nearly gone the answers stay right")
{
	unsigned int refused = 0, held = 0;
	int err, i, fd;
	char *text;

	load_module("limit=1073741824");
	fd = device_open();
	ASSERT_OK(fd);
	/* Until a quarter of what is left is less than a piece. */
	for (i = 0; i < 250 && !refused; i++) {
		struct allocsel_request r = device_request(4 << 20);

		r.flags = ALLOCSEL_ZERO;
		ASSERT_OK(device_alloc(fd, &r));
		EXPECT_EQ(r.failed, 0);
		held += r.handle != 0;
		refused += !r.handle;
	}
	EXPECT_GT(held, 5);
	EXPECT_EQ(refused, 1);
	text = ask("size=4M zero=1", &err);
	EXPECT_OK(err);
	EXPECT_NOTNULL(strstr(text, "more than a quarter of the free memory"));
	for (i = 0; i < 20; i++)
		expect_proof("size=700 many=1 zero=1");
	check_note("%u pieces of 4 MiB held", held);
	close(fd);
	expect_proof("size=4M zero=1");
	unload_module();
}
