// SPDX-License-Identifier: GPL-2.0
/*
 * watch_run.c - `lab check` as a program beside us: it can be ended in the
 * middle, and whatever it meets, we stay. See watch.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc.h"
#include "root.h"
#include "spawn.h"
#include "term.h"
#include "watch.h"

#define TEXT_MAX	(4u << 20)	/* of each stream; more is read and dropped */
#define PATIENCE_MS	15000		/* for one that was told to end */

const char *watch_program = "/proc/self/exe";

static int start(const struct proc *spec, struct watch_run *run)
{
	struct child child;
	int err = spawn_child(spec, &child);

	if (err)
		return err;
	*run = (struct watch_run){
		.pid = child.pid, .out = child.out, .err = child.err, .start = now_ms(),
	};
	/* Where there is no pidfd, run_look() is called often enough. */
	run->pidfd = pidfd_open(child.pid, 0);
	if (run->pidfd >= 0)
		fcntl(run->pidfd, F_SETFD, FD_CLOEXEC);
	fcntl(run->out, F_SETFL, O_NONBLOCK);
	fcntl(run->err, F_SETFL, O_NONBLOCK);
	return 0;
}

/* What a child of ours sees of the terminal that it does not have. */
static void make_env(struct strlist *env, int columns)
{
	strlist_addf(env, "COLUMNS=%d", columns < 20 ? 20 : columns);
	strlist_add(env, term_colour(stdout) ? "CLICOLOR_FORCE=1" : "NO_COLOR=1");
	strlist_addf(env, "LAB_ROOT=%s", root_dir());
}

int run_begin(struct watch_run *run, const struct lab *lab, const char *kernel, int columns)
{
	const char *argv[] = { watch_program, "check", lab->dir, NULL, NULL, NULL };
	struct strlist env = { 0 };
	struct proc spec = { .argv = argv, .output = PROC_SEPARATE };
	int err;

	if (kernel) {
		argv[3] = "--kernel";
		argv[4] = kernel;
	}
	make_env(&env, columns);
	spec.env = (const char *const *)env.items;
	err = start(&spec, run);
	strlist_free(&env);
	return err;
}

/* false: nothing more will come. */
static void take(int *fd, struct buf *buf)
{
	char chunk[4096];
	ssize_t got;

	while (*fd >= 0) {
		got = read(*fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		if (got > 0) {
			if (buf->len < TEXT_MAX)
				buf_add(buf, chunk, got);
			continue;
		}
		close(*fd);
		*fd = -1;
	}
}

static bool has_ended(const struct watch_run *run)
{
	siginfo_t info = { 0 };

	/* Not reaped: until then its pid, and its group's, is nobody else's. */
	return waitid(P_PID, run->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == run->pid;
}

bool run_look(struct watch_run *run)
{
	take(&run->out, &run->text);
	take(&run->err, &run->noise);
	if (run->kill_at && now_ms() >= run->kill_at) {
		kill(-run->pid, SIGKILL);
		run->kill_at = INT64_MAX;
	}
	if (!has_ended(run))
		return false;
	take(&run->out, &run->text);
	take(&run->err, &run->noise);
	return true;
}

void run_stop(struct watch_run *run)
{
	if (!run->pid || run->kill_at)
		return;
	/* It ends its machine, removes what is temporary, then itself. */
	kill(run->pid, SIGTERM);
	run->kill_at = now_ms() + PATIENCE_MS;
}

void run_await(struct watch_run *run)
{
	while (run->pid && !run_look(run))
		poll(&(struct pollfd){ .fd = run->pidfd, .events = POLLIN }, run->pidfd >= 0, 100);
}

/* Complaints, with the indented lines below them; not the lines of progress. */
static char *complaints(const char *noise)
{
	struct buf text = { 0 };
	bool in = false;

	for (const char *p = noise; *p;) {
		size_t len = strcspn(p, "\n");

		in = str_starts(p, "lab") ? true : in && *p == ' ';
		if (in)
			buf_addf(&text, "%.*s\n", (int)len, p);
		p += len + (p[len] == '\n');
	}
	return buf_steal(&text);
}

int run_verdict(struct watch_run *run, char **text)
{
	const char *noise = run->noise.data ? run->noise.data : "";
	int status, code = LAB_FAULT;
	struct buf all = { 0 };
	char *said;

	/* What it left in its group must not outlive it. */
	kill(-run->pid, SIGKILL);
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	run->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) <= LAB_FAULT) {
		code = WEXITSTATUS(status);
		said = complaints(noise);
	} else {
		said = xstrdup(noise);
		if (WIFSIGNALED(status))
			buf_addf(&all, "The check was ended by SIG%s, not by you or your file.\n"
				 "Press r to run it again.\n\n",
				 sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) :
				 strf("NAL %d", WTERMSIG(status)));
		else
			buf_addf(&all, "The check ended with status %d, which is none of its own.\n\n",
				 WEXITSTATUS(status));
	}
	buf_adds(&all, said);
	buf_adds(&all, run->text.data ? run->text.data : "");
	free(said);
	*text = buf_steal(&all);
	run_free(run);
	return code;
}

const char *run_progress(const struct watch_run *run)
{
	const char *text = run->noise.data;
	size_t end = run->noise.len, from;

	if (!end || text[end - 1] != '\n')
		return "";
	for (from = --end; from && text[from - 1] != '\n'; from--)
		;
	return strf("%.*s", (int)(end - from), text + from);
}

void run_free(struct watch_run *run)
{
	const int fds[] = { run->out, run->err, run->pidfd };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	buf_free(&run->text);
	buf_free(&run->noise);
	*run = (struct watch_run){ .out = -1, .err = -1, .pidfd = -1 };
}

char *run_verb_text(const char *verb, const struct lab *lab, int columns)
{
	const char *argv[] = { watch_program, verb, lab->dir, NULL };
	struct proc spec = { .argv = argv, .output = PROC_SEPARATE, .deadline_ms = 20000 };
	struct strlist env = { 0 };
	struct proc_result res;
	char *text;
	int err;

	make_env(&env, columns);
	spec.env = (const char *const *)env.items;
	err = proc_run(&spec, &res);
	strlist_free(&env);
	if (err)
		return xasprintf("lab %s cannot be run: %s\n", verb, errno_text(err));
	text = xasprintf("%s%s", res.err, res.out);
	proc_result_free(&res);
	return text;
}
