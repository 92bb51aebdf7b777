// SPDX-License-Identifier: GPL-2.0
/*
 * proc.c - runs a program to its end; see proc.h. How the child is started is
 * in spawn.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proc.h"
#include "spawn.h"

#define LINE_MAX_BYTES	65536
#define DRAIN_MS	1000	/* for output in pipes after the child's end */
#define TICK_MS		100	/* where the kernel has no pidfd */

struct stream {
	int fd;			/* -1 after its end */
	bool from_stderr;
	struct buf kept;
	struct buf line;
};

struct run {
	const struct proc *spec;
	struct proc_result *res;
	pid_t pid;
	int pidfd;		/* -1: not available, ask with waitid() */
	struct stream streams[2];
	int64_t deadline;	/* 0: none */
	bool killed;
};

static void emit_line(struct run *run, struct stream *stream)
{
	if (run->spec->on_line)
		run->spec->on_line(stream->line.data ? stream->line.data : "",
				   stream->from_stderr, run->spec->data);
	stream->line.len = 0;
	buf_add(&stream->line, "", 0);
}

static void take_output(struct run *run, struct stream *stream, const char *data, size_t len)
{
	size_t cap = run->spec->cap;
	size_t keep = len;

	if (cap && keep > cap - stream->kept.len) {
		keep = cap - stream->kept.len;
		run->res->truncated = true;
	}
	buf_add(&stream->kept, data, keep);

	while (run->spec->on_line && len) {
		const char *newline = memchr(data, '\n', len);
		size_t piece = newline ? (size_t)(newline - data) : len;

		if (piece > LINE_MAX_BYTES - stream->line.len)
			piece = LINE_MAX_BYTES - stream->line.len;
		buf_add(&stream->line, data, piece);
		data += piece;
		len -= piece;
		if (len && *data == '\n') {
			data++;
			len--;
			emit_line(run, stream);
		} else if (stream->line.len == LINE_MAX_BYTES) {
			emit_line(run, stream);
		}
	}
}

static void end_stream(struct run *run, struct stream *stream)
{
	if (stream->fd < 0)
		return;
	close(stream->fd);
	stream->fd = -1;
	if (stream->line.len)
		emit_line(run, stream);
}

static void read_stream(struct run *run, struct stream *stream)
{
	char chunk[16384];
	ssize_t got = read(stream->fd, chunk, sizeof(chunk));

	if (got > 0)
		take_output(run, stream, chunk, got);
	else if (got == 0 || (errno != EINTR && errno != EAGAIN))
		end_stream(run, stream);
}

/* The child, not yet reaped, still owns its number: no other can be hit. */
static void kill_child(struct run *run)
{
	pid_t target = run->spec->output == PROC_INHERIT ? run->pid : -run->pid;

	kill(target, SIGKILL);
	run->killed = true;
}

static bool child_ended(struct run *run)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, run->pid, &info, WEXITED | WNOHANG | WNOWAIT))
		return errno == ECHILD;
	return info.si_pid == run->pid;
}

static int time_left(int64_t until, int limit)
{
	int64_t left;

	if (!until)
		return limit;
	left = until - now_ms();
	if (left < 0)
		left = 0;
	if (limit >= 0 && left > limit)
		left = limit;
	return left > 60000 ? 60000 : left;
}

/* What else than output wakes the wait. */
enum { WATCH_CHILD = 1, WATCH_INTERRUPT = 2 };

/* Waits for output, what is watched or the given time. */
static void wait_for_news(struct run *run, int timeout, unsigned int watch)
{
	struct pollfd fds[4];
	struct stream *owner[4] = { NULL };
	nfds_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(run->streams); i++) {
		if (run->streams[i].fd < 0)
			continue;
		owner[count] = &run->streams[i];
		fds[count++] = (struct pollfd){ .fd = run->streams[i].fd, .events = POLLIN };
	}
	if (watch & WATCH_CHILD && run->pidfd >= 0)
		fds[count++] = (struct pollfd){ .fd = run->pidfd, .events = POLLIN };
	if (watch & WATCH_INTERRUPT && interrupt_fd() >= 0)
		fds[count++] = (struct pollfd){ .fd = interrupt_fd(), .events = POLLIN };
	/* What cannot be waited for has to be asked for. */
	if (((watch & WATCH_CHILD && run->pidfd < 0) ||
	     (watch & WATCH_INTERRUPT && interrupt_fd() < 0)) &&
	    (timeout < 0 || timeout > TICK_MS))
		timeout = TICK_MS;
	if (poll(fds, count, timeout) <= 0)
		return;
	for (nfds_t i = 0; i < count; i++)
		if (owner[i] && fds[i].revents)
			read_stream(run, owner[i]);
}

/* Until the child has ended; it is not reaped here. */
static void follow_child(struct run *run)
{
	while (!child_ended(run)) {
		int signo = interrupt_pending();
		/* Who has the terminal decides itself what Ctrl-C means. */
		bool theirs = run->spec->output == PROC_INHERIT && signo == SIGINT;

		if (!run->killed && signo && !theirs)
			kill_child(run);
		if (!run->killed && run->deadline && now_ms() >= run->deadline) {
			run->res->timed_out = true;
			kill_child(run);
		}
		/*
		 * Once seen, an interrupt would only make us spin. One that
		 * comes from here on must wake us: ask signo, not anew.
		 */
		wait_for_news(run, run->killed ? -1 : time_left(run->deadline, -1),
			      WATCH_CHILD | (signo ? 0 : WATCH_INTERRUPT));
	}
}

static void finish_child(struct run *run)
{
	int64_t until = now_ms() + DRAIN_MS;
	int status;

	/* What it left in its group must not outlive it. */
	if (run->spec->output != PROC_INHERIT)
		kill(-run->pid, SIGKILL);
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		;
	/* Somebody who left the group may hold a pipe open: not for long. */
	while ((run->streams[0].fd >= 0 || run->streams[1].fd >= 0) && now_ms() < until)
		wait_for_news(run, time_left(until, -1), 0);
	for (size_t i = 0; i < ARRAY_SIZE(run->streams); i++)
		end_stream(run, &run->streams[i]);

	run->res->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	run->res->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (run->spec->output == PROC_INHERIT && interrupt_pending() == SIGINT &&
	    run->res->signal != SIGINT)
		interrupt_forget();
}

int proc_run(const struct proc *spec, struct proc_result *res)
{
	struct run run = { .spec = spec, .res = res };
	struct child child;
	int64_t start = now_ms();
	int result;

	*res = (struct proc_result){ .status = -1 };
	interrupt_hold();
	result = spawn_child(spec, &child);
	if (result) {
		*res = (struct proc_result){ 0 };
		interrupt_release();
		return result;
	}
	run.pid = child.pid;
	run.pidfd = pidfd_open(child.pid, 0);
	if (run.pidfd >= 0)
		fcntl(run.pidfd, F_SETFD, FD_CLOEXEC);
	run.streams[0] = (struct stream){ .fd = child.out };
	run.streams[1] = (struct stream){ .fd = child.err, .from_stderr = true };
	run.deadline = spec->deadline_ms ? start + spec->deadline_ms : 0;

	follow_child(&run);
	finish_child(&run);

	if (run.pidfd >= 0)
		close(run.pidfd);
	res->out_len = run.streams[0].kept.len;
	res->out = buf_steal(&run.streams[0].kept);
	res->err_len = run.streams[1].kept.len;
	res->err = buf_steal(&run.streams[1].kept);
	res->duration_ms = now_ms() - start;
	buf_free(&run.streams[0].line);
	buf_free(&run.streams[1].line);
	interrupt_release();
	return 0;
}

void proc_result_free(struct proc_result *res)
{
	free(res->out);
	free(res->err);
	*res = (struct proc_result){ 0 };
}

bool proc_ok(const struct proc_result *res)
{
	return res->status == 0 && !res->signal && !res->timed_out;
}

const char *proc_describe(const struct proc_result *res)
{
	if (res->timed_out)
		return "passed its deadline";
	if (res->signal)
		return strf("was killed by SIG%s", sigabbrev_np(res->signal) ?
			    sigabbrev_np(res->signal) : strf("NAL %d", res->signal));
	return strf("exited with status %d", res->status);
}
