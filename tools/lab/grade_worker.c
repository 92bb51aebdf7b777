// SPDX-License-Identifier: GPL-2.0
/*
 * A worker: one task on stdin as JSON, its result on stdout. What a submission
 * does to it, it does to this process alone.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "grade.h"
#include "build_private.h"
#include "grade_build.h"
#include "judge.h"
#include "term.h"

#define JOB_MAX		(4u << 20)
#define TEXT_MAX	6000		/* of one check's words */
#define LOG_MAX		16000

const char *job_text(const json_t *job, const char *key)
{
	const char *text = json_string_value(json_object_get(job, key));

	return text ? text : "";
}

/* UTF-8 or not, and cut where it is longer than anybody reads. */
static json_t *short_text(const char *text, size_t max)
{
	size_t len = text ? strlen(text) : 0;
	char *part;
	json_t *value;

	if (!len)
		return json_string("");
	part = len > max ? xasprintf("%.*s\n[%zu bytes more were left out]", (int)max, text, len - max)
			 : xstrdup(text);
	value = json_string(part);
	if (!value) {
		for (char *c = part; *c; c++)
			if ((unsigned char)*c >= 0x80)
				*c = '?';
		value = json_string(part);
	}
	free(part);
	return value;
}

static const struct lab_variant *variant_of(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->variant_count; i++)
		if (!strcmp(lab->variants[i].name, name))
			return &lab->variants[i];
	return NULL;
}

static struct lab *open_lab(const json_t *job)
{
	return lab_read(job_text(job, "dir"), job_text(job, "lab"));
}

/* The lab's own sources, the hidden checks' over them. */
static int lay_out(const struct lab *lab, const char *hidden, const char *to)
{
	struct strlist seen = { 0 };
	int err;

	rm_rf(to);
	err = build_sync(lab->dir, hidden, to, build_is_source, SYNC_DEPTH, &seen);
	if (!err && hidden)
		err = build_sync(hidden, NULL, to, build_is_source, SYNC_DEPTH, &seen);
	strlist_free(&seen);
	return err;
}

json_t *worker_template(const json_t *job)
{
	static const char *const targets[] = { "all", "check-prog", NULL };
	const char *to = job_text(job, "to"), *hidden = job_text(job, "hidden");
	struct build out = { .lock = -1 };
	struct kernel k = { 0 };
	struct lab *lab = open_lab(job);
	json_t *result = NULL;
	int err;

	if (!lab)
		return NULL;
	err = kernel_get(job_text(job, "kernel"), &k);
	if (!err)
		err = lay_out(lab, *hidden ? hidden : NULL, to);
	if (!err)
		err = sandbox_make(lab, &k, to, targets, &out);
	if (!err && out.ok && *hidden && check_needs_student(lab, to))
		result = json_pack("{s:b,s:s}", "ok", 0, "log",
				   "the hidden checks include a file that students edit: their build would show them the checks");
	else if (!err)
		result = json_pack("{s:b,s:o}", "ok", out.ok, "log", short_text(out.log, LOG_MAX));
	build_free(&out);
	kernel_free(&k);
	lab_free(lab);
	return result;
}

static json_t *verdict_json(const struct verdict *v, const struct graded_build *g, bool secret)
{
	json_t *out = report_json(v), *item;
	bool whole = v->stage == STAGE_CHECK && v->end == VM_ENDED && v->ktap.plan &&
		     v->ktap.count >= v->ktap.plan;
	size_t i;

	json_array_foreach(json_object_get(out, "findings"), i, item) {
		json_object_set_new(item, "text", short_text(job_text(item, "text"), TEXT_MAX));
		json_object_set_new(item, "where", short_text(job_text(item, "where"), TEXT_MAX));
	}
	json_array_foreach(json_object_get(out, "tests"), i, item)
		json_object_set_new(item, "diagnostics",
				    short_text(secret ? "" : job_text(item, "diagnostics"), TEXT_MAX));
	json_object_set_new(out, "whole", json_boolean(whole));
	json_object_set_new(out, "build_log", short_text(v->build_log, LOG_MAX));
	json_object_set_new(out, "why", v->why ? short_text(v->why, TEXT_MAX) : json_null());
	i = v->console ? strlen(v->console) : 0;
	json_object_set_new(out, "console", short_text(!v->console || secret ? "" :
			    v->console + (i > 3000 ? i - 3000 : 0), TEXT_MAX));
	json_object_set_new(out, "checkpatch", json_integer(g->checkpatch));
	json_object_set_new(out, "sparse", json_integer(g->sparse));
	json_object_set_new(out, "style", short_text(g->words, LOG_MAX));
	json_object_set_new(out, "witness", v->witness ? short_text(v->witness, TEXT_MAX) : json_null());
	json_object_set_new(out, "total_ms", json_integer(v->total_ms));
	return out;
}

json_t *worker_verdict(const json_t *job)
{
	const char *hidden = job_text(job, "hidden_template"), *log = job_text(job, "log");
	struct graded_build g = {
		.template = job_text(job, "template"), .files = job_text(job, "files"),
		.hidden = *hidden ? hidden : NULL, .work = job_text(job, "work"),
		.style = json_is_true(json_object_get(job, "style")), .checkpatch = -1, .sparse = -1,
	};
	struct judge_options options = { .build = build_graded, .build_data = &g,
					 .log_path = *log ? log : NULL, .witness = true };
	struct lab *lab = open_lab(job);
	const struct lab_variant *variant;
	struct verdict v;
	json_t *result;

	if (!lab)
		return NULL;
	variant = variant_of(lab, job_text(job, "variant"));
	if (!variant || !parse_u64(job_text(job, "seed"), 1, UINT64_MAX, &options.seed)) {
		lab_free(lab);
		return NULL;
	}
	judge(lab, job_text(job, "kernel"), variant, &options, &v);
	result = verdict_json(&v, &g, g.hidden);
	rm_rf(g.work);
	verdict_free(&v);
	free(g.words);
	lab_free(lab);
	return result;
}

static char *read_job(void)
{
	struct buf in = { 0 };
	char chunk[65536];
	ssize_t got;

	while ((got = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || in.len + got > JOB_MAX)
			break;
		buf_add(&in, chunk, got);
	}
	return buf_steal(&in);
}

int grade_worker(void)
{
	static const struct {
		const char *kind;
		json_t *(*work)(const json_t *job);
	} kinds[] = {
		{ "intake", worker_intake }, { "look", worker_look },
		{ "template", worker_template },
		{ "verdict", worker_verdict },
	};
	char *text = read_job();
	json_t *job = json_loads(text, 0, NULL), *result = NULL;
	int err = -1;

	free(text);
	progress_silence();
	/*
	 * When the grader dies we end what we have started, and then ourselves. Our
	 * death alone would not do: a bubblewrap that is killed in its first
	 * milliseconds leaves a process behind that waits for ever.
	 */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (size_t i = 0; job && i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(job_text(job, "kind"), kinds[i].kind))
			result = kinds[i].work(job);
	if (result)
		err = json_dumpf(result, stdout, JSON_COMPACT);
	json_decref(result);
	json_decref(job);
	return err ? LAB_FAULT : LAB_PASSED;
}
