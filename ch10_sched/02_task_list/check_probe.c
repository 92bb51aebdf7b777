// SPDX-License-Identifier: GPL-2.0
/* Ways to read the list, and to see what the reading left. */
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_probe.h"

#define VICTIM_THREADS	120
#define READER_CPU	1
#define GRACE_MS	200	/* mostly a tenth of that */

char *read_in_pieces(int fd, size_t lowest, size_t highest, size_t *len)
{
	char *text = NULL;
	ssize_t n;

	*len = 0;
	do {
		size_t piece = check_random_range(lowest, highest);

		text = realloc(text, *len + piece + 1);
		ASSERT_NOTNULL(text);
		n = read(fd, text + *len, piece);
		ASSERT_GE(n, 0, "read: %s", strerror(errno));
		*len += n;
	} while (n);
	text[*len] = '\0';
	return text;
}

char *read_up_to(int fd, pid_t pid, size_t *len)
{
	const size_t room = 1 << 20;
	char *text = calloc(1, room), line[16];

	ASSERT_NOTNULL(text);
	snprintf(line, sizeof(line), "\n%d ", pid);
	for (*len = 0; !strstr(text, line); ) {
		ssize_t n = read(fd, text + *len, 128);

		ASSERT_GT(n, 0, "Process %d is not in the list.", pid);
		*len += n;
		ASSERT_LT(*len, room - 128);
	}
	return text;
}

pid_t grace_start(void)
{
	pid_t pid = fork();

	ASSERT_GE(pid, 0);
	if (!pid)
		_exit(syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0);
	return pid;
}

bool grace_period(int ms)
{
	pid_t pid = grace_start();
	int status = -1;

	if (!WAIT_UNTIL(waitpid(pid, &status, WNOHANG) == pid, ms))
		return false;
	ASSERT_EQ(status, 0, "membarrier() failed.");
	return true;
}

long slab_objects(const char *cache)
{
	char *text = file_read("/proc/slabinfo"), *line;
	char start[64];
	long count = -1;

	ASSERT_NOTNULL(text);
	snprintf(start, sizeof(start), "\n%s ", cache);
	line = strstr(text, start);
	if (line)
		count = strtol(line + strlen(start), NULL, 10);
	free(text);
	return count;
}

/* ------------------------------------------------- ending meanwhile --- */

struct scene {
	atomic_bool begun, stopped, over;
	char *text;
	unsigned int delay_us;
};

static void keep_to_cpus(bool only_reader_cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	for (int i = 0; i < 4; i++) {
		bool is_readers = i == READER_CPU;

		if (is_readers == only_reader_cpu)
			CPU_SET(i, &cpus);
	}
	ASSERT_OK(libc_ret(sched_setaffinity(0, sizeof(cpus), &cpus)));
}

/* Runs only while nobody else wants its CPU. */
static void *scene_read(void *arg)
{
	struct sched_param none = { 0 };
	struct scene *s = arg;
	size_t len;

	keep_to_cpus(true);
	ASSERT_EQ(pthread_setschedparam(pthread_self(), SCHED_IDLE, &none), 0);
	do {
		int fd = open(LIST, O_RDONLY | O_CLOEXEC);

		ASSERT_GE(fd, 0);
		free(s->text);
		s->text = read_in_pieces(fd, 1 << 16, 1 << 16, &len);
		close(fd);
	} while (!s->over);
	return NULL;
}

/* Wakes at some moment and keeps the reader's CPU busy. */
static void *scene_stop(void *arg)
{
	struct scene *s = arg;

	keep_to_cpus(true);
	while (!s->begun)
		usleep(500);
	usleep(s->delay_us);
	s->stopped = true;
	while (!s->over)
		;
	return NULL;
}

static void *victim_thread(void *arg)
{
	pause();
	return arg;
}

static pid_t victim_start(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int ready[2];
	pid_t pid;
	char c;

	ASSERT_OK(libc_ret(pipe(ready)));
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, 64 * 1024);
		for (int i = 0; i < VICTIM_THREADS; i++)
			if (pthread_create(&thread, &attr, victim_thread, NULL))
				_exit(1);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(1);
	}
	close(ready[1]);
	ASSERT_EQ(read(ready[0], &c, 1), 1, "No memory for the threads?");
	close(ready[0]);
	return pid;
}

char *read_while_ending(struct tasks *before, struct event *helper)
{
	struct scene s = { .delay_us = check_random_range(5000, 20000) };
	pthread_t reader, stopper;
	pid_t victim;

	keep_to_cpus(false);
	victim = victim_start();
	ASSERT_EQ(pthread_create(&stopper, NULL, scene_stop, &s), 0);
	ASSERT_EQ(pthread_create(&reader, NULL, scene_read, &s), 0);
	*before = tasks_scan("/proc");
	s.begun = true;
	while (!s.stopped)
		usleep(500);
	kill(victim, SIGKILL);
	ASSERT_EQ(waitpid(victim, NULL, 0), victim);
	/* It cannot come to its end where the reader is in a read section. */
	*helper = (struct event){ .tgid = grace_start() };
	WAIT_UNTIL(waitpid(helper->tgid, NULL, WNOHANG) > 0, GRACE_MS);
	s.over = true;
	pthread_join(stopper, NULL);
	pthread_join(reader, NULL);
	waitpid(helper->tgid, NULL, 0);
	return s.text;
}
