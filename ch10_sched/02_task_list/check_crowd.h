/* SPDX-License-Identifier: GPL-2.0 */
/* Processes and threads of every sort, to be listed. */
#ifndef CHECK_CROWD_H
#define CHECK_CROWD_H

#include <stdatomic.h>
#include <sys/types.h>

#include "check.h"
#include "check_tasks.h"

#define THREADS_MAX	8
#define PROCESSES_MAX	64
#define EVENTS_MAX	50000
#define LOADERS		2

/* One process of the crowd: what it is made of. */
struct member {
	unsigned int threads;		/* besides the first */
	bool first_ends;		/* the first thread ends, others go on */
	bool thread_forks;		/* a further thread starts a process */
	bool ends;			/* it ends, and is not waited for */
	char name[1 + THREADS_MAX][16];
};

/**
 * struct crowd_shared - memory that we share with the crowd
 * @ready: threads that are there
 * @traced: a process whose tracer is not its parent
 * @group_ended: the first process of the orphan's group has been waited for
 * @orphan: a process in a group whose first process has ended: its number
 *	lives on as the group's
 */
struct crowd_shared {
	atomic_uint ready;
	pid_t traced;
	atomic_bool group_ended;
	pid_t orphan;
};

/**
 * struct crowd - processes that stay until crowd_end()
 * @member: what they are made of
 * @pid: their numbers
 * @count: how many, without those that they started themselves
 * @shared: what they tell us
 */
struct crowd {
	struct member member[PROCESSES_MAX];
	pid_t pid[PROCESSES_MAX];
	size_t count;
	struct crowd_shared *shared;
};

/* Draws a crowd of that many processes and waits until all of it is there. */
void crowd_start(struct crowd *c, size_t count);

/* Kills it; crowd_end() also waits until all that we started has ended. */
void crowd_kill(struct crowd *c);
void crowd_end(struct crowd *c);

/* A name for a thread, often one that is hard to print. */
void name_draw(char name[16]);

/**
 * struct load - processes that start and end all the time
 * @stop: set to end it
 * @count: events begun
 * @event: what lived, and when
 */
struct load {
	atomic_bool stop;
	atomic_uint count;
	struct event event[EVENTS_MAX];
};

struct load *load_start(pid_t loader[LOADERS]);
void load_stop(struct load *l, const pid_t loader[LOADERS]);

#endif /* CHECK_CROWD_H */
