/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gate.h - what the workbook demands of itself. Each part looks at one lab
 * (or at the whole tree) and reports every demand as passed or failed.
 */
#ifndef GATE_H
#define GATE_H

#include <jansson.h>

#include "meta.h"
#include "util.h"

struct gate {
	const char *root;
	struct labs labs;
	struct strlist chosen;	/* ids; empty: all */
	struct strlist kernels;
	const char *kernel;	/* the one of them that a part is about */
	bool all_mutants;	/* else some of each lab */
	const char *page;	/* where the table of the mutants goes, or NULL */
	bool cold;		/* verdicts from machines that are booted, not restored */
};

/* ---- report.c: results, also from worker processes ---- */
void results_init(void);
void pass(const char *fmt, ...) PRINTF(1, 2);
/* what: the demand; then how it is broken. */
void fail(const char *what, const char *fmt, ...) PRINTF(2, 3);
void skip(const char *what, const char *why);
/* There was no time for these; each is a skipped one. */
void left_out(const char *what, size_t count, size_t of);
/* Prints "N passed, N failed"; the exit status. */
int results_print(void);
/* Passed when nothing failed since mark. */
unsigned int results_failed(void);

/* ---- jobs.c ---- */
/*
 * Calls run(data, i) for each i < count, in two processes at a time. Those that the
 * time does not suffice for are reported as left out.
 */
void run_jobs(const char *what, size_t count, void (*run)(void *data, size_t i), void *data);
/* Runs a program; its output (merged), malloc'd; *status its exit status. */
char *output_of(const char *const argv[], const char *cwd, int seconds,
		int *status);

/* A field of what lab check --json printed; "" where it is not there. */
const char *json_text(const json_t *object, const char *key);

/* ---- form.c, todo.c, text.c ---- */
void check_form(const struct gate *gate, const struct lab *lab);
void check_tree(const struct gate *gate);
/* Compares outside of the TODO regions; the number of faults reported. */
unsigned int compare_outside(const char *what, const char *skeleton,
			     const char *solution);
void check_readme(const char *what, const char *path);
void check_links(const char *what, const char *path);

/* ---- style.c, verdict.c: on one kernel ---- */
void check_files(struct gate *gate);
void check_modules(struct gate *gate);
void check_verdicts(struct gate *gate);

/* ---- memo.c ---- */
void memo_prepare(const struct gate *gate);
/* A hash of all that a judgement depends on; malloc'd. */
char *memo_key(const struct gate *gate, const struct lab *lab, const char *how,
	       const char *kernel, const char *extra);
bool memo_known(const char *key);
/* Reports what passed under this key before, or begins to take notes. */
bool memo_recall(const char *key);
/* Begins to take notes. */
void memo_begin(void);
/* Keeps what passed or was skipped since, if nothing failed. */
void memo_keep(const char *key);
/* For report.c: what passed or was skipped; NULL: what must not be kept. */
void memo_note(const char *text, bool skipped);

/* ---- mutant.c ---- */
void check_mutants(struct gate *gate);

/* Labs that --labs chooses, and tests/kernel's, as one list. */
size_t gate_count(const struct gate *gate);
const struct lab *gate_lab(const struct gate *gate, size_t i);
/* A lab of tests/kernel: judged like a solution. */
bool is_test_lab(const struct lab *lab);

#endif
