// SPDX-License-Identifier: GPL-2.0
/*
 * The other way to run tasks: as one array job of Slurm, over a directory that
 * all nodes share. A task is a file; what a node found is a file beside it,
 * which is there whole or not at all; only this process writes to the book. What
 * came is booked, and what did not come when the job has gone is submitted
 * again: a node that dies loses its tasks' time, and nothing else. See grade.h.
 *
 *	DIR/tasks/KEY.json	until its result is in the book
 *	DIR/slices/N		the keys of the tasks of element N of the array
 *	DIR/results/KEY.json	of a task that has ended
 *	DIR/job			the job's number while there is one
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "grade.h"
#include "proc.h"
#include "term.h"

#define ROUNDS		3	/* submissions of a task that does not come back */
#define ELEMENTS_MAX	1000	/* Slurm's MaxArraySize is 1001 unless set */
#define LOOK_MS		1000	/* between two looks for results */
#define ASK_MS		5000	/* between two questions to Slurm */

struct flight {
	struct task task;	/* without its job, which is in a file */
	char *key;
	unsigned int rounds;
};

struct slurm {
	struct pool *pool;
	const char *dir, *program;
	struct flight *items;
	size_t count;
	char *job;		/* NULL: none is under way */
};

static int ask(const char *const *argv, char **answer)
{
	struct proc_result res;
	int err = proc_run(&(struct proc){ .argv = argv, .output = PROC_MERGED, .deadline_ms = 60000 }, &res);

	if (err)
		return err;
	err = proc_ok(&res) ? 0 : -EIO;
	if (answer)
		*answer = xstrdup(str_trim(res.out));
	proc_result_free(&res);
	return err;
}

static const char *path_of(const struct slurm *s, const char *kind, const char *key)
{
	return strf("%s/%s/%s.json", s->dir, kind, key);
}

/*
 * Is anything of the job still to come? An answer that is none (the controller
 * restarts) is no end of it. A held element will never run by itself.
 */
static bool job_lives(const char *job)
{
	const char *const argv[] = { "squeue", "--noheader", "--array", "--jobs", job, "--format", "%T %r", NULL };
	char *answer = NULL;
	struct strlist lines = { 0 };
	bool lives = false;

	if (ask(argv, &answer)) {
		lives = !answer || !strstr(answer, "Invalid job id");
	} else {
		strlist_split(&lines, answer, "\n");
		for (size_t i = 0; i < lines.count; i++)
			lives |= !strstr(lines.items[i], "eld") && !str_starts(lines.items[i], "COMPLETED");
	}
	strlist_free(&lines);
	free(answer);
	return lives;
}

static bool is_listed(const char *job)
{
	const char *const argv[] = { "squeue", "--noheader", "--jobs", job, "--format", "%T", NULL };
	char *answer = NULL;
	bool listed = ask(argv, &answer) ? !answer || !strstr(answer, "Invalid job id") : *answer;

	free(answer);
	return listed;
}

/* Ends the job, and waits until no node works for it any more. */
static void end_job(const char *job)
{
	const char *const argv[] = { "scancel", "--quiet", job, NULL };
	int64_t until = now_ms() + 90000;

	ask(argv, NULL);
	while (is_listed(job) && now_ms() < until)
		sleep_ms(500);
}

static void forget_job(struct slurm *s)
{
	unlink(strf("%s/job", s->dir));
	free(s->job);
	s->job = NULL;
}

/* Of a call that was killed: its job ends, what it has found stays. */
void slurm_recover(const char *dir)
{
	char *job = read_whole(strf("%s/job", dir), NULL);

	if (job) {
		end_job(str_trim(job));
		unlink(strf("%s/job", dir));
	}
	free(job);
	rm_rf(strf("%s/tasks", dir));
	rm_rf(strf("%s/slices", dir));
	rm_rf(strf("%s/run", dir));
}

/* All tasks that there are now; each job goes to its file. */
static int gather(struct slurm *s)
{
	for (;;) {
		struct flight f = { .task = { .seconds = 600 } };
		int err = 0;

		if (s->pool->stop || !s->pool->next(s->pool->data, &f.task))
			return 0;
		f.key = xstrdup(job_text(f.task.job, "key"));
		json_object_set_new(f.task.job, "seconds", json_integer(f.task.seconds));
		if (json_dump_file(f.task.job, path_of(s, "tasks", f.key), JSON_COMPACT))
			err = -EIO;
		json_decref(f.task.job);
		f.task.job = NULL;
		s->items = xreallocarray(s->items, s->count + 1, sizeof(f));
		s->items[s->count++] = f;
		if (err) {
			complain(strf("%s cannot be written", s->dir), NULL, "make room there");
			return err;
		}
	}
}

static void drop(struct slurm *s, size_t i)
{
	struct flight *f = &s->items[i];

	free(f->task.title);
	json_decref(f->task.job);
	free(f->key);
	s->items[i] = s->items[--s->count];
}

/* The task's file goes last but one: without it no node does it again. */
static void finish(struct slurm *s, size_t i, json_t *result, const char *why)
{
	struct flight *f = &s->items[i];

	f->task.job = json_load_file(path_of(s, "tasks", f->key), 0, NULL);
	s->pool->finished++;
	s->pool->done(s->pool->data, &f->task, result, why);
	unlink(path_of(s, "tasks", f->key));
	unlink(path_of(s, "results", f->key));
	drop(s, i);
}

static size_t find(const struct slurm *s, const char *key)
{
	size_t i = 0;

	while (i < s->count && strcmp(s->items[i].key, key))
		i++;
	return i;
}

/* What is in DIR/results now; a file that is being written has another ending. */
static void collect(struct slurm *s)
{
	struct strlist names = { 0 };

	list_dir(strf("%s/results", s->dir), &names);
	for (size_t n = 0; n < names.count && !s->pool->stop && !interrupt_pending(); n++) {
		json_t *answer;
		size_t i;
		char *why;

		if (!str_ends(names.items[n], ".json"))
			continue;
		names.items[n][strlen(names.items[n]) - strlen(".json")] = '\0';
		i = find(s, names.items[n]);
		if (i == s->count)
			continue;
		answer = json_load_file(path_of(s, "results", s->items[i].key), 0, NULL);
		why = answer ? xstrdup(json_string_value(json_object_get(answer, "why"))) :
			       xstrdup("what its node wrote cannot be read");
		finish(s, i, why ? NULL : json_object_get(answer, "result"), why);
		json_decref(answer);
		free(why);
	}
	strlist_free(&names);
}

static int submit(struct slurm *s)
{
	size_t elements = s->count < ELEMENTS_MAX ? s->count : ELEMENTS_MAX;
	char *array = xasprintf("--array=0-%zu%%%u", elements - 1, s->pool->jobs);
	char *output = xasprintf("--output=%s/slurm.log", s->dir);
	char *wrap = xasprintf("--wrap=exec '%s' grade --slice '%s'", s->program, s->dir), *answer = NULL;
	const char *const argv[] = {
		"sbatch", "--parsable", "--requeue", "--job-name=lab-grade", array, output,
		"--open-mode=append", "--ntasks=1", wrap, NULL
	};
	int err = 0;

	for (size_t n = 0; n < elements && !err; n++) {
		struct buf keys = { 0 };

		for (size_t i = n; i < s->count; i += elements) {
			buf_addf(&keys, "%s\n", s->items[i].key);
			s->items[i].rounds++;
		}
		err = write_whole(strf("%s/slices/%zu", s->dir, n), keys.data, keys.len);
		buf_free(&keys);
	}
	if (!err)
		err = ask(argv, &answer);
	if (err) {
		complain("Slurm did not take the job", answer ? answer : errno_text(err),
			 "sinfo shows the nodes; --engine local works without Slurm");
	} else {
		answer[strcspn(answer, ";")] = '\0';
		s->job = xstrdup(answer);
		err = write_whole(strf("%s/job", s->dir), s->job, strlen(s->job));
	}
	free(array);
	free(output);
	free(wrap);
	free(answer);
	return err;
}

/* Collects until all have come, or the job has gone without the rest. */
static void wait_for_job(struct slurm *s, struct progress *p)
{
	int64_t asked = now_ms();
	bool lives = true;

	while (s->count && lives && !s->pool->stop && !interrupt_pending()) {
		if (now_ms() - asked > ASK_MS) {
			lives = job_lives(s->job);
			asked = now_ms();
		}
		/* Once more after its end: what it wrote last. */
		if (!lives)
			sleep_ms(LOOK_MS);
		collect(s);
		progress_note(p, "%zu of %zu, job %s", s->pool->finished, s->pool->total, s->job);
		if (s->count && lives)
			sleep_ms(LOOK_MS);
	}
	if (s->count || s->pool->stop || interrupt_pending())
		end_job(s->job);
	collect(s);
	forget_job(s);
}

static void give_up(struct slurm *s)
{
	for (size_t i = 0; i < s->count;) {
		if (s->items[i].rounds >= ROUNDS)
			finish(s, i, NULL, strf("Slurm lost it %d times", ROUNDS));
		else
			i++;
	}
}

int slurm_run(struct pool *pool, const char *dir, const char *program)
{
	static const char *const dirs[] = { "tasks", "slices", "results", "run" };
	struct slurm s = { .pool = pool, .dir = dir, .program = program };
	struct progress *p;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(dirs) && !err; i++)
		err = mkdir_p(strf("%s/%s", dir, dirs[i]));
	if (err) {
		complain(strf("cannot write in %s", dir), errno_text(err), NULL);
		return err;
	}
	interrupt_hold();
	p = progress_begin("%s", pool->title);
	while (!err && !pool->stop && !interrupt_pending()) {
		err = gather(&s);
		if (err || !s.count)
			break;
		/* A call before this one may have left some. */
		collect(&s);
		if (!s.count)
			continue;
		err = submit(&s);
		if (err)
			break;
		wait_for_job(&s, p);
		give_up(&s);
	}
	while (s.count)
		drop(&s, s.count - 1);
	free(s.items);
	progress_drop(p);
	if (!err && interrupt_pending())
		err = -EINTR;
	interrupt_release();
	return err;
}

/* ---- on a node: the tasks of one element of the array ---- */

struct slice {
	const char *dir;
	struct strlist keys;
	size_t next;
};

static bool next_of_slice(void *data, struct task *task)
{
	struct slice *s = data;

	while (s->next < s->keys.count) {
		const char *key = s->keys.items[s->next];
		char host[65] = "";

		/* It was done before this element was requeued. */
		if (is_file(strf("%s/results/%s.json", s->dir, key))) {
			s->next++;
			continue;
		}
		task->job = json_load_file(strf("%s/tasks/%s.json", s->dir, key), 0, NULL);
		if (!task->job) {
			s->next++;
			continue;
		}
		/* A node that was given up may still be at work. */
		gethostname(host, sizeof(host) - 1);
		json_object_set_new(task->job, "work", json_string(strf("%s/run/%s.%s.%d", s->dir, key, host,
									(int)getpid())));
		task->title = xstrdup(key);
		task->seconds = json_integer_value(json_object_get(task->job, "seconds"));
		task->data = (void *)s->next++;
		return true;
	}
	return false;
}

static void end_of_slice(void *data, struct task *task, json_t *result, const char *why)
{
	struct slice *s = data;
	json_t *answer = why ? json_pack("{s:s}", "why", why) : json_pack("{s:O}", "result", result);
	char *text = json_dumps(answer, JSON_COMPACT);

	rm_rf(job_text(task->job, "work"));
	if (text && write_whole(strf("%s/results/%s.json", s->dir, s->keys.items[(size_t)task->data]), text,
				strlen(text)))
		complain(strf("%s/results cannot be written", s->dir), NULL, NULL);
	free(text);
	json_decref(answer);
}

int slurm_slice(const char *dir)
{
	const char *number = getenv("SLURM_ARRAY_TASK_ID");
	struct slice s = { .dir = dir };
	struct pool pool = { .jobs = 1, .title = "tasks", .next = next_of_slice, .done = end_of_slice,
			     .data = &s };
	char *list = number ? read_whole(strf("%s/slices/%s", dir, number), NULL) : NULL;
	int err = 0;

	progress_silence();
	strlist_split(&s.keys, list ? list : "", "\n");
	pool.total = s.keys.count;
	if (list)
		err = pool_run(&pool);
	strlist_free(&s.keys);
	free(list);
	return list && !err ? LAB_PASSED : LAB_FAULT;
}
