/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stats.c offers to queues.c
 *
 * All of these functions are called by tasks, never by interrupts, and by
 * several tasks at the same time: one for each queue, and whoever reads the
 * files in /proc/meter.
 */
#ifndef METER_H
#define METER_H

#include <linux/types.h>

#define METER_SLOTS_MAX	64

/**
 * struct meter_totals - what was counted since the start or the last drain
 * @packets: packets
 * @bytes: the sum of their sizes
 * @smallest: the smallest size; 0 while there is no packet
 * @largest: the largest size
 */
struct meter_totals {
	u64 packets;
	u64 bytes;
	u32 smallest;
	u32 largest;
};

/**
 * meter_record() - count one packet
 * @size: its bytes
 */
void meter_record(u32 size);

/**
 * meter_read() - hand out the totals
 * @copy: filled in; its four values belong together: there was a moment at
 *	which all of them were true
 */
void meter_read(struct meter_totals *copy);

/**
 * meter_drain() - hand out the totals and start again from zero
 * @copy: filled in, as by meter_read()
 *
 * Each packet is handed out by one drain, and by one only.
 */
void meter_drain(struct meter_totals *copy);

/**
 * meter_slot_get() - take a buffer slot that nobody has
 * @count: slots there are, at most METER_SLOTS_MAX
 *
 * Return: a number below @count, the caller's own until meter_slot_put(), or
 * -EBUSY if all are taken.
 */
int meter_slot_get(unsigned int count);

/**
 * meter_slot_put() - give a slot back
 * @slot: what meter_slot_get() returned
 */
void meter_slot_put(unsigned int slot);

#endif /* METER_H */
