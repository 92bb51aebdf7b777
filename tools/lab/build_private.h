/* SPDX-License-Identifier: GPL-2.0 */
/* build_private.h - shared by the files build*.c; nobody else. */
#ifndef LAB_BUILD_PRIVATE_H
#define LAB_BUILD_PRIVATE_H

#include <sys/stat.h>

#include "build.h"
#include "term.h"

/* ---- build_copy.c ---- */
/* Directories are followed so deep; give it as depth to follow none. */
#define SYNC_DEPTH 8

/* What a lab's directory may hold that is not built. */
bool build_is_source(const char *name);
/* What a build leaves. */
bool build_is_output(const char *name);
/*
 * Copies the wanted files below from; what was copied is added to seen. Files
 * that are in over as well are left for the sync of that directory.
 */
int build_sync(const char *from, const char *over, const char *to,
	       bool (*wanted)(const char *), unsigned int depth,
	       struct strlist *seen);
/* A source that is gone must not be built from an old copy. */
void build_drop_stale(const char *dir, const struct strlist *seen);
/*
 * Writes a file that can be made again: not synced to the disk. Who finds it cut
 * short after a power cut makes it again. 0 or -errno.
 */
int build_put(const char *path, const void *data, size_t len);

/* ---- build_make.c ---- */
#define BUILD_SECONDS 180

struct build_run {
	const char *const *argv;
	const char *const *env;	/* changes, in proc_run()'s form */
	const char *cwd;
	int64_t deadline;	/* as now_ms() counts */
	struct progress *progress;
	/* results */
	bool ok, timed_out;
	int status;
	char *said;		/* stdout and stderr, malloc'd */
};

/* 0: it ran, see the results; else a negative errno, complained about. */
int build_run(struct build_run *run);
/* What it all said becomes b->log (text is taken). 0 or a negative errno: what
 * went wrong was not the source's fault. */
int build_said(struct build *b, char *text);
/*
 * make, with an environment that does not change what it does; extra: further
 * changes of it, or NULL. Fills b->ok, b->timed_out and b->log.
 */
int build_make(const char *const argv[], const char *const extra[],
	       struct build *b, struct progress *p);
/*
 * The same, in the quickest way that gives the same files: see build_replay.c.
 * seen: the sources. -EAGAIN: b->dir was removed, copy the sources again.
 */
int build_quick(const char *const argv[], const struct strlist *seen,
		struct build *b, struct progress *p);

/* ---- build_stamp.c ---- */
/* Size, time and place of a file: "" when there is none. malloc'd. */
char *build_identity(const char *path);
/* The same of a program in PATH. */
char *build_tool(const char *name);
/*
 * All that decides which commands make runs, as a hash: its arguments, the
 * makefiles, the names of the sources, the kernel's tree, the environment.
 */
char *build_stamp(const char *const argv[], const struct strlist *seen,
		  const struct build *b);

/* ---- build_recipe.c ---- */
/* What make ran for one target, in its order. */
struct recipe {
	char *target;		/* absolute, or "" */
	char *dir;
	size_t environment;	/* in struct recording */
	struct strlist commands;
	char *said;		/* the last time */
};

struct recording {
	char *stamp;
	bool replay;		/* false: plain make it is, for this stamp */
	struct strlist tools;	/* name, identity, name, identity, … */
	struct strlist *environments;	/* changes, in proc_run()'s form */
	size_t environment_count;
	struct recipe *recipes;
	size_t recipe_count;
};

bool recording_load(const char *dir, struct recording *out);
int recording_save(const char *dir, const struct recording *recording);
void recording_free(struct recording *recording);
/*
 * How the last build of the directory ended, and what each recipe said. Absent
 * while one is at work: what a killed build left is not to be trusted.
 */
enum built { BUILT_UNKNOWN, BUILT_WHOLE, BUILT_PARTLY };
enum built built_load(const char *dir, struct recording *recording);
void built_save(const char *dir, const struct recording *recording,
		enum built built);
void built_forget(const char *dir);

/* ---- build_record.c ---- */
/* What record.sh wrote into dir; false: it is not to be replayed. */
bool recording_read(const char *dir, const struct build *b,
		    struct recording *out);

/* ---- build_stale.c ---- */
/*
 * Must this recipe run? dirty: another one of kbuild's has run before it.
 */
bool recipe_stale(const struct recipe *recipe, const struct build *b,
		  bool dirty);
/* Is it one of lab.mk's, not of kbuild's? */
bool recipe_is_ours(const struct recipe *recipe, const struct build *b);

#endif
