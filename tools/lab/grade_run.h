/* SPDX-License-Identifier: GPL-2.0 */
/* grade_run.h - between grade_run.c, grade_keep.c and grade_witness.c. */
#ifndef LAB_GRADE_RUN_H
#define LAB_GRADE_RUN_H

#include "grade.h"

/* One run of one lab's checks. */
struct run {
	const struct lab *lab;
	const struct lab_variant *variant;
	const char *kernel, *part;
	char *student;		/* NULL: the lab's own solution, the reference */
	char *digest;
	unsigned int tries;
};

/* One transaction; 0 when it is in the book. */
int keep_verdict(struct grade *g, const struct run *run, const char *lab_digest, uint64_t seed,
		 const json_t *result);
int keep_reference(struct grade *g, const struct run *run, const char *lab_digest,
		   const json_t *result);
/* ---- grade_witness.c: within their transactions ---- */
void keep_usual(struct grade *g, const struct run *run, const json_t *result);
void keep_witness(struct grade *g, const struct run *run, const json_t *result);

int keep_fault(struct grade *g, const struct run *run, const char *why);

#endif
