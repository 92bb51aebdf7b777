// SPDX-License-Identifier: GPL-2.0
/*
 * child.c - the check's side: fixture, report, end
 *
 * A check must say that it ran to its end.  Whatever else happens, exit() in
 * the middle or a signal, the parent sees no RECORD_END and counts a crash.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

static const struct check_entry *check;
static void *fixture;
static int report_fd = -1;
static pid_t check_pid;			/* its children have copies of all this */
static _Atomic int failures;
static _Atomic pid_t finisher;		/* the thread that ends the check */

/* How much of a text goes into one record: whole lines if possible. */
static size_t piece(const char *text, size_t len, size_t max)
{
	size_t cut = max;

	if (len <= max)
		return len;
	while (cut && text[cut - 1] != '\n')
		cut--;
	return cut ?: max;
}

/* More text than fits becomes further notes. */
static void report(enum record_type type, const char *text)
{
	struct record record = { .magic = RECORD_MAGIC };
	size_t left = strlen(text);
	ssize_t n;

	do {
		size_t len = piece(text, left, sizeof(record.text));

		record.type = type;
		record.len = len;
		memcpy(record.text, text, len);
		do
			n = write(report_fd, &record, RECORD_HEADER + len);
		while (n < 0 && errno == EINTR);
		if (n < 0) {
			dprintf(STDERR_FILENO,
				"The check's own report pipe cannot be written: %s. Did the check close a descriptor that it had not opened?\n",
				strerror(errno));
			_exit(CHECK_EXIT_FAULT);
		}
		text += len;
		left -= len;
		type = RECORD_NOTE;
	} while (left);
}

/* As report(), but with a newline behind the text. */
static void report_line(enum record_type type, const char *said,
			const char *text)
{
	char *line;

	if (asprintf(&line, "%s%s%s%s", said ?: "", said ? "\n" : "", text,
		     *text && text[strlen(text) - 1] == '\n' ? "" : "\n") < 0) {
		report(RECORD_FAULT, "no memory for a report\n");
		return;
	}
	report(type, line);
	free(line);
}

void check_note(const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0)
		child_fault("no memory for a note");
	report_line(RECORD_NOTE, NULL, text);
	free(text);
}

void check_skip(const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0)
		child_fault("no memory for the reason to skip");
	report(RECORD_SKIP, text);
	child_finish(0);
}

/*
 * The text goes out as one record if it can, so that threads which fail
 * together stay readable.
 */
void child_failure(const char *said, const char *text)
{
	char *all;

	if (!atomic_fetch_add(&failures, 1) && !said)
		said = check->title;
	if (check->subject) {
		if (asprintf(&all, "%s's check: %s", check->subject, text) < 0)
			child_fault("no memory to explain a failure");
		report_line(RECORD_FAILURE, said, all);
		free(all);
	} else {
		report_line(RECORD_FAILURE, said, text);
	}
}

void child_fault(const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	report_line(RECORD_FAULT, NULL, len < 0 ? "no memory left" : text);
	child_finish(1);
}

void child_finish(int status)
{
	pid_t nobody = 0;

	/* A child of the check ends itself, not the check. */
	if (getpid() != check_pid) {
		fflush(stdout);
		_exit(status);
	}
	if (atomic_compare_exchange_strong(&finisher, &nobody, gettid())) {
		if (check->teardown)
			check->teardown(fixture);
	} else if (nobody != gettid()) {
		for (;;)		/* another thread is ending the check */
			pause();
	}				/* else: an ASSERT in the teardown */
	fflush(stdout);
	report(RECORD_END, "");
	_exit(0);
}

void child_main(const struct check_entry *entry, int report_pipe, u64 seed)
{
	check = entry;
	check_pid = getpid();
	report_fd = report_pipe;
	random_start(seed, entry->name);
	errno = 0;
	if (entry->setup) {
		fixture = calloc(1, entry->size ?: 1);
		if (!fixture)
			child_fault("no memory for the fixture");
		entry->setup(fixture);
		if (failures)
			child_finish(1);
	}
	entry->body(fixture);
	child_finish(failures ? 1 : 0);
}
