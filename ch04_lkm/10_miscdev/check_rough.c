// SPDX-License-Identifier: GPL-2.0
/* Bad pointers, huge numbers, two who write at once, and no memory left */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "check_tape.h"

#define BLOCK	2800

FIXTURE_SETUP(tape)
{
	tape_load(self);
}

FIXTURE_TEARDOWN(tape)
{
	tape_unload(self);
}

/* Two pages, the second of which must not be touched. */
static unsigned char *edge(void)
{
	unsigned char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(pages, MAP_FAILED);
	ASSERT_OK(libc_ret(mprotect(pages + 4096, 4096, PROT_NONE)));
	return pages + 4096;
}

CHECK_F(tape, bad_pointers, .needs = "write_read",
	.title = "Bad pointers give EFAULT, and lose nothing")
{
	size_t len = check_random_range(1500, self->capacity);
	size_t at = check_random_range(1, len - 1000);
	unsigned char *bytes = random_bytes(len);
	void *const bad[] = { NULL, (void *)0xffff888000000000, edge() };
	int fd = tape_open(0, O_RDWR);

	ASSERT_EQ(libc_ret(write(fd, bytes, len)), len);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ASSERT_EQ(libc_ret(lseek(fd, at, SEEK_SET)), at);
		ASSERT_ERR(libc_ret(read(fd, bad[i], 100)), EFAULT,
			   "read() was given a bad pointer.");
		ASSERT_EQ(libc_ret(lseek(fd, 0, SEEK_CUR)), at,
			  "A read() that failed has moved the position: 100 bytes are lost for the reader.");
		ASSERT_ERR(libc_ret(write(fd, bad[i], 100)), EFAULT,
			   "write() was given a bad pointer.");
		ASSERT_EQ(libc_ret(lseek(fd, 0, SEEK_CUR)), at,
			  "A write() that failed has moved the position.");
		ASSERT_TRUE(tape_is(0, bytes, len),
			    "A write() that failed has changed the tape. copy_from_user() puts zeros where it cannot copy: let it write somewhere else than onto the tape.");
		EXPECT_ERR(libc_ret(ioctl(fd, TAPE_INFO, bad[i])), EFAULT);
		EXPECT_ERR(libc_ret(ioctl(fd, TAPE_SET_LENGTH, bad[i])), EFAULT);
		EXPECT_ERR(libc_ret(ioctl(fd, TAPE_FILL, bad[i])), EFAULT);
		ASSERT_TRUE(tape_is(0, bytes, len), "An ioctl() that failed has changed the tape.");
	}
}

CHECK_F(tape, partly_bad, .needs = "bad_pointers",
	.title = "A pointer that is good at first only loses nothing either")
{
	size_t len = check_random_range(2000, self->capacity);
	size_t good = check_random_range(1, 900), at = check_random_range(1, 900);
	unsigned char *bytes = random_bytes(len), *end = edge();
	int fd = tape_open(0, O_RDWR);
	ssize_t n;

	ASSERT_EQ(libc_ret(write(fd, bytes, len)), len);
	ASSERT_EQ(libc_ret(lseek(fd, at, SEEK_SET)), at);
	memset(end - good, 'x', good);
	n = libc_ret(write(fd, end - good, good + 100));
	if (n != -EFAULT) {
		ASSERT_BETWEEN(n, 1, good,
			       "write() could have %zu bytes of 100 more: it may return that, or -EFAULT.",
			       good);
		memset(bytes + at, 'x', n);
	}
	ASSERT_EQ(libc_ret(lseek(fd, 0, SEEK_CUR)), at + (n > 0 ? n : 0));
	ASSERT_TRUE(tape_is(0, bytes, len),
		    "write() got a pointer of which the first %zu bytes were good. It returned %zd, and changed something else on the tape.",
		    good, n);
	ASSERT_EQ(libc_ret(lseek(fd, at, SEEK_SET)), at);
	n = libc_ret(read(fd, end - good, good + 100));
	if (n != -EFAULT) {
		ASSERT_BETWEEN(n, 1, good);
		EXPECT_MEMEQ(end - good, bytes + at, n);
	}
	EXPECT_EQ(libc_ret(lseek(fd, 0, SEEK_CUR)), at + (n > 0 ? n : 0),
		  "read() returned %zd, and the position says otherwise: bytes are lost.", n);
}

CHECK_F(tape, huge_numbers, .needs = "commands",
	.title = "Huge numbers are refused, and do no harm")
{
	size_t len = check_random_range(1000, self->capacity);
	unsigned char *bytes = random_bytes(len);
	int fd = tape_open(0, O_RDWR);
	const __u64 lengths[] = {
		self->capacity + 1, (1ull << 32) + 5, 1ull << 63, ~0ull,
	};
	const __u64 spans[][2] = {
		{ 0, len + 1 },
		{ len + 1, 0 },
		{ len, 1 },
		{ ~0ull, 2 },			/* the sum is 1 */
		{ 500, ~0ull - 400 },		/* the sum is 99 */
		{ (1ull << 32) + 5, 5 },
		{ 5, (1ull << 32) + 5 },
		{ 5, 5 },			/* but with something reserved */
	};
	const size_t last = sizeof(spans) / sizeof(*spans) - 1;

	ASSERT_EQ(libc_ret(write(fd, bytes, len)), len);
	for (int i = 0; i < 2; i++) {
		loff_t far = i ? (1ll << 32) + 5 : self->capacity;
		char c;

		EXPECT_EQ(libc_ret(pread(fd, &c, 1, far)), 0,
			  "pread() far behind the end: there is nothing.");
		EXPECT_ERR(libc_ret(pwrite(fd, &c, 1, far)), ENOSPC,
			   "pwrite() far behind the capacity: there is no room. It never asks llseek().");
	}
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		EXPECT_ERR(libc_ret(ioctl(fd, TAPE_SET_LENGTH, &lengths[i])), EINVAL,
			   "So much does not fit on the tape: %llu.", lengths[i]);
	for (size_t i = 0; i <= last; i++) {
		struct tape_fill fill = {
			.offset = spans[i][0],
			.count = spans[i][1],
			.byte = 'x',
			.reserved = { 0 },
		};

		fill.reserved[check_random_range(0, 6)] = i == last;
		ASSERT_ERR(libc_ret(ioctl(fd, TAPE_FILL, &fill)), EINVAL,
			   "TAPE_FILL took offset %llu and count %llu%s, of a tape with %zu bytes. A sum of two numbers from outside may wrap; what is reserved must be 0.",
			   fill.offset, fill.count,
			   i == last ? " with a 1 in reserved" : "", len);
	}
	EXPECT_TRUE(tape_is(0, bytes, len), "A call that was refused has changed the tape.");
}

/* Writes blocks of one letter for some time; never returns. */
static void scribble(char letter)
{
	char block[BLOCK];
	int fd = tape_open(0, O_WRONLY);

	memset(block, letter, sizeof(block));
	for (int i = 0; i < 3000; i++)
		if (pwrite(fd, block, sizeof(block), 0) != sizeof(block))
			_exit(1);
	_exit(0);
}

CHECK_F(tape, two_at_once, .needs = "write_read", .deadline = 60,
	.title = "Two who write at once do not mix")
{
	unsigned int mixed = 0, left = 2;
	struct tape_info info = { 0 };
	int fd = tape_open(0, O_RDONLY);
	char block[BLOCK];

	for (int i = 0; i < 2; i++)
		if (!fork())
			scribble('a' + i);
	while (left) {
		int status;
		pid_t done = waitpid(-1, &status, WNOHANG);

		if (done > 0) {
			EXPECT_EQ(status, 0, "A write() failed.");
			left--;
		}
		if (pread(fd, block, sizeof(block), 0) == sizeof(block))
			mixed += !!memcmp(block, block + 1, sizeof(block) - 1);
	}
	EXPECT_EQ(mixed, 0,
		  "Blocks of one letter were written by two programs, and so many times a block of both was read. The lock must be held while the tape is changed.");
	if (!ioctl(fd, TAPE_INFO, &info))
		EXPECT_EQ(info.writes, 6000, "6000 calls of write() were made.");
}

/* ------------------------------------- where each allocation of the kernel's can fail --- */

/* A write behind a gap. If it fails, all must be as before: len bytes, so many writes. */
static int write_fails(int fd, const unsigned char *before, __u64 len, size_t count)
{
	static const unsigned char more[BLOCK];
	struct tape_info info = { 0 }, now = { 0 };
	long long ret;

	ASSERT_OK(libc_ret(ioctl(fd, TAPE_INFO, &info)));
	ret = libc_ret(pwrite(fd, more, count, len + 100));
	if (ret >= 0) {
		ASSERT_OK(libc_ret(ioctl(fd, TAPE_SET_LENGTH, &len)));
		return (size_t)ret == count ? 0 : -EIO;
	}
	ASSERT_OK(libc_ret(ioctl(fd, TAPE_INFO, &now)));
	EXPECT_EQ(now.writes, info.writes,
		  "There was no memory, write() failed, and it is counted.");
	EXPECT_TRUE(tape_is(0, before, len),
		    "There was no memory, write() failed, and what is on the tape has changed. First get all that can fail, then touch the tape.");
	return now.writes == info.writes && tape_is(0, before, len) ? ret : -EUCLEAN;
}

CHECK_F(tape, no_memory, .needs = "gap", .deadline = 300,
	.title = "A write for which there is no memory fails, and changes nothing")
{
	size_t len = check_random_range(1, 50), more = check_random_range(1000, BLOCK);
	unsigned char *bytes = random_bytes(len);
	int fd = tape_open(0, O_RDWR);
	unsigned int failed;

	ASSERT_EQ(libc_ret(write(fd, bytes, len)), len);
	failed = FAIL_EACH(write_fails(fd, bytes, len, more));
	check_note("write() has %u allocations", failed);
}
