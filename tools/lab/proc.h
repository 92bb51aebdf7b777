/* SPDX-License-Identifier: GPL-2.0 */
/*
 * proc.h - runs a program to its end: captured output, a deadline, nothing
 * left behind. The child is the leader of a process group of its own; when the
 * child has ended, passed its deadline or we are interrupted, what is left of
 * that group is killed. The child is also killed when we die (SIGKILL too).
 */
#ifndef LAB_PROC_H
#define LAB_PROC_H

#include "util.h"

enum proc_output {
	PROC_MERGED,	/* stdout and stderr into result.out, as they came */
	PROC_SEPARATE,	/* stdout into result.out, stderr into result.err */
	PROC_INHERIT,	/* both go where ours go, nothing captured; stdin too,
			 * unless there is input. The child stays in our process
			 * group, so that it can use the terminal. */
};

struct proc {
	const char *const *argv;	/* argv[0] is searched in PATH */
	const char *const *env;		/* "NAME=value" sets, "NAME" unsets; NULL: none */
	const char *cwd;		/* NULL: ours */
	const void *input;		/* given on stdin; NULL: /dev/null */
	size_t input_len;
	enum proc_output output;
	size_t cap;			/* bytes kept of each stream; 0: all. What is
					 * over is read, handed to on_line, dropped */
	int deadline_ms;		/* 0: none */
	/* Every line of output without its newline, as it comes (from stderr
	 * too; from_stderr tells, in PROC_SEPARATE). A last line without a
	 * newline comes at the end. Lines over 64 KiB come in pieces. */
	void (*on_line)(const char *line, bool from_stderr, void *data);
	void *data;
};

struct proc_result {
	int status;		/* exit status, or -1 when it was not an exit */
	int signal;		/* signal that ended it, or 0 */
	bool timed_out;		/* killed at the deadline */
	bool truncated;		/* output was over the cap */
	char *out;		/* never NULL after proc_run() returned 0 */
	size_t out_len;
	char *err;		/* empty unless PROC_SEPARATE */
	size_t err_len;
	int64_t duration_ms;
};

/*
 * 0: the program was run to an end, see *res. Negative errno: it was not
 * started (-ENOENT: no such program or cwd), *res is zeroed. When the user
 * interrupts, the group is killed, and the program ends, see below.
 */
int proc_run(const struct proc *spec, struct proc_result *res);
void proc_result_free(struct proc_result *res);
/* True when it exited with status 0. */
bool proc_ok(const struct proc_result *res);
/* "exited with status 2", "was killed by SIGSEGV", "passed its deadline". */
const char *proc_describe(const struct proc_result *res);

/* Full path of a program in PATH, malloc'd; NULL when there is none. */
char *proc_find_program(const char *name);

/*
 * ---- Ctrl-C ----
 * Between interrupt_hold() and interrupt_release() SIGINT, SIGTERM and SIGHUP
 * do not end the program, they are only noted: interrupt_pending() tells the
 * signal (0: none), interrupt_fd() wakes a poll(). The outermost
 * release ends the program by the noted signal, with its default action, so
 * that the shell sees why. Use: hold; make temporary things; work, looking at
 * interrupt_pending(); remove them; release. Holds nest. proc_run() holds by
 * itself and returns at once when a signal is pending (result: signal SIGKILL).
 * A third signal is not held any more.
 */
void interrupt_init(void);		/* once, by main() */
void interrupt_hold(void);
void interrupt_release(void);
int interrupt_pending(void);
/* The noted signal was meant for a program that had the terminal: drop it. */
void interrupt_forget(void);
/* Called before a signal ends the program, perhaps in its handler. */
void interrupt_last_words(void (*say)(void));
/* A descriptor that is readable from the noted signal on: for poll() loops. */
int interrupt_fd(void);

#endif
