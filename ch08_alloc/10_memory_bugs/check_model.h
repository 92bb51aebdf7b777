/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A desk as it should be: the same tickets and calls, in arrays. The check asks it what
 * the module has to answer. And what the kernel thinks of it. Included by check.c alone.
 */
#ifndef CHECK_MODEL_H
#define CHECK_MODEL_H

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

#define LABEL_LONGEST	120
#define TICKETS_MOST	40
#define CALLS_MOST	16
#define INFO_LABEL	24

struct waiting {
	unsigned int number;
	char label[LABEL_LONGEST + 1];
};

static struct waiting tickets[TICKETS_MOST];
static unsigned int calls[CALLS_MOST];
static unsigned int nr_tickets, nr_calls;
static unsigned int last_number;

static void forget(unsigned int at)
{
	memmove(tickets + at, tickets + at + 1, (--nr_tickets - at) * sizeof(*tickets));
}

static int want_submit(const char *draft)
{
	if (!draft)
		return -ENODATA;
	for (unsigned int i = 0; i < nr_tickets; i++)
		if (!strcmp(tickets[i].label, draft))
			return -EEXIST;
	if (nr_tickets == TICKETS_MOST)
		return -ENOSPC;
	tickets[nr_tickets].number = ++last_number;
	snprintf(tickets[nr_tickets++].label, sizeof(tickets->label), "%s", draft);
	return 0;
}

static int want_call(void)
{
	if (!nr_tickets)
		return -ENOENT;
	if (nr_calls == CALLS_MOST)
		memmove(calls, calls + 1, --nr_calls * sizeof(*calls));
	calls[nr_calls++] = tickets[0].number;
	forget(0);
	return 0;
}

static int want_undo(void)
{
	if (!nr_calls)
		return -ENOENT;
	nr_calls--;
	return 0;
}

static int want_cancel(unsigned int number)
{
	for (unsigned int i = 0; i < nr_tickets; i++)
		if (tickets[i].number == number)
			return forget(i), 0;
	return -ENOENT;
}

/* Let the kernel look at all objects of kmalloc() now. Without slub_debug it cannot. */
static void look_now(void)
{
	glob_t found;

	if (glob("/sys/kernel/slab/kmalloc-*/validate", 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		file_write(found.gl_pathv[i], "1");
	globfree(&found);
}

/* The first line in which the kernel complains of how memory is used, or "". */
static const char *complaint(u64 mark)
{
	char *all = kmsg_since(mark), *line;

	while ((line = strsep(&all, "\n")))
		if (strstr(line, "BUG ") || strstr(line, "BUG: "))
			return line;
	return "";
}

#endif /* CHECK_MODEL_H */
