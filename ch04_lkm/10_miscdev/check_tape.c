// SPDX-License-Identifier: GPL-2.0
/* The way from the checks to the tapes */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_tape.h"

void tape_load(struct fixture_tape *self)
{
	char params[40];

	mod_unload("tape");	/* left by a check that was stopped */
	self->capacity = check_random_range(3000, 30000);
	snprintf(params, sizeof(params), "capacity=%zu", self->capacity);
	ASSERT_OK(mod_load("tape.ko", params), "The module was not loaded.");
}

void tape_unload(struct fixture_tape *self)
{
	(void)self;
	for (int fd = 3; fd < 100; fd++) {
		char link[32], target[16];
		ssize_t n;

		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, target, sizeof(target));
		if (n > 0 && !strncmp(target, "/dev/tape", strlen("/dev/tape")))
			close(fd);
	}
	if (mod_loaded("tape"))
		EXPECT_OK(mod_unload("tape"), "The module was not unloaded.");
}

int tape_open(int id, int flags)
{
	int fd = open(id ? "/dev/tape1" : "/dev/tape0", flags);

	ASSERT_OK(libc_ret(fd), "/dev/tape%d cannot be opened.", id);
	return fd;
}

unsigned char *random_bytes(size_t len)
{
	unsigned char *bytes = calloc(1, len + 1);

	ASSERT_NOTNULL(bytes);
	for (size_t i = 0; i < len; i++)
		bytes[i] = check_random();
	return bytes;
}

bool tape_is(int id, const unsigned char *bytes, size_t len)
{
	unsigned char *got = malloc(len + 1);
	int fd = tape_open(id, O_RDONLY);
	ssize_t n = read(fd, got, len + 1);
	bool same = n >= 0 && (size_t)n == len && !memcmp(got, bytes, len);

	close(fd);
	free(got);
	return same;
}

void expect_tape(int id, const unsigned char *bytes, size_t len)
{
	unsigned char *got = malloc(len + 1);
	int fd = tape_open(id, O_RDONLY);

	ASSERT_EQ(libc_ret(read(fd, got, len + 1)), len,
		  "The tape should have %zu bytes.", len);
	close(fd);
	ASSERT_MEMEQ(got, bytes, len, "The tape has not the bytes that it should.");
	free(got);
}
