// SPDX-License-Identifier: GPL-2.0
/* Output of programs and of the kernel log, turned into frames. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"

static int kmsg = -1;
static void (*watcher)(const char *text);

void pump_watch(void (*watch)(const char *text))
{
	watcher = watch;
}

int pump_open_kmsg(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0)
		return -1;
	lseek(kmsg, 0, SEEK_END);
	return 0;
}

/*
 * A record reads "level,seq,µs,flags;text\n" and further lines of its
 * dictionary, which are dropped. At most a few hundred a call: a module that
 * floods the log must not keep this process from everything else.
 */
bool pump_kmsg(void)
{
	char record[8192];

	for (int i = 0; kmsg >= 0 && i < 256; i++) {
		ssize_t n = read(kmsg, record, sizeof(record) - 1);
		unsigned int level;
		unsigned long long seq, usec;
		char *text;

		if (n < 0 && errno == EPIPE) {
			channel_printf("log", "4 0 [messages lost: they came faster than they could be read]");
			continue;
		}
		if (n <= 0)
			return false;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text || sscanf(record, "%u,%llu,%llu", &level, &seq,
				    &usec) != 3)
			continue;
		text++;
		text[strcspn(text, "\n")] = '\0';
		if (watcher)
			watcher(text);
		channel_printf("log", "%u %llu %s", level & 7, usec, text);
	}
	return kmsg >= 0;
}

void pump_kmsg_rest(void)
{
	/* More than the kernel's buffer holds: what comes on is a flood. */
	for (int i = 0; i < 32 && pump_kmsg(); i++)
		;
}

static pid_t spawn(const char *const argv[], int out)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setsid();
	dup2(out, 1);
	dup2(out, 2);
	if (chdir(LAB_DIR))
		_exit(127);
	execvp(argv[0], (char *const *)argv);
	dprintf(2, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Sends what is there; false at the end of the stream. */
static bool forward(int fd, const char *type)
{
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n > 0)
		channel_send(type, buf, n);
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

int pump_program(const char *const argv[], const char *type)
{
	int ends[2], status = -1, ended;
	bool open_end = true;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = spawn(argv, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return -1;
	}
	/* Without it the end would be seen at the next tick only. */
	ended = syscall(SYS_pidfd_open, pid, 0);
	for (;;) {
		struct pollfd p[3] = {
			{ .fd = open_end ? ends[0] : -1, .events = POLLIN },
			{ .fd = kmsg, .events = POLLIN },
			{ .fd = ended, .events = POLLIN },
		};
		pid_t done;

		poll(p, 3, 50);
		if (p[0].revents)
			open_end = forward(ends[0], type);
		pump_kmsg();
		/* PID 1 inherits orphans; only the program's own end counts. */
		while ((done = waitpid(-1, &status, WNOHANG)) > 0)
			if (done == pid)
				goto out;
	}
out:
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; open_end && i < 4096; i++) {
		struct pollfd p = { .fd = ends[0], .events = POLLIN };

		if (poll(&p, 1, 0) <= 0)
			break;
		open_end = forward(ends[0], type);
	}
	close(ends[0]);
	if (ended >= 0)
		close(ended);
	pump_kmsg_rest();
	return status;
}

int pump_shell(const char *const argv[])
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	const char *value;
	int master, status = 0;
	pid_t pid;

	value = job_value("rows", 0);
	if (value)
		size.ws_row = atoi(value);
	value = job_value("cols", 0);
	if (value)
		size.ws_col = atoi(value);
	pid = forkpty(&master, NULL, NULL, &size);
	if (pid < 0)
		return -1;
	if (!pid) {
		if (chdir(LAB_DIR))
			_exit(127);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	for (;;) {
		struct pollfd p[2] = {
			{ .fd = master, .events = POLLIN },
			{ .fd = channel_fd(), .events = POLLIN },
		};
		char buf[1024];
		ssize_t n;

		poll(p, 2, 200);
		if (p[1].revents & POLLIN) {
			n = read(channel_fd(), buf, sizeof(buf));
			if (n > 0 && write(master, buf, n) < 0)
				break;
		}
		if (p[0].revents && !forward(master, "tty"))
			break;
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
	}
	waitpid(pid, &status, 0);
	return status;
}
