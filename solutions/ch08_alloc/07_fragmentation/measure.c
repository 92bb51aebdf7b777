// SPDX-License-Identifier: GPL-2.0
/* What kmalloc() really gives. What each function has to do is in measure.h. */
#include <linux/slab.h>

#include "measure.h"

void measure(struct row *row)
{
	/* TODO 1: take memory of this size, see how much it is, and give it back */
	void *memory = kmalloc(row->asked, GFP_KERNEL | __GFP_NOWARN);

	row->refused = !memory;
	row->real = ksize(memory);
	kfree(memory);
	/* END TODO 1 */
}

unsigned int permille(const struct row *row)
{
	/* TODO 2: the kernel has whole numbers only */
	if (!row->real)
		return 0;
	return (row->real - row->asked) * 1000 / row->real;
	/* END TODO 2 */
}

int measure_steps(void)
{
	/* TODO 3: from step to step; the next one begins behind what this one gave */
	struct row first = { .asked = 1 }, last;
	int ret;

	for (;;) {
		measure(&first);
		ret = table_add(&first);
		if (ret || first.refused)
			return ret;
		if (first.real != first.asked) {
			last.asked = first.real;
			measure(&last);
			ret = table_add(&last);
			if (ret)
				return ret;
		}
		first.asked = first.real + 1;
	}
	/* END TODO 3 */
}
