// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of kernel modules. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

/*
 * Sends the kernel's messages while this process is inside the kernel: an init
 * function that never returns can still be heard. Both share the place in the
 * log up to which it was read. Ends when the pipe does.
 */
static pid_t start_relay(int stop[2])
{
	struct pollfd p;
	pid_t pid;

	if (pipe2(stop, O_CLOEXEC))
		return -1;
	pid = fork();
	if (pid)
		return pid;
	close(stop[1]);
	p = (struct pollfd){ .fd = stop[0], .events = POLLIN };
	while (!poll(&p, 1, 50))
		pump_kmsg();
	_exit(0);
}

static void end_relay(pid_t pid, int stop[2])
{
	close(stop[0]);
	close(stop[1]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* Where its code stands: the host finds lines of source with it. */
static void note_sections(const char *path)
{
	static const char *const names[] = { ".text", ".init.text", ".exit.text" };
	const char *file = strrchr(path, '/');
	char name[256], where[512];
	FILE *out;

	snprintf(name, sizeof(name), "%s", file ? file + 1 : path);
	name[strcspn(name, ".")] = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	out = fopen(LAB_DIR "/.sections", "ae");
	for (size_t i = 0; out && i < sizeof(names) / sizeof(names[0]); i++) {
		char address[32] = "";
		FILE *f;

		snprintf(where, sizeof(where), "/sys/module/%s/sections/%s",
			 name, names[i]);
		f = fopen(where, "re");
		if (f && fgets(address, sizeof(address), f))
			fprintf(out, "%s %s %s", name, names[i], address);
		if (f)
			fclose(f);
	}
	if (out)
		fclose(out);
}

int module_load(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), stop[2] = { -1, -1 };
	pid_t relay;
	long err;

	if (fd < 0)
		return -errno;
	relay = start_relay(stop);
	err = syscall(SYS_finit_module, fd, params, 0);
	err = err ? -errno : 0;
	end_relay(relay, stop);
	close(fd);
	if (!err)
		note_sections(path);
	return err;
}

/*
 * In a child: an exit function that never returns must not take PID 1 with
 * it. The child that hangs in the kernel cannot be ended; it is left.
 */
int module_unload(const char *name)
{
	struct timespec tick = { .tv_nsec = 10 * 1000 * 1000 };
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (!pid) {
		if (syscall(SYS_delete_module, name, O_NONBLOCK))
			_exit(errno);
		_exit(0);
	}
	for (int i = 0; i < 1000; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
		pump_kmsg();
		nanosleep(&tick, NULL);
	}
	return -ETIME;
}

void modules_load_listed(void)
{
	FILE *f = fopen("/modules.load", "re");
	char *line = NULL;
	size_t size = 0;

	if (!f)
		return;
	while (getline(&line, &size, f) > 0) {
		int err;

		line[strcspn(line, "\n")] = '\0';
		err = module_load(line, "");
		if (err && err != -EEXIST)
			printf("wb-init: %s: %s\n", line, strerror(-err));
	}
	free(line);
	fclose(f);
}
