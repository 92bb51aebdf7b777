/* SPDX-License-Identifier: GPL-2.0 */
/* What happened since the module was loaded. */
#ifndef MOD_STATS_H
#define MOD_STATS_H

#include "allocsel_uapi.h"
#include "mod.h"

/* Counts a decision, and shows it to who traces. */
void stats_decided(const struct job *job);

/* Counts an allocation and its properties. */
void stats_performed(const struct job *job);

/* Fills in all but what concerns one open file. */
void stats_read(struct allocsel_stats *stats);

#endif /* MOD_STATS_H */
