/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ktap.h - reads the check program's KTAP as it comes, in pieces.
 *
 * A test that the plan promises and that never gave a result has crashed.
 */
#ifndef LAB_KTAP_H
#define LAB_KTAP_H

#include "util.h"

enum ktap_state { KTAP_PASSED, KTAP_FAILED, KTAP_SKIPPED, KTAP_TIMEOUT,
		  KTAP_CRASHED };

struct ktap_test {
	char *name;
	enum ktap_state state;
	char *reason;		/* behind "#" of the result line, or "" */
	char *diagnostics;	/* lines before the result, without "# " */
};

struct ktap {
	struct ktap_test *tests;
	size_t count;
	unsigned int plan;	/* 0: none seen */
	uint64_t seed;
	struct buf line, pending;
};

void ktap_feed(struct ktap *ktap, const char *text, size_t len);
/* At the end: an unfinished last line counts; missing results are crashes. */
void ktap_finish(struct ktap *ktap);
size_t ktap_number(const struct ktap *ktap, enum ktap_state state);
/* Failed in any way: failed, timed out, crashed. */
size_t ktap_bad(const struct ktap *ktap);
void ktap_free(struct ktap *ktap);
/* A result of the host's own, such as the boot of a student's initramfs. */
void ktap_add(struct ktap *ktap, const char *name, enum ktap_state state,
	      const char *reason, const char *diagnostics);

#endif
