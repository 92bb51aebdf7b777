/* SPDX-License-Identifier: GPL-2.0 */
/* bench.h - two ways to a verdict, and the pieces that no way can leave out. */
#ifndef BENCH_H
#define BENCH_H

#include "kernel.h"
#include "meta.h"
#include "util.h"

#define RUNS_MAX 99

/* Times of one kind, in microseconds: the median counts. */
struct times {
	int64_t values[RUNS_MAX];
	unsigned int count;
};

void times_add(struct times *s, int64_t value);
int64_t times_median(const struct times *s);
double ms_of(const struct times *s);
int64_t now_us(void);
/* Of all processes that we have started and that have ended. */
int64_t cpu_us(void);
_Noreturn void die(const char *what);
/* Writes or dies. */
void put(const char *path, const char *text);

/* A place to work in: a workbook of one lab, solved, and a cache for it. */
struct place {
	char *root;		/* the workbook; the lab is root/ID */
	char *cache;
	char *state;
	char *file;		/* the C file that is edited */
	char *text;		/* of it, before any edit */
};

/* common.c */
void place_make(struct place *p, const char *dir, const struct lab *lab, const char *from);
/* Another file than ever before, for the compiler as well. */
void place_edit(const struct place *p, const char *word);

/* hand.c */
struct hand {
	struct times make, machine, whole, cpu;
};

/* One submission by hand, in p; the times are added unless h is NULL. */
void by_hand(const struct place *p, const struct lab *lab, const struct kernel *k,
	     bool kvm, struct hand *h);

/* quick.c */
struct quick {
	struct times build, ready, run, rest, whole, cpu;
};

/* One `lab check`; only: --only, or NULL; lanes: --lane. Dies when it does not pass. */
void by_lab(const struct place *p, const struct lab *lab, const char *only, const char *lanes,
	    struct quick *q);

/* One `lab check` with a build by make, in a machine that is booted for it. */
void by_lab_cold(const struct place *p, const struct lab *lab);

struct floor {
	struct times compiler, modpost, linker;
};

/* The commands of the last build of p that nothing can replace, one by one. */
void run_floor(const struct place *p, const struct lab *lab, struct floor *f);

struct memory {
	unsigned long peak_kib, own_kib;	/* of QEMU: all, and not shared */
	unsigned long disk_kib;			/* of the largest saved state */
};

void measure_memory(const struct place *p, const struct lab *lab, struct memory *m);


/* grade.c */
/* many: submissions to measure the pace with; class: to look at the grader. */
void bench_grade(const char *dir, const struct place *places, const struct lab *lab, unsigned int many,
		 unsigned int class);

#endif
