// SPDX-License-Identifier: GPL-2.0
/* Tickets, drafts and calls. What each function has to do is in desk.h. */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "desk.h"

struct ticket {
	struct list_head node;
	u32 number;
	char *label;
};

static LIST_HEAD(tickets);
static unsigned int nr_tickets;
static u32 last_number;

static u32 *calls;		/* the numbers called last */
static int nr_calls;

int tickets_init(void)
{
	calls = kcalloc(CALLS_MOST, sizeof(*calls), GFP_KERNEL);
	return calls ? 0 : -ENOMEM;
}

static void ticket_free(struct ticket *ticket)
{
	kfree(ticket->label);
	kfree(ticket);
}

static void ticket_remove(struct ticket *ticket)
{
	list_del(&ticket->node);
	nr_tickets--;
	ticket_free(ticket);
}

void tickets_exit(void)
{
	struct ticket *ticket, *next;

	list_for_each_entry_safe(ticket, next, &tickets, node)
		ticket_remove(ticket);
	kfree(calls);
}

/* Make a ticket. On success the label is the ticket's; after an error it is the caller's. */
static int ticket_add(char *label)
{
	struct ticket *ticket;

	list_for_each_entry(ticket, &tickets, node)
		if (!strcmp(ticket->label, label))
			return -EEXIST;
	if (nr_tickets == TICKETS_MOST)
		return -ENOSPC;
	ticket = kzalloc(sizeof(*ticket), GFP_KERNEL);
	if (!ticket)
		return -ENOMEM;
	ticket->number = ++last_number;
	ticket->label = label;
	list_add_tail(&ticket->node, &tickets);
	nr_tickets++;
	return 0;
}

static void call_note(u32 number)
{
	if (nr_calls == CALLS_MOST) {
		nr_calls--;
		memmove(calls, calls + 1, nr_calls * sizeof(*calls));
	}
	calls[nr_calls++] = number;
}

struct session *session_open(void)
{
	return kzalloc(sizeof(struct session), GFP_KERNEL);
}

int session_draft(struct session *session, const char *label)
{
	/* TODO 1: keep a copy of the label */
	size_t len = strlen(label);
	char *draft;

	if (len > LABEL_LONGEST)
		return -ENAMETOOLONG;
	draft = kmalloc(len + 1, GFP_KERNEL);
	if (!draft)
		return -ENOMEM;
	memcpy(draft, label, len);
	draft[len] = '\0';
	kfree(session->draft);
	session->draft = draft;
	return 0;
	/* END TODO 1 */
}

int session_submit(struct session *session)
{
	/* TODO 2: make a ticket of the draft */
	int ret;

	if (!session->draft)
		return -ENODATA;
	ret = ticket_add(session->draft);
	if (ret)
		kfree(session->draft);
	session->draft = NULL;
	return ret;
	/* END TODO 2 */
}

void session_close(struct session *session)
{
	/* TODO 3: give back what the session has */
	kfree(session->draft);
	kfree(session);
	/* END TODO 3 */
}

int desk_call(void)
{
	/* TODO 4: remember the number of the first ticket; the ticket goes */
	struct ticket *ticket = list_first_entry_or_null(&tickets, struct ticket, node);

	if (!ticket)
		return -ENOENT;
	call_note(ticket->number);
	ticket_remove(ticket);
	return 0;
	/* END TODO 4 */
}

int desk_undo(void)
{
	/* TODO 5: forget the last call */
	if (nr_calls <= 0)
		return -ENOENT;
	calls[--nr_calls] = 0;
	return 0;
	/* END TODO 5 */
}

int desk_cancel(u32 number)
{
	/* TODO 6: the ticket of this number goes */
	struct ticket *ticket, *next;

	list_for_each_entry_safe(ticket, next, &tickets, node) {
		if (ticket->number != number)
			continue;
		ticket_remove(ticket);
		return 0;
	}
	return -ENOENT;
	/* END TODO 6 */
}

int desk_list(struct ticket_info **infos)
{
	/* TODO 7: an array of what a reader may know */
	struct ticket *ticket;
	unsigned int nr = 0;

	*infos = kcalloc(nr_tickets, sizeof(**infos), GFP_KERNEL);
	if (!*infos)
		return -ENOMEM;
	list_for_each_entry(ticket, &tickets, node) {
		struct ticket_info *info = &(*infos)[nr++];

		info->urgent = ticket->label[0] == '!';
		info->number = ticket->number;
		strscpy(info->label, ticket->label, sizeof(info->label));
	}
	return nr;
	/* END TODO 7 */
}

int desk_calls(const u32 **numbers)
{
	*numbers = calls;
	return nr_calls;
}
