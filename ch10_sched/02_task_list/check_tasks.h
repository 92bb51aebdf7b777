/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of threads: the module's, and the kernel's own. */
#ifndef CHECK_TASKS_H
#define CHECK_TASKS_H

#include "check.h"

#define LIST		"/proc/task_list"
#define NAME_MAX_LEN	64	/* a worker's name in /proc is longer than 15 */

/**
 * struct task - one thread, as somebody described it
 * @tgid: number of its process
 * @tid: its own number
 * @ppid: number of the process's parent, 0 for none
 * @kind: "process", "thread" or "kernel"
 * @name: its name, with every escape taken back
 * @start: when it started, in clock ticks after boot; 0 in the module's list
 */
struct task {
	int tgid, tid, ppid;
	char kind[16];
	char name[NAME_MAX_LEN];
	u64 start;
};

struct tasks {
	struct task *items;
	size_t count;
};

/*
 * tasks_parse() - take the module's list apart; a line that is none fails the
 *	check, and false is returned
 * tasks_scan() - all threads that a procfs shows, in ascending order of tid
 * tasks_read() - the whole of a list of the module
 */
bool tasks_parse(const char *text, struct tasks *list);
struct tasks tasks_scan(const char *procfs);
struct tasks tasks_read(const char *path);
void tasks_free(struct tasks *list);

const struct task *tasks_find(const struct tasks *list, int tid);

/**
 * struct event - a process that lived for a short time only
 * @tgid: its number
 * @from: it did not exist before, in ns of the monotonic clock
 * @until: it did not exist after; 0: it may exist still
 */
struct event {
	int tgid;
	u64 from, until;
};

/**
 * struct view - a list of the module's, and what it is to be compared with
 * @list: the list
 * @before: what /proc showed before the list was read
 * @after: what /proc showed after it
 * @events: processes that may be in neither, and when they lived
 * @event_count: how many
 * @from: when the reading began
 * @until: when it ended
 */
struct view {
	struct tasks list;
	const struct tasks *before, *after;
	const struct event *events;
	size_t event_count;
	u64 from, until;
};

/*
 * view_expect() - what is in both before and after must be listed once, with
 * the same values; what is listed must have existed. False if not; the check
 * has failed then.
 */
bool view_expect(const struct view *v);

u64 now_ns(void);

#endif /* CHECK_TASKS_H */
