// SPDX-License-Identifier: GPL-2.0
/*
 * What the tools say of relay.c, and what the module does.
 *
 * The tools ran where the module was built, and left a report each. What a tool
 * points at is a fault, not a spot on the paper: where calling the faulty code is
 * not safe, the check of what it does waits until the tool is silent.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_relay.h"

/* How the tools, and the makefile for Coccinelle, begin a complaint. */
static bool is_fault(const char *line)
{
	static const char *const words[] = {
		"warning:", "error:", "WARNING:", "ERROR:", "CHECK:",
	};

	if (strstr(line, ".cocci"))
		return true;
	if (!strstr(line, "relay."))
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(line, words[i]))
			return true;
	return false;
}

/* The files' way to where they were built is nothing to the reader. */
static const char *shorten(const char *line)
{
	const char *at = strstr(line, "relay.");

	return *line == '/' && at ? at : line;
}

static void expect_silent(const char *tool)
{
	char name[32], *next, *line, *missing, *status;
	unsigned int faults = 0;

	snprintf(name, sizeof(name), "%s.report", tool);
	next = file_read(name);
	ASSERT_NOTNULL(next, "There is no report of %s: the build did not make it.", tool);
	missing = strstr(next, "missing: ");
	ASSERT_NULL(missing,
		    "%s did not run, so nothing is known: it is not installed where the module was built.\nInstall it: sudo apt-get install %s",
		    tool, missing + strlen("missing: "));
	status = strstr(next, "exit status ");
	ASSERT_NOTNULL(status, "The report of %s has no end:\n%s", tool, next);
	while ((line = strsep(&next, "\n")) && line != status) {
		faults += is_fault(line);
		if (!strstr(line, "+++ ") && !strstr(line, "--- ") && *line)
			check_note("%s", shorten(line));
	}
	EXPECT_EQ(faults, 0, "%s has %u complaints about relay.c.", tool, faults);
	if (!faults)
		EXPECT_EQ(atoi(status + strlen("exit status ")), 0,
			  "%s did not come to its end: see %s beside the module.", tool, name);
}

FIXTURE_SETUP(relay)
{
	relay_load(self);
}

FIXTURE_TEARDOWN(relay)
{
	relay_unload(self);
}

CHECK(checkpatch, .title = "checkpatch --strict is silent")
{
	expect_silent("checkpatch");
}

CHECK(sparse, .title = "sparse is silent")
{
	expect_silent("sparse");
}

CHECK(compiler, .title = "The compiler with -Wall and -Wextra is silent")
{
	expect_silent("compiler");
}

CHECK(coccinelle, .title = "The four semantic patches find nothing")
{
	expect_silent("coccinelle");
}

CHECK_F(relay, passes, .title = "Frames come out as they went in, in their order", .deadline = 60)
{
	struct frame waiting[RELAY_CHANNELS][RELAY_DEPTH];
	unsigned int count[RELAY_CHANNELS] = { 0 };

	for (int i = 0; i < 400; i++) {
		unsigned int channel = check_random_range(0, RELAY_CHANNELS - 1);
		unsigned int *n = &count[channel];

		if (*n < RELAY_DEPTH && check_random() % 5 < 3) {
			struct frame frame = frame_draw(channel);

			ASSERT_EQ(put(self->fd, &frame), frame.size,
				  "A frame of %zu bytes for channel %u was not taken.",
				  frame.size, channel);
			waiting[channel][(*n)++] = frame;
		} else {
			select_channel(self->fd, channel);
			expect_frame(self->fd, *n ? &waiting[channel][0] : NULL);
			if (*n)
				memmove(&waiting[channel][0], &waiting[channel][1],
					--*n * sizeof(struct frame));
		}
	}
}

CHECK_F(relay, refuses, .title = "What is no frame is refused")
{
	struct frame good = frame_draw(3), bad = good;

	bad.head.magic ^= htobe16(1 << check_random_range(0, 15));
	EXPECT_ERR(put(self->fd, &bad), EINVAL, "A frame with another magic number was taken.");
	bad = good;
	bad.head.channel = htobe16(check_random_range(RELAY_CHANNELS, 65535));
	EXPECT_ERR(put(self->fd, &bad), EINVAL, "A frame for channel %u was taken: there are %d.",
		   be16toh(bad.head.channel), RELAY_CHANNELS);
	bad = good;
	bad.head.length ^= htobe32(1u << check_random_range(0, 31));
	EXPECT_ERR(put(self->fd, &bad), EINVAL,
		   "A frame was taken that says it has %u bytes and has %zu.",
		   be32toh(bad.head.length), good.size - sizeof(good.head));
	bad = good;
	bad.head.sum ^= htole32(1u << check_random_range(0, 31));
	EXPECT_ERR(put(self->fd, &bad), EBADMSG,
		   "A frame with a wrong sum was not refused as such.");
	bad.size = check_random_range(0, sizeof(bad.head) - 1);
	EXPECT_ERR(put(self->fd, &bad), EINVAL, "%zu bytes are no head, and were taken.",
		   bad.size);
	bad = frame_sized(3, RELAY_LONGEST + 1);
	EXPECT_ERR(put(self->fd, &bad), EINVAL, "A frame that is one byte too long was taken.");
	EXPECT_ERR(libc_ret(ioctl(self->fd, RELAY_SELECT, check_random_range(RELAY_CHANNELS, ~0u))),
		   EINVAL, "A channel that is none was selected.");
	EXPECT_ERR(libc_ret(ioctl(self->fd, _IO('w', 99))), ENOTTY);
	select_channel(self->fd, 3);
	expect_frame(self->fd, NULL);
	EXPECT_EQ(put(self->fd, &good), good.size);
	EXPECT_ERR(libc_ret(read(self->fd, &bad, good.size - 1)), EMSGSIZE,
		   "The buffer is one byte too small.");
	expect_frame(self->fd, &good);
}

CHECK_F(relay, numbers, .title = "A channel's frames are numbered, in the network's byte order")
{
	unsigned int channel = check_random_range(0, RELAY_CHANNELS - 1);
	unsigned int count = check_random_range(3, 9);

	select_channel(self->fd, channel);
	for (unsigned int i = 1; i <= count; i++) {
		struct frame frame = frame_draw(channel), got;

		ASSERT_EQ(put(self->fd, &frame), frame.size);
		ASSERT_EQ(get(self->fd, &got), frame.size);
		ASSERT_EQ(be32toh(got.head.number), i,
			  "Frame %u of the channel bears another number: is its byte order the wire's?",
			  i);
	}
}

CHECK_F(relay, full, .title = "A full channel refuses, and goes on afterwards", .needs = "sparse")
{
	struct frame first = frame_draw(5), frame = first;
	struct relay_stats stats;

	for (int i = 0; i < RELAY_DEPTH; i++) {
		ASSERT_EQ(put(self->fd, &frame), frame.size);
		frame = frame_draw(5);
	}
	EXPECT_ERR(put(self->fd, &frame), ENOBUFS, "Frame %d of a channel was taken.",
		   RELAY_DEPTH + 1);
	EXPECT_ERR(put(self->fd, &frame), ENOBUFS);
	select_channel(self->fd, 5);
	expect_frame(self->fd, &first);
	EXPECT_EQ(put(self->fd, &frame), frame.size, "There is room again in the channel.");
	ASSERT_OK(libc_ret(ioctl(self->fd, RELAY_STATS, &stats)));
	EXPECT_EQ(stats.refused, 2, "Two frames found their channel full.");
}

CHECK_F(relay, counts, .title = "The counters are told, all of them")
{
	struct relay_stats stats;
	unsigned int taken = check_random_range(3, RELAY_DEPTH), given = check_random_range(1, 3);

	for (unsigned int i = 0; i < taken; i++) {
		struct frame frame = frame_draw(0);

		ASSERT_EQ(put(self->fd, &frame), frame.size);
	}
	for (unsigned int i = 0; i < given; i++) {
		struct frame frame;

		ASSERT_OK(get(self->fd, &frame));
	}
	memset(&stats, 0xa5, sizeof(stats));
	ASSERT_OK(libc_ret(ioctl(self->fd, RELAY_STATS, &stats)));
	EXPECT_EQ(stats.taken, taken);
	EXPECT_EQ(stats.given, given,
		  "The program's structure was not filled to its end: how many bytes were copied?");
	EXPECT_EQ(stats.refused, 0);
	EXPECT_EQ(stats.label[0], 0);
}

CHECK_F(relay, read_faults, .title = "A frame that could not be given is not lost")
{
	struct frame frame = frame_draw(0);
	struct relay_stats stats = { 0 };

	ASSERT_EQ(put(self->fd, &frame), frame.size);
	EXPECT_ERR(libc_ret(read(self->fd, bad_pointer, sizeof(frame))), EFAULT,
		   "A read into a bad pointer must fail with EFAULT: whose result is not looked at?");
	expect_frame(self->fd, &frame);
	ASSERT_OK(libc_ret(ioctl(self->fd, RELAY_STATS, &stats)));
	EXPECT_EQ(stats.taken, 1);
}

CHECK_F(relay, write_faults, .title = "A write from a bad pointer fails with EFAULT",
	.needs = "coccinelle")
{
	EXPECT_ERR(libc_ret(write(self->fd, bad_pointer, 64)), EFAULT,
		   "A bad pointer is no lack of memory.");
	expect_frame(self->fd, NULL);
}

CHECK_F(relay, stats_faults, .title = "A bad pointer for the counters does no harm", .deadline = 20,
	.needs = "coccinelle")
{
	struct relay_stats stats;

	for (int i = 0; i < 3; i++)
		EXPECT_ERR(libc_ret(ioctl(self->fd, RELAY_STATS, bad_pointer)), EFAULT);
	EXPECT_OK(libc_ret(ioctl(self->fd, RELAY_STATS, &stats)));
}

CHECK_F(relay, labels, .title = "A label comes from the program's memory, and from nowhere else",
	.needs = "sparse")
{
	char label[RELAY_LABEL_SIZE] = "", longer[RELAY_LABEL_SIZE + 1];
	struct relay_stats stats;

	EXPECT_ERR(libc_ret(ioctl(self->fd, RELAY_LABEL, kernel_pointer)), EFAULT,
		   "The kernel's own memory was taken for the program's: that tells secrets.");
	EXPECT_ERR(libc_ret(ioctl(self->fd, RELAY_LABEL, bad_pointer)), EFAULT);
	check_random_word(label, check_random_range(2, sizeof(label)));
	check_random_word(longer, sizeof(longer));
	ASSERT_OK(libc_ret(ioctl(self->fd, RELAY_LABEL, label)));
	EXPECT_ERR(libc_ret(ioctl(self->fd, RELAY_LABEL, longer)), ENAMETOOLONG);
	ASSERT_OK(libc_ret(ioctl(self->fd, RELAY_STATS, &stats)));
	EXPECT_MEMEQ(stats.label, label, sizeof(label));
}
