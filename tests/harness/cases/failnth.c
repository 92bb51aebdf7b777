// SPDX-License-Identifier: GPL-2.0
/*
 * FAIL_EACH() before a kernel of paper: an operation whose "allocations" count
 * down what was written to fail-nth, and write a stack to the log when it is
 * over. The kernel makes one before them, and every second time two.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include "case.h"

#define KMEMLEAK "/sys/kernel/debug/kmemleak"

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
ssize_t __wrap_pread(int fd, void *buf, size_t size, off_t at);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t size, off_t at);
int __wrap_access(const char *path, int mode);
unsigned int __wrap_sleep(unsigned int seconds);

static unsigned int nth, rounds;
static char *messages[4096];
static size_t message_count, next_message;
static int log_fd = -1;
static bool lost;

int __wrap_open(const char *path, int flags, ...)
{
	if (!strcmp(path, "/proc/thread-self/fail-nth")) {
		errno = ENOENT;
		return *given("CASE_HOW") == '-' ? -1 : eventfd(0, EFD_CLOEXEC);
	}
	if (!strcmp(path, "/dev/kmsg") && (flags & O_ACCMODE) == O_RDONLY) {
		next_message = 0;
		log_fd = eventfd(0, EFD_CLOEXEC);
		return log_fd;
	}
	if (!strcmp(path, KMEMLEAK) && (flags & O_ACCMODE) == O_RDONLY) {
		int fd = memfd_create("kmemleak", MFD_CLOEXEC);

		if (fd == log_fd)
			log_fd = -1;	/* it was closed */
		if (lost)
			dprintf(fd, "unreferenced object 0xffff8880 (size 96):\n  backtrace:\n    [<0>] kmalloc+0x1/0x2\n    [<0>] take+0x1a/0x40 [paper]\n");
		lseek(fd, 0, SEEK_SET);
		return fd;
	}
	if (!strncmp(path, "/sys/", 5) || !strncmp(path, "/dev/", 5) ||
	    !strncmp(path, "/proc/sys/", 10))
		path = "/dev/null";
	return __real_open(path, flags);
}

ssize_t __wrap_read(int fd, void *buf, size_t size)
{
	if (fd != log_fd)
		return __real_read(fd, buf, size);
	if (next_message == message_count) {
		errno = EAGAIN;
		return -1;
	}
	next_message++;
	return snprintf(buf, size, "5,%zu,0,-;%s\n", next_message,
			messages[next_message - 1]);
}

ssize_t __wrap_pread(int fd, void *buf, size_t size, off_t at)
{
	(void)fd;
	(void)at;
	return snprintf(buf, size, "%u\n", nth);
}

ssize_t __wrap_pwrite(int fd, const void *buf, size_t size, off_t at)
{
	(void)fd;
	(void)at;
	nth = atoi(buf);
	return size;
}

int __wrap_access(const char *path, int mode)
{
	(void)path;
	(void)mode;
	return 0;
}

unsigned int __wrap_sleep(unsigned int seconds)
{
	(void)seconds;
	return 0;
}

static void log_line(const char *line)
{
	ASSERT_LT(message_count, 4096);
	messages[message_count++] = strdup(line);
}

/* false: it failed. Below the module, or by the kernel for itself. */
static bool take(const char *place)
{
	if (!nth || --nth)
		return true;
	log_line("FAULT_INJECTION: forcing a failure.");
	log_line(" [<0>] ? stale+0x1/0x40 [paper]");
	log_line(" [<0>] should_failslab+0x1/0x40");
	if (place)
		log_line(place);
	return false;
}

static int operation(void)
{
	const char *how = given("CASE_HOW");

	for (unsigned int i = 0; i < 1 + rounds % 2; i++)
		if (!take(NULL)) {
			rounds++;
			return 0;	/* the kernel's own business */
		}
	rounds++;
	if (!take(" [<0>] first+0x10/0x40 [paper]"))
		return -ENOMEM;
	if (!take(" [<0>] second+0x20/0x40 [paper]")) {
		lost = !strcmp(how, "leaks");
		if (!strcmp(how, "complains"))
			log_line("WARNING: CPU: 0 PID: 1 at paper.c:1");
		if (!strcmp(how, "other"))
			return -EAGAIN;
		return strcmp(how, "swallows") ? -ENOMEM : 0;
	}
	return strcmp(how, "fails") ? 0 : -EIO;
}

CHECK(each)
{
	unsigned int count;

	if (!strcmp(given("CASE_HOW"), "other"))
		count = FAIL_EACH(operation(), EBUSY, EAGAIN);
	else
		count = FAIL_EACH(operation());
	EXPECT_GE(count, 1);
}
