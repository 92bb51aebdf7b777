// SPDX-License-Identifier: GPL-2.0
/* What workers found goes into the grade book; see grade_run.h. */
#include <errno.h>
#include <time.h>

#include "grade_run.h"

static int64_t number(const json_t *result, const char *key)
{
	return json_integer_value(json_object_get(result, key));
}

static void keep_results(struct grade *g, int64_t id, const json_t *result)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(result, "tests"), i, item)
		book_do(g, "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?)", "iitttt", id, (int64_t)i,
			job_text(item, "name"), job_text(item, "state"), job_text(item, "reason"),
			job_text(item, "diagnostics"));
	json_array_foreach(json_object_get(result, "findings"), i, item)
		book_do(g, "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)", "itttttt", id,
			job_text(item, "gate"), job_text(item, "text"), job_text(item, "where"),
			job_text(item, "advice"), job_text(item, "concept"), job_text(item, "see"));
}

int keep_verdict(struct grade *g, const struct run *run, const char *lab_digest, uint64_t seed,
		 const json_t *result)
{
	const char *verdict = job_text(result, "verdict");

	if (book_begin(g))
		return -EIO;
	book_do(g, "DELETE FROM verdicts WHERE student = ? AND lab = ? AND kernel = ? AND "
		"variant = ? AND part = ?", "ttttt", run->student, run->lab->id, run->kernel,
		run->variant->name, run->part);
	book_do(g, "INSERT INTO verdicts (student, lab, kernel, variant, part, digest, lab_digest, "
		"seed, verdict, code, stage, whole, why, build_log, checkpatch, sparse, style, console, "
		"ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"tttttttttititt" "ii" "tt" "ii", run->student, run->lab->id, run->kernel,
		run->variant->name, run->part, run->digest, lab_digest,
		strf("%llu", (unsigned long long)seed), verdict, number(result, "code"),
		job_text(result, "stage"), (int64_t)json_is_true(json_object_get(result, "whole")),
		job_text(result, "why"), job_text(result, "build_log"), number(result, "checkpatch"),
		number(result, "sparse"), job_text(result, "style"), job_text(result, "console"),
		number(result, "total_ms"), (int64_t)time(NULL));
	if (!g->failed)
		keep_results(g, sqlite3_last_insert_rowid(g->book), result);
	keep_witness(g, run, result);
	book_do(g, "DELETE FROM faults WHERE student = ? AND lab = ? AND kernel = ? AND "
		"variant = ? AND part = ?", "ttttt", run->student, run->lab->id, run->kernel,
		run->variant->name, run->part);
	return book_commit(g);
}

int keep_reference(struct grade *g, const struct run *run, const char *lab_digest,
		   const json_t *result)
{
	json_t *item;
	size_t i;

	if (book_begin(g))
		return -EIO;
	book_do(g, "DELETE FROM reference WHERE lab = ? AND kernel = ? AND variant = ? AND part = ?",
		"tttt", run->lab->id, run->kernel, run->variant->name, run->part);
	json_array_foreach(json_object_get(result, "tests"), i, item)
		book_do(g, "INSERT INTO reference VALUES (?, ?, ?, ?, ?, ?, ?, ?)", "ttttittt",
			run->lab->id, run->kernel, run->variant->name, run->part, (int64_t)i,
			job_text(item, "name"), job_text(item, "state"), lab_digest);
	keep_usual(g, run, result);
	return book_commit(g);
}

int keep_fault(struct grade *g, const struct run *run, const char *why)
{
	if (book_begin(g))
		return -EIO;
	/* An old verdict is not one of what was handed in now. */
	book_do(g, "DELETE FROM verdicts WHERE student = ? AND lab = ? AND kernel = ? AND "
		"variant = ? AND part = ?", "ttttt", run->student, run->lab->id, run->kernel,
		run->variant->name, run->part);
	book_do(g, "INSERT INTO faults VALUES (?, ?, ?, ?, ?, ?, ?)", "ttttt" "ti", run->student,
		run->lab->id, run->kernel, run->variant->name, run->part, why, (int64_t)time(NULL));
	return book_commit(g);
}
