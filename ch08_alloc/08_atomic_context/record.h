/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records of events, and a list of them. record.c is yours; sources.c calls it, from
 * wherever an event happens.
 */
#ifndef RECORD_H
#define RECORD_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

enum source { PROCESS, WORK, TIMER, TASKLET, MERGE, SOURCES };

/**
 * struct record - an event
 * @node: in records
 * @source: where it happened
 * @text: what happened, a string of its own
 */
struct record {
	struct list_head node;
	enum source source;
	char *text;
};

extern struct list_head records;
extern unsigned int records_nr;		/* how many there are */
extern spinlock_t records_lock;		/* for both; also taken by the timer */

/**
 * record_from_process() - a process wrote to our file
 * record_from_work() - a work item runs: in a thread of the kernel
 * record_from_timer() - a timer fired
 * record_from_tasklet() - a tasklet runs
 * @text: what happened
 *
 * Return: 0, or -ENOMEM; then there is no record.
 */
int record_from_process(const char *text);
int record_from_work(const char *text);
int record_from_timer(const char *text);
int record_from_tasklet(const char *text);

/**
 * record_merge() - make one record of all: its text is theirs, one after the other
 *
 * Context: process. No record may be lost that comes in the meantime.
 * Return: 0, or -ENOMEM; then all is as before.
 */
int record_merge(void);

/**
 * record_free() - give a record back; it is in no list any more
 * @record: the record
 *
 * Context: any.
 */
void record_free(struct record *record);

#endif /* RECORD_H */
