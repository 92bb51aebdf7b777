// SPDX-License-Identifier: GPL-2.0
/* Processes and threads of every sort, to be listed. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_crowd.h"

static void *map_shared(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT_TRUE(p != MAP_FAILED);
	return p;
}

void name_draw(char name[16])
{
	static const char *const odd[] = {
		"", " ", "two words", "a\nb", "\n", "\n\n\n", "back\\slash",
		"\\012", "(z) R 1", ") S 0 0", "%d%s%p%n", "tab\there",
		"\033[31m", "1 2 3 kernel", "fifteen letters", "\\",
	};
	size_t len = check_random_range(1, 15);

	if (check_random_range(0, 1)) {
		snprintf(name, 16, "%s",
			 odd[check_random_range(0, sizeof(odd) / sizeof(*odd) - 1)]);
		return;
	}
	for (size_t i = 0; i < len; i++)
		name[i] = (char)check_random_range(1, 255);
	name[len] = '\0';
}

/* ---------------------------------------------------------- the crowd --- */

static void member_draw(struct member *m, size_t nr)
{
	memset(m, 0, sizeof(*m));
	/* The first few are one of each sort, whatever the seed. */
	m->ends = nr == 0 || check_random_range(0, 9) == 0;
	if (!m->ends && (nr < 3 || check_random_range(0, 2)))
		m->threads = check_random_range(1, THREADS_MAX);
	m->first_ends = m->threads && (nr == 1 || !check_random_range(0, 7));
	m->thread_forks = m->threads && (nr == 2 || !check_random_range(0, 7));
	for (unsigned int i = 0; i <= m->threads; i++)
		name_draw(m->name[i]);
}

static unsigned int member_size(const struct member *m)
{
	return 1 + m->threads + m->thread_forks;
}

static void wait_for_the_end(void)
{
	for (;;)
		pause();
}

struct thread_job {
	const char *name;
	bool forks;
	struct crowd_shared *shared;
};

static void *member_thread(void *arg)
{
	struct thread_job *job = arg;
	pid_t pid;

	prctl(PR_SET_NAME, job->name);
	if (job->forks) {
		pid = fork();
		if (pid < 0)
			_exit(1);
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			job->shared->traced = getpid();
			job->shared->ready++;
			wait_for_the_end();
		}
	}
	job->shared->ready++;
	wait_for_the_end();
	return NULL;
}

/* Does not return. */
static void member_run(const struct member *m, struct crowd_shared *shared)
{
	static struct thread_job job[THREADS_MAX];
	pthread_attr_t attr;
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, m->name[0]);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 64 * 1024);
	for (unsigned int i = 0; i < m->threads; i++) {
		job[i] = (struct thread_job){
			.name = m->name[1 + i],
			.forks = m->thread_forks && !i,
			.shared = shared,
		};
		if (pthread_create(&thread, &attr, member_thread, &job[i]))
			_exit(1);
	}
	shared->ready++;
	if (m->ends)
		_exit(0);
	if (m->first_ends)
		pthread_exit(NULL);
	wait_for_the_end();
}

/* Ends and leaves a process behind, in its group. */
static void group_run(struct crowd_shared *shared)
{
	pid_t pid = setpgid(0, 0) ? -1 : fork();

	if (pid)
		_exit(pid < 0);
	/*
	 * Not as soon as getppid() has changed: that is early in the parent's
	 * end, and the signal of its death would still reach us.
	 */
	while (!shared->group_ended)
		usleep(1000);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	shared->orphan = getpid();
	shared->ready++;
	wait_for_the_end();
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) &&
	       info.si_pid == pid;
}

void crowd_start(struct crowd *c, size_t count)
{
	unsigned int size = 1;
	int status = -1;
	pid_t group;

	memset(c, 0, sizeof(*c));
	ASSERT_LE(count, (size_t)PROCESSES_MAX);
	c->shared = map_shared(sizeof(*c->shared));
	/* Whoever loses his parent becomes our child, and is waited for by us. */
	ASSERT_OK(libc_ret(prctl(PR_SET_CHILD_SUBREAPER, 1)));
	group = fork();
	ASSERT_GE(group, 0, "fork: %s", strerror(errno));
	if (!group)
		group_run(c->shared);
	ASSERT_EQ(waitpid(group, &status, 0), group);
	ASSERT_EQ(status, 0, "No memory for a process?");
	c->shared->group_ended = true;
	for (; c->count < count; c->count++) {
		struct member *m = &c->member[c->count];

		member_draw(m, c->count);
		size += member_size(m);
		c->pid[c->count] = fork();
		ASSERT_GE(c->pid[c->count], 0, "fork: %s", strerror(errno));
		if (!c->pid[c->count])
			member_run(m, c->shared);
	}
	ASSERT_TRUE(WAIT_UNTIL(c->shared->ready == size, 30000),
		    "The machine is too slow: %u of the check's own %u threads are there.",
		    c->shared->ready, size);
	for (size_t i = 0; i < count; i++)
		if (c->member[i].ends)
			ASSERT_TRUE(WAIT_UNTIL(has_ended(c->pid[i]), 10000));
	if (c->shared->traced)
		ASSERT_OK(libc_ret(ptrace(PTRACE_SEIZE, c->shared->traced, NULL,
					  (void *)PTRACE_O_EXITKILL)));
}

void crowd_kill(struct crowd *c)
{
	for (size_t i = 0; i < c->count; i++)
		kill(c->pid[i], SIGKILL);
	if (c->shared->orphan)
		kill(c->shared->orphan, SIGKILL);
}

void crowd_end(struct crowd *c)
{
	crowd_kill(c);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		;
	munmap(c->shared, sizeof(*c->shared));
	c->count = 0;
}

/* ----------------------------------------------------------- the load --- */

static void *load_thread(void *arg)
{
	prctl(PR_SET_NAME, "load thread");
	return arg;
}

static void load_child(unsigned int nr)
{
	pthread_t thread;

	prctl(PR_SET_NAME, "load");
	for (unsigned int i = nr % 3; i; i--)
		if (pthread_create(&thread, NULL, load_thread, NULL))
			break;
	_exit(0);
}

static void load_run(struct load *l)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!l->stop) {
		unsigned int nr = l->count++;
		struct event *e = &l->event[nr];
		pid_t pid;

		if (nr >= EVENTS_MAX)
			break;
		e->from = now_ns();
		pid = fork();
		if (!pid)
			load_child(nr);
		if (pid < 0)
			_exit(1);
		e->tgid = pid;
		waitpid(pid, NULL, 0);
		e->until = now_ns();
	}
	_exit(0);
}

struct load *load_start(pid_t loader[LOADERS])
{
	struct load *l = map_shared(sizeof(*l));

	for (int i = 0; i < LOADERS; i++) {
		loader[i] = fork();
		ASSERT_GE(loader[i], 0, "fork: %s", strerror(errno));
		if (!loader[i])
			load_run(l);
	}
	return l;
}

void load_stop(struct load *l, const pid_t loader[LOADERS])
{
	l->stop = true;
	for (int i = 0; i < LOADERS; i++) {
		int status = 0;

		ASSERT_EQ(waitpid(loader[i], &status, 0), loader[i]);
		ASSERT_EQ(status, 0, "The load could not start a process.");
	}
	if (l->count > EVENTS_MAX)
		l->count = EVENTS_MAX;
}
