/* SPDX-License-Identifier: GPL-2.0 */
/*
 * internal.h - what the parts of the check harness share
 *
 *	main.c		options, the order of the checks, the exit status
 *	run.c		the parent's side of one check: start, deadline, verdict
 *	sweep.c		ends and collects all that a check has started
 *	child.c		the check's side: fixture, report, end
 *	expect.c	comparing, and explaining a failure
 *	value.c		operands as text
 *	output.c	KTAP, bounded and escaped
 *	fail.c		an operation, with each of its allocations failing in turn
 *	random.c, file.c, module.c, kmsg.c, program.c	helpers for checks
 */
#ifndef WB_CHECK_INTERNAL_H
#define WB_CHECK_INTERNAL_H

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "../check.h"

enum check_exit {
	CHECK_EXIT_PASSED = 0,
	CHECK_EXIT_FAILED = 1,
	CHECK_EXIT_USAGE = 2,
	CHECK_EXIT_FAULT = 5,		/* the harness's or the machine's */
};

/* ----------------------------------------------- from child to parent --- */

/*
 * The child reports through a pipe.  A record is at most PIPE_BUF bytes, which
 * the kernel writes in one piece: threads and children of a check may report
 * as well.
 */
enum record_type {
	RECORD_NOTE,			/* text for the report */
	RECORD_FAILURE,			/* an expectation failed */
	RECORD_FAULT,			/* the check could not be made */
	RECORD_END,			/* it ran to its end */
	RECORD_SKIP,			/* it ended as skipped; text: why */
};

#define RECORD_MAGIC	0x57424b31u

struct record {
	uint32_t magic;
	uint16_t type;
	uint16_t len;
	char text[PIPE_BUF - 8];
};

#define RECORD_HEADER	offsetof(struct record, text)

/* ----------------------------------------------------------- output.c --- */

#define KEPT	(32 * 1024)

/* What a check printed: the first and the last 32 KiB, and how much it was. */
struct bounded {
	u64 total;
	char head[KEPT];
	char tail[KEPT];		/* a ring; total says where it begins */
};

void bounded_add(struct bounded *kept, const char *text, size_t len);
void bounded_print(const struct bounded *kept, const char *prefix);

/* One line of KTAP: never more, whatever the text holds. */
void ktap_diagnostic(const char *fmt, ...) CHECK_PRINTF_(1, 2);
void ktap_result(bool ok, unsigned int number, const char *name,
		 const char *why_fmt, ...) CHECK_PRINTF_(4, 5);

/* ------------------------------------------------------------ value.c --- */

void value_print(FILE *out, struct check_value value);
void value_describe(FILE *out, const char *text, struct check_value value);
void string_describe(FILE *out, const char *text, const char *string);
void errno_print(FILE *out, u64 err);

/* ------------------------------------------------------------ child.c --- */

/* Be the check: never returns.  report: the pipe's end to write to. */
_Noreturn void child_main(const struct check_entry *entry, int report, u64 seed);

/* Report text as one failure, under the author's sentence or the title. */
void child_failure(const char *said, const char *text);

/* End the check as one that could not be made; says so. */
_Noreturn void child_fault(const char *fmt, ...) CHECK_PRINTF_(1, 2);

/* End the check here, after the fixture's teardown. */
_Noreturn void child_finish(int status);

/* ----------------------------------------------------------- random.c --- */

void random_start(u64 seed, const char *name);

/* -------------------------------------------------------------- run.c --- */

enum check_state {
	STATE_CRASHED,			/* until it earns another */
	STATE_PASSED,
	STATE_FAILED,
	STATE_SKIPPED,
	STATE_TIMED_OUT,
};

#define DEFAULT_DEADLINE	30	/* seconds */

/**
 * struct outcome - what became of a check
 * @state: that
 * @signal: which ended it, when crashed; else 0
 * @status: with which it exited, when crashed without a signal
 * @fault: the check could not be made: not the submission's fault
 * @reason: why it was skipped
 * @stuck: where the kernel holds a process that SIGKILL does not end, or ""
 */
struct outcome {
	enum check_state state;
	int signal;
	int status;
	bool fault;
	char reason[256];
	char stuck[128];
};

/* Run one check and print its diagnostics, but not its result line. */
struct outcome run_check(const struct check_entry *entry, u64 seed);

/* ------------------------------------------------------------ sweep.c --- */

#define KILL_GRACE_MS	5000		/* for a killed process to go */

/* Once, before the first check: orphans of checks become our children. */
void sweep_prepare(void);

/* End what is left of a group and its orphans; false: pid cannot be ended. */
bool sweep(pid_t group, pid_t *left);

/* Say as diagnostics what holds process pid; in short to where. */
void stuck_explain(pid_t pid, char *where, size_t size);

/* ------------------------------------------- descriptors and processes --- */

int pidfd_of(pid_t pid);
int pipe_nonblocking(int ends[2]);	/* only the reading end is; 0/-errno */

/* Poll timeout until end: ms, at least 0. */
int ms_until(u64 end);

#endif /* WB_CHECK_INTERNAL_H */
