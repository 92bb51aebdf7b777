// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading of kernel modules. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "init.h"

int module_load(const char *path, const char *params)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long err;

	if (fd < 0)
		return -errno;
	err = syscall(SYS_finit_module, fd, params, 0);
	err = err ? -errno : 0;
	close(fd);
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
