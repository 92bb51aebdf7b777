// SPDX-License-Identifier: GPL-2.0
/*
 * What map.c must do: the pages of /dev/board, seen by processes.
 *
 * The check maps them, and reads and writes them at the same time through the file:
 * that is the kernel's side.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define DEVICE		"/dev/board"
#define PAGE		4096UL

FIXTURE(board) {
	unsigned int nr;		/* pages of a board */
	int fd;
};

static int open_board(int flags)
{
	return libc_ret(open(DEVICE, flags | O_CLOEXEC));
}

FIXTURE_SETUP(board)
{
	char param[20];

	mod_unload("board");	/* left by a check that was stopped */
	self->nr = check_random_range(5, 20);
	snprintf(param, sizeof(param), "pages=%u", self->nr);
	ASSERT_OK(mod_load("board.ko", param), "The module was not loaded.");
	ASSERT_TRUE(WAIT_UNTIL(!access(DEVICE, F_OK), 2000), "There is no " DEVICE ".");
	self->fd = open_board(O_RDWR);
	ASSERT_OK(self->fd);
}

FIXTURE_TEARDOWN(board)
{
	if (self->fd > 0)
		close(self->fd);
	EXPECT_TRUE(WAIT_UNTIL(!mod_unload("board"), 3000),
		    "The module was not unloaded. Everything is unmapped and closed.");
}

static void *map(int fd, unsigned long pages, unsigned long first)
{
	return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, first * PAGE);
}

static int mappings(void)
{
	char *text = mod_param_read("board", "mappings");

	ASSERT_NOTNULL(text);
	return atoi(text);
}

/* One byte, from the kernel's side. */
static int peek(int fd, unsigned long at)
{
	unsigned char byte;

	return pread(fd, &byte, 1, at) == 1 ? byte : -1;
}

static void poke(int fd, unsigned long at, unsigned char byte)
{
	ASSERT_EQ(pwrite(fd, &byte, 1, at), 1);
}

CHECK_F(board, fresh, .title = "A new board is empty, whatever was in these pages before")
{
	for (int round = 0; round < 10; round++) {
		for (unsigned int i = 0; i < self->nr; i++)
			poke(self->fd, i * PAGE + check_random_range(0, PAGE - 1), 0xa5);
		close(self->fd);
		self->fd = open_board(O_RDWR);
		ASSERT_OK(self->fd);
		for (unsigned int i = 0; i < self->nr; i++) {
			unsigned char page[PAGE];

			ASSERT_EQ(pread(self->fd, page, PAGE, i * PAGE), PAGE);
			for (unsigned int j = 0; j < PAGE; j++)
				ASSERT_EQ(page[j], 0,
					  "A new board has what somebody else left in that page. It could be a password: __GFP_ZERO.");
		}
	}
}

CHECK_F(board, coherent, .title = "What one side writes the other one reads")
{
	unsigned char *at = map(self->fd, self->nr, 0);

	ASSERT_NE(at, MAP_FAILED, "All %u pages of a board could not be mapped: %s.", self->nr,
		  strerror(errno));
	for (int i = 0; i < 300; i++) {
		unsigned long where = check_random_range(0, self->nr * PAGE - 1);
		unsigned char byte = check_random_range(1, 255);

		if (i % 2) {
			at[where] = byte;
			ASSERT_EQ(peek(self->fd, where), byte,
				  "Page %lu: the process wrote, and the kernel reads something else.",
				  where / PAGE);
		} else {
			poke(self->fd, where, byte);
			ASSERT_EQ(at[where], byte,
				  "Page %lu: the kernel wrote, and the process reads something else.",
				  where / PAGE);
		}
	}
	munmap(at, self->nr * PAGE);
}

CHECK_F(board, offset, .needs = "coherent",
	.title = "A mapping begins where it was asked to")
{
	for (unsigned long first = 0; first < self->nr; first++) {
		unsigned long pages = check_random_range(1, self->nr - first);
		unsigned char *at = map(self->fd, pages, first);

		ASSERT_NE(at, MAP_FAILED,
			  "%lu pages from page %lu on could not be mapped, of %u.",
			  pages, first, self->nr);
		for (unsigned long i = 0; i < pages; i++) {
			unsigned char byte = check_random_range(1, 255);

			poke(self->fd, (first + i) * PAGE, byte);
			ASSERT_EQ(at[i * PAGE], byte,
				  "Mapped from page %lu on: page %lu of the mapping is not page %lu of the board.",
				  first, i, first + i);
		}
		munmap(at, pages * PAGE);
	}
}

static void refuse(int fd, unsigned long pages, unsigned long first, unsigned int nr)
{
	void *at = map(fd, pages, first);

	EXPECT_EQ(at, MAP_FAILED, "%lu pages from page %lu on were mapped, and the board has %u.",
		  pages, first, nr);
	if (at != MAP_FAILED)
		munmap(at, pages * PAGE);
}

CHECK_F(board, bounds, .needs = "offset",
	.title = "What the board does not have is refused")
{
	unsigned long inside = check_random_range(1, self->nr - 1);

	refuse(self->fd, self->nr + 1, 0, self->nr);
	refuse(self->fd, 1, self->nr, self->nr);
	refuse(self->fd, self->nr - inside + 1, inside, self->nr);
	refuse(self->fd, self->nr, inside, self->nr);
	refuse(self->fd, 2, (1UL << 51) - 2, self->nr);
	refuse(self->fd, 1, check_random_range(self->nr, 1UL << 40), self->nr);
	EXPECT_EQ(mappings(), 0, "What was refused is counted as a mapping.");
}

CHECK_F(board, no_private, .needs = "coherent",
	.title = "A private mapping is refused")
{
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, self->fd, 0);

	EXPECT_EQ(at, MAP_FAILED,
		  "With MAP_PRIVATE a process would write to copies, and the kernel would never see that.");
}

CHECK_F(board, no_growth, .needs = "coherent",
	.title = "A mapping does not grow")
{
	void *at = map(self->fd, 2, 0), *grown;

	ASSERT_NE(at, MAP_FAILED);
	grown = mremap(at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	EXPECT_EQ(grown, MAP_FAILED,
		  "mremap() made the mapping larger, and your test of its length was before that. VM_DONTEXPAND forbids it.");
	if (grown == MAP_FAILED)
		munmap(at, 2 * PAGE);
	else
		munmap(grown, 4 * PAGE);
}

CHECK_F(board, read_only, .needs = "coherent",
	.title = "Who may only read cannot write")
{
	int fd = open_board(O_RDONLY);
	unsigned char *at;

	ASSERT_OK(fd);
	EXPECT_EQ(map(fd, 1, 0), MAP_FAILED, "The file was opened to be read only.");
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	ASSERT_NE(at, MAP_FAILED,
		  "A file that may be read could not be mapped to be read. The kernel clears VM_SHARED for it, and leaves VM_MAYSHARE.");
	EXPECT_ERR(libc_ret(mprotect(at, PAGE, PROT_READ | PROT_WRITE)), EACCES);
	munmap(at, PAGE);
	close(fd);
}

/* ----------------------------------------------- copies, parts, lifetimes --- */

CHECK_F(board, after_fork, .needs = "coherent",
	.title = "A child has the same pages")
{
	unsigned char *at = map(self->fd, self->nr, 0);
	unsigned long where = check_random_range(0, self->nr * PAGE - 1);
	int status;
	pid_t pid;

	ASSERT_NE(at, MAP_FAILED);
	at[where] = 1;
	pid = fork();
	ASSERT_OK(libc_ret(pid));
	if (!pid) {
		bool same = at[where] == 1;

		at[where] = 2;
		_exit(same ? 0 : 1);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0, "The child does not read what its parent wrote.");
	EXPECT_EQ(at[where], 2, "The parent does not read what its child wrote.");
	EXPECT_EQ(peek(self->fd, where), 2, "The kernel does not read what the child wrote.");
	munmap(at, self->nr * PAGE);
}

CHECK_F(board, counts, .needs = "after_fork",
	.title = "Mappings are counted, copies and parts, too")
{
	unsigned char *at, *second;
	int told[2], go[2], status;
	char byte = 0;
	pid_t pid;

	ASSERT_EQ(mappings(), 0);
	at = map(self->fd, 5, 0);
	ASSERT_NE(at, MAP_FAILED);
	EXPECT_EQ(mappings(), 1,
		  "There is one mapping. vm_ops->open is not called for the one that mmap() makes.");
	second = map(self->fd, 1, 3);
	ASSERT_NE(second, MAP_FAILED);
	EXPECT_EQ(mappings(), 2, "A page may be mapped twice.");
	at[3 * PAGE] = 77;
	EXPECT_EQ(second[0], 77, "Two mappings of the same page show different bytes.");
	ASSERT_OK(libc_ret(pipe(told)));
	ASSERT_OK(libc_ret(pipe(go)));
	pid = fork();
	if (!pid) {
		if (write(told[1], &byte, 1) == 1 && read(go[0], &byte, 1) == 1)
			_exit(0);
		_exit(1);
	}
	ASSERT_EQ(read(told[0], &byte, 1), 1);
	EXPECT_EQ(mappings(), 4, "A child has copies of both mappings.");
	ASSERT_EQ(write(go[1], &byte, 1), 1);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(mappings(), 2, "The child is gone, and its mappings, too.");
	munmap(at + 2 * PAGE, PAGE);
	EXPECT_EQ(mappings(), 3, "A hole in a mapping makes two of it.");
	EXPECT_EQ(at[3 * PAGE], 77, "What is behind the hole is not what it was.");
	munmap(at, 5 * PAGE);
	munmap(second, PAGE);
	EXPECT_EQ(mappings(), 0, "All is unmapped.");
}

CHECK_F(board, outlives_file, .needs = "coherent",
	.title = "A mapping outlives its file descriptor")
{
	unsigned char *at = map(self->fd, self->nr, 0);
	unsigned long where = check_random_range(0, self->nr * PAGE - 1);

	ASSERT_NE(at, MAP_FAILED);
	at[where] = 99;
	close(self->fd);
	EXPECT_ERR(mod_unload("board"), EAGAIN, "The module was unloaded with a page mapped.");
	self->fd = open_board(O_RDWR);
	ASSERT_OK(self->fd);
	EXPECT_EQ(at[where], 99, "The page has been given to somebody else.");
	EXPECT_EQ(peek(self->fd, where), 0, "Each open file has a board of its own.");
	munmap(at, self->nr * PAGE);
}

static long free_kib(void)
{
	const char *line = strstr(file_read("/proc/meminfo"), "MemFree:");

	return line ? atol(line + strlen("MemFree:")) : 0;
}

CHECK_F(board, leaks_nothing, .needs = "coherent",
	.title = "All pages come back")
{
	enum { MIB = 24, TOLERANCE = 10 };
	long before;

	/* Let each CPU keep few free pages for itself: those are not counted as free. */
	file_write("/proc/sys/vm/percpu_pagelist_high_fraction", "4000");
	before = free_kib();
	for (unsigned int i = 0; i < MIB * 256 / self->nr; i++) {
		int fd = open_board(O_RDWR);
		void *at;

		ASSERT_OK(fd);
		at = map(fd, self->nr, 0);
		ASSERT_NE(at, MAP_FAILED);
		close(fd);
		munmap(at, self->nr * PAGE);
	}
	EXPECT_LT(before - free_kib(), TOLERANCE * 1024,
		  "%d MiB were mapped and unmapped, board after board: so many KiB are missing.",
		  MIB);
	ASSERT_OK(libc_ret(self->fd));
}

/* ------------------------------------- where each allocation of the kernel's can fail --- */

/* Not counted when it failed: there is no mapping, and nobody calls close() for it. */
static int map_and_unmap(int fd, unsigned long pages, void *address)
{
	void *at = mmap(address, pages * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			0);
	int ret = at == MAP_FAILED ? -errno : 0, counted;

	if (!ret) {
		/* Only one allocation of a round fails: the second time it works. */
		while (libc_ret(munmap(at, pages * PAGE)) == -ENOMEM)
			;
		return 0;
	}
	counted = mappings();
	EXPECT_EQ(counted, 0,
		  "There was no memory for a page table, mmap() failed, and a mapping is counted. Count it when nothing can fail any more.");
	return counted ? -EUCLEAN : ret;
}

/* Addresses whose last page table is not there yet: it has room for 2 MiB. */
static void *empty_addresses(void)
{
	const size_t table = 2UL << 20;
	void *at = mmap(NULL, 3 * table, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
			-1, 0);

	ASSERT_NE(at, MAP_FAILED);
	ASSERT_OK(libc_ret(munmap(at, 3 * table)));
	return (void *)(((unsigned long)at + table - 1) & -table);
}

static int open_and_close(void)
{
	int fd = open_board(O_RDWR);

	if (fd >= 0)
		close(fd);
	return fd;
}

CHECK_F(board, no_memory, .needs = "counts", .deadline = 600,
	.title = "Where there is no memory for a board or a mapping, there is none")
{
	enum { FEW = 3 };	/* each of them costs a round, and seconds */
	void *at = empty_addresses();

	close(self->fd);
	ASSERT_OK(mod_unload("board"));
	ASSERT_OK(mod_load("board.ko", "pages=3"));
	ASSERT_TRUE(WAIT_UNTIL(!access(DEVICE, F_OK), 2000));
	self->fd = open_board(O_RDWR);
	ASSERT_OK(self->fd);
	FAIL_EACH(open_and_close());
	EXPECT_GE(FAIL_EACH(map_and_unmap(self->fd, FEW, at)), 1,
		  "The pages are there; the page table that they go into is not.");
}
