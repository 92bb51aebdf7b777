// SPDX-License-Identifier: GPL-2.0
/*
 * Whatever a program throws at the module, it answers with an errno, and has
 * nothing left afterwards.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "check_opener.h"
#include "check_draw.h"
#include "check_kernel.h"
#include "alloc_api.h"
#include "alloc_request.h"

int fuzz_seconds(int seconds)
{
	const char *text = getenv("ALLOCSEL_SECONDS");

	return text ? atoi(text) : seconds;
}

static bool time_left(time_t end)
{
	return time(NULL) < end;
}

FIXTURE(abuse) { int fd; };

FIXTURE_SETUP(abuse)
{
	load_module("");
	self->fd = device_open();
	ASSERT_OK(self->fd);
}

FIXTURE_TEARDOWN(abuse)
{
	close(self->fd);
	unload_module();
}

CHECK_F(abuse, versions, .title = "Size, version and reserved bits are looked at")
{
	struct allocsel_handle h = { .size = sizeof(h), .version = 1 };
	struct allocsel_stats s = { .size = 4, .version = 1 };
	struct allocsel_request r = device_request(1);

#define REFUSED(member, value, errno_) do {				\
	r = device_request(1);						\
	r.member = value;						\
	EXPECT_ERR(device_alloc(self->fd, &r), errno_,			\
		   #member " = " #value " was taken.");			\
} while (0)

	REFUSED(size, 0, EINVAL);
	REFUSED(size, sizeof(r) + 8, EINVAL);
	REFUSED(version, 0, EPROTONOSUPPORT);
	REFUSED(version, 2, EPROTONOSUPPORT);
	REFUSED(reserved, 1, EINVAL);
	REFUSED(flags, 0x20, EINVAL);
	REFUSED(flags, 0x80000000, EINVAL);
	REFUSED(node, -2, EINVAL);
	REFUSED(when, 2, EINVAL);
	REFUSED(who, 255, EINVAL);
	REFUSED(ctx, 5, EINVAL);
	REFUSED(contig, 2, EINVAL);
	REFUSED(dma, 3, EINVAL);
	REFUSED(need, 4, EINVAL);
	REFUSED(life, 2, EINVAL);
	REFUSED(place, 3, EINVAL);
	r = device_request(1);
	memset(r.force, 'a', sizeof(r.force));
	EXPECT_ERR(device_alloc(self->fd, &r), EINVAL);
	h.reserved = 1;
	EXPECT_ERR(libc_ret(ioctl(self->fd, ALLOCSEL_FREE, &h)), EINVAL);
	EXPECT_ERR(libc_ret(ioctl(self->fd, ALLOCSEL_STATS, &s)), EINVAL);
	EXPECT_ERR(libc_ret(ioctl(self->fd, _IO(0xa5, 0), &r)), ENOTTY);
	EXPECT_ERR(libc_ret(ioctl(self->fd, _IOWR(0xa5, 0, int), &r)), ENOTTY);
	EXPECT_ERR(libc_ret(ioctl(self->fd, _IO(0xa5, 99), &r)), ENOTTY);
}

CHECK_F(abuse, pointers, .title = "A bad pointer is EFAULT, and nothing is kept")
{
	static const unsigned long commands[] = {
		ALLOCSEL_DECIDE, ALLOCSEL_ALLOC, ALLOCSEL_FREE, ALLOCSEL_STATS,
	};
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct allocsel_request r = device_request(100);
	struct allocsel_stats stats;
	char *const bad[] = {
		NULL, (char *)8, (char *)0xffff888000000000UL, (char *)~7UL,
		page + 4096, page + 4096 - 4,
	};
	size_t i, j;

	ASSERT_TRUE(page != MAP_FAILED);
	ASSERT_EQ(mprotect(page + 4096, 4096, PROT_NONE), 0);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		for (j = 0; j < ARRAY_SIZE(bad); j++)
			EXPECT_ERR(libc_ret(ioctl(self->fd, commands[i],
						  bad[j])), EFAULT);
	/* The answer has nowhere to go: a page that can only be read. */
	memcpy(page, &r, sizeof(r));
	ASSERT_EQ(mprotect(page, 4096, PROT_READ), 0);
	EXPECT_ERR(libc_ret(ioctl(self->fd, ALLOCSEL_ALLOC, page)), EFAULT);
	r.report = (unsigned long)page;
	r.report_len = 4096;
	EXPECT_ERR(device_alloc(self->fd, &r), EFAULT);
	ASSERT_OK(device_stats(self->fd, &stats));
	EXPECT_EQ(stats.handles, 0, "Memory was kept that nobody can free.");
	EXPECT_EQ(stats.bytes, 0);
	r.report = (unsigned long)&stats;
	r.report_len = 1;
	EXPECT_OK(device_alloc(self->fd, &r));
}

/* ---------------------------------------------------------------- fuzzing --- */

static u64 one_of(u64 n)
{
	return check_random_range(0, n - 1);
}

static void draw_force(char *force)
{
	const char *name = alloc_apis[one_of(ALLOC_NR_APIS)].name;

	if (!one_of(3) && name)
		snprintf(force, ALLOCSEL_NAME_LEN, "%s", name);
}

static struct allocsel_request draw_ioctl(void)
{
	struct alloc_request req;
	struct allocsel_request r;

	draw_live(&req);
	r = device_request(one_of(20) ? req.size : check_random());
	r.nmemb = one_of(20) ? req.nmemb : check_random();
	r.node = one_of(10) ? req.node : (int)check_random_range(0, 2000);
	r.ctx = req.ctx;
	r.contig = req.contig;
	r.dma = req.dma;
	r.need = req.need;
	r.life = req.life;
	r.place = one_of(3);
	r.flags = check_random() & ALLOCSEL_FLAGS;
	if (!one_of(4))
		r.flags &= ~ALLOCSEL_PERCPU;
	draw_force(r.force);
	return r;
}

/* Damages some bytes. */
static void damage(void *what, size_t len)
{
	unsigned char *bytes = what;
	int n = one_of(8);

	while (n--)
		bytes[one_of(len)] = check_random();
}

/* One random thing done to the device file. */
static void poke(int fd)
{
	struct allocsel_request r = draw_ioctl();
	struct allocsel_handle h = {
		.size = sizeof(h), .version = ALLOCSEL_VERSION,
		.handle = check_random_range(0, 300),
	};
	size_t length = 4096 * check_random_range(1, 9);
	void *map;

	switch (one_of(8)) {
	case 0:
		damage(&r, sizeof(r));
		r.report_len %= 64;
		ioctl(fd, one_of(2) ? ALLOCSEL_ALLOC : ALLOCSEL_DECIDE, &r);
		break;
	case 1:
		damage(&h, sizeof(h));
		ioctl(fd, ALLOCSEL_FREE, &h);
		break;
	case 2:
		ioctl(fd, _IOC(one_of(4), 0xa5, one_of(8), one_of(400)), &r);
		break;
	case 3:
		map = device_map(fd, h.handle, length);
		if (map != MAP_FAILED) {
			*(char *)map = 1;
			munmap(map, length);
		}
		break;
	case 4:
	case 5:
		ioctl(fd, ALLOCSEL_FREE, &h);
		break;
	default:
		ioctl(fd, ALLOCSEL_ALLOC, &r);
		break;
	}
}

CHECK_F(abuse, fuzz_ioctl, .title = "Random calls of the device file do no harm",
	.needs = "performs", .deadline = 300)
{
	time_t end = time(NULL) + fuzz_seconds(3);
	struct allocsel_stats stats;
	unsigned int calls = 0;

	while (time_left(end)) {
		poke(self->fd);
		if (!(++calls % 500)) {
			close(self->fd);
			self->fd = device_open();
			ASSERT_OK(self->fd);
		}
	}
	ASSERT_OK(device_stats(self->fd, &stats));
	check_note("%u calls, %llu decisions, %llu allocations", calls,
		   stats.decided, stats.performed);
	EXPECT_GT(stats.performed, 10);
}

/* A line that is nearly a request. */
static void draw_line(char *line, size_t len)
{
	char text[ALLOC_TEXT_LEN];
	struct alloc_request req;
	size_t used;

	draw_live(&req);
	snprintf(line, len, "%s", alloc_format_request(&req, text, sizeof(text)));
	if (!one_of(3))
		snprintf(line, len, "%s force=%s", text,
			 alloc_apis[check_random_range(1, ALLOC_NR_APIS - 1)].name);
	used = strlen(line);
	switch (one_of(4)) {
	case 0:
		damage(line, used);
		break;
	case 1:
		line[one_of(used)] = " =\n\t"[one_of(4)];
		break;
	default:
		break;
	}
}

CHECK_F(abuse, fuzz_debugfs, .title = "Random requests in debugfs do no harm",
	.needs = "performs", .deadline = 300)
{
	time_t end = time(NULL) + fuzz_seconds(3);
	unsigned int refused = 0, lines = 0;
	char line[600];

	while (time_left(end)) {
		int err;

		draw_line(line, sizeof(line) - 1);
		err = file_write(DEBUGFS "request", line);
		refused += err != 0;
		lines++;
		free(file_read(DEBUGFS "decision"));
	}
	check_note("%u lines, %u refused or failed", lines, refused);
	EXPECT_GT(lines, refused);
	EXPECT_ERR(file_write(DEBUGFS "request", "size=1 size=1"), EINVAL);
}

CHECK_F(abuse, crowd, .title = "Four programs at the same time do no harm",
	.needs = "performs", .deadline = 300)
{
	time_t end = time(NULL) + fuzz_seconds(4);
	pid_t children[4];
	int i, status;

	/* Five files with 32 MiB each may be more than the machine has. */
	ASSERT_OK(mod_param_write("allocsel", "limit", "8388608"));
	for (i = 0; i < 4; i++) {
		children[i] = fork();
		ASSERT_GE(children[i], 0);
		if (!children[i]) {
			int fd = device_open();

			/* Children draw differently. */
			while (i--)
				check_random();
			while (time_left(end)) {
				poke(fd);
				poke(self->fd);	/* one for all */
				if (!one_of(20))
					free(file_read(DEBUGFS "statistics"));
			}
			_exit(fd < 0);
		}
	}
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(waitpid(children[i], &status, 0), children[i]);
		EXPECT_EQ(status, 0);
	}
}
