// SPDX-License-Identifier: GPL-2.0
/*
 * What tickets.c must do, and that it does so in its own memory.
 *
 * The machine runs with slub_debug: there are guards around each object, memory that was
 * freed is filled with 0x6b, and the kernel looks at both when an object is freed, and when
 * somebody writes to "validate" in /sys/kernel/slab. In the memory lane KASAN looks at each
 * access. Both write into the kernel's log, which must stay silent here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "check_model.h"

#define FILE_NAME	"/proc/desk"
/* As in desk.h: it is part of the interface. */
struct ticket_info {
	unsigned char urgent;
	unsigned int number;
	char label[INFO_LABEL];
};

/* --------------------------------------------------------- the real thing --- */

static int say(int fd, const char *format, ...) CHECK_PRINTF_(2, 3);
static int say(int fd, const char *format, ...)
{
	va_list args;
	char line[400];
	long long ret;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	ret = libc_ret(write(fd, line, strlen(line)));
	return ret < 0 ? ret : 0;
}

static void draw_label(char *label, size_t len)
{
	check_random_word(label, len + 1);
	if (len && !check_random_range(0, 3))
		label[0] = '!';
}

/* The numbers called, as the module and as the model knows them. */
static void expect_calls(const char *why)
{
	char want[CALLS_MOST * 12] = "", *have = file_read("/proc/calls");

	for (unsigned int i = 0; i < nr_calls; i++)
		sprintf(want + strlen(want), "%u\n", calls[i]);
	ASSERT_NOTNULL(have);
	EXPECT_STREQ(have, want, "%s", why);
}

/* Who waits: label, number, urgent; the unused bytes are looked at elsewhere. */
static ssize_t read_infos(int fd, struct ticket_info infos[TICKETS_MOST + 1])
{
	memset(infos, 0xee, (TICKETS_MOST + 1) * sizeof(*infos));
	return libc_ret(pread(fd, infos, (TICKETS_MOST + 1) * sizeof(*infos), 0));
}

static void expect_infos(int fd)
{
	struct ticket_info infos[TICKETS_MOST + 1];

	ASSERT_EQ(read_infos(fd, infos), nr_tickets * sizeof(*infos),
		  "%u tickets wait: that makes so many bytes.", nr_tickets);
	for (unsigned int i = 0; i < nr_tickets; i++) {
		const char *label = tickets[i].label;

		ASSERT_EQ(infos[i].number, tickets[i].number, "This is another ticket.");
		ASSERT_EQ(infos[i].urgent, label[0] == '!', "Is \"%s\" urgent?", label);
		ASSERT_EQ(strnlen(infos[i].label, INFO_LABEL),
			  strlen(label) < INFO_LABEL ? strlen(label) : INFO_LABEL - 1,
			  "The label \"%s\" has another length.", label);
		ASSERT_EQ(strncmp(infos[i].label, label, INFO_LABEL - 1), 0,
			  "The label should be \"%s\".", label);
	}
}

FIXTURE(desk) {
	int fd;
	u64 mark;
};

FIXTURE_SETUP(desk)
{
	self->fd = -1;
	self->mark = kmsg_mark();
	ASSERT_OK(mod_load("desk.ko", NULL), "The module was not loaded.");
	self->fd = libc_ret(open(FILE_NAME, O_RDWR | O_CLOEXEC));
	ASSERT_OK(self->fd, "%s cannot be opened.", FILE_NAME);
}

FIXTURE_TEARDOWN(desk)
{
	if (self->fd >= 0)
		close(self->fd);
	if (mod_loaded("desk"))
		EXPECT_OK(mod_unload("desk"), "The module was not unloaded.");
}

/* Draft and submit. */
static void take(int fd, const char *label)
{
	ASSERT_OK(say(fd, "draft %s", label), "No draft: \"%s\"", label);
	ASSERT_OK(say(fd, "submit"), "No ticket for the draft \"%s\"", label);
	ASSERT_EQ(want_submit(label), 0);
}

CHECK_F(desk, works, .title = "Tickets are drawn, listed, called and given up")
{
	char label[8];

	ASSERT_ERR(say(self->fd, "submit"), ENODATA);
	ASSERT_ERR(say(self->fd, "call"), ENOENT);
	for (unsigned int i = 0; i < 9; i++) {
		draw_label(label, 7);
		take(self->fd, label);
	}
	expect_infos(self->fd);
	for (int number = 8; number > 0; number -= 3) {
		ASSERT_OK(say(self->fd, "cancel %d", number));
		ASSERT_EQ(want_cancel(number), 0);
		ASSERT_ERR(say(self->fd, "cancel %d", number), ENOENT);
	}
	expect_infos(self->fd);
	ASSERT_OK(say(self->fd, "call"));
	ASSERT_EQ(want_call(), 0);
	expect_infos(self->fd);
}

CHECK_F(desk, overflow, .needs = "works", .deadline = 60,
	.title = "A label of any length stays in its own memory")
{
	static const unsigned int full[] = { 8, 16, 32, 64, 96 };
	char label[LABEL_LONGEST + 10];

	for (unsigned int i = 0; i < 14; i++) {
		draw_label(label, i % 2 ? full[i / 2 % 5] : check_random_range(4, LABEL_LONGEST));
		if (want_submit(label))
			continue;
		ASSERT_OK(say(self->fd, "draft %s", label));
		ASSERT_OK(say(self->fd, "submit"));
	}
	expect_infos(self->fd);
	draw_label(label, check_random_range(LABEL_LONGEST + 1, LABEL_LONGEST + 9));
	EXPECT_ERR(say(self->fd, "draft %s", label), ENAMETOOLONG);
	for (unsigned int number = 1; number <= last_number; number++) {
		ASSERT_OK(say(self->fd, "cancel %u", number));
		ASSERT_STREQ(complaint(self->mark), "",
			     "A label was written beyond the end of the memory that it got. How long is it, with all that belongs to it?");
	}
	nr_tickets = 0;
	take(self->fd, "");
	expect_infos(self->fd);
	EXPECT_STREQ(complaint(self->mark), "", "A label may be empty.");
}

CHECK_F(desk, underflow, .needs = "works", .deadline = 60,
	.title = "There is nothing before the first call")
{
	unsigned int times = check_random_range(2, 10);
	char label[6];

	for (unsigned int i = 0; i < times; i++) {
		draw_label(label, 5);
		take(self->fd, label);
		ASSERT_OK(say(self->fd, "call"));
		ASSERT_EQ(want_call(), 0);
	}
	while (!want_undo())
		ASSERT_OK(say(self->fd, "undo"));
	EXPECT_ERR(say(self->fd, "undo"), ENOENT, "No call was left, and one was taken back.");
	close(self->fd);
	self->fd = -1;
	/* The array of calls is freed, and looked at. */
	ASSERT_OK(mod_unload("desk"));
	EXPECT_STREQ(complaint(self->mark), "",
		     "All calls were taken back, and then one more. Something was written in front of the array of calls.");
}

CHECK_F(desk, use_after_free, .needs = "works", .deadline = 60,
	.title = "The number of a ticket is known after it was called")
{
	unsigned int times = check_random_range(20, 60);
	char label[7];

	for (unsigned int i = 0; i < times; i++) {
		draw_label(label, 6);
		if (want_submit(label) == 0) {
			ASSERT_OK(say(self->fd, "draft %s", label));
			ASSERT_OK(say(self->fd, "submit"));
		}
		if (i % 3)
			ASSERT_EQ(say(self->fd, "call"), want_call());
	}
	expect_calls("These were called last. 1802201963 is 0x6b6b6b6b: memory that was freed.");
	expect_infos(self->fd);
	look_now();
	EXPECT_STREQ(complaint(self->mark), "", "A ticket was used after it was freed.");
}

CHECK_F(desk, uninitialised, .needs = "works", .deadline = 60,
	.title = "A reader gets what is his, and nothing else of the kernel's")
{
	struct ticket_info infos[TICKETS_MOST + 1];
	char label[60];

	for (unsigned int i = 0; i < TICKETS_MOST; i++) {
		/* Memory that somebody used before: of these sizes, and not zero. */
		for (unsigned int j = 0; j < 4; j++) {
			check_random_word(label, check_random_range(10, sizeof(label)));
			ASSERT_OK(say(self->fd, "draft %s", label));
		}
		draw_label(label, check_random_range(4, 7));
		if (want_submit(label) == 0) {
			ASSERT_OK(say(self->fd, "draft %s", label));
			ASSERT_OK(say(self->fd, "submit"));
		}
		expect_infos(self->fd);
		read_infos(self->fd, infos);
		for (unsigned int k = 0; k < nr_tickets; k++) {
			struct ticket_info want;

			memset(&want, 0, sizeof(want));
			want.urgent = tickets[k].label[0] == '!';
			want.number = tickets[k].number;
			memcpy(want.label, tickets[k].label,
			       strnlen(tickets[k].label, INFO_LABEL - 1));
			ASSERT_MEMEQ(&infos[k], &want, sizeof(want),
				     "In what a reader gets there are bytes that nobody wrote: what was in that memory before. 0x6b is what slub_debug puts there; without it, it may be a password.");
		}
	}
}

/*
 * Objects of the cache that labels of 91 letters are in: in use, and all of them. Exact with
 * slub_debug. The lines with such labels in them are in another one.
 */
static long objects_in_use(long *all)
{
	char *line = strstr(file_read("/proc/slabinfo") ?: "", "\nkmalloc-96 ");
	long used = 0;

	*all = 0;
	if (line)
		sscanf(line, " %*s %ld %ld", &used, all);
	return used;
}

static bool exact(void)
{
	return !strcmp(getenv("WB_LANE") ?: "stock", "stock");
}

/*
 * Take memory until one object is left. What is freed twice then is the only free one, and the
 * kernel's list of free ones does not break: it is to report the bug, and not to crash later.
 */
static void leave_one(const char *label)
{
	long used, all;

	for (int i = 0; i < 800 && exact(); i++) {
		int fd;

		used = objects_in_use(&all);
		if (all - used == 1)
			break;
		fd = libc_ret(open(FILE_NAME, O_RDWR | O_CLOEXEC));
		ASSERT_OK(fd);
		ASSERT_OK(say(fd, "draft %s", label));
		/* It is closed when the check ends. */
	}
}

CHECK_F(desk, double_free, .needs = "works", .deadline = 60,
	.title = "A draft that was refused is given back once")
{
	char label[LABEL_LONGEST + 1];
	long before, grown, all;

	draw_label(label, check_random_range(91, 94));
	take(self->fd, label);
	for (unsigned int i = 0; i < 5; i++) {
		int second = libc_ret(open(FILE_NAME, O_RDWR | O_CLOEXEC));

		ASSERT_OK(second);
		leave_one(label);
		ASSERT_OK(say(second, "draft %s", label));
		ASSERT_ERR(say(second, "submit"), EEXIST, "There is a ticket \"%s\".", label);
		close(second);
		ASSERT_STREQ(complaint(self->mark), "",
			     "A ticket was refused, and the session closed. Who gives the draft back, and does the other one know?");
	}
	/* Not to free it at all is no answer. */
	before = objects_in_use(&all);
	for (unsigned int i = 0; i < 60; i++) {
		ASSERT_OK(say(self->fd, "draft %s", label));
		ASSERT_ERR(say(self->fd, "submit"), EEXIST);
	}
	grown = objects_in_use(&all) - before;
	if (exact())
		EXPECT_LT(grown, 40, "60 drafts were refused, and so many objects are left.");
	/* And if the session goes on. */
	ASSERT_OK(say(self->fd, "draft %s", label));
	ASSERT_ERR(say(self->fd, "submit"), EEXIST);
	ASSERT_ERR(say(self->fd, "submit"), ENODATA,
		   "After a submit there is no draft, also when it was refused.");
	take(self->fd, "afterwards");
	expect_infos(self->fd);
	EXPECT_STREQ(complaint(self->mark), "", "A draft was used after it was freed.");
}

/* One step of anything, by one of three sessions. */
static void step(int fd, char **draft)
{
	char label[LABEL_LONGEST + 10];
	unsigned int number;

	switch (check_random_range(0, 9)) {
	case 0 ... 2:
		draw_label(label, check_random_range(0, 3) ? check_random_range(0, 2) :
			   check_random_range(0, LABEL_LONGEST + 5));
		if (strlen(label) > LABEL_LONGEST) {
			ASSERT_ERR(say(fd, "draft %s", label), ENAMETOOLONG);
			break;
		}
		ASSERT_OK(say(fd, "draft %s", label));
		free(*draft);
		*draft = strdup(label);
		break;
	case 3 ... 5:
		ASSERT_EQ(say(fd, "submit"), want_submit(*draft));
		free(*draft);
		*draft = NULL;
		break;
	case 6:
		ASSERT_EQ(say(fd, "call"), want_call());
		break;
	case 7:
		ASSERT_EQ(say(fd, "undo"), want_undo());
		break;
	case 8:
		number = check_random_range(0, last_number + 1);
		ASSERT_EQ(say(fd, "cancel %u", number), want_cancel(number));
		break;
	default:
		expect_infos(fd);
	}
}

CHECK_F(desk, anything, .needs = "double_free", .deadline = 60,
	.title = "Whatever three sessions do, the kernel has nothing to complain of")
{
	char *drafts[3] = { NULL };
	int fds[3] = { -1, -1, -1 };

	for (unsigned int i = 0; i < 1500; i++) {
		unsigned int who = check_random_range(0, 2);

		if (fds[who] < 0) {
			fds[who] = libc_ret(open(FILE_NAME, O_RDWR | O_CLOEXEC));
			ASSERT_OK(fds[who]);
		}
		if (check_random_range(0, 49)) {
			step(fds[who], &drafts[who]);
			continue;
		}
		close(fds[who]);
		fds[who] = -1;
		free(drafts[who]);
		drafts[who] = NULL;
	}
	expect_calls("These were called last.");
	expect_infos(self->fd);
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	close(self->fd);
	self->fd = -1;
	look_now();
	ASSERT_OK(mod_unload("desk"));
	EXPECT_STREQ(complaint(self->mark), "", "The kernel found memory used in a wrong way.");
}
