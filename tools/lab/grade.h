/* SPDX-License-Identifier: GPL-2.0 */
/*
 * grade.h - lab grade: a class's submissions in, marks out; between the files
 * grade_*.c. What the grade book holds is in docs/gradebook.md.
 */
#ifndef LAB_GRADE_H
#define LAB_GRADE_H

#include <jansson.h>
#include <sqlite3.h>

#include "meta.h"
#include "util.h"

struct grade {
	char *submissions;	/* directory, absolute; NULL: none was named */
	char *out;		/* DIR, absolute */
	char *checks;		/* hidden checks, absolute, or NULL */
	const char *roster, *late, *rubric_file;
	struct strlist kernels;
	struct labs tree;
	const struct lab **labs;
	size_t lab_count;
	uint64_t seed;		/* 0: the book's, or a new one */
	unsigned int jobs;
	bool dry_run, quiet;
	bool slurm;		/* --engine slurm */
	sqlite3 *book;
	int lock;
	struct rubric *rubric;
	bool failed;		/* the book could not be written: stop */
};

/* The two sets of checks of a lab. */
#define PART_PUBLIC	"public"
#define PART_HIDDEN	"hidden"

/* The lab of the chosen ones; NULL: none. */
const struct lab *grade_lab(const struct grade *g, const char *id);
/* DIR/submissions/STUDENT/LAB, malloc'd: the files that were taken. */
char *grade_taken_dir(const struct grade *g, const char *student, const char *lab);
/* A name that is good for a file, made of any text; malloc'd. */
char *grade_file_name(const char *text);
/* Has the lab hidden checks? Then their directory, malloc'd. */
char *grade_hidden_dir(const struct grade *g, const char *lab);

/* ---- grade_book.c ---- */
int book_open(struct grade *g, bool create);
void book_close(struct grade *g);
/* types: t text (may be NULL), i int64_t, one for each "?". */
int book_do(struct grade *g, const char *sql, const char *types, ...);
sqlite3_stmt *book_ask(struct grade *g, const char *sql, const char *types, ...);
/* False at the end, or after a failure, and the statement is gone. */
bool book_row(struct grade *g, sqlite3_stmt **row);
const char *book_text(sqlite3_stmt *row, int column);	/* never NULL */
/* First column of the first row, malloc'd; NULL: no row, or NULL in it. */
char *book_value(struct grade *g, const char *sql, const char *types, ...);
int64_t book_number(struct grade *g, const char *sql, const char *types, ...);
int book_begin(struct grade *g);
int book_commit(struct grade *g);

/* ---- grade_csv.c ---- */
struct csv {
	struct strlist *rows;	/* the first is the header */
	size_t count;
};
int csv_read(const char *path, struct csv *out);	/* complains */
int csv_column(const struct csv *csv, const char *name);	/* -1: none */
const char *csv_cell(const struct csv *csv, size_t row, int column);
void csv_free(struct csv *csv);
/* One cell with the comma or newline after it; nothing that a spreadsheet
 * would take for a formula. */
void csv_put(struct buf *out, const char *text, char after);

/* ---- grade_setup.c ---- */
/* A list of labs and chapters; an enum lab_exit. */
int grade_choose_labs(struct grade *g, const char *names);
/* The seed that the book has, or was given, or a new one. */
int grade_agree_on_seed(struct grade *g);
/* The labs and kernels of this call, for later ones that only report. */
void grade_remember(struct grade *g);
void grade_recall(struct grade *g);

/* ---- grade_roster.c ---- */
int class_read_roster(struct grade *g);
int class_read_late(struct grade *g);

/* ---- grade_class.c: what they gave in ---- */
/* Finds the entries, takes what is new of them. */
int class_take(struct grade *g);

/* ---- grade_run.c ---- */
int grade_templates(struct grade *g);	/* and the references */
int grade_verdicts(struct grade *g);
/* SHA-256 in hex of what a verdict depends on besides the submission. */
char *grade_lab_digest(const struct grade *g, const struct lab *lab);

/* ---- grade_pool.c ---- */
struct task {
	char *title;
	json_t *job;		/* what the worker gets */
	unsigned int seconds;
	void *data;
};

struct pool {
	unsigned int jobs;
	size_t total, finished;	/* for the estimate */
	const char *title;
	bool (*next)(void *data, struct task *task);
	/* result: the worker's, or NULL, and then why in a clause. */
	void (*done)(void *data, struct task *task, json_t *result, const char *why);
	void *data;
	bool stop;		/* set by a callback: no further ones */
};
/* 0, or -EINTR; every task begun has been done() or killed. */
int pool_run(struct pool *pool);

/* ---- grade_slurm.c: the same over the nodes of a cluster ---- */
/* Each job has a "key": what it is about, fit for a file's name. */
int slurm_run(struct pool *pool, const char *dir, const char *program);
/* What a call before left under way is ended; its results stay. */
void slurm_recover(const char *dir);
int slurm_slice(const char *dir);	/* on a node; an enum lab_exit */

/* ---- grade_worker.c and below: in a process of their own ---- */
int grade_worker(void);
json_t *worker_intake(const json_t *job);
json_t *worker_look(const json_t *job);
json_t *worker_template(const json_t *job);
json_t *worker_verdict(const json_t *job);
const char *job_text(const json_t *job, const char *key);	/* never NULL */

/* ---- grade_sum.c: SHA-256 ---- */
struct sum;
struct sum *sum_begin(void);
void sum_add(struct sum *sum, const void *data, size_t len);
void sum_text(struct sum *sum, const char *text);	/* with its NUL */
int sum_file(struct sum *sum, const char *path);
char *sum_end(struct sum *sum);		/* hex, malloc'd */
char *base64_encode(const void *data, size_t len);
char *base64_decode(const char *text, size_t *len);	/* NULL: it is none */

/* ---- grade_scan.c: what no lab needs ---- */
void scan_source(const char *name, const char *text,
		 void (*found)(void *data, const char *name, unsigned int line,
			       const char *flag, const char *text), void *data);

/* ---- grade_mark.c ---- */
/* All marks anew, from what the book holds and the rubric. */
int marks_make(struct grade *g);
/* "2.50": hundredths of a point; strf(). */
const char *points_text(int64_t hundredths);
void marks_explain(struct grade *g);

/* ---- grade_rubric.c ---- */
struct rubric;
int rubric_read(struct grade *g);	/* complains */
void rubric_free(struct rubric *rubric);
/* Value of SECTION.KEY; fallback when it is not given. */
int64_t rubric_number(const struct rubric *rubric, const char *section,
		      const char *key, int64_t fallback);
/* "2.5": hundredths; false: no such number. */
bool parse_points(const char *text, int64_t *out);
bool rubric_has(const struct rubric *rubric, const char *section, const char *key);

/* ---- grade_export*.c ---- */
int export_all(struct grade *g);
int export_one(struct grade *g, const char *format);

/* ---- grade_bundle.c: what a platform judges with; an enum lab_exit ---- */
int bundle_make(struct grade *g, const char *platform);

#endif
