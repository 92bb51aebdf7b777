// SPDX-License-Identifier: GPL-2.0
/*
 * The totals of all queues, and the buffer slots they share
 *
 * It builds without a warning, and with one queue every number is right.
 * Whoever wrote it thought of other tasks. Did they think of other CPUs?
 * meter.h says what each function promises; four defects break these promises.
 */
#include <linux/bitmap.h>
#include <linux/errno.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "meter.h"

/* TODO 1: the data that all queues share, and what guards it */
static struct meter_totals totals;	/* guarded by totals_lock */
static DEFINE_SPINLOCK(totals_lock);
static DECLARE_BITMAP(slots_taken, METER_SLOTS_MAX);
/* END TODO 1 */

void meter_record(u32 size)
{
	/* TODO 2: count one packet */
	spin_lock(&totals_lock);
	if (!totals.packets || size < totals.smallest)
		totals.smallest = size;
	if (size > totals.largest)
		totals.largest = size;
	totals.packets++;
	totals.bytes += size;
	spin_unlock(&totals_lock);
	/* END TODO 2 */
}

void meter_read(struct meter_totals *copy)
{
	/* TODO 3: hand out the totals */
	spin_lock(&totals_lock);
	*copy = totals;
	spin_unlock(&totals_lock);
	/* END TODO 3 */
}

void meter_drain(struct meter_totals *copy)
{
	/* TODO 4: hand out the totals and start again from zero */
	/* Not meter_read(): its lock must not be let go before the zeroing. */
	spin_lock(&totals_lock);
	*copy = totals;
	memset(&totals, 0, sizeof(totals));
	spin_unlock(&totals_lock);
	/* END TODO 4 */
}

int meter_slot_get(unsigned int count)
{
	/* TODO 5: take a slot that nobody has */
	unsigned int slot = find_first_zero_bit(slots_taken, count);

	/* Others may have found the same bit: only one of us sets it. */
	while (slot < count && test_and_set_bit_lock(slot, slots_taken))
		slot = find_first_zero_bit(slots_taken, count);
	return slot < count ? (int)slot : -EBUSY;
	/* END TODO 5 */
}

void meter_slot_put(unsigned int slot)
{
	/* TODO 6: give a slot back */
	/* What was done with the slot is done before anybody can take it. */
	clear_bit_unlock(slot, slots_taken);
	/* END TODO 6 */
}
