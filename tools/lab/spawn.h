/* SPDX-License-Identifier: GPL-2.0 */
/* spawn.h - starts the child of proc_run(). */
#ifndef LAB_SPAWN_H
#define LAB_SPAWN_H

#include "proc.h"

struct child {
	pid_t pid;
	int out;		/* read end of its stdout, or -1 */
	int err;		/* of its stderr where that is apart, or -1 */
};

/* 0, or a negative errno, also when the program could not be executed. */
int spawn_child(const struct proc *spec, struct child *child);

#endif
