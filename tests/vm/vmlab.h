/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmlab.h - the program in surroundings of its own: a cache whose kernels are
 * those that the user's cache holds, and after each test a look at what was
 * left behind.
 */
#ifndef VMLAB_H
#define VMLAB_H

#include "test.h"

/* The planted module of many ways, also a lab; see misbehave/. */
#define MISBEHAVE	LAB_TOP "/tests/vm/misbehave"
#define MUTE		LAB_TOP "/tests/vm/mute"

extern const char *vm_dir;	/* of this worker: all that it makes is below */

/* ---- session.c ---- */
/* Could file systems be mounted where nobody else sees them? */
bool session_mounts(void);
/*
 * A further cache below vm_dir, with kernels and nothing else; made once. Its
 * path. use_cache() sets LAB_CACHE too.
 */
const char *make_cache(const char *name);
const char *use_cache(const char *name);
/*
 * What these and the functions below return stays until the test's process ends:
 * nothing has to be freed.
 */
/* The headers of a kernel (KDIR) and its compressed image, in the user's cache. */
const char *kernel_headers(const char *kernel);
const char *kernel_bzimage(const char *kernel);
/* Directories of the states in $LAB_CACHE. */
void list_states(struct strlist *paths);

/* ---- leftovers.c ---- */
/* The QEMU that this lab process started; 0: none. */
pid_t qemu_of(pid_t lab);

/* ---- runs.c ---- */
struct ran {
	int status;		/* -1: ended by the signal */
	int signal;
	char *out;
	char *err;
};

struct running {
	pid_t pid;
	char *out_path;
	char *err_path;
};

/* A program with these arguments; a sanitizer's report fails the test. */
void start_program(struct running *running, const char *const *argv);
struct ran finish(struct running *running);
struct ran run_program(const char *const *argv);
#define start_lab(running, ...) \
	start_program(running, (const char *const[]){ LAB_PROGRAM, __VA_ARGS__, NULL })
#define run_lab(...) \
	run_program((const char *const[]){ LAB_PROGRAM, __VA_ARGS__, NULL })
/* lab run misbehave --params how=HOW -- true; more options after it. */
#define run_way(how, ...) \
	run_lab("run", MISBEHAVE, "--params", strf("how=%s", how), ##__VA_ARGS__)
/* Fails unless a run of a good module passes: nothing stays broken. */
void next_run_works(void);

/* Fails the test unless it exited with status, and all texts are in its output;
 * a text that begins with '~' must not be there. */
void expect_ran(const char *file, int line, const struct ran *ran, int status,
		const char *const *texts);
#define EXPECT(ran, status, ...) \
	expect_ran(__FILE__, __LINE__, &(ran), status, (const char *const[]){ "", ##__VA_ARGS__, NULL })

/* ---- files of tests ---- */
void put_file(const char *path, const char *text);
/* A module directory in test_dir: NAME/{Makefile,NAME.c}. */
const char *make_module(const char *name, const char *source);
/* A module that says hello; its word is drawn. */
const char *make_good_module(const char *name, const char **word);
uint64_t random_range(uint64_t lo, uint64_t hi);
const char *random_word(void);	/* 8 letters */
/* Random bytes over a part of a file. */
void scribble(const char *path, off_t offset, size_t len);
void copy_file(const char *from, const char *to);

#endif
