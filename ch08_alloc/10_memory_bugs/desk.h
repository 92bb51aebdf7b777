/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A desk with tickets: people draw one, wait, and are called. tickets.c is yours;
 * files.c calls it when somebody opens, writes, reads and closes /proc/desk.
 * There is never more than one caller at a time.
 */
#ifndef DESK_H
#define DESK_H

#include <linux/types.h>

#define LABEL_LONGEST	120	/* letters of a label */
#define TICKETS_MOST	40	/* that wait at the same time */
#define CALLS_MOST	16	/* that are remembered */
#define INFO_LABEL	24	/* bytes of a label that struct ticket_info has room for */

/**
 * struct ticket_info - what a reader of /proc/desk gets of each ticket
 * @urgent: 1 if the label begins with an exclamation mark, else 0
 * @number: the ticket's number; the first ticket has number 1
 * @label: the label, cut if it is too long, with a NUL at its end
 *
 * It is part of the interface to users. All other bytes of it are 0: those behind the
 * label's NUL, and those that the compiler puts between two members.
 */
struct ticket_info {
	u8 urgent;
	u32 number;
	char label[INFO_LABEL];
};

/**
 * struct session - somebody who has opened the file
 * @draft: the label that the next ticket will have, or NULL
 */
struct session {
	char *draft;
};

/* The first and the last call of all. The first one: 0, or -ENOMEM. */
int tickets_init(void);
void tickets_exit(void);

/* A session, with no draft, or NULL; its end. What was submitted stays. */
struct session *session_open(void);
void session_close(struct session *session);

/**
 * session_draft() - choose a label; it takes the place of an earlier draft
 * @session: whose
 * @label: the label, which may be empty; it is copied
 *
 * Return: 0, -ENAMETOOLONG, -ENOMEM; after an error the earlier draft is still there.
 */
int session_draft(struct session *session, const char *label);

/**
 * session_submit() - make a ticket of the draft, behind all that wait
 * @session: whose; however it ends, the session has no draft afterwards
 *
 * Return: 0, -ENODATA without a draft, -EEXIST when a ticket of this label waits already,
 * -ENOSPC when TICKETS_MOST wait, -ENOMEM.
 */
int session_submit(struct session *session);

/* Call the ticket that waits longest. It is gone then, its number is remembered. 0, -ENOENT. */
int desk_call(void);

/* The last call was a mistake: forget it. 0, or -ENOENT if no call is remembered. */
int desk_undo(void);

/* Somebody does not want to wait any longer. 0, or -ENOENT if there is no such number. */
int desk_cancel(u32 number);

/**
 * desk_list() - tell of all tickets that wait
 * @infos: where the array is put, to be freed with kfree()
 *
 * Return: how many they are; -ENOMEM, and then there is no array.
 */
int desk_list(struct ticket_info **infos);

/* The numbers called last, the latest one last. How many they are. */
int desk_calls(const u32 **numbers);

#endif /* DESK_H */
