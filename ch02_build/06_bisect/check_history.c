// SPDX-License-Identifier: GPL-2.0
/* A history drawn from a seed; see check_history.h. */
#include <string.h>

#include "check_history.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* splitmix64: the same numbers on the host and in the guest. */
static unsigned long long next(unsigned long long *state)
{
	unsigned long long z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static unsigned int between(unsigned long long *state, unsigned int lo, unsigned int hi)
{
	return lo + next(state) % (hi - lo + 1);
}

struct subject {
	unsigned int change;
	const char *text;
};

static const struct subject features[] = {
	{ WHOLE_STORE, "box: use the whole store" },
	{ NO_SPACE, "box: a full box is no invalid argument" },
	{ SHORT_READS, "box: hold the lock for ten bytes at a time" },
	{ SHORT_WRITES, "box: long messages in several writes" },
	{ WAITS, "box: wait for a message" },
};

static const struct subject bugs[] = {
	{ BUG_EDGE, "box: avoid a copy of almost nothing" },
	{ BUG_STALE, "box: simplify the copy around the end" },
	{ BUG_STAYS, "box: account for what was copied in one go" },
	{ BUG_LOST, "box: count while copying" },
};

static const char *const fillers[] = {
	"notes: say who may open the box", "notes: fix a word", "notes: how to report a bug",
	"notes: list what is planned", "notes: thank the testers", "notes: name the licence",
};

/* A stretch of revisions that cannot be tested, away from the culprit. */
static bool spoil(struct history *h, unsigned int middle, bool builds)
{
	unsigned int from = middle - 1, to = middle + 1;

	if (from < 1 || to > h->count - 3 || (from <= h->culprit && h->culprit <= to + 1))
		return false;
	for (unsigned int i = from; i <= to + 1; i++) {
		if (h->revision[i].subject || !h->revision[i].builds)
			return false;
	}
	for (unsigned int i = from; i <= to; i++) {
		if (builds)
			h->revision[i].changes |= NOT_READY;
		else
			h->revision[i].builds = false;
	}
	h->revision[from].subject = builds ? "box: ask for the board" :
					     "box: prepare for two boxes";
	h->revision[to + 1].subject = builds ? "box: do not ask for the board" :
					       "box: build again";
	return true;
}

/* From one of the untouched revisions on. */
static void add(struct history *h, unsigned long long *state, const struct subject *s)
{
	unsigned int at;

	do
		at = between(state, 1, h->count - 2);
	while (h->revision[at].subject || at == h->culprit);
	h->revision[at].subject = s->text;
	for (; at < h->count; at++)
		h->revision[at].changes |= s->change;
}

void history_draw(struct history *h, unsigned long long seed)
{
	unsigned long long state = seed;
	const struct subject *bug = &bugs[between(&state, 0, ARRAY_SIZE(bugs) - 1)];
	unsigned int quarter;

	memset(h, 0, sizeof(*h));
	h->count = between(&state, 28, REVISIONS_MAX);
	h->culprit = between(&state, 3, h->count - 3);
	for (unsigned int i = 0; i < h->count; i++)
		h->revision[i].builds = true;
	/* Where a bisection looks first. */
	quarter = h->culprit <= h->count / 2 ? h->count / 4 : h->count * 3 / 4;
	if (spoil(h, h->count / 2, false))
		spoil(h, quarter, true);
	else
		spoil(h, h->culprit > h->count / 2 ? h->count / 4 : h->count * 3 / 4, true);
	h->revision[h->culprit].subject = bug->text;
	for (unsigned int i = h->culprit; i < h->count; i++)
		h->revision[i].changes |= bug->change;
	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++)
		add(h, &state, &features[i]);
	for (unsigned int i = 0; i < h->count; i++) {
		if (!i)
			h->revision[i].subject = "box: a box for messages";
		else if (!h->revision[i].subject)
			h->revision[i].subject = fillers[next(&state) % ARRAY_SIZE(fillers)];
	}
}
