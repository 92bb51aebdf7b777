// SPDX-License-Identifier: GPL-2.0
/*
 * Which runs are still to be made, and their making: first the trees that
 * submissions are built in, then each lab's own solution, which tells what
 * there is to earn and that this machine can judge at all, then the class.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grade_run.h"
#include "proc.h"
#include "term.h"

#define TRIES		3	/* of a run that fails for a reason of ours */
#define RUN_SLACK	420	/* seconds for builds and boots on a busy machine */

struct runs {
	struct grade *g;
	struct run *items;
	size_t count, next, numbered;
	char **digests;		/* of the labs */
	size_t faults;
	bool refused;		/* a solution did not pass */
	struct strlist templates;	/* still to be made: "LAB\nKERNEL\nPART" */
	size_t next_template;
};

static size_t lab_index(const struct grade *g, const struct lab *lab)
{
	size_t i = 0;

	while (g->labs[i] != lab)
		i++;
	return i;
}

static const char *digest_of(const struct runs *r, const struct lab *lab)
{
	return r->digests[lab_index(r->g, lab)];
}

static char *template_dir(const struct grade *g, const char *part, const char *kernel,
			  const char *lab)
{
	return xasprintf("%s/.work/%s/%s/%s", g->out, part, kernel, lab);
}

static uint64_t seed_of(const struct runs *r, const struct run *run)
{
	struct sum *sum = sum_begin();
	uint64_t seed;
	char *hex;

	sum_add(sum, &r->g->seed, sizeof(r->g->seed));
	sum_text(sum, run->student ? run->student : "");
	sum_text(sum, run->lab->id);
	hex = sum_end(sum);
	hex[8] = '\0';
	seed = strtoull(hex, NULL, 16);
	free(hex);
	return seed ? seed : 1;
}

static void add_run(struct runs *r, const struct run *run)
{
	const struct grade *g = r->g;
	const char *parts[] = { run->part, PART_PUBLIC };

	r->items = xreallocarray(r->items, r->count + 1, sizeof(*run));
	r->items[r->count++] = *run;
	/* The student's part is always built from the public tree. */
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		char *dir = template_dir(g, parts[i], run->kernel, run->lab->id);
		const char *name = strf("%s\n%s\n%s", run->lab->id, run->kernel, parts[i]);

		if (!strlist_has(&r->templates, name) && !is_file(strf("%s/check", dir)))
			strlist_add(&r->templates, name);
		free(dir);
	}
}

static bool in_book(struct grade *g, const struct run *run, const char *lab_digest)
{
	if (!run->student)
		return book_number(g, "SELECT count(*) FROM reference WHERE lab = ? AND kernel = ? AND "
				   "variant = ? AND part = ? AND digest = ?", "ttttt", run->lab->id,
				   run->kernel, run->variant->name, run->part, lab_digest);
	return book_number(g, "SELECT count(*) FROM verdicts WHERE student = ? AND lab = ? AND "
			   "kernel = ? AND variant = ? AND part = ? AND digest = ? AND lab_digest = ?",
			   "ttttttt", run->student, run->lab->id, run->kernel, run->variant->name,
			   run->part, run->digest, lab_digest);
}

/* Every machine in which a submission (or the solution) of a lab is judged. */
static void add_machines(struct runs *r, const struct lab *lab, const char *student,
			 const char *digest)
{
	struct grade *g = r->g;
	char *hidden = grade_hidden_dir(g, lab->id);

	for (size_t i = 0; i < g->kernels.count; i++)
		for (size_t j = 0; j < lab->variant_count; j++)
			for (int k = 0; k < (hidden ? 2 : 1); k++) {
				struct run run = {
					.lab = lab, .variant = &lab->variants[j],
					.kernel = g->kernels.items[i],
					.part = k ? PART_HIDDEN : PART_PUBLIC,
					.student = (char *)student, .digest = (char *)digest,
				};

				if (in_book(g, &run, digest_of(r, lab)))
					continue;
				run.student = xstrdup(student);
				run.digest = xstrdup(digest);
				add_run(r, &run);
			}
	free(hidden);
}

static bool next_template(void *data, struct task *task)
{
	struct runs *r = data;
	struct strlist words = { 0 };
	const struct lab *lab;
	char *to, *hidden = NULL;

	if (r->next_template == r->templates.count)
		return false;
	strlist_split(&words, r->templates.items[r->next_template++], "\n");
	lab = grade_lab(r->g, words.items[0]);
	to = template_dir(r->g, words.items[2], words.items[1], lab->id);
	if (!strcmp(words.items[2], PART_HIDDEN))
		hidden = grade_hidden_dir(r->g, lab->id);
	task->title = xasprintf("%s for Linux %s", lab->id, words.items[1]);
	task->job = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "kind", "template", "lab", lab->id, "dir",
			      lab->dir, "kernel", words.items[1], "to", to, "hidden", hidden ? hidden : "");
	task->seconds = 600;
	free(to);
	free(hidden);
	strlist_free(&words);
	return true;
}

static void template_done(void *data, struct task *task, json_t *result, const char *why)
{
	struct runs *r = data;

	if (result && json_is_true(json_object_get(result, "ok")))
		return;
	complain(strf("%s: its own files could not be built", task->title),
		 result ? job_text(result, "log") : why, "lab doctor; lab check --solution shows more");
	r->refused = true;
}

/* Its directory is made; the solutions' is none that a student can have. */
static char *log_path(const struct grade *g, const struct run *run)
{
	char *who = run->student ? grade_file_name(run->student) : xstrdup("solutions");
	char *dir = xasprintf("%s/logs%s/%s", g->out, run->student ? "" : ".ours", who);
	bool hidden = !strcmp(run->part, PART_HIDDEN);
	char *path = xasprintf("%s/%s-%s%s%s%s.log", dir, run->lab->name, run->kernel,
			       *run->variant->name ? "-" : "", run->variant->name,
			       hidden ? "-hidden" : "");

	mkdir_p(dir);
	free(dir);
	free(who);
	return path;
}

/* Equal for the same run in another call, and for no other run. */
static char *key_of(const struct runs *r, const struct run *run)
{
	struct sum *sum = sum_begin();
	uint64_t seed = seed_of(r, run);

	sum_text(sum, run->student ? run->student : "");
	sum_text(sum, run->lab->id);
	sum_text(sum, run->kernel);
	sum_text(sum, run->variant->name);
	sum_text(sum, run->part);
	sum_text(sum, run->digest ? run->digest : "");
	sum_text(sum, digest_of(r, run->lab));
	sum_add(sum, &seed, sizeof(seed));
	return sum_end(sum);
}

static bool next_run(void *data, struct task *task)
{
	struct runs *r = data;
	struct grade *g = r->g;
	struct run *run;
	char *template, *hidden = NULL, *files, *work, *log, *key;

	if (r->next == r->count || g->failed)
		return false;
	run = &r->items[r->next];
	template = template_dir(g, PART_PUBLIC, run->kernel, run->lab->id);
	if (!strcmp(run->part, PART_HIDDEN))
		hidden = template_dir(g, PART_HIDDEN, run->kernel, run->lab->id);
	files = run->student ? grade_taken_dir(g, run->student, run->lab->id)
			     : xstrdup(run->lab->solution_dir);
	work = xasprintf("%s/.work/run/%zu", g->out, r->numbered++);
	log = log_path(g, run);
	task->title = xasprintf("%s %s", run->student ? run->student : "the solution of",
				run->lab->name);
	task->job = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "kind", "verdict",
		"lab", run->lab->id, "dir", run->lab->dir, "kernel", run->kernel,
		"variant", run->variant->name, "template", template, "hidden_template",
		hidden ? hidden : "", "files", files, "work", work, "log", log, "style",
		run->student && !hidden && run->kernel == g->kernels.items[0] &&
		(rubric_number(g->rubric, "deductions", "checkpatch", 0) ||
		 rubric_number(g->rubric, "deductions", "sparse", 0)));
	json_object_set_new(task->job, "seed",
			    json_string(strf("%llu", (unsigned long long)seed_of(r, run))));
	key = key_of(r, run);
	json_object_set_new(task->job, "key", json_string(key));
	free(key);
	task->seconds = run->lab->timeout + run->lab->boot.seconds + RUN_SLACK;
	task->data = (void *)r->next++;
	free(template);
	free(hidden);
	free(files);
	free(work);
	free(log);
	return true;
}

static void print_verdict(const struct grade *g, const struct run *run, const char *text)
{
	if (!g->quiet)
		progress_print("%-24s %-24s %-7s%s %s", term_clip(run->student, 60), run->lab->id, run->kernel,
			       strcmp(run->part, PART_HIDDEN) ? "" : " hidden", text);
}

/* Behind the others: what was in the way may have gone by then. */
static bool try_again(struct runs *r, struct run *run, unsigned int tries)
{
	struct run again = *run;

	if (++again.tries >= tries)
		return false;
	run->student = run->digest = NULL;
	r->items = xreallocarray(r->items, r->count + 1, sizeof(again));
	r->items[r->count++] = again;
	return true;
}

static void run_failed(struct runs *r, struct run *run, const char *why)
{
	if (try_again(r, run, TRIES))
		return;
	r->faults++;
	print_verdict(r->g, run, strf("NO VERDICT: %s", why));
	keep_fault(r->g, run, why);
}

/* A solution that does not pass is our fault, whatever the verdict on it. */
static void reference_done(struct runs *r, struct run *run, const json_t *result, const char *why,
			   const char *log)
{
	bool passed = !why && !strcmp(job_text(result, "verdict"), "passed");

	if (passed) {
		keep_reference(r->g, run, digest_of(r, run->lab), result);
		unlink(log);
	} else if (!try_again(r, run, TRIES)) {
		complain(strf("the solution of %s does not pass here on Linux %s (%s checks)",
			      run->lab->id, run->kernel, run->part),
			 why ? why : strf("the verdict on it is '%s'", job_text(result, "verdict")),
			 strf("no submission was judged; the log is %s", log));
		r->refused = true;
	}
}

static void run_done(void *data, struct task *task, json_t *result, const char *why)
{
	struct runs *r = data;
	struct run *run = &r->items[(size_t)task->data];
	const char *digest = digest_of(r, run->lab), *verdict;

	if (!why && !*job_text(result, "verdict"))
		why = "its worker gave no verdict";
	if (!why && !strcmp(job_text(result, "verdict"), "fault"))
		why = *job_text(result, "why") ? job_text(result, "why") : "no reason was given";
	if (!run->student) {
		reference_done(r, run, result, why, job_text(task->job, "log"));
		return;
	}
	if (why) {
		run_failed(r, run, why);
		return;
	}
	verdict = job_text(result, "verdict");
	/* It may have been the machine that was slow: the second time counts. */
	if (!strcmp(verdict, "timeout") && try_again(r, run, 2))
		return;
	print_verdict(r->g, run, verdict);
	keep_verdict(r->g, run, digest, seed_of(r, run), result);
	if (!strcmp(verdict, "passed"))
		unlink(job_text(task->job, "log"));
}

static int run_all(struct runs *r, const char *title)
{
	struct pool pool = { .jobs = r->g->jobs, .data = r, .total = r->templates.count,
			     .title = "building what all submissions share",
			     .next = next_template, .done = template_done };
	int err = 0;

	if (r->templates.count)
		err = pool_run(&pool);
	if (err || r->refused)
		return err ? err : -EINVAL;
	pool = (struct pool){ .jobs = r->g->jobs, .data = r, .total = r->count, .title = title,
			      .next = next_run, .done = run_done };
	if (r->count && r->g->slurm && r->items[0].student) {
		char *dir = xasprintf("%s/.slurm", r->g->out);
		char *program = xasprintf("%s/.work/program", r->g->out);

		err = slurm_run(&pool, dir, program);
		free(dir);
		free(program);
	} else if (r->count) {
		err = pool_run(&pool);
	}
	if (!err && r->g->failed)
		err = -EIO;
	return err ? err : r->refused ? -EINVAL : 0;
}

static void runs_free(struct runs *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->items[i].student);
		free(r->items[i].digest);
	}
	for (size_t i = 0; i < r->g->lab_count; i++)
		free(r->digests[i]);
	free(r->digests);
	free(r->items);
	strlist_free(&r->templates);
}

static void runs_begin(struct runs *r, struct grade *g)
{
	*r = (struct runs){ .g = g, .digests = xcalloc(g->lab_count, sizeof(char *)) };
	for (size_t i = 0; i < g->lab_count; i++) {
		const struct lab *lab = g->labs[i];

		r->digests[i] = grade_lab_digest(g, lab);
		book_do(g, "INSERT OR REPLACE INTO labs VALUES (?, ?, ?, ?)", "ttit", lab->id, lab->title,
			(int64_t)lab->points * 100, r->digests[i]);
	}
}

int grade_templates(struct grade *g)
{
	struct runs r;
	int err;

	runs_begin(&r, g);
	for (size_t i = 0; i < g->lab_count; i++)
		add_machines(&r, g->labs[i], NULL, NULL);
	err = run_all(&r, "judging the solutions first");
	runs_free(&r);
	return err;
}

int grade_verdicts(struct grade *g)
{
	sqlite3_stmt *row;
	struct runs r;
	int err;

	runs_begin(&r, g);
	row = book_ask(g, "SELECT student, lab, digest FROM submissions WHERE state = 'taken' "
		       "ORDER BY student, lab", "");
	while (book_row(g, &row)) {
		const struct lab *lab = grade_lab(g, book_text(row, 1));

		if (lab)
			add_machines(&r, lab, book_text(row, 0), book_text(row, 2));
	}
	err = run_all(&r, "grading");
	if (!err && r.faults)
		err = -EAGAIN;
	runs_free(&r);
	return err;
}
