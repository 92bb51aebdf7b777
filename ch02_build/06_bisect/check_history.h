/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The history of a small tree, drawn from a seed
 *
 * Shared by all that must agree about it: box.c, a box of any revision; mkhistory,
 * which writes the history as a git repository; and the check.
 */
#ifndef CHECK_HISTORY_H
#define CHECK_HISTORY_H

/* What commits have changed in box.c. */
enum change {
	WHOLE_STORE	= 0x01,		/* 96 bytes fit, before it were 64 */
	NO_SPACE	= 0x02,		/* -ENOSPC when full, before -EINVAL */
	SHORT_READS	= 0x04,		/* read(2) gives 10 bytes at most */
	SHORT_WRITES	= 0x08,		/* write(2) takes 16 bytes at most */
	WAITS		= 0x10,		/* reading an empty box waits */
	NOT_READY	= 0x20,		/* it cannot be loaded */
	BUG_EDGE	= 0x100,
	BUG_STALE	= 0x200,
	BUG_STAYS	= 0x400,
	BUG_LOST	= 0x800,
	BUGS		= 0xf00,
};

/* A box is told what it is in a way that says nothing at a glance. */
static inline unsigned long revision_token(unsigned int changes, unsigned long salt)
{
	return salt << 16 | ((changes ^ salt * 40503u >> 7) & 0xffff);
}

static inline unsigned int revision_changes(unsigned long token)
{
	return revision_token(token, token >> 16) & 0xffff;
}

#ifndef __KERNEL__

#include <stdbool.h>

#define REVISIONS_MAX	48

struct revision {
	unsigned int changes;	/* enum change, all up to here */
	bool builds;
	const char *subject;	/* of the commit */
};

/**
 * struct history - what became of the box
 * @count: revisions; the first is good, the last is bad
 * @culprit: the first bad one
 */
struct history {
	unsigned int count;
	unsigned int culprit;
	struct revision revision[REVISIONS_MAX];
};

void history_draw(struct history *h, unsigned long long seed);

#endif
#endif
