// SPDX-License-Identifier: GPL-2.0
/*
 * What judge must say of revisions of the box, one by one and for a bisection.
 *
 * box.ko is all revisions in one, and is told with each load which it shall be.
 * Histories are drawn at random; mkhistory makes git repositories of the same ones.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "check_history.h"

#define GOOD	0
#define BAD	1
#define SKIP	125
#define STOP	128		/* git bisect run ends at this and above */

#define FEATURES	(WHOLE_STORE | NO_SPACE | SHORT_READS | SHORT_WRITES | WAITS)
#define HISTORIES	4

static unsigned int random_features(void)
{
	return check_random() & FEATURES;
}

/* What judge says of a revision, in one of four words; and it must be alone after. */
static int decide(const char *file, unsigned int changes)
{
	char params[48];
	const char *const argv[] = { "./judge", file, params, NULL };
	struct run_result run;
	bool left;
	int status;

	snprintf(params, sizeof(params), "revision=%lu",
		 revision_token(changes, check_random_range(0, 0xffffffff)));
	run = run_program(argv, 20);
	left = mod_loaded("box");
	if (left)
		mod_unload("box");
	ASSERT_EQ(run.error, 0);
	ASSERT_FALSE(run.timed_out,
		     "judge did not come to an end in 20 seconds. A box that has lost a message has nothing to read, and may let you wait for it: open it with O_NONBLOCK, or set an alarm(2).");
	ASSERT_EQ(run.signal, 0, "judge was ended by a signal: a bisection stops there.");
	status = run.status;
	run_result_free(&run);
	ASSERT_FALSE(left,
		     "judge left the box loaded. The next revision could not be loaded, and nobody would know why.");
	return status;
}

static const char *changes_text(unsigned int changes)
{
	static const char *const names[] = {
		"the store has 96 bytes", "full is ENOSPC", "reads are short",
		"writes are short", "an empty box waits", "it cannot be loaded",
	};
	static char text[256];

	snprintf(text, sizeof(text), "%s", changes ? "" : " nothing");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (changes & 1u << i) {
			strcat(text, " (");
			strcat(text, names[i]);
			strcat(text, ")");
		}
	}
	return text;
}

CHECK(not_built, .title = "What was not built is skipped")
{
	char word[9], file[16];

	check_random_word(word, sizeof(word));
	snprintf(file, sizeof(file), "%s.ko", word);
	EXPECT_EQ(decide(file, 0), SKIP,
		  "There is no file %s: the build of this revision failed. It is neither good nor bad, and 125 says so.",
		  file);
}

CHECK(not_loaded, .title = "What cannot be loaded is skipped")
{
	EXPECT_EQ(decide("./box.ko", NOT_READY | random_features()), SKIP,
		  "The init function of this revision returned -ENODEV. Whether messages come out right, nobody can say: 125.");
}

CHECK(good, .title = "Good revisions are good, old and new ones", .deadline = 120)
{
	for (int i = 0; i < 8; i++) {
		unsigned int changes = i < 5 ? 1u << i : i == 5 ? FEATURES : random_features();

		EXPECT_EQ(decide("./box.ko", changes), GOOD,
			  "In a good revision, with these changes:%s. Messages come out as they went in, and nothing else was asked.",
			  changes_text(changes));
	}
}

static const struct {
	unsigned int bug;
	const char *text;
} bugs[] = {
	{ BUG_EDGE,
	  "a byte is lost when it goes around the end alone: right length at the right place" },
	{ BUG_STALE, "what goes around the end of the store is wrong" },
	{ BUG_STAYS, "what went around the end of the store is not taken out: it fills up" },
	{ BUG_LOST, "what goes around the end of the store is not counted, and stays" },
};

CHECK(bad, .title = "Bad revisions are bad, each kind of them", .deadline = 240)
{
	for (size_t i = 0; i < sizeof(bugs) / sizeof(*bugs); i++) {
		for (int j = 0; j < 3; j++) {
			unsigned int changes = j ? random_features() : 0;

			if (j == 2)
				changes |= WAITS;
			EXPECT_EQ(decide("./box.ko", bugs[i].bug | changes), BAD,
				  "In a bad revision: %s. Its changes:%s.",
				  bugs[i].text, changes_text(changes));
		}
	}
}

/* judge as a user who may load no module: its exit status. */
static int decide_as_nobody(void)
{
	pid_t pid = fork();
	int status;

	ASSERT_OK(libc_ret(pid));
	if (!pid) {
		if (setgid(65534) || setuid(65534))
			_exit(EXIT_FAILURE);
		execl("./judge", "judge", "./box.ko", NULL);
		_exit(STOP);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT_TRUE(WIFEXITED(status));
	return WEXITSTATUS(status);
}

CHECK(stops, .title = "When no revision could be tested, the bisection stops")
{
	const char *const argv[] = { "./judge", "./box.ko", NULL };
	struct run_result run;

	EXPECT_GE(decide_as_nobody(), STOP,
		  "judge ran as a user who may not load modules (-EPERM). That is not the revision's fault, and the next one would fare the same: 255 stops the bisection.");
	ASSERT_OK(mod_load("box.ko", NULL));
	run = run_program(argv, 20);
	EXPECT_GE(run.status, STOP,
		  "There was a box loaded already (-EEXIST), and not by judge. Whatever it tries now is another revision: 255 stops the bisection.");
	EXPECT_OK(mod_unload("box"),
		  "judge is to unload the box that it has loaded itself, and no other.");
}

/* As git bisect: a revision between good and bad, near the middle, not skipped. */
static unsigned int candidate(unsigned int good, unsigned int bad, const bool *skipped)
{
	unsigned int middle = good + (bad - good) / 2;

	for (unsigned int far = 0; far < bad - good; far++) {
		if (middle + far < bad && !skipped[middle + far])
			return middle + far;
		if (middle > good + far && !skipped[middle - far])
			return middle - far;
	}
	return 0;
}

static void bisect(const struct history *h)
{
	bool skipped[REVISIONS_MAX] = { 0 };
	unsigned int good = 0, bad = h->count - 1, at;

	while (bad - good > 1) {
		int answer;

		at = candidate(good, bad, skipped);
		ASSERT_GT(at, 0,
			  "All revisions between %u, good, and %u, bad, were skipped. Number %u can be tested.",
			  good, bad, h->culprit);
		answer = decide(h->revision[at].builds ? "./box.ko" : "./not-built.ko",
				h->revision[at].changes);
		check_note("revision %u, \"%s\": %d", at, h->revision[at].subject, answer);
		ASSERT_LT(answer, STOP, "judge stopped the bisection.");
		if (answer == SKIP)
			skipped[at] = true;
		else if (answer == GOOD)
			good = at;
		else
			bad = at;
	}
	ASSERT_EQ(bad, h->culprit,
		  "The bisection named commit %u, \"%s\". It was commit %u, \"%s\".", bad,
		  h->revision[bad].subject, h->culprit, h->revision[h->culprit].subject);
}

CHECK(names_commit, .title = "It names the commit", .needs = "not_built", .deadline = 400)
{
	for (int i = 0; i < HISTORIES; i++) {
		u64 seed = check_random_range(0, 1000000);
		struct history h;

		history_draw(&h, seed);
		check_note("history %llu, %u commits", seed, h.count);
		bisect(&h);
	}
}
