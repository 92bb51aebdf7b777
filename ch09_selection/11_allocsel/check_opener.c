// SPDX-License-Identifier: GPL-2.0
/*
 * The device file: what a program asks for it gets, keeps, maps, gives back.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "check_opener.h"
#include "check_draw.h"
#include "check_kernel.h"
#include "alloc_select.h"

#define EVENT "/sys/kernel/tracing/events/allocsel/allocsel_decision/enable"

struct allocsel_request device_request(__u64 bytes)
{
	return (struct allocsel_request) {
		.size = sizeof(struct allocsel_request),
		.version = ALLOCSEL_VERSION,
		.bytes = bytes, .nmemb = 1, .node = ALLOCSEL_NODE_ANY,
	};
}

int device_open(void)
{
	return libc_ret(open(DEVICE, O_RDWR | O_CLOEXEC));
}

int device_alloc(int fd, struct allocsel_request *request)
{
	return libc_ret(ioctl(fd, ALLOCSEL_ALLOC, request));
}

int device_free(int fd, __u32 number)
{
	struct allocsel_handle handle = {
		.size = sizeof(handle), .version = ALLOCSEL_VERSION,
		.handle = number,
	};

	return libc_ret(ioctl(fd, ALLOCSEL_FREE, &handle));
}

int device_stats(int fd, struct allocsel_stats *stats)
{
	stats->size = sizeof(*stats);
	stats->version = ALLOCSEL_VERSION;
	return libc_ret(ioctl(fd, ALLOCSEL_STATS, stats));
}

void *device_map(int fd, __u32 handle, size_t length)
{
	return mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    ALLOCSEL_MAP_OFFSET(handle));
}

FIXTURE(device) { int fd; };

FIXTURE_SETUP(device)
{
	load_module("");
	self->fd = device_open();
	ASSERT_OK(self->fd);
}

FIXTURE_TEARDOWN(device)
{
	if (self->fd >= 0)
		close(self->fd);
	unload_module();
}

CHECK_F(device, device_decides, .title = "The device file decides as alloc_select() does")
{
	int i;

	for (i = 0; i < 1000; i++) {
		struct allocsel_request r = device_request(1);
		struct allocsel_stats stats;
		struct alloc_decision decision;
		struct alloc_request req;
		struct alloc_env env = { .kmax = 4ULL << 20, .ram = 1ULL << 40 };

		draw_request(&req);
		if (req.size > 1 << 20 || req.nmemb > 64)
			continue;	/* it depends on the machine's RAM */
		r.bytes = req.size;
		r.nmemb = req.nmemb;
		r.node = req.node;
		r.when = req.when;
		r.who = req.who;
		r.ctx = req.ctx;
		r.contig = req.contig;
		r.dma = req.dma;
		r.need = req.need;
		r.life = req.life;
		r.flags = (req.many ? ALLOCSEL_MANY : 0) |
			  (req.percpu ? ALLOCSEL_PERCPU : 0) |
			  (req.zero ? ALLOCSEL_ZERO : 0) |
			  (req.user_map ? ALLOCSEL_USER_MAP : 0) |
			  (req.account ? ALLOCSEL_ACCOUNT : 0);
		decision = alloc_select(&req, &env);
		ASSERT_OK(libc_ret(ioctl(self->fd, ALLOCSEL_DECIDE, &r)));
		ASSERT_EQ(r.rule, decision.rule ? decision.rule->number : 0);
		ASSERT_EQ(r.err, decision.err);
		ASSERT_EQ(r.handle, 0);
		ASSERT_OK(device_stats(self->fd, &stats));
		ASSERT_EQ(stats.handles, 0);
	}
}

static const struct map_case {
	struct allocsel_request r;
	const char *api;
} map_cases[] = {
	{ { .bytes = 40000, .flags = ALLOCSEL_USER_MAP }, "vmalloc_user" },
	{ { .bytes = 40000, .flags = ALLOCSEL_USER_MAP,
	    .contig = ALLOCSEL_PHYS }, "alloc_pages_exact" },
	{ { .bytes = 40000, .flags = ALLOCSEL_USER_MAP,
	    .dma = ALLOCSEL_DMA_COHERENT }, "dma_alloc_coherent" },
	{ { .bytes = 40000, .flags = ALLOCSEL_USER_MAP | ALLOCSEL_ZERO,
	    .contig = ALLOCSEL_PHYS, .force = "dma_alloc_pages" },
	  "alloc_pages_exact" },
};

CHECK_F(device, maps, .title = "Mapped memory is cleared, shared, and held while it is mapped",
	.needs = "performs")
{
	static const unsigned char zeros[40960];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(map_cases); i++) {
		struct allocsel_request r = map_cases[i].r;
		char *first, *second;

		r.size = sizeof(r);
		r.version = ALLOCSEL_VERSION;
		r.nmemb = 1;
		r.node = ALLOCSEL_NODE_ANY;
		ASSERT_OK(device_alloc(self->fd, &r));
		ASSERT_STREQ(r.api, map_cases[i].api);
		ASSERT_NE(r.handle, 0);
		EXPECT_EQ(r.failed, 0);
		ASSERT_EQ(r.length, 40960);
		first = device_map(self->fd, r.handle, r.length);
		ASSERT_TRUE(first != MAP_FAILED, "%s() cannot be mapped: %s",
			    r.api, strerror(errno));
		EXPECT_MEMEQ(first, zeros, sizeof(zeros));
		second = device_map(self->fd, r.handle, 4096);
		ASSERT_TRUE(second != MAP_FAILED);
		first[7] = 42 + i;
		EXPECT_EQ(second[7], 42 + i);
		EXPECT_ERR(device_free(self->fd, r.handle), EBUSY);
		EXPECT_TRUE(device_map(self->fd, r.handle, r.length + 4096) ==
			    MAP_FAILED, "More than there is was mapped.");
		EXPECT_TRUE(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, self->fd,
				 ALLOCSEL_MAP_OFFSET(r.handle)) == MAP_FAILED);
		/* A hole in the middle makes two mappings of one. */
		EXPECT_EQ(munmap(first + 4096, 4096), 0);
		EXPECT_EQ(munmap(first, 4096), 0);
		EXPECT_EQ(munmap(second, 4096), 0);
		EXPECT_ERR(device_free(self->fd, r.handle), EBUSY);
		EXPECT_EQ(munmap(first + 8192, r.length - 8192), 0);
		EXPECT_OK(device_free(self->fd, r.handle));
		EXPECT_ERR(device_free(self->fd, r.handle), ENOENT);
	}
}

CHECK_F(device, maps_not, .title = "What no process can map is refused by mmap()",
	.needs = "performs")
{
	static const char *const apis[] = {
		"kmalloc", "vmalloc", "kvmalloc", "kmem_cache_alloc",
		"mempool_alloc", "devm_kmalloc", "__alloc_percpu_gfp",
		"dma_pool_alloc",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(apis); i++) {
		struct allocsel_request r = device_request(4096);

		r.flags = ALLOCSEL_USER_MAP;
		snprintf(r.force, sizeof(r.force), "%s", apis[i]);
		ASSERT_OK(device_alloc(self->fd, &r));
		ASSERT_NE(r.handle, 0);
		EXPECT_EQ(r.length, 0);
		EXPECT_GT(r.failed, 0, "It is forced, and looks mappable.");
		errno = 0;
		EXPECT_TRUE(device_map(self->fd, r.handle, 4096) == MAP_FAILED);
		EXPECT_EQ(errno, EINVAL, "%s() could be mapped.", apis[i]);
		EXPECT_OK(device_free(self->fd, r.handle));
	}
	EXPECT_TRUE(device_map(self->fd, 1, 4096) == MAP_FAILED);
	EXPECT_EQ(errno, ENOENT);
}

CHECK_F(device, owners, .title = "A handle belongs to the open file that made it",
	.needs = "performs")
{
	struct allocsel_request r = device_request(5000);
	int other = device_open();

	ASSERT_OK(other);
	ASSERT_OK(device_alloc(self->fd, &r));
	EXPECT_ERR(device_free(other, r.handle), ENOENT);
	EXPECT_ERR(device_free(self->fd, 0), ENOENT);
	EXPECT_ERR(device_free(self->fd, ~0U), ENOENT);
	EXPECT_TRUE(device_map(other, r.handle, 4096) == MAP_FAILED);
	close(other);
	EXPECT_ERR(device_free(other, r.handle), EBADF);
	EXPECT_OK(device_free(self->fd, r.handle));
	EXPECT_ERR(device_free(self->fd, r.handle), ENOENT);
}

/* Entries of a directory that start so. */
static int count_entries(const char *path, const char *start)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	ASSERT_NOTNULL(dir);
	while ((entry = readdir(dir)))
		count += !strncmp(entry->d_name, start, strlen(start));
	closedir(dir);
	return count;
}

static int count_caches(void)
{
	return count_entries("/sys/kernel/slab", "allocsel_object");
}

static int count_devices(void)
{
	return count_entries("/sys/bus/platform/devices", "allocsel");
}

/* An object cache and a device each: both can be seen from outside. */
static void hold_some(int fd)
{
	int i;

	for (i = 0; i < 4; i++) {
		struct allocsel_request r = device_request(700);

		r.flags = ALLOCSEL_MANY;
		r.life = ALLOCSEL_DEVICE;
		ASSERT_OK(device_alloc(fd, &r));
		ASSERT_NE(r.handle, 0);
	}
}

CHECK_F(device, dying, .title = "Closing the file, or dying, frees what it held",
	.needs = "performs")
{
	int before = count_devices();
	int ready[2];
	pid_t child;
	char c;

	hold_some(self->fd);
	EXPECT_EQ(count_caches(), 4);
	EXPECT_EQ(count_devices(), before + 4);
	close(self->fd);
	self->fd = -1;
	EXPECT_TRUE(WAIT_UNTIL(!count_caches(), 2000));
	EXPECT_EQ(count_devices(), before);
	ASSERT_EQ(pipe(ready), 0);
	child = fork();
	ASSERT_GE(child, 0);
	if (!child) {
		hold_some(device_open());
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	EXPECT_EQ(count_caches(), 4);
	kill(child, SIGKILL);
	ASSERT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_TRUE(WAIT_UNTIL(!count_caches(), 2000));
	EXPECT_EQ(count_devices(), before);
}

CHECK_F(device, limits, .title = "An open file holds so much and no more",
	.needs = "performs")
{
	struct allocsel_stats stats;
	struct allocsel_request r;
	int other = device_open();
	int err, i;

	ASSERT_OK(other);
	for (i = 0; i < 100; i++) {
		r = device_request(1 << 20);
		err = device_alloc(self->fd, &r);
		if (err)
			break;
		ASSERT_NE(r.handle, 0, "It was not performed.");
	}
	EXPECT_ERR(err, EDQUOT);
	ASSERT_OK(device_stats(self->fd, &stats));
	EXPECT_LE(stats.bytes, stats.limit);
	EXPECT_EQ(stats.handles, i);
	EXPECT_EQ(stats.bytes, (u64)i << 20);
	r = device_request(100);
	EXPECT_OK(device_alloc(other, &r), "The limit is another file's.");
	EXPECT_OK(device_free(self->fd, 1));
	r = device_request(1 << 20);
	EXPECT_OK(device_alloc(self->fd, &r));
	close(other);
}

CHECK_F(device, privileged, .title = "Who is not privileged cannot open it")
{
	struct stat status;
	pid_t child;
	int result;

	ASSERT_EQ(stat(DEVICE, &status), 0);
	EXPECT_EQ(status.st_mode & 0777, 0600);
	/* Even if somebody lets everybody in. */
	ASSERT_EQ(chmod(DEVICE, 0666), 0);
	child = fork();
	ASSERT_GE(child, 0);
	if (!child) {
		if (setresuid(1000, 1000, 1000))
			_exit(100);
		_exit(-device_open());
	}
	ASSERT_EQ(waitpid(child, &result, 0), child);
	EXPECT_TRUE(WIFEXITED(result));
	EXPECT_EQ(WEXITSTATUS(result), EPERM);
}

CHECK_F(device, traced, .title = "A tracepoint and statistics tell of each decision",
	.needs = "performs")
{
	struct allocsel_request r = device_request(3333);
	struct allocsel_stats stats;
	char *text;

	ASSERT_OK(file_write(EVENT, "1"));
	ASSERT_OK(device_alloc(self->fd, &r));
	ASSERT_OK(file_write(EVENT, "0"));
	text = file_read("/sys/kernel/tracing/trace");
	ASSERT_NOTNULL(text);
	EXPECT_MATCH(text, "allocsel_decision: size=3333 nmemb=1 ctx=sleep ");
	EXPECT_MATCH(text, " rule=20 api=kmalloc gfp=0x[0-9a-f]+ err=0$");
	EXPECT_OK(file_write("/sys/kernel/tracing/trace", "0"));
	r = device_request(0);
	ASSERT_OK(device_alloc(self->fd, &r));
	EXPECT_EQ(r.err, -EINVAL);
	ASSERT_OK(device_stats(self->fd, &stats));
	EXPECT_EQ(stats.decided, 2);
	EXPECT_EQ(stats.refused, 1);
	EXPECT_EQ(stats.performed, 1);
	EXPECT_EQ(stats.failed, 0);
	EXPECT_EQ(stats.rules[1], 1);
	EXPECT_EQ(stats.rules[20], 1);
	EXPECT_MATCH(file_read(DEBUGFS "statistics"), "^rule 20: 1$");
}
