/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sandbox.h - the beginning of a command line that runs a program under
 * bubblewrap: it sees the toolchain, what is bound here, and nothing else. No
 * network, no home, no other process, no privilege; it ends with us.
 *
 *	sandbox_begin(&argv, 64 << 20);
 *	sandbox_read(&argv, kdir, kdir);
 *	sandbox_write(&argv, dir, "/wb/lab");
 *	sandbox_command(&argv, "/wb/lab", &limits);
 *	strlist_add(&argv, "make"); ...
 */
#ifndef LAB_SANDBOX_H
#define LAB_SANDBOX_H

#include "util.h"

struct sandbox_limits {		/* 0: none */
	uint64_t memory;	/* bytes of address space of each process */
	unsigned int cpu;	/* seconds of CPU time of each process */
	uint64_t file;		/* bytes of the longest file */
	unsigned int processes;
};

/* Can bubblewrap run here? Else why not (strf() or static). Asked once. */
bool sandbox_works(const char **why);
/* Complains, with the command that mends it, when it cannot. */
int sandbox_need(void);

/* tmp: bytes that /tmp may hold. */
void sandbox_begin(struct strlist *argv, uint64_t tmp);
/* path of the host as at in the sandbox; what is not there is left out. */
void sandbox_read(struct strlist *argv, const char *path, const char *at);
void sandbox_write(struct strlist *argv, const char *path, const char *at);
void sandbox_env(struct strlist *argv, const char *name, const char *value);
/* The program and its arguments follow. */
void sandbox_command(struct strlist *argv, const char *cwd,
		     const struct sandbox_limits *limits);

#endif
