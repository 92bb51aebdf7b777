// SPDX-License-Identifier: GPL-2.0
/*
 * Some workers at a time, each a process of its own for one task: what a
 * submission does to its worker ends with it. See grade.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade.h"
#include "proc.h"
#include "spawn.h"
#include "term.h"

#define JOBS_MAX	64
#define PATIENCE_MS	8000
#define RESULT_MAX	(32u << 20)
#define WORDS_MAX	(16u << 10)
#define WORKER_MAX	(1ull << 30)	/* bytes of memory of a worker itself */

struct worker {
	bool busy;
	struct task task;
	struct child child;
	struct buf out, words;
	int64_t begun, deadline;
	bool late, large;
};

static int start(struct worker *w)
{
	struct strlist argv = { 0 };
	char *text = json_dumps(w->task.job, JSON_COMPACT);
	int err;

	/* This very program, were it replaced by another in the meantime. */
	strlist_add(&argv, "/proc/self/exe");
	strlist_add(&argv, "grade");
	strlist_add(&argv, "--worker");
	err = !text ? -ENOMEM : spawn_child(&(struct proc){
		.argv = (const char *const *)argv.items, .output = PROC_SEPARATE,
		.input = text, .input_len = strlen(text),
	}, &w->child);
	strlist_free(&argv);
	free(text);
	w->begun = now_ms();
	w->deadline = w->begun + w->task.seconds * 1000LL;
	return err;
}

static void task_free(struct task *task)
{
	free(task->title);
	json_decref(task->job);
	*task = (struct task){ 0 };
}

static void read_into(int *fd, struct buf *into, size_t max)
{
	char chunk[65536];
	ssize_t got = read(*fd, chunk, sizeof(chunk));

	if (got > 0) {
		if (into->len + got <= max)
			buf_add(into, chunk, got);
		return;
	}
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	close(*fd);
	*fd = -1;
}

/* The worker's own group; what it started ends with it. */
static void kill_worker(struct worker *w)
{
	kill(-w->child.pid, SIGKILL);
}

static void reap(struct pool *pool, struct worker *w, bool report)
{
	json_t *result = NULL;
	const char *why = NULL;
	int status = 0;

	kill_worker(w);
	while (waitpid(w->child.pid, &status, 0) < 0 && errno == EINTR)
		;
	for (int i = 0; i < 2; i++) {
		int *fd = i ? &w->child.err : &w->child.out;

		if (*fd >= 0)
			close(*fd);
		*fd = -1;
	}
	if (w->out.data)
		result = json_loadb(w->out.data, w->out.len, 0, NULL);
	if (w->large)
		why = "its worker took more than 1 GiB of memory";
	else if (w->late)
		why = strf("it took more than %u s", w->task.seconds);
	else if (WIFSIGNALED(status) && !result)
		why = strf("its worker was ended by signal %d", WTERMSIG(status));
	else if (!result)
		why = strf("its worker ended with status %d%s%s", WEXITSTATUS(status),
			   w->words.len ? ": " : "", w->words.len ? str_trim(w->words.data) : "");
	pool->finished++;
	if (report)
		pool->done(pool->data, &w->task, why ? NULL : result, why);
	json_decref(result);
	buf_free(&w->out);
	buf_free(&w->words);
	task_free(&w->task);
	w->busy = false;
	w->late = w->large = false;
}

/* No limit that its children would inherit: one of them may need much more. */
static bool is_large(const struct worker *w)
{
	char *text = read_whole(strf("/proc/%d/statm", w->child.pid), NULL);
	unsigned long long resident = 0;

	if (text && sscanf(text, "%*u %llu", &resident) != 1)
		resident = 0;
	free(text);
	return resident * sysconf(_SC_PAGESIZE) > WORKER_MAX;
}

/* The child has ended when both of its streams have. */
static void wait_some(struct pool *pool, struct worker *workers, unsigned int jobs)
{
	struct pollfd fds[JOBS_MAX * 2 + 1];
	struct { struct worker *w; bool words; } owner[JOBS_MAX * 2 + 1];
	nfds_t n = 0, own;

	for (unsigned int i = 0; i < jobs; i++) {
		struct worker *w = &workers[i];

		if (!w->busy)
			continue;
		if (w->child.out >= 0) {
			owner[n].w = w;
			owner[n].words = false;
			fds[n++] = (struct pollfd){ .fd = w->child.out, .events = POLLIN };
		}
		if (w->child.err >= 0) {
			owner[n].w = w;
			owner[n].words = true;
			fds[n++] = (struct pollfd){ .fd = w->child.err, .events = POLLIN };
		}
	}
	own = n;
	if (interrupt_fd() >= 0)
		fds[n++] = (struct pollfd){ .fd = interrupt_fd(), .events = POLLIN };
	if (poll(fds, n, 1000) > 0)
		for (nfds_t i = 0; i < own; i++)
			if (fds[i].revents)
				read_into(owner[i].words ? &owner[i].w->child.err : &owner[i].w->child.out,
					  owner[i].words ? &owner[i].w->words : &owner[i].w->out,
					  owner[i].words ? WORDS_MAX : RESULT_MAX);
	for (unsigned int i = 0; i < jobs; i++) {
		struct worker *w = &workers[i];

		if (w->busy && !w->late && now_ms() > w->deadline) {
			w->late = true;
			kill_worker(w);
		} else if (w->busy && is_large(w)) {
			w->late = w->large = true;
			kill_worker(w);
		}
		if (w->busy && ((w->child.out < 0 && w->child.err < 0) || w->late))
			reap(pool, w, true);
	}
}

static void tell(struct progress *p, const struct pool *pool, const struct worker *workers,
		 unsigned int jobs, int64_t begun)
{
	size_t done = pool->finished;
	struct strlist at_work = { 0 };
	const char *left = "";
	char *names;

	for (unsigned int i = 0; i < jobs; i++)
		if (workers[i].busy)
			strlist_add(&at_work, workers[i].task.title);
	if (done >= 2 && pool->total > done) {
		int64_t s = (now_ms() - begun) * (pool->total - done) / done / 1000;

		left = s < 90 ? strf(", about %lld s left", (long long)s) :
		       strf(", about %lld min left", (long long)(s + 30) / 60);
	}
	names = strlist_join(&at_work, ", ");
	progress_note(p, "%zu of %zu%s: %s", done, pool->total, left, names);
	free(names);
	strlist_free(&at_work);
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == pid;
}

/* They are asked first: then they remove what they have made. */
static void end_all(struct pool *pool, struct worker *workers, unsigned int jobs)
{
	int64_t until = now_ms() + PATIENCE_MS;

	for (unsigned int i = 0; i < jobs; i++)
		if (workers[i].busy)
			kill(workers[i].child.pid, SIGTERM);
	for (unsigned int i = 0; i < jobs; i++) {
		if (!workers[i].busy)
			continue;
		while (!has_ended(workers[i].child.pid) && now_ms() < until)
			sleep_ms(20);
		reap(pool, &workers[i], false);
	}
}

int pool_run(struct pool *pool)
{
	struct worker workers[JOBS_MAX] = { 0 };
	unsigned int jobs = pool->jobs > JOBS_MAX ? JOBS_MAX : pool->jobs, busy;
	struct progress *p;
	int64_t begun = now_ms();
	bool more;

	interrupt_hold();
	p = progress_begin("%s", pool->title);
	do {
		/* A task that is done may have brought another. */
		more = true;
		for (unsigned int i = 0; i < jobs && more; i++) {
			struct worker *w = &workers[i];
			int err;

			if (w->busy || pool->stop || interrupt_pending())
				continue;
			w->task = (struct task){ .seconds = 600 };
			more = pool->next(pool->data, &w->task);
			if (!more)
				break;
			err = start(w);
			w->busy = !err;
			if (err) {
				complain("no worker can be started", errno_text(err), NULL);
				pool->done(pool->data, &w->task, NULL,
					   strf("its worker could not be started: %s", errno_text(err)));
				task_free(&w->task);
				pool->stop = true;
			}
		}
		busy = 0;
		for (unsigned int i = 0; i < jobs; i++)
			busy += workers[i].busy;
		tell(p, pool, workers, jobs, begun);
		if (busy)
			wait_some(pool, workers, jobs);
		if (interrupt_pending())
			break;
	} while (busy || (more && !pool->stop));
	end_all(pool, workers, jobs);
	progress_drop(p);
	if (interrupt_pending()) {
		pool->stop = true;
		interrupt_release();
		return -EINTR;
	}
	interrupt_release();
	return 0;
}
