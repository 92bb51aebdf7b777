/* SPDX-License-Identifier: GPL-2.0 */
/*
 * until.h - where the time is limited (CHECK_MINUTES, see tests/run), nothing is
 * begun any more when it is over, and what was left out is counted as skipped.
 */
#ifndef UNTIL_H
#define UNTIL_H

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

/* CHECK_UNTIL: seconds since the epoch; empty or not there: no limit. */
static inline bool time_is_limited(void)
{
	const char *until = getenv("CHECK_UNTIL");

	return until && *until;
}

static inline bool time_is_up(void)
{
	return time_is_limited() && time(NULL) >= atoll(getenv("CHECK_UNTIL"));
}

#endif
