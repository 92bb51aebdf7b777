// SPDX-License-Identifier: GPL-2.0
/*
 * What accounts.c must survive: each of its allocations fails in turn.
 *
 * An operation is tried with its first allocation failing, then with its second, and so on,
 * until it has run without a failure. Each time that one failed, the error must be -ENOMEM,
 * and everything must be as it was: the accounts, and how much memory is in use.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define DEVICE		"/dev/ledger"
#define ROOM_FIRST	4

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

static const char *word(void)
{
	char *made = calloc(40, 1);

	ASSERT_NOTNULL(made);
	check_random_word(made, check_random_range(9, 40));
	return made;
}

static long parameter(const char *name)
{
	char *value = mod_param_read("ledger", name);

	ASSERT_NOTNULL(value);
	return atol(value);
}

static void let_fail(unsigned int nth)
{
	ASSERT_OK(mod_param_write("ledger", "fail_nth", text("%u", nth)));
}

/* -------------------------------------------------------------- the file --- */

static int open_ledger(void)
{
	return libc_ret(open(DEVICE, O_RDWR | O_CLOEXEC));
}

static int say(int fd, const char *line)
{
	long long ret = libc_ret(write(fd, line, strlen(line)));

	return ret < 0 ? ret : 0;
}

/* All accounts, behind the title; read through a file that is open already. */
static const char *accounts(int fd)
{
	enum { MOST = 1 << 17 };
	char *list = calloc(MOST, 1);

	ASSERT_NOTNULL(list);
	ASSERT_OK(libc_ret(pread(fd, list, MOST - 1, 0)));
	return list;
}

/* A ledger with a title, open once. */
FIXTURE(ledger) {
	const char *title;
	int fd;
};

FIXTURE_SETUP(ledger)
{
	mod_unload("ledger");	/* left by a check that was stopped */
	self->title = word();
	self->fd = -1;
	ASSERT_OK(mod_load("ledger.ko", text("title=%s", self->title)),
		  "The module was not loaded.");
	ASSERT_TRUE(WAIT_UNTIL(!access(DEVICE, F_OK), 2000), "There is no " DEVICE ".");
	self->fd = open_ledger();
	ASSERT_OK(self->fd, "Nothing fails yet.");
}

FIXTURE_TEARDOWN(ledger)
{
	u64 mark = kmsg_mark();

	if (self->fd >= 0)
		close(self->fd);
	EXPECT_OK(mod_unload("ledger"), "The module was not unloaded.");
	EXPECT_TRUE(kmsg_wait(mark, "live=0$", 0),
		    "The module is unloaded, and allocations of it are in use: %s",
		    kmsg_since(mark));
}

/* A number of accounts, one by one; the text that is then read. */
static const char *fill(int fd, const char *list, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		const char *name = word();
		long value = (long)check_random_range(0, 2000000) - 1000000;

		ASSERT_OK(say(fd, text("add %s %ld", name, value)),
			  "Account number %u could not be made, and nothing failed. A table that is full must grow.",
			  i);
		list = text("%s%s %ld\n", list, name, value);
	}
	return list;
}

CHECK_F(ledger, works, .title = "Accounts are made and listed")
{
	const char *list = fill(self->fd, text("%s\n", self->title), check_random_range(30, 60));
	unsigned int many = check_random_range(20, 50);
	const char *prefix = word();

	EXPECT_STREQ(accounts(self->fd), list);
	ASSERT_OK(say(self->fd, text("batch %s %u", prefix, many)));
	for (unsigned int i = 0; i < many; i++)
		list = text("%s%s%u %u\n", list, prefix, i, i);
	EXPECT_STREQ(accounts(self->fd), list);
	EXPECT_ERR(say(self->fd, text("add %s3 1", prefix)), EEXIST);
}

CHECK(load, .title = "The module cannot be loaded when one of its allocations fails")
{
	unsigned int nth = 0;
	int ret = -ENOMEM;

	for (nth = 1; nth < 20 && ret; nth++) {
		u64 mark = kmsg_mark();

		ret = mod_load("ledger.ko", text("title=%s fail_nth=%u", word(), nth));
		if (!ret)
			break;
		ASSERT_ERR(ret, ENOMEM, "Allocation %u of ledger_new() failed.", nth);
		EXPECT_TRUE(kmsg_wait(mark, "failed=1 live=0$", 0),
			    "Allocation %u of ledger_new() failed, and of those before it some are in use: %s",
			    nth, kmsg_since(mark));
	}
	ASSERT_OK(ret);
	EXPECT_OK(mod_unload("ledger"));
	EXPECT_GE(nth - 1, 3, "A ledger, its title, its table: all three come from faulty.h.");
}

CHECK_F(ledger, open, .title = "An open fails when one of its allocations does")
{
	long before = parameter("live"), open_before = parameter("sessions");
	unsigned int nth;
	int fd = -1;

	for (nth = 1; nth < 20; nth++) {
		let_fail(nth);
		fd = open_ledger();
		if (fd >= 0)
			break;
		ASSERT_ERR(fd, ENOMEM, "Allocation %u of session_new() failed.", nth);
		EXPECT_EQ(parameter("live"), before,
			  "Allocation %u of session_new() failed, and what came before it is still in use. Nobody closes what was not opened.",
			  nth);
		EXPECT_EQ(parameter("sessions"), open_before,
			  "Allocation %u of session_new() failed, and the session is counted.",
			  nth);
	}
	let_fail(0);
	ASSERT_OK(fd);
	EXPECT_EQ(parameter("sessions"), open_before + 1);
	EXPECT_GE(nth - 1, 2, "A session, its line: both come from faulty.h.");
	ASSERT_OK(say(fd, text("add %s 1", word())),
		  "The session that was opened at last does not work.");
	close(fd);
}

/* ----------------------------------------------------------- operations --- */

/* Do it until nothing failed; how many allocations did. */
static unsigned int each_fails(int fd, const char *what, const char *line)
{
	const char *before = accounts(fd);
	long live = parameter("live");
	unsigned int nth;

	for (nth = 1; nth < 4000; nth++) {
		long failed = parameter("failed");
		int ret;

		let_fail(nth);
		ret = say(fd, line);
		let_fail(0);
		if (parameter("failed") == failed) {
			ASSERT_OK(ret, "%s: no allocation failed.", what);
			break;
		}
		ASSERT_ERR(ret, ENOMEM, "%s: its allocation %u failed.", what, nth);
		ASSERT_STREQ(accounts(fd), before,
			     "%s: its allocation %u failed, and the accounts are not what they were before.",
			     what, nth);
		ASSERT_EQ(parameter("live"), live,
			  "%s: its allocation %u failed, and not as many are in use as before.",
			  what, nth);
	}
	return nth - 1;
}

/* Fill the table to the last place, from what is in it. */
static unsigned int fill_up(int fd, unsigned int have, unsigned int doublings)
{
	unsigned int room = ROOM_FIRST << doublings;

	fill(fd, "", room - have);
	return room;
}

CHECK_F(ledger, add, .needs = "works",
	.title = "An account is made, or all is as before")
{
	unsigned int have = 0;

	for (unsigned int doublings = 0; doublings < 5; doublings++) {
		const char *name = word();
		const char *list;

		have = fill_up(self->fd, have, doublings);
		list = accounts(self->fd);
		/* Which comes first, the account or the room, is not for us to say. */
		EXPECT_GE(each_fails(self->fd, "add, with a full table",
				     text("add %s 42", name)), 2,
			  "An account, its name: both come from faulty.h.");
		have++;
		EXPECT_STREQ(accounts(self->fd), text("%s%s 42\n", list, name));
	}
}

CHECK_F(ledger, batch, .needs = "add", .deadline = 60,
	.title = "Many accounts are made, or none")
{
	unsigned int many = check_random_range(20, 40);
	const char *prefix = word(), *list;

	list = fill(self->fd, text("%s\n", self->title), check_random_range(0, 9));
	EXPECT_GE(each_fails(self->fd, text("batch of %u", many),
			     text("batch %s %u", prefix, many)), 2 * many,
		  "Each account and each name comes from faulty.h.");
	for (unsigned int i = 0; i < many; i++)
		list = text("%s%s%u %u\n", list, prefix, i, i);
	EXPECT_STREQ(accounts(self->fd), list);
}

CHECK_F(ledger, batch_refused, .needs = "batch",
	.title = "A batch that meets an account of its own makes none")
{
	unsigned int many = check_random_range(10, 40), which = check_random_range(1, many - 1);
	const char *prefix = word(), *list;
	long live;

	ASSERT_OK(say(self->fd, text("add %s%u 7", prefix, which)));
	list = accounts(self->fd);
	live = parameter("live");
	ASSERT_ERR(say(self->fd, text("batch %s %u", prefix, many)), EEXIST);
	EXPECT_STREQ(accounts(self->fd), list,
		     "The error was -EEXIST: that, too, undoes all of it.");
	EXPECT_EQ(parameter("live"), live);
}

CHECK_F(ledger, anything, .needs = "batch", .deadline = 60,
	.title = "Failures at any time, and it goes on")
{
	const char *list = text("%s\n", self->title);

	for (unsigned int i = 0; i < 250; i++) {
		bool batch = !check_random_range(0, 3);
		unsigned int many = check_random_range(1, 9);
		const char *name = word();
		long failed = parameter("failed");
		int ret;

		let_fail(check_random_range(0, 12));
		ret = say(self->fd, batch ? text("batch %s %u", name, many) :
				    text("add %s %u", name, many));
		let_fail(0);
		if (parameter("failed") != failed) {
			ASSERT_ERR(ret, ENOMEM, "An allocation failed.");
		} else {
			ASSERT_OK(ret, "No allocation failed.");
			for (unsigned int j = 0; batch && j < many; j++)
				list = text("%s%s%u %u\n", list, name, j, j);
			if (!batch)
				list = text("%s%s %u\n", list, name, many);
		}
		ASSERT_STREQ(accounts(self->fd), list, "Operation %u: %s.", i,
			     ret ? "it failed, and changed something" : "it did something else");
	}
}

/* ------------------------------------------- where kmalloc() itself can fail --- */

static int open_and_close(void)
{
	int fd = open_ledger();

	if (fd >= 0)
		close(fd);
	return fd;
}

CHECK_F(ledger, real_failures, .needs = "batch", .deadline = 900,
	.title = "Each allocation of the kernel's own fails in turn")
{
	const char *name = NULL;
	unsigned int below;

	below = FAIL_EACH(open_and_close());
	EXPECT_GE(below, 2, "A session, its line: both are below session_new().");
	below = FAIL_EACH(say(self->fd, text("batch %s 5", name = word())));
	EXPECT_GE(below, 10, "Five accounts, five names.");
	EXPECT_NOTNULL(strstr(accounts(self->fd), text("%s4 4\n", name)),
		       "The last batch was made, and is not there.");
}
