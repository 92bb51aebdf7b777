/* SPDX-License-Identifier: GPL-2.0 */
/* What the checks of the relay share */
#ifndef CHECK_RELAY_H
#define CHECK_RELAY_H

#include <endian.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"
#include "relay.h"

extern void *bad_pointer;	/* no program has anything there */
extern void *kernel_pointer;	/* and this is the kernel's, on x86-64 */

/* With room for a byte too many. */
struct frame {
	struct relay_head head;
	unsigned char bytes[RELAY_LONGEST + 1];
	size_t size;
};

/* A module that was just loaded, and its device. */
FIXTURE(relay) {
	int fd;
};

void relay_load(struct fixture_relay *self);
void relay_unload(struct fixture_relay *self);

struct frame frame_sized(unsigned int channel, size_t length);
struct frame frame_draw(unsigned int channel);

/* The system calls' results, or -errno. */
long long put(int fd, const struct frame *frame);
long long get(int fd, struct frame *frame);
void select_channel(int fd, unsigned int channel);
/* The next one is this, but for its number; or NULL: none waits. */
void expect_frame(int fd, const struct frame *frame);

#endif
