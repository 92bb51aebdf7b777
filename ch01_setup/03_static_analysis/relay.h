/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What goes through /dev/relay, for the module and for programs
 *
 * write	one frame. -EINVAL where it is none; -EBADMSG where its sum is
 *		wrong; -ENOBUFS where RELAY_DEPTH frames wait in its channel
 * read		the oldest frame of the channel that was selected, with its number;
 *		0 where none waits; -EMSGSIZE where the buffer is too small
 * ioctl	see below. -EINVAL for bad values, -ENOTTY for what is unknown
 *
 * A call that is given a bad pointer returns -EFAULT, and has changed nothing.
 */
#ifndef RELAY_H
#define RELAY_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RELAY_MAGIC	0x5742
#define RELAY_CHANNELS	12
#define RELAY_DEPTH	6	/* frames that wait in a channel */
#define RELAY_LONGEST	400	/* bytes behind a head */
#define RELAY_LABEL_SIZE 16

/*
 * What a frame begins with. The network's byte order is big-endian; the sum was
 * added by somebody with a little-endian machine.
 */
struct relay_head {
	__be16 magic;
	__be16 channel;		/* 0 to RELAY_CHANNELS - 1 */
	__be32 length;		/* of what follows, in bytes */
	__be32 number;		/* 1 for a channel's first frame; the relay sets it */
	__le32 sum;		/* of the bytes that follow */
};

/* Of one open file. */
struct relay_stats {
	__u64 taken;		/* frames that were written */
	__u64 given;		/* frames that were read */
	__u64 refused;		/* frames that found their channel full */
	char label[RELAY_LABEL_SIZE];
};

/* The channel to read from: the number itself, no pointer. At first it is 0. */
#define RELAY_SELECT	_IO('w', 1)
#define RELAY_STATS	_IOR('w', 2, struct relay_stats)
/* A text that ends with a NUL; -ENAMETOOLONG where it does not fit. */
#define RELAY_LABEL	_IOW('w', 3, char[RELAY_LABEL_SIZE])

#endif
