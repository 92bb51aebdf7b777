// SPDX-License-Identifier: GPL-2.0
/* What tickets.c must do when each allocation of the kernel's own fails in turn. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

FIXTURE(desk) {
	int fd;
};

FIXTURE_SETUP(desk)
{
	self->fd = -1;
	ASSERT_OK(mod_load("desk.ko", NULL), "The module was not loaded.");
	self->fd = libc_ret(open("/proc/desk", O_RDWR | O_CLOEXEC));
	ASSERT_OK(self->fd, "/proc/desk cannot be opened.");
}

FIXTURE_TEARDOWN(desk)
{
	if (self->fd >= 0)
		close(self->fd);
	EXPECT_OK(mod_unload("desk"), "The module was not unloaded.");
}

static int say(int fd, const char *format, ...) CHECK_PRINTF_(2, 3);
static int say(int fd, const char *format, ...)
{
	char line[100];
	long long ret;
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	ret = libc_ret(write(fd, line, strlen(line)));
	return ret < 0 ? ret : 0;
}

/* When there is no memory for another draft, the session has the one that it had. */
static int draft_another(int fd, const char *label)
{
	int ret = say(fd, "draft %s", label);

	if (ret) {
		EXPECT_OK(say(fd, "submit"),
			  "There was no memory for another draft, and now there is none at all.");
		EXPECT_OK(say(fd, "call"));
		ASSERT_OK(say(fd, "draft %s", label));
	}
	return ret;
}

/* A ticket waits, so that a reader gets something. */
static int read_all(int fd)
{
	char infos[4096];
	long long ret = libc_ret(pread(fd, infos, sizeof(infos), 0));

	return ret > 0 ? 0 : ret ?: -EIO;
}

CHECK_F(desk, no_memory, .needs = "works", .deadline = 300,
	.title = "Where there is no memory, a session keeps what it had")
{
	char label[30];

	check_random_word(label, check_random_range(10, sizeof(label)));
	ASSERT_OK(say(self->fd, "draft %s", label));
	EXPECT_GE(FAIL_EACH(draft_another(self->fd, label)), 1, "A draft is allocated.");
	ASSERT_OK(say(self->fd, "submit"));
	EXPECT_GE(FAIL_EACH(read_all(self->fd)), 1, "So is what a reader gets.");
}
