/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ring buffer of an imaginary tracer, and how somebody asks for it
 *
 *	SIZE[,SLOTS[,POLICY]]		64K   0x100000,8   1M,16,stop
 *
 *	SIZE	a number, decimal or 0x..., with K, M or G (or k, m, g) behind it
 *		or nothing: bytes, a power of two, RING_SIZE_MIN to RING_SIZE_MAX
 *	SLOTS	a number from 1 to RING_SLOTS_MAX; 1 when it is not given
 *	POLICY	wrap: new entries replace old ones, also when it is not given;
 *		stop: a full ring takes no more
 *
 * A part that is given is not empty. One newline at the end does not count: a
 * shell's echo writes it. All else is refused.
 */
#ifndef RING_H
#define RING_H

#include <linux/sizes.h>
#include <linux/types.h>

#define RING_SIZE_MIN	SZ_4K
#define RING_SIZE_MAX	SZ_1G
#define RING_SLOTS_MAX	64

/**
 * struct ring_spec - what was asked for
 * @size: bytes
 * @slots: parts that it is divided into
 * @stop: a full ring takes no more
 */
struct ring_spec {
	unsigned long size;
	unsigned int slots;
	bool stop;
};

/**
 * ring_parse() - read a text as described above
 * @text: the text, which stays as it is
 * @spec: gets the result; on failure it stays as it was
 *
 * Context: any, also before there is an allocator.
 * Return: 0, -EINVAL for what is no such text, or -EINVAL or -ERANGE for a
 * number that is out of its range
 */
int ring_parse(const char *text, struct ring_spec *spec);

#endif
