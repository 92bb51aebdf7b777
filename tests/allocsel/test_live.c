// SPDX-License-Identifier: GPL-2.0
/*
 * The long form of the lab's own check, on every kernel: thousands of different
 * requests performed and proved, allocations that fail, random calls of the
 * device file and of debugfs, and four programs at once, a minute each
 * (LIVE_SECONDS). The finished rules decide.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kbuild.h"
#include "tap.h"

#define LAB_DIR "../../ch09_selection/11_allocsel"

static unsigned int count_lines(const char *text, const char *start)
{
	size_t len = strlen(start);
	unsigned int count = 0;

	while (text && *text) {
		count += !strncmp(text, start, len);
		text = strchr(text, '\n');
		text += !!text;
	}
	return count;
}

/* What the kernel says when it is unwell. */
static const char *splat(const char *text)
{
	static const char *const words[] = {
		"WARNING:", "BUG", "Oops", "general protection", "INFO: task",
		"rcu: INFO", "scheduling while atomic", "page allocation failure",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(text, words[i]))
			return words[i];
	return NULL;
}

int main(void)
{
	const char *seconds = getenv("LIVE_SECONDS");
	const char *const *kernel;
	char guest[200];

	snprintf(guest, sizeof(guest),
		 "ALLOCSEL_DRAWS=3000 ALLOCSEL_SECONDS=%d ./check; echo status $?; insmod allocsel.ko",
		 seconds ? atoi(seconds) : 60);
	for (kernel = kbuild_kernels(); *kernel; kernel++) {
		unsigned int good, bad;
		const char *unwell;
		char *text;
		int status;

		text = kbuild_run(*kernel, "-s -c 2 --timeout 1500", LAB_DIR,
				  guest, &status);
		good = count_lines(text, "ok ");
		bad = count_lines(text, "not ok ");
		unwell = splat(text);
		if (status || bad || unwell)
			tap_note("lab run ended with %d:\n%s", status, text);
		tap_note("%s: %u checks passed, %u failed", *kernel, good, bad);
		tap_ok(!status && good > 30 && !bad &&
		       strstr(text, "\nstatus 0\n"),
		       "%s: the check with minutes of everything", *kernel);
		tap_ok(!unwell, "%s: the kernel has no complaint (%s)", *kernel,
		       unwell ? unwell : "none");
		free(text);
	}
	return tap_done();
}
