/* SPDX-License-Identifier: GPL-2.0 */
/*
 * judge.h - one verdict: a lab, built for one kernel, checked in one machine.
 */
#ifndef LAB_JUDGE_H
#define LAB_JUDGE_H

#include <jansson.h>

#include "build.h"
#include "decode.h"
#include "ktap.h"
#include "meta.h"
#include "vm.h"

/* Something the kernel showed after or during the check that no module may
 * leave behind. */
struct finding {
	const char *gate;	/* name in the table of gates */
	const char *advice;	/* what it means for the student */
	const char *concept;	/* its name in the field, or NULL */
	const char *see;	/* the chapter that explains it, or NULL */
	char *text;		/* the lines that show it, three at most */
	char *where;		/* lines of source, one each; or NULL */
};

enum stage { STAGE_BUILD, STAGE_MACHINE, STAGE_CHECK };

struct verdict {
	const struct lab *lab;
	const char *variant;
	char *kernel, *release;
	const char *lane;	/* "stock", "memory", … */
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
	char *witness;		/* of vm_report, where it was asked for */
	int64_t build_ms, ready_ms, run_ms, total_ms;
	uint64_t seed;
	unsigned int failed_allocations;	/* in turn, in a module's init */
};

struct judge_options {
	enum build_of of;
	bool cold;
	uint64_t seed;		/* 0: draw one */
	bool witness;		/* look at the machine's memory at its end */
	const char *only;	/* --only of the check program, or NULL */
	struct strlist env;	/* NAME=VALUE for the check program */
	/* Builds in build_lab()'s place, and gives what it would. */
	int (*build)(const struct lab *lab, const struct kernel *kernel,
		     void *data, struct build *out);
	void *build_data;
	const char *log_path;	/* the full log, whatever the verdict, or NULL */
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

/*
 * gates.c: reads the log and the state of the kernel after a run. Adds a
 * finding for each gate, once; the decoder may be NULL.
 */
void gates_read_log(const char *log, struct decoder *decoder,
		    struct finding **findings, size_t *count);
void gates_read_taint(const char *text, struct finding **findings,
		      size_t *count);
void gates_read_modules(const char *text, const struct strlist *ours,
			struct finding **findings, size_t *count);

/* NULL: there is one of this gate already; else the caller fills it. */
struct finding *finding_add(struct finding **findings, size_t *count,
			    const char *gate);
void findings_free(struct finding *findings, size_t count);

/* leaks.c: kmemleak's list; what is not of the module is passed over. */
void gates_read_leaks(const char *text, struct decoder *decoder,
		      struct finding **findings, size_t *count);
/* Areas of vmalloc() whose caller has gone. */
void gates_read_areas(const char *text, struct decoder *decoder,
		      struct finding **findings, size_t *count);

/* report.c */
void report_verdict(const struct verdict *verdict, bool verbose);
json_t *report_json(const struct verdict *verdict);

#endif
