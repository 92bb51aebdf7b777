// SPDX-License-Identifier: GPL-2.0
/* sweep.c - ends and collects all that a check has started */

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

#define OUR_CHILDREN	"/proc/thread-self/children"

/* Else only the check's process group can be swept. */
static bool all_children_are_checks;

u64 check_clock_ms_(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

bool check_sleep_before_(u64 end)
{
	u64 now = check_clock_ms_();
	u64 ms = end > now ? end - now : 0;
	struct timespec rest = { .tv_nsec = (ms < 10 ? ms : 10) * 1000000 };

	if (!ms)
		return false;
	nanosleep(&rest, NULL);
	return true;
}

int ms_until(u64 end)
{
	u64 now = check_clock_ms_();

	if (end <= now)
		return 0;
	return end - now > INT_MAX ? INT_MAX : (int)(end - now);
}

/* The C library's own is newer than some systems that run checks. */
int pidfd_of(pid_t pid)
{
	return syscall(SYS_pidfd_open, pid, 0);
}

int pipe_nonblocking(int ends[2])
{
	int err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	if (fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
		err = -errno;
		close(ends[0]);
		close(ends[1]);
		return err;
	}
	return 0;
}

void sweep_prepare(void)
{
	/* Whoever started us may have left us children: those are not ours. */
	all_children_are_checks = waitpid(-1, NULL, WNOHANG) < 0 &&
				  errno == ECHILD;
	/* Orphans of a check, even in another session, are to come to us. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) || access(OUR_CHILDREN, R_OK))
		all_children_are_checks = false;
}

/* Kill all children we have; the first one's pid, 0 when none is known. */
static pid_t kill_children(void)
{
	char *text = file_read(OUR_CHILDREN);
	pid_t first = 0;
	char *at = text;

	while (at && *at) {
		char *end;
		pid_t pid = strtol(at, &end, 10);

		if (end == at || pid <= 0)
			break;
		kill(pid, SIGKILL);
		if (!first)
			first = pid;
		at = end + strspn(end, " ");
	}
	free(text);
	return first;
}

bool sweep(pid_t group, pid_t *left)
{
	pid_t whom = all_children_are_checks ? -1 : -group;
	u64 end = check_clock_ms_() + KILL_GRACE_MS;
	pid_t first = group, gone;

	do {
		do
			gone = waitpid(whom, NULL, WNOHANG);
		while (gone > 0);
		if (gone < 0)
			return true;
		if (all_children_are_checks)
			first = kill_children() ?: first;
		kill(-group, SIGKILL);
	} while (check_sleep_before_(end));
	*left = first;
	return false;
}

/* The letter of a thread's state, as ps shows it; '?' when it is gone. */
static char thread_state(const char *dir)
{
	char *path = NULL, *text = NULL, *at = NULL;
	char state = '?';

	if (asprintf(&path, "%s/stat", dir) >= 0)
		text = file_read(path);
	if (text)
		at = strrchr(text, ')');	/* behind the name */
	if (at && at[1] == ' ' && at[2])
		state = at[2];
	free(text);
	free(path);
	return state;
}

/* "[<0>] wait_here+0x12/0x20 [module]": from there to the end of the line. */
static void name_place(const char *stack, char *where, size_t size)
{
	const char *at = strstr(stack, "] ");

	at = at ? at + 2 : stack;
	snprintf(where, size, "%.*s", (int)strcspn(at, "+\n"), at);
}

static void explain_thread(const char *dir, char *where, size_t size)
{
	char state = thread_state(dir);
	char *path = NULL, *text = NULL;

	if (state == 'Z' || state == '?')
		return;
	if (asprintf(&path, "%s/stack", dir) >= 0)
		text = file_read(path);
	free(path);
	if (!text || !*text) {
		free(text);
		text = NULL;
		if (asprintf(&path, "%s/wchan", dir) >= 0) {
			text = file_read(path);
			free(path);
		}
	}
	if (text && *text && strcmp(text, "0")) {
		ktap_diagnostic("A thread in state %c is stuck in the kernel at:\n%s",
				state, text);
		if (!*where)
			name_place(text, where, size);
	} else if (state == 'R') {
		ktap_diagnostic("A thread runs on and on in the kernel: a loop without end?");
		if (!*where)
			snprintf(where, size, "an endless loop");
	} else {
		ktap_diagnostic("A thread in state %c is stuck; the kernel does not say where.",
				state);
	}
	free(text);
}

void stuck_explain(pid_t pid, char *where, size_t size)
{
	char *dir = NULL, *path;
	struct dirent *entry;
	DIR *tasks = NULL;

	*where = '\0';
	ktap_diagnostic("Process %d does not end, though it was killed %d seconds ago.",
			(int)pid, KILL_GRACE_MS / 1000);
	if (asprintf(&dir, "/proc/%d/task", (int)pid) >= 0)
		tasks = opendir(dir);
	while (tasks && (entry = readdir(tasks))) {
		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			break;
		explain_thread(path, where, size);
		free(path);
	}
	if (tasks)
		closedir(tasks);
	free(dir);
	if (!*where)
		snprintf(where, size, "an unknown place");
}
