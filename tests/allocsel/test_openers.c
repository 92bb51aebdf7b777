// SPDX-License-Identifier: GPL-2.0
/*
 * Four programs at once at the device file, in the kernels that look for what
 * they can do to each other: KASAN and kmemleak in the lane memory, lockdep in
 * the lane locking, and with --long KCSAN in the lane race. `lab check` fails
 * when one of them says a word. Seconds each: OPENERS_SECONDS.
 *
 *	test_openers [--long]
 *
 * A lane that is missing is built. Where it cannot be, its test is skipped.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kbuild.h"
#include "tap.h"

#define LAB_DIR "../../ch09_selection/11_allocsel"

static const struct {
	const char *name;
	const char *looks_for;
	bool only_long;		/* its kernel takes long to build */
} lanes[] = {
	{ "memory", "KASAN and kmemleak", false },
	{ "locking", "lockdep", false },
	{ "race", "KCSAN", true },
};

static char *lab(int *status, const char *fmt, const char *a, int seconds)
{
	char *words, *command, *text;

	if (asprintf(&words, fmt, a, seconds) < 0 ||
	    asprintf(&command, "%s %s 2>&1", kbuild_lab(), words) < 0)
		tap_bail("no memory");
	text = kbuild_output(command, status);
	free(command);
	free(words);
	return text;
}

/* Of much output the end says why. */
static const char *end_of(const char *text)
{
	size_t len = strlen(text), most = 3000;

	return len > most ? text + len - most : text;
}

static void try_lane(const char *lane, const char *looks_for, int seconds)
{
	int status;
	char *text = lab(&status, "kernel build %s", lane, 0);
	bool built = !status, silent;

	if (!built) {
		tap_note("%s", end_of(text));
		tap_skip("four openers in the lane %s, WHICH CANNOT BE BUILT",
			 lane);
		free(text);
		return;
	}
	free(text);
	text = lab(&status,
		   "check --solution --lane %s --only crowd --json --env ALLOCSEL_SECONDS=%d "
		   LAB_DIR, lane, seconds);
	/* A lane that is left out gives no verdict. */
	silent = !status && strstr(text, "\"verdict\":\"passed\"") &&
		 !strstr(text, "\"gate\":");
	if (!silent)
		tap_note("lab check ended with %d:\n%s", status, end_of(text));
	tap_ok(silent, "four openers for %d s in the lane %s: no word of %s",
	       seconds, lane, looks_for);
	free(text);
}

int main(int argc, char **argv)
{
	bool is_long = argc > 1 && !strcmp(argv[1], "--long");
	const char *text = getenv("OPENERS_SECONDS");
	int seconds = text && *text ? atoi(text) : is_long ? 60 : 4;
	size_t i;

	for (i = 0; i < sizeof(lanes) / sizeof(*lanes); i++)
		if (is_long || !lanes[i].only_long)
			try_lane(lanes[i].name, lanes[i].looks_for, seconds);
	return tap_done();
}
