// SPDX-License-Identifier: GPL-2.0
/* A command in the build's directory, to its end. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "build_private.h"
#include "cache.h"
#include "proc.h"

#define LEAST_ROOM	(4u << 20)	/* that a lab's build may need */

static void show_line(const char *line, bool from_stderr, void *data)
{
	(void)from_stderr;
	if (data && *line)
		progress_note(data, "%s", line);
}

int build_run(struct build_run *run)
{
	int64_t left = run->deadline - now_ms();
	const struct proc spec = {
		.argv = run->argv, .cwd = run->cwd, .env = run->env,
		.cap = 1 << 20, .output = PROC_MERGED,
		.deadline_ms = left > 1 ? left : 1,
		.on_line = show_line, .data = run->progress,
	};
	struct proc_result res = { 0 };
	int err = proc_run(&spec, &res);

	run->said = NULL;
	if (err) {
		complain(strf("cannot run %s", run->argv[0]), errno_text(err),
			 "sudo apt-get install make gcc");
		return err;
	}
	run->ok = proc_ok(&res);
	run->timed_out = res.timed_out;
	run->status = res.status;
	run->said = xstrdup(res.out);
	proc_result_free(&res);
	return interrupt_pending() ? -EINTR : 0;
}

/* "hello.c:17:9: error: ...": of the source, and not of a tool that gave up. */
static bool blames_source(const char *log)
{
	for (const char *at = log; (at = strstr(at, ": error: ")); at++) {
		const char *p = at;

		while (p > log && isdigit((unsigned char)p[-1]))
			p--;
		if (p < at && p > log && p[-1] == ':')
			return true;
	}
	return strstr(log, "undefined reference") || strstr(log, "multiple definition");
}

/* Some linkers fail without a word when they cannot write. */
static bool is_starved(const struct build *b)
{
	struct statvfs fs;

	return !statvfs(b->dir, &fs) &&
	       (uint64_t)fs.f_bavail * fs.f_frsize < LEAST_ROOM &&
	       !blames_source(b->log);
}

int build_said(struct build *b, char *text)
{
	free(b->log);
	b->log = text;
	if (b->timed_out) {
		b->log = xasprintf("%s\nThe build took more than %d s and was ended.\n",
				   text, BUILD_SECONDS);
		free(text);
	}
	/* That the compiler had no room is not the source's fault. */
	if (!b->ok && (strstr(b->log, "No space left on device") ||
		       is_starved(b))) {
		complain(strf("there was no room left to build in %s", b->dir),
			 "the compiler or the linker could not write: No space left on device",
			 "make room there; lab kernel list shows what the cache holds");
		return -ENOSPC;
	}
	return 0;
}

int build_make(const char *const argv[], const char *const extra[],
	       struct build *b, struct progress *p)
{
	static const char *const plain[] = {
		"LC_ALL=C", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "KERNELRELEASE",
		"CFLAGS_EXTRA", "W", "V", "C",
	};
	/* A compiler that is killed leaves its files where we remove them. */
	char *tmp = cache_tmpdir("build");
	struct strlist env = { 0 };
	struct build_run run = {
		.argv = argv, .cwd = b->dir, .progress = p,
		.deadline = now_ms() + BUILD_SECONDS * 1000,
	};
	int err;

	if (!tmp)
		return -EIO;
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		strlist_add(&env, plain[i]);
	for (; extra && *extra; extra++)
		strlist_add(&env, *extra);
	strlist_addf(&env, "TMPDIR=%s", tmp);
	run.env = (const char *const *)env.items;
	err = build_run(&run);
	rm_rf(tmp);
	free(tmp);
	strlist_free(&env);
	if (err) {
		free(run.said);
		return err;
	}
	b->ok = run.ok;
	b->timed_out = run.timed_out;
	return build_said(b, run.said);
}
