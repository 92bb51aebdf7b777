// SPDX-License-Identifier: GPL-2.0
/*
 * usage.c - help, usage errors and JSON output, the same for every verb;
 * declared in verbs.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "term.h"
#include "verbs.h"

int usage_print(const char *usage)
{
	fputs(usage, stdout);
	return LAB_PASSED;
}

int usage_error(const char *verb, const char *fmt, ...)
{
	va_list ap;

	progress_lock();
	fflush(stdout);
	if (fmt) {
		fprintf(stderr, "%s: ", verb);
		va_start(ap, fmt);
		vfprintf(stderr, fmt, ap);
		va_end(ap);
		putc('\n', stderr);
	}
	fprintf(stderr, "Try '%s --help'.\n", verb);
	progress_unlock();
	return LAB_USAGE;
}

int json_print(json_t *value)
{
	char *text;

	/* jansson gives NULL for text that is not UTF-8: never half an object. */
	text = value ? json_dumps(value, JSON_INDENT(2) | JSON_ENSURE_ASCII) : NULL;
	json_decref(value);
	if (!text) {
		complain("the answer could not be put into JSON",
			 "a text in it is not UTF-8, or memory ran out", NULL);
		return LAB_FAULT;
	}
	puts(text);
	free(text);
	if (fflush(stdout)) {
		complain("the output could not be written", errno_text(errno), NULL);
		return LAB_FAULT;
	}
	return LAB_PASSED;
}
