// SPDX-License-Identifier: GPL-2.0
/*
 * A build as make would do it, without make.
 *
 * kbuild starts five makes, which read some thousand lines and try some thirty
 * options on the compiler, before the first file is compiled: most of what a
 * small module's build takes. What they find out is the same each time, as long
 * as the makefiles, the names of the files, the kernel's tree, the tools and the
 * environment stay: which commands to run. So the first build of a directory is
 * make's, and what its recipes ran is recorded (record.sh), to the letter. Later
 * builds run those whose inputs have changed, as told by the compiler's own lists
 * of what it read, in make's order; modpost and the link run whenever something
 * of the module was made. Where anything else has changed the directory is
 * emptied, and make builds it again, recorded again.
 *
 * LAB_BUILD=make in the environment leaves all to make. The tests hold the two
 * against each other.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_private.h"
#include "cache.h"
#include "proc.h"
#include "root.h"

/* make, with a shell that takes notes. */
static int record(const char *const argv[], const char *stamp,
		  struct build *b, struct progress *p)
{
	char *dir = cache_tmpdir("record");
	char *recorder = root_path("tools/lab/record.sh");
	struct recording recording = { 0 };
	struct strlist words = { 0 };
	char *variable;
	bool can;
	int err;

	if (!dir) {
		free(recorder);
		return -EIO;
	}
	/* make takes its shell's name apart at blanks. */
	can = !strpbrk(recorder, " \t") && !access(recorder, X_OK);
	variable = xasprintf("LAB_RECORD=%s", dir);
	for (; *argv; argv++)
		strlist_add(&words, *argv);
	if (can)
		strlist_addf(&words, "SHELL=%s", recorder);
	built_forget(b->dir);
	err = build_make((const char *const *)words.items,
			 (const char *const[]){ variable, NULL }, b, p);
	if (!err && b->ok) {
		if (can)
			recording_read(dir, b, &recording);
		recording.stamp = xstrdup(stamp);
		if (!recording_save(b->dir, &recording))
			built_save(b->dir, &recording, BUILT_WHOLE);
	}
	recording_free(&recording);
	rm_rf(dir);
	strlist_free(&words);
	free(variable);
	free(recorder);
	free(dir);
	return err;
}

/* Each command in a shell of its own, as make does; the first failure ends it. */
static char *script_of(const struct recipe *r)
{
	struct buf script = { 0 };

	if (r->commands.count == 1)
		return xstrdup(r->commands.items[0]);
	buf_adds(&script, "set -e\n");
	for (size_t i = 0; i < r->commands.count; i++)
		buf_addf(&script, "(set +e\n%s\n)\n", r->commands.items[i]);
	return buf_steal(&script);
}

static int run_recipe(const struct recording *recording, struct recipe *r,
		      const char *tmp, int64_t deadline, struct build *b,
		      struct progress *p)
{
	char *script = script_of(r);
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	const struct strlist *changes = &recording->environments[r->environment];
	struct strlist env = { 0 };
	struct build_run run = {
		.argv = argv, .cwd = r->dir, .deadline = deadline,
		.progress = p,
	};
	int err;

	for (size_t i = 0; i < changes->count; i++)
		strlist_add(&env, changes->items[i]);
	strlist_addf(&env, "TMPDIR=%s", tmp);
	run.env = (const char *const *)env.items;
	err = build_run(&run);
	if (run.said) {
		free(r->said);
		r->said = run.said;
	}
	b->ok = !err && run.ok;
	b->timed_out = !err && run.timed_out;
	/* make removes what a failed recipe leaves. */
	if (!b->ok && *r->target)
		unlink(r->target);
	if (!err && !b->ok) {
		char *said = xasprintf("%smake: *** [%s] Error %d\n", r->said,
				       *r->target ? r->target : "modules",
				       run.status);

		free(r->said);
		r->said = said;
	}
	strlist_free(&env);
	free(script);
	return err;
}

static int run_stale(struct recording *recording, bool dirty, const char *tmp,
		     struct build *b, struct progress *p, bool *ran)
{
	int64_t deadline = now_ms() + BUILD_SECONDS * 1000;
	struct buf log = { 0 };
	int err = 0;

	b->ok = true;
	for (size_t i = 0; i < recording->recipe_count && !err && b->ok; i++) {
		struct recipe *r = &recording->recipes[i];

		if (recipe_stale(r, b, dirty)) {
			if (!*ran && *r->target)
				built_forget(b->dir);
			*ran |= *r->target;
			err = run_recipe(recording, r, tmp, deadline, b, p);
			dirty |= !recipe_is_ours(r, b);
		}
		buf_adds(&log, r->said ? r->said : "");
	}
	if (!err)
		err = build_said(b, buf_steal(&log));
	buf_free(&log);
	return err;
}

static int replay(struct recording *recording, enum built built,
		  struct build *b, struct progress *p)
{
	char *tmp = cache_tmpdir("build");
	bool ran = built == BUILT_PARTLY;
	int err;

	if (!tmp)
		return -EIO;
	err = run_stale(recording, built == BUILT_PARTLY, tmp, b, p, &ran);
	if (!err && !b->timed_out && ran)
		built_save(b->dir, recording, b->ok ? BUILT_WHOLE : BUILT_PARTLY);
	rm_rf(tmp);
	free(tmp);
	return err;
}

static bool same_tools(const struct recording *r)
{
	bool same = true;

	for (size_t i = 0; i + 1 < r->tools.count && same; i += 2) {
		char *now = build_tool(r->tools.items[i]);

		same = !strcmp(now, r->tools.items[i + 1]);
		free(now);
	}
	return same;
}

/*
 * make once more, where it was built before. What it leaves behind when it is killed
 * is not to be built upon.
 */
static int make_again(const struct recording *recording, enum built built,
		      const char *const argv[], struct build *b, struct progress *p)
{
	int err;

	built_forget(b->dir);
	err = build_make(argv, NULL, b, p);
	if (!err && !b->timed_out)
		built_save(b->dir, recording, built);
	return err;
}

int build_quick(const char *const argv[], const struct strlist *seen,
		struct build *b, struct progress *p)
{
	const char *way = getenv("LAB_BUILD");
	bool plain = way && !strcmp(way, "make");
	char *stamp = plain ? NULL : build_stamp(argv, seen, b), *mark;
	struct recording recording;
	enum built built = BUILT_UNKNOWN;
	bool known;
	int err;

	if (!stamp)
		return build_make(argv, NULL, b, p);
	known = recording_load(b->dir, &recording) &&
		!strcmp(recording.stamp, stamp) && same_tools(&recording);
	if (known)
		built = built_load(b->dir, &recording);
	mark = xasprintf("%s/.lab-fresh", b->dir);
	if (built != BUILT_UNKNOWN) {
		err = recording.replay ? replay(&recording, built, b, p) :
					 make_again(&recording, built, argv, b, p);
	} else if (path_exists(mark)) {
		unlink(mark);
		err = record(argv, stamp, b, p);
	} else {
		/* Nothing of another build may be left. */
		err = rm_rf(b->dir);
		if (!err)
			err = mkdir_p(b->dir);
		if (!err)
			err = build_put(mark, "", 0);
		if (!err)
			err = -EAGAIN;
	}
	recording_free(&recording);
	free(mark);
	free(stamp);
	return err;
}
