/* SPDX-License-Identifier: GPL-2.0 */
/*
 * session.h - a module directory in a virtual machine without a check: what
 * `lab run` and `lab shell` have in common.
 */
#ifndef LAB_SESSION_H
#define LAB_SESSION_H

#include "build.h"
#include "vm.h"

struct session {
	const char *kernel;	/* name; NULL: the default */
	const char *dir;	/* the module's directory; NULL: none */
	const char *params;	/* of the (first) module; may be NULL */
	const char *command;	/* NULL: none */
	const char *cmdline;
	unsigned int cpus, memory, timeout;
	bool shell, solution, cold, no_load;
};

/* Options that run and shell share; false: not one of them. */
#define SESSION_OPTIONS \
	{ "kernel", required_argument, NULL, 'k' }, \
	{ "cpus", required_argument, NULL, 'c' }, \
	{ "memory", required_argument, NULL, 'm' }, \
	{ "params", required_argument, NULL, 'p' }, \
	{ "cmdline", required_argument, NULL, 'a' }, \
	{ "cold", no_argument, NULL, 'C' }, \
	{ "solution", no_argument, NULL, 's' }, \
	{ "help", no_argument, NULL, 'h' }
bool session_option(struct session *session, int opt, const char *value);
int session_run(const struct session *session);

#endif
