// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ktap.h"

#define TESTS_MAX 4096
#define DIAGNOSTICS_MAX (64 << 10)

void ktap_add(struct ktap *k, const char *name, enum ktap_state state,
	      const char *reason, const char *diagnostics)
{
	if (k->count == TESTS_MAX)
		return;
	k->tests = xreallocarray(k->tests, k->count + 1, sizeof(*k->tests));
	k->tests[k->count++] = (struct ktap_test){
		.name = xstrdup(name), .state = state,
		.reason = xstrdup(reason), .diagnostics = xstrdup(diagnostics),
	};
}

static void take_result(struct ktap *k, char *line, bool ok)
{
	char *name = line + strspn(line, "0123456789 "), *reason, *directive;
	enum ktap_state state = ok ? KTAP_PASSED : KTAP_FAILED;
	char *diagnostics = buf_steal(&k->pending);

	directive = strstr(name, " # ");
	reason = directive ? directive + 3 : "";
	if (directive)
		*directive = '\0';
	if (ok && str_starts(reason, "SKIP"))
		state = KTAP_SKIPPED;
	else if (!ok && str_starts(reason, "TIMEOUT"))
		state = KTAP_TIMEOUT;
	else if (!ok && str_starts(reason, "CRASHED"))
		state = KTAP_CRASHED;
	if (state == KTAP_SKIPPED)
		reason += strlen("SKIP");
	ktap_add(k, name, state, reason + strspn(reason, " "), diagnostics);
	free(diagnostics);
}

static void take_line(struct ktap *k, char *line)
{
	unsigned int plan;

	if (str_starts(line, "ok ")) {
		take_result(k, line + 3, true);
	} else if (str_starts(line, "not ok ")) {
		take_result(k, line + 7, false);
	} else if (!k->plan && sscanf(line, "1..%u", &plan) == 1) {
		k->plan = plan;
	} else if (!k->count && str_starts(line, "# seed ")) {
		k->seed = strtoull(line + 7, NULL, 10);
	} else if (*line == '#' && k->pending.len < DIAGNOSTICS_MAX) {
		line += 1 + (line[1] == ' ');
		buf_addf(&k->pending, "%s\n", line);
	}
}

void ktap_feed(struct ktap *k, const char *text, size_t len)
{
	while (len) {
		const char *eol = memchr(text, '\n', len);
		size_t n = eol ? (size_t)(eol - text) : len;

		if (k->line.len + n < DIAGNOSTICS_MAX)
			buf_add(&k->line, text, n);
		if (!eol)
			return;
		if (k->line.data)
			take_line(k, k->line.data);
		buf_free(&k->line);
		text += n + 1;
		len -= n + 1;
	}
}

void ktap_finish(struct ktap *k)
{
	if (k->line.len)
		take_line(k, k->line.data);
	buf_free(&k->line);
	if (k->pending.len && k->count < k->plan) {
		char *rest = buf_steal(&k->pending);

		ktap_add(k, "(unfinished)", KTAP_CRASHED,
			 "the machine ended before its result", rest);
		free(rest);
	}
	buf_free(&k->pending);
}

size_t ktap_number(const struct ktap *k, enum ktap_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < k->count; i++)
		n += k->tests[i].state == state;
	return n;
}

size_t ktap_bad(const struct ktap *k)
{
	return ktap_number(k, KTAP_FAILED) + ktap_number(k, KTAP_TIMEOUT) +
	       ktap_number(k, KTAP_CRASHED);
}

void ktap_free(struct ktap *k)
{
	for (size_t i = 0; i < k->count; i++) {
		free(k->tests[i].name);
		free(k->tests[i].reason);
		free(k->tests[i].diagnostics);
	}
	free(k->tests);
	buf_free(&k->line);
	buf_free(&k->pending);
	*k = (struct ktap){ 0 };
}
