/* SPDX-License-Identifier: GPL-2.0 */
/* What is not called, and why. */
#ifndef MOD_SAFE_H
#define MOD_SAFE_H

#include "mod.h"

/* Why this machine cannot perform it at all; NULL when it can. */
const char *job_why_not(const struct job *job);

/*
 * Would the call harm the machine? Then it is a property that does not hold,
 * is reported, and the allocator is not called.
 */
bool job_is_safe(struct job *job);

#endif /* MOD_SAFE_H */
