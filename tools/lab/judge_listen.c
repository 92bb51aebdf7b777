// SPDX-License-Identifier: GPL-2.0
/* The frames of a check's guest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge_private.h"
#include "term.h"

#define LOG_MAX (1 << 20)
#define OUT_MAX (64u << 20)

/* "6 1234567 text": level, microseconds, message. */
static void keep_log(struct buf *log, const char *text)
{
	unsigned int level;
	unsigned long long usec;
	int n;

	if (log->len > LOG_MAX ||
	    sscanf(text, "%u %llu %n", &level, &usec, &n) < 2)
		return;
	buf_addf(log, "<%u>[%5llu.%06llu] ", level, usec / 1000000,
		 usec % 1000000);
	/* The kernel writes a newline inside a message so. */
	for (text += n; *text; text++) {
		bool newline = str_starts(text, "\\x0a");

		buf_add(log, newline ? " " : text, 1);
		text += newline ? 3 : 0;
	}
	buf_adds(log, "\n");
	if (log->len > LOG_MAX)
		buf_adds(log, "<4>[the log is full, the rest of it is left out]\n");
}

static void take_health(struct judge_listener *l, const char *text)
{
	struct verdict *v = l->verdict;
	const char *body = strchr(text, '\n');

	if (!body)
		return;
	body++;
	if (str_starts(text, "tainted") && !l->taint)
		l->taint = xstrdup(body);
	else if (str_starts(text, "modules"))
		gates_read_modules(body, l->modules, &v->findings,
				   &v->finding_count);
	else if (str_starts(text, "sections"))
		decode_sections(l->decoder, body);
	else if (str_starts(text, "kmemleak") && !l->leaks)
		l->leaks = xstrdup(body);
	else if (str_starts(text, "vmalloc") && !l->areas)
		l->areas = xstrdup(body);
}

/* The stack of the failed allocation begins the log of a round. */
static char *failed_place(struct judge_listener *l, const char *log)
{
	const char *p = strstr(log, "FAULT_INJECTION: forcing a failure");
	struct strlist lines = { 0 };
	char *found = NULL;

	strlist_split(&lines, p ? p : "", "\n");
	for (size_t i = 0; i < lines.count && i < 60 && !found; i++)
		if (!strstr(lines.items[i], "] ? "))
			found = decode_line(l->decoder, lines.items[i]);
	strlist_free(&lines);
	return found;
}

/* What a failed allocation led to, as a finding of its own. */
static void add_mishandled(struct judge_listener *l, const char *log,
			   const struct finding *what)
{
	struct verdict *v = l->verdict;
	struct finding *f = finding_add(&v->findings, &v->finding_count,
					"fail-nth");
	char *place;

	if (!f)
		return;
	place = failed_place(l, log);
	f->advice = "Any allocation may fail. Free what was made before it, in the opposite order, and return the error.";
	f->concept = "the way out of what has failed";
	f->see = "ch08_alloc";
	if (l->round)
		f->text = xasprintf("allocation %u of the init of %s was made to fail: %s%s%s",
				    v->failed_allocations + 1,
				    l->round_module ? l->round_module : "",
				    what ? what->gate : "the kernel went down",
				    what ? ", " : "", what ? what->text : "");
	else
		f->text = xasprintf("an allocation was made to fail: the kernel went down");
	f->where = xasprintf("failed: %s%s%s", place ? place : "somewhere in the kernel",
			     what && what->where ? "\nthen: " : "",
			     what && what->where ? what->where : "");
	free(place);
}

/* A failure that struck the module itself, and what came of it. */
static void end_round(struct judge_listener *l, const char *log)
{
	struct finding *findings = NULL;
	size_t count = 0;

	gates_read_log(log, l->decoder, &findings, &count);
	if (l->round_leaks)
		gates_read_leaks(l->round_leaks, l->decoder, &findings, &count);
	if (count) {
		add_mishandled(l, log, findings);
		buf_addf(&l->verdict->log, "<5>[with allocation %u failed]\n%s",
			 l->verdict->failed_allocations + 1, log);
	}
	l->verdict->failed_allocations++;
	findings_free(findings, count);
}

static void begin_round(struct judge_listener *l, const char *text)
{
	const char *name = strchr(text, ' ');

	l->round = atoi(text);
	free(l->round_module);
	l->round_module = xstrdup(name ? name + 1 : "");
	buf_free(&l->round_log);
	free(l->round_leaks);
	l->round_leaks = NULL;
	if (l->round)
		progress_note(l->progress, "%s: each allocation fails in turn",
			      l->round_module);
}

static void take_check(struct judge_listener *l, const char *text, size_t len)
{
	struct ktap *ktap = &l->verdict->ktap;

	ktap_feed(ktap, text, len);
	if (ktap->count)
		progress_note(l->progress, "%zu of %u: %s", ktap->count,
			      ktap->plan, ktap->tests[ktap->count - 1].name);
}

void judge_on_frame(void *data, const char *type, const char *text, size_t len)
{
	struct judge_listener *l = data;

	if (!strcmp(type, "ktap")) {
		take_check(l, text, len);
	} else if (!strcmp(type, "log")) {
		keep_log(l->round ? &l->round_log : &l->verdict->log, text);
	} else if (!strcmp(type, "error")) {
		free(l->error);
		l->error = xstrdup(text);
	} else if (!strcmp(type, "file") && l->out.len + len <= OUT_MAX) {
		buf_add(&l->out, text, len);
	} else if (!strcmp(type, "file-end")) {
		l->out_done = true;
	} else if (!strcmp(type, "health")) {
		take_health(l, text);
	} else if (!strcmp(type, "round")) {
		begin_round(l, text);
	} else if (!strcmp(type, "round-leak")) {
		free(l->round_leaks);
		l->round_leaks = xstrdup(text);
	} else if (!strcmp(type, "round-ours")) {
		end_round(l, l->round_log.data ? l->round_log.data : "");
	}
}

/* FAIL_EACH() of the check writes to the log when a round begins and ends. */
static bool in_round_of_check(const char *console)
{
	static const char mark[] = "check: fail-nth ";
	const char *last = NULL;

	for (const char *p = console; p && (p = strstr(p, mark)); p++)
		last = p + strlen(mark);
	return last && !str_starts(last, "over");
}

/* What a check says of places in the modules is told with the lines of source. */
static void decode_results(struct judge_listener *l)
{
	struct ktap *ktap = &l->verdict->ktap;

	for (size_t i = 0; i < ktap->count; i++) {
		char *said = ktap->tests[i].diagnostics;

		ktap->tests[i].diagnostics = decode_symbols(l->decoder, said ? said : "");
		free(said);
	}
}

void judge_listen_end(struct judge_listener *l, const struct vm_report *r)
{
	struct verdict *v = l->verdict;
	const char *last = NULL;
	bool down = r->end == VM_PANIC || r->end == VM_RESET || r->end == VM_POWEROFF;
	bool in_round = down && (l->round || in_round_of_check(r->console));

	decode_results(l);
	/* There the kernel is what is judged: a check asks for its reports. */
	if (!strcmp(v->lane, "own") && r->end == VM_ENDED)
		return;
	if (l->leaks)
		gates_read_leaks(l->leaks, l->decoder, &v->findings,
				 &v->finding_count);
	if (l->areas)
		gates_read_areas(l->areas, l->decoder, &v->findings,
				 &v->finding_count);
	gates_read_log(v->log.data ? v->log.data : "", l->decoder, &v->findings,
		       &v->finding_count);
	if (l->taint)
		gates_read_taint(l->taint, &v->findings, &v->finding_count);
	if (r->end == VM_ENDED)
		return;
	/* It went down in a round: the console knows in which failure. */
	for (const char *p = r->console; in_round && p; p++) {
		p = strstr(p, "FAULT_INJECTION: forcing a failure");
		if (!p)
			break;
		last = p;
	}
	if (last)
		add_mishandled(l, last, NULL);
	gates_read_log(last ? last : r->console, l->decoder, &v->findings,
		       &v->finding_count);
}

void judge_listen_free(struct judge_listener *l)
{
	free(l->error);
	free(l->leaks);
	free(l->taint);
	free(l->areas);
	free(l->round_module);
	free(l->round_leaks);
	buf_free(&l->round_log);
	buf_free(&l->out);
}
