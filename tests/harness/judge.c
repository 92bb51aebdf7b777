// SPDX-License-Identifier: GPL-2.0
/*
 * judge.c - compares what a case program did with what it must do
 */

#define _GNU_SOURCE
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

unsigned int wrongs;

void hide_lines(char *text)
{
	char *to = text;

	while (*text) {
		size_t digits;

		if (strncmp(text, ".c:", 3)) {
			*to++ = *text++;
			continue;
		}
		digits = strspn(text + 3, "0123456789");
		memmove(to, text, 3);
		to += 3;
		text += 3;
		if (digits && text[digits] == ':') {
			*to++ = 'N';
			text += digits;
		}
	}
	*to = '\0';
}

static void wrong(int line, const char *what, const char *got,
		  const char *relation, const char *wanted)
{
	wrongs++;
	printf("  line %d: %s is\n<<<%.2000s>>>\n  and must %s\n<<<%.2000s>>>\n",
	       line, what, got, relation, wanted);
}

bool same_text_at(int line, const char *what, const char *got, char *wanted)
{
	bool same = !strcmp(got, wanted);

	if (!same) {
		size_t at = 0, from;

		while (got[at] == wanted[at])
			at++;
		from = at > 800 ? at - 800 : 0;
		printf("  they differ from byte %zu on; shown from %zu on\n",
		       at, from);
		wrong(line, what, got + from, "be", wanted + from);
	}
	free(wanted);
	return same;
}

bool same_number_at(int line, const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return true;
	wrongs++;
	printf("  line %d: %s is %lld and must be %lld\n", line, what, got,
	       wanted);
	return false;
}

bool like_at(int line, const char *what, const char *got, char *regex)
{
	regex_t re;
	bool found;

	if (regcomp(&re, regex, REG_EXTENDED | REG_NOSUB | REG_NEWLINE)) {
		wrongs++;
		printf("  line %d: bad regex %s\n", line, regex);
		return false;
	}
	found = !regexec(&re, got, 0, NULL, 0);
	if (!found)
		wrong(line, what, got, "match", regex);
	regfree(&re);
	free(regex);
	return found;
}

bool holds_at(int line, const char *what, bool cond)
{
	if (!cond) {
		wrongs++;
		printf("  line %d: %s does not hold\n", line, what);
	}
	return cond;
}
