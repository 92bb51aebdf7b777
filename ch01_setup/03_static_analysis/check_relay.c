// SPDX-License-Identifier: GPL-2.0
/* Frames, as a program makes them */
#include <fcntl.h>
#include <string.h>

#include "check_relay.h"

void *bad_pointer = (void *)64;
void *kernel_pointer = (void *)0xffffffff81000000;

void relay_load(struct fixture_relay *self)
{
	mod_unload("relay");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("relay.ko", NULL), "The module was not loaded.");
	self->fd = libc_ret(open("/dev/relay", O_RDWR | O_CLOEXEC));
	ASSERT_OK(self->fd, "The device cannot be opened.");
}

void relay_unload(struct fixture_relay *self)
{
	if (self->fd >= 0)
		close(self->fd);
	if (mod_loaded("relay"))
		EXPECT_OK(mod_unload("relay"), "The module was not unloaded.");
}

struct frame frame_sized(unsigned int channel, size_t length)
{
	struct frame frame = {
		.head.magic = htobe16(RELAY_MAGIC), .head.channel = htobe16(channel),
		.head.length = htobe32(length), .size = sizeof(frame.head) + length,
	};
	unsigned int sum = 0;

	for (size_t i = 0; i < length; i++) {
		frame.bytes[i] = check_random();
		sum += frame.bytes[i];
	}
	frame.head.number = check_random();
	frame.head.sum = htole32(sum);
	return frame;
}

struct frame frame_draw(unsigned int channel)
{
	return frame_sized(channel, check_random_range(0, RELAY_LONGEST));
}

long long put(int fd, const struct frame *frame)
{
	return libc_ret(write(fd, frame, frame->size));
}

long long get(int fd, struct frame *frame)
{
	frame->size = sizeof(frame->head) + RELAY_LONGEST;
	return libc_ret(read(fd, frame, frame->size));
}

void select_channel(int fd, unsigned int channel)
{
	ASSERT_OK(libc_ret(ioctl(fd, RELAY_SELECT, channel)), "Channel %u cannot be selected.",
		  channel);
}

void expect_frame(int fd, const struct frame *frame)
{
	struct frame got;
	long long size = get(fd, &got);

	if (!frame) {
		EXPECT_EQ(size, 0, "No frame waits, so there is nothing to read.");
		return;
	}
	ASSERT_EQ(size, frame->size, "The oldest frame of the channel has %zu bytes.", frame->size);
	got.head.number = frame->head.number;
	EXPECT_MEMEQ(&got.head, &frame->head, sizeof(got.head),
		     "The head is another than the one that was written.");
	EXPECT_MEMEQ(got.bytes, frame->bytes, frame->size - sizeof(frame->head),
		     "The bytes are others than those that were written.");
}
