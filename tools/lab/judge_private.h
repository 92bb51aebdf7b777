/* SPDX-License-Identifier: GPL-2.0 */
/* judge_private.h - between judge.c and judge_listen.c. */
#ifndef LAB_JUDGE_PRIVATE_H
#define LAB_JUDGE_PRIVATE_H

#include "judge.h"

/* What a guest says in the course of a check, sorted. */
struct judge_listener {
	struct verdict *verdict;
	const struct strlist *modules;
	struct decoder *decoder;
	struct progress *progress;
	struct buf out;		/* the file that the check left for a boot */
	bool out_done;
	char *error;
	char *leaks;		/* kmemleak's list after the check */
	char *areas;		/* of vmalloc(), whose callers have gone */
	char *taint;
	unsigned int round;	/* the allocation that is to fail; 0: none */
	char *round_module;
	struct buf round_log;
	char *round_leaks;
};

void judge_on_frame(void *data, const char *type, const char *text, size_t len);
/* The machine has ended: reads what was gathered for findings. */
void judge_listen_end(struct judge_listener *listener,
		      const struct vm_report *report);
void judge_listen_free(struct judge_listener *listener);

#endif
