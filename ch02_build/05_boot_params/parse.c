// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what somebody asks for; ring.h describes it. Plain C: one source for
 * the module and for the kernel itself.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "ring.h"

/* TODO 1: all of ring_parse(), with as many functions as it takes */
int ring_parse(const char *text, struct ring_spec *spec)
{
	return -EOPNOTSUPP;
}

/* END TODO 1 */
