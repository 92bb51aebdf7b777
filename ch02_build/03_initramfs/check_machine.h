/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A place where init can be PID 1 without a boot: a new PID
 * namespace with mounts of its own, and a directory as the root
 */
#ifndef CHECK_MACHINE_H
#define CHECK_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct machine {
	char root[32];		/* the directory; a temporary one */
	pid_t init;		/* as the check sees it; 0: not running */
	int out;		/* what init and its children print */
	char *said;		/* the same, so far */
	size_t said_len;
	int status;		/* wait status, when init has ended */
};

/* Make the root directory, with nothing in it. */
void machine_make(struct machine *m);
/* Put a file into the root. */
void machine_file(struct machine *m, const char *name, const char *text);
/* Put a program of the lab into the root. */
void machine_program(struct machine *m, const char *name, const char *from);
/*
 * Start /init. With a cmdline, /proc is mounted before init starts, with this
 * text in /proc/cmdline: the kernel's own cannot be changed. init then finds
 * that all is mounted already.
 */
void machine_start(struct machine *m, const char *cmdline);
/* Wait for init to print what matches; true when it has. */
bool machine_says(struct machine *m, const char *regex, int ms);
/* Wait for init's end; true when it has ended. */
bool machine_ends(struct machine *m, int ms);
/* Fail unless init has switched the machine off. */
void machine_expect_power_off(struct machine *m);
/* Number of init's children, and of those that are zombies. */
int machine_children(const struct machine *m, int *zombies);
/* End and remove all; a machine that was not made is fine, too. */
void machine_end(struct machine *m);

#endif
