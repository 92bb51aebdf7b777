// SPDX-License-Identifier: GPL-2.0
/* program.c - run a program and keep what it prints */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "internal.h"

#define OUTPUT_MAX	(16u * 1024 * 1024)

/* One of its two outputs. */
struct stream {
	int ends[2];
	char *text;
	size_t len;
	size_t size;
	bool truncated;
};

static void stream_open(struct stream *stream)
{
	int err = pipe_nonblocking(stream->ends);

	stream->size = 4096;
	stream->text = malloc(stream->size);
	if (err || !stream->text)
		child_fault("a program's output cannot be caught: %s",
			    strerror(err ? -err : ENOMEM));
}

static void stream_add(struct stream *stream, const char *text, size_t len)
{
	if (len > OUTPUT_MAX - stream->len) {
		stream->truncated = true;
		len = OUTPUT_MAX - stream->len;
	}
	if (stream->size - stream->len <= len) {
		char *more;

		while (stream->size - stream->len <= len)
			stream->size *= 2;
		more = realloc(stream->text, stream->size);
		if (!more)
			child_fault("no memory for a program's output");
		stream->text = more;
	}
	memcpy(stream->text + stream->len, text, len);
	stream->len += len;
}

/* Read what is there, but at most max bytes; false at the end of file. */
static bool stream_drain(struct stream *stream, size_t max)
{
	char buf[16 * 1024];
	ssize_t n;

	while (max) {
		n = read(stream->ends[0], buf, sizeof(buf));
		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (!n)
			return false;
		stream_add(stream, buf, n);
		max -= (size_t)n < max ? (size_t)n : max;
	}
	return true;
}

/* A child of the program may have the pipe open still: do not wait for it. */
static void stream_close(struct stream *stream)
{
	int size = fcntl(stream->ends[0], F_GETPIPE_SZ);

	stream_drain(stream, size > 0 ? size : 1 << 20);
	close(stream->ends[0]);
	stream->text[stream->len] = '\0';
}

static int start(pid_t *pid, const char *const argv[], struct stream streams[2])
{
	posix_spawn_file_actions_t actions;
	int err;

	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return err;
	err = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
					       "/dev/null", O_RDONLY, 0);
	for (int i = 0; i < 2 && !err; i++)
		err = posix_spawn_file_actions_adddup2(&actions,
						       streams[i].ends[1],
						       STDOUT_FILENO + i);
	if (!err)
		err = posix_spawnp(pid, argv[0], &actions, NULL,
				   (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	for (int i = 0; i < 2; i++)
		close(streams[i].ends[1]);
	return err;
}

/* Read its outputs until it is gone (true) or end has come. */
static bool follow(int pidfd, struct stream streams[2], u64 end)
{
	struct pollfd fds[] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = streams[0].ends[0], .events = POLLIN },
		{ .fd = streams[1].ends[0], .events = POLLIN },
	};
	int left;

	while ((left = ms_until(end)) > 0) {
		if (poll(fds, 3, left) < 0)
			continue;
		for (int i = 1; i < 3; i++)
			if (fds[i].revents &&
			    !stream_drain(&streams[i - 1], 1 << 20))
				fds[i].fd = -1;
		if (fds[0].revents)
			return true;
	}
	return false;
}

static void wait_for_end(pid_t pid, int seconds, struct stream streams[2],
			 struct run_result *result)
{
	u64 ms = seconds > 0 ? seconds * 1000ULL : 0;
	int pidfd = pidfd_of(pid);
	int status;

	if (pidfd < 0)
		child_fault("a program cannot be waited for: %m");
	if (!follow(pidfd, streams, check_clock_ms_() + ms)) {
		result->timed_out = true;
		kill(pid, SIGKILL);
		if (!follow(pidfd, streams, check_clock_ms_() + KILL_GRACE_MS)) {
			check_note("Process %d, the program, does not end though it was killed.",
				   (int)pid);
			close(pidfd);
			return;
		}
	}
	close(pidfd);
	if (waitpid(pid, &status, 0) != pid)
		return;		/* somebody else has waited for it */
	if (WIFSIGNALED(status))
		result->signal = WTERMSIG(status);
	else
		result->status = WEXITSTATUS(status);
}

struct run_result run_program(const char *const argv[], int seconds)
{
	struct run_result result = { .status = -1 };
	struct stream streams[2] = { };
	pid_t pid;

	for (int i = 0; i < 2; i++)
		stream_open(&streams[i]);
	fflush(stdout);
	result.error = start(&pid, argv, streams);
	if (!result.error)
		wait_for_end(pid, seconds, streams, &result);
	for (int i = 0; i < 2; i++)
		stream_close(&streams[i]);
	result.out = streams[0].text;
	result.out_len = streams[0].len;
	result.err = streams[1].text;
	result.err_len = streams[1].len;
	result.truncated = streams[0].truncated || streams[1].truncated;
	return result;
}

void run_result_free(struct run_result *result)
{
	free(result->out);
	free(result->err);
	result->out = NULL;
	result->err = NULL;
}
