/* SPDX-License-Identifier: GPL-2.0 */
/* The files of /proc/meter, and what a run must add up to. */
#ifndef CHECK_METER_H
#define CHECK_METER_H

#include <stdatomic.h>

#include "check.h"

#define CPUS		4
#define SLOTS_PLENTY	64

struct totals {
	u64 packets, bytes, smallest, largest;
};

/* How a run went; each queue sends what it was told to, or less if time ends. */
struct report {
	u64 sent, dropped, clashes, peak;
	u64 queue_sent[CPUS];
};

/* What one run is made of; see the parameters in queues.c. */
struct plan {
	unsigned int queues, cpus, slots, low, high, seed, packets;
};

/* A run that is repeated while readers look on. */
struct session {
	const struct plan *plan;
	u64 sent;
	atomic_bool over;
};

/**
 * struct reader - one that reads a file of /proc/meter again and again
 * @path: the file
 * @look: what it does with what it read; false ends the session
 * @sum: for @look
 */
struct reader {
	const char *path;
	bool (*look)(struct reader *r, struct totals t);
	struct totals sum;
	struct session *session;
};

/* Goes on for some time, and through some runs at least. */
struct span {
	u64 end;
	unsigned int runs;
};

struct span span_begin(void);
bool span_goes_on(struct span *s);

struct totals totals_read(const char *path);
struct plan plan_draw(void);
struct report plan_run(const struct plan *p);

/* Adds to the totals what this run must have added. */
void plan_add(const struct plan *p, const struct report *r, struct totals *t);

void session_with_readers(struct session *s, struct reader *readers,
			  size_t count);

#endif /* CHECK_METER_H */
