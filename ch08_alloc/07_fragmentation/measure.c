// SPDX-License-Identifier: GPL-2.0
/* What kmalloc() really gives. What each function has to do is in measure.h. */
#include <linux/slab.h>

#include "measure.h"

void measure(struct row *row)
{
	/* TODO 1: take memory of this size, see how much it is, and give it back */
	row->refused = false;
	row->real = row->asked;
	/* END TODO 1 */
}

unsigned int permille(const struct row *row)
{
	/* TODO 2: the kernel has whole numbers only */
	return 0;
	/* END TODO 2 */
}

int measure_steps(void)
{
	/* TODO 3: from step to step; the next one begins behind what this one gave */
	return 0;
	/* END TODO 3 */
}
