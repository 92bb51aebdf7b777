// SPDX-License-Identifier: GPL-2.0
/* Counters in memory that the worker processes share; a line each. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gate.h"

static struct counters {
	atomic_uint passed, failed, skipped;
} *counters;

void results_init(void)
{
	counters = mmap(NULL, sizeof(*counters), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counters == MAP_FAILED) {
		perror("mmap");
		exit(LAB_FAULT);
	}
}

/* One write a line: two processes never mix theirs. */
static void print_line(const char *head, const char *text)
{
	char *line = xasprintf("%s %s\n", head, text);

	fflush(stdout);
	if (write(STDOUT_FILENO, line, strlen(line)) < 0)
		exit(LAB_FAULT);
	free(line);
}

void pass(const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	atomic_fetch_add(&counters->passed, 1);
	memo_note(text, false);
	print_line("ok    ", text);
	free(text);
}

void fail(const char *what, const char *fmt, ...)
{
	char *text, *all;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	all = xasprintf("%s: %s", what, text);
	atomic_fetch_add(&counters->failed, 1);
	memo_note(NULL, false);
	print_line("FAILED", all);
	free(all);
	free(text);
}

void skip(const char *what, const char *why)
{
	char *text = xasprintf("%s: %s", what, why);

	atomic_fetch_add(&counters->skipped, 1);
	memo_note(text, true);
	print_line("SKIP  ", text);
	free(text);
}

void left_out(const char *what, size_t count, size_t of)
{
	atomic_fetch_add(&counters->skipped, count);
	print_line("SKIP  ", strf("%s: %zu of %zu were left out when CHECK_MINUTES were over",
				  what, count, of));
}

unsigned int results_failed(void)
{
	return atomic_load(&counters->failed);
}

int results_print(void)
{
	unsigned int skipped = atomic_load(&counters->skipped);

	fflush(stdout);
	printf("%u passed, %u failed", atomic_load(&counters->passed),
	       results_failed());
	if (skipped)
		printf(", %u skipped", skipped);
	putchar('\n');
	return results_failed() || !atomic_load(&counters->passed) ?
	       LAB_FAILED : LAB_PASSED;
}
