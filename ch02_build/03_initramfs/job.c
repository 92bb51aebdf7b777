// SPDX-License-Identifier: GPL-2.0
/*
 * job - something for init to run; complete, nothing in here is to be changed
 *
 * It does what the lines of /job.txt say, one after the other:
 *
 *	orphans N MS	start N processes and leave them to PID 1; each ends
 *			by itself after at most MS milliseconds
 *	wait FILE	until FILE exists
 *	exit STATUS	end with this status
 *	kill SIGNAL	end by this signal
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void sleep_ms(unsigned long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static void fail(const char *what)
{
	dprintf(STDOUT_FILENO, "job: %s: %s\n", what, strerror(errno));
	exit(100);
}

/*
 * The middle one ends at once, and is waited for here. The process that it
 * leaves behind gets a new parent: PID 1.
 */
static void start_orphan(unsigned long ms)
{
	pid_t middle = fork();

	if (middle < 0)
		fail("fork");
	if (!middle) {
		pid_t orphan = fork();

		if (orphan)
			_exit(orphan < 0 ? errno : 0);
		sleep_ms(ms);
		_exit(0);
	}
	if (waitpid(middle, NULL, 0) != middle)
		fail("waitpid");
}

static void start_orphans(unsigned long n, unsigned long ms)
{
	for (unsigned long i = 0; i < n; i++)
		start_orphan(n > 1 ? ms * i / (n - 1) : ms);
	dprintf(STDOUT_FILENO, "job: %lu orphans started\n", n);
}

static void wait_for(const char *path)
{
	while (access(path, F_OK))
		sleep_ms(20);
}

static void obey(const char *line)
{
	unsigned long a, b;
	char path[256];

	if (sscanf(line, "orphans %lu %lu", &a, &b) == 2) {
		start_orphans(a, b);
	} else if (sscanf(line, "wait %255s", path) == 1) {
		wait_for(path);
	} else if (sscanf(line, "exit %lu", &a) == 1) {
		exit(a);
	} else if (sscanf(line, "kill %lu", &a) == 1) {
		raise(a);
	} else {
		errno = EINVAL;
		fail(line);
	}
}

int main(void)
{
	FILE *orders = fopen("/job.txt", "re");
	char *line = NULL;
	size_t size = 0;

	if (!orders)
		fail("/job.txt");
	while (getline(&line, &size, orders) > 0)
		obey(line);
	free(line);
	fclose(orders);
	return 0;
}
