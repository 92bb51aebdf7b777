/* SPDX-License-Identifier: GPL-2.0 */
/*
 * judge.h - one verdict: a lab, built for one kernel, checked in one machine.
 */
#ifndef LAB_JUDGE_H
#define LAB_JUDGE_H

#include <jansson.h>

#include "build.h"
#include "ktap.h"
#include "meta.h"
#include "vm.h"

/* Something the kernel showed after or during the check that no module may
 * leave behind. */
struct finding {
	const char *gate;	/* name in the table of gates */
	const char *advice;	/* what it means for the student */
	char *text;		/* the line that shows it */
};

enum stage { STAGE_BUILD, STAGE_MACHINE, STAGE_CHECK };

struct verdict {
	const struct lab *lab;
	const char *variant;
	char *kernel, *release;
	bool solution;
	enum lab_exit code;
	enum stage stage;	/* how far it came */
	char *build_log;	/* when the build failed, or had warnings */
	struct ktap ktap;
	struct finding *findings;
	size_t finding_count;
	enum vm_end end;
	char *why;		/* of a fault or a crash, for people */
	struct buf log;		/* the kernel's log: "<level>text" lines */
	char *console;
	char *log_path;		/* where the full log was kept, or NULL */
	bool restored;
	int64_t build_ms, ready_ms, run_ms, total_ms;
	uint64_t seed;
};

struct judge_options {
	enum build_of of;
	bool cold;
	uint64_t seed;		/* 0: draw one */
	const char *only;	/* --only of the check program, or NULL */
};

/* Always fills *out; out->code says it all. */
void judge(const struct lab *lab, const char *kernel,
	   const struct lab_variant *variant,
	   const struct judge_options *options, struct verdict *out);
void verdict_free(struct verdict *verdict);

/* Our own or the machine's fault; the first reason stays. */
void verdict_fault(struct verdict *verdict, const char *why);
/* Short enough to be typed again; never 0. */
uint64_t verdict_draw_seed(void);

/*
 * judge_boot.c: the lab's [boot]. archive is the one that the check left, or
 * NULL. Adds the check "boots" to the verdict.
 */
void judge_boot(struct verdict *verdict, const struct kernel *kernel,
		const struct buf *archive);

/* gates.c: reads the log and the state of the kernel after a run. */
void gates_read_log(const char *log, struct finding **findings, size_t *count);
void gates_read_taint(const char *text, struct finding **findings,
		      size_t *count);
void gates_read_modules(const char *text, const struct strlist *ours,
			struct finding **findings, size_t *count);

/* report.c */
void report_verdict(const struct verdict *verdict, bool verbose);
json_t *report_json(const struct verdict *verdict);

#endif
