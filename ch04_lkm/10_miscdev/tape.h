/* SPDX-License-Identifier: GPL-2.0 */
/* What the module tape and programs agree on */
#ifndef TAPE_H
#define TAPE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct tape_info - how it is with a tape
 * @capacity: bytes that fit on it
 * @length: bytes that are on it
 * @writes: calls of write() that put something on it
 * @reserved: 0
 */
struct tape_info {
	__u64 capacity;
	__u64 length;
	__u32 writes;
	__u32 reserved;
};

/**
 * struct tape_fill - write one byte many times
 * @offset: where to begin
 * @count: how many times; the end must lie within the tape's length
 * @byte: the byte
 * @reserved: must be 0
 */
struct tape_fill {
	__u64 offset;
	__u64 count;
	__u8 byte;
	__u8 reserved[7];
};

#define TAPE_INFO	_IOR('t', 1, struct tape_info)
#define TAPE_SET_LENGTH	_IOW('t', 2, __u64)
#define TAPE_FILL	_IOW('t', 3, struct tape_fill)

#endif /* TAPE_H */
