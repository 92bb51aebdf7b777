// SPDX-License-Identifier: GPL-2.0
/*
 * spawn.c - fork and exec with descriptors, environment and lifetime set up;
 * see spawn.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spawn.h"

/* All that the child needs after fork(), made before: a thread may hold the
 * allocator's lock at the moment of the fork.
 */
struct plan {
	const struct proc *spec;
	char *program;
	char **env;
	int input;		/* descriptor, or -1 for ours */
	int out[2];
	int err[2];
	int failure[2];		/* carries errno when exec was not reached */
	pid_t parent;
};

static bool is_executable(const char *path)
{
	return is_file(path) && access(path, X_OK) == 0;
}

char *proc_find_program(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return is_executable(name) ? xstrdup(name) : NULL;
	if (!path || !*path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (*name) {
		size_t len = strcspn(path, ":");
		char *full = len ? xasprintf("%.*s/%s", (int)len, path, name)
				 : xasprintf("./%s", name);

		if (is_executable(full))
			return full;
		free(full);
		if (!path[len])
			break;
		path += len + 1;
	}
	return NULL;
}

static bool same_name(const char *a, const char *b)
{
	size_t len = strcspn(a, "=");

	return len == strcspn(b, "=") && !memcmp(a, b, len);
}

static char **make_env(const char *const *changes)
{
	size_t room = 1, count = 0;
	char **env;

	for (char **at = environ; *at; at++)
		room++;
	for (size_t i = 0; changes && changes[i]; i++)
		room++;
	env = xcalloc(room, sizeof(*env));
	for (char **at = environ; *at; at++) {
		bool changed = false;

		for (size_t i = 0; changes && changes[i]; i++)
			changed |= same_name(*at, changes[i]);
		if (!changed)
			env[count++] = *at;
	}
	for (size_t i = 0; changes && changes[i]; i++)
		if (strchr(changes[i], '='))
			env[count++] = (char *)changes[i];
	return env;
}

/* In memory, not in a pipe: nobody has to feed it while the child runs. */
static int make_input(const struct proc *spec)
{
	const char *data = spec->input;
	size_t left = spec->input_len;
	int error;
	int fd;

	if (!data) {
		if (spec->output == PROC_INHERIT)
			return -1;
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		return fd < 0 ? -errno : fd;
	}
	fd = memfd_create("lab-input", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (left) {
		ssize_t done = write(fd, data, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			goto fail;
		data += done;
		left -= done;
	}
	if (lseek(fd, 0, SEEK_SET) == 0)
		return fd;
fail:
	error = -errno;
	close(fd);
	return error;
}

static void __attribute__((noreturn)) child_main(const struct plan *plan)
{
	const struct proc *spec = plan->spec;
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int error;

	/* Our death is the child's; the parent may be dead already by now. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		goto fail;
	if (getppid() != plan->parent)
		_exit(127);
	if (spec->output != PROC_INHERIT && setpgid(0, 0))
		goto fail;

	for (int signo = 1; signo < NSIG; signo++)
		if (signo != SIGKILL && signo != SIGSTOP)
			sigaction(signo, &action, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	if (plan->input >= 0 && dup2(plan->input, STDIN_FILENO) < 0)
		goto fail;
	if (plan->out[1] >= 0 && dup2(plan->out[1], STDOUT_FILENO) < 0)
		goto fail;
	if (plan->err[1] >= 0 && dup2(plan->err[1], STDERR_FILENO) < 0)
		goto fail;
	if (spec->output == PROC_MERGED && dup2(plan->out[1], STDERR_FILENO) < 0)
		goto fail;
	if (close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) && errno != ENOSYS && errno != EINVAL)
		goto fail;
	if (spec->cwd && chdir(spec->cwd))
		goto fail;
	execve(plan->program, (char *const *)spec->argv, plan->env);
fail:
	error = errno;
	if (write(plan->failure[1], &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

static void close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++) {
		if (pair[i] >= 0)
			close(pair[i]);
		pair[i] = -1;
	}
}

static int make_pipes(struct plan *plan)
{
	if (pipe2(plan->failure, O_CLOEXEC))
		return -errno;
	if (plan->spec->output != PROC_INHERIT && pipe2(plan->out, O_CLOEXEC))
		return -errno;
	if (plan->spec->output == PROC_SEPARATE && pipe2(plan->err, O_CLOEXEC))
		return -errno;
	return 0;
}

/* 0 when the child reached its program: exec closed the pipe silently. */
static int await_exec(struct plan *plan, pid_t pid)
{
	int error = 0;
	ssize_t got;

	close(plan->failure[1]);
	plan->failure[1] = -1;
	do {
		got = read(plan->failure[0], &error, sizeof(error));
	} while (got < 0 && errno == EINTR);
	if (got != sizeof(error))
		return 0;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return error ? -error : -EIO;
}

int spawn_child(const struct proc *spec, struct child *child)
{
	struct plan plan = { .spec = spec, .input = -1, .out = { -1, -1 },
			     .err = { -1, -1 }, .failure = { -1, -1 } };
	int result = 0;
	pid_t pid;

	plan.parent = getpid();
	plan.program = proc_find_program(spec->argv[0]);
	if (!plan.program)
		return path_exists(spec->argv[0]) && strchr(spec->argv[0], '/') ? -EACCES : -ENOENT;
	if (spec->cwd && plan.program[0] != '/') {
		char *full = realpath(plan.program, NULL);

		free(plan.program);
		if (!full)
			return -errno;
		plan.program = full;
	}
	plan.env = make_env(spec->env);
	plan.input = make_input(spec);
	if (plan.input < -1)
		result = plan.input;
	if (!result)
		result = make_pipes(&plan);
	if (!result) {
		pid = fork();
		if (pid == 0)
			child_main(&plan);
		if (pid < 0)
			result = -errno;
	}
	if (!result) {
		/* Both sides do it: whoever comes first, it is done. */
		if (spec->output != PROC_INHERIT)
			setpgid(pid, pid);
		result = await_exec(&plan, pid);
	}
	if (!result) {
		*child = (struct child){ .pid = pid, .out = plan.out[0], .err = plan.err[0] };
		plan.out[0] = -1;
		plan.err[0] = -1;
	}
	close_pair(plan.out);
	close_pair(plan.err);
	close_pair(plan.failure);
	if (plan.input >= 0)
		close(plan.input);
	free(plan.env);
	free(plan.program);
	return result;
}
