// SPDX-License-Identifier: GPL-2.0
/* A verdict, for people and for programs. */
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "term.h"

#define TAIL_LINES 16

static void print_indented(const char *text, enum term_style style)
{
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");

		printf("      ");
		term_printf(stdout, style, "%.*s", (int)len, p);
		putchar('\n');
		p += len + (p[len] == '\n');
	}
}

/* "check.c:42: …", and what is indented below it: for the second look. */
static bool is_detail(const char *line)
{
	size_t name = strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");

	return *line == ' ' || (name && str_starts(line + name, ".c:"));
}

/* The sentences for a beginner stand out; the rest is dim; all is wrapped. */
static void print_diagnostics(const char *text)
{
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n"), indent = strspn(p, " ");
		char *line = xstrndup(p, len);
		enum term_style style = is_detail(line) ? T_DIM : T_PLAIN;
		char *prefix = xasprintf("      %.*s%s",
					 (int)(indent < len ? indent : 0), p,
					 term_on(stdout, style));

		term_wrap(stdout, prefix, prefix,
			  line + (indent < len ? indent : 0));
		fputs(term_off(stdout), stdout);
		free(prefix);
		free(line);
		p += len + (p[len] == '\n');
	}
}

/* The last lines of a text: where a crash tells its reason. */
static const char *tail(const char *text, unsigned int lines)
{
	const char *p = text + strlen(text);

	while (p > text && lines)
		lines -= *--p == '\n';
	return p > text ? p + 1 : p;
}

static void print_test(const struct ktap_test *t, bool verbose)
{
	static const enum term_style styles[] = {
		[KTAP_PASSED] = T_OK, [KTAP_FAILED] = T_BAD,
		[KTAP_SKIPPED] = T_DIM, [KTAP_TIMEOUT] = T_BAD,
		[KTAP_CRASHED] = T_BAD,
	};
	enum term_style style = styles[t->state];

	printf("  %s%s%s %s", term_on(stdout, style), term_mark(style),
	       term_off(stdout), t->name);
	if (*t->reason)
		term_printf(stdout, T_DIM, "  %s", t->reason);
	putchar('\n');
	if (style == T_BAD || verbose)
		print_diagnostics(t->diagnostics);
}

static void print_build_failure(const struct verdict *v)
{
	term_printf(stdout, T_BAD, "  It does not compile.\n");
	print_indented(v->build_log, T_PLAIN);
	printf("  Read the first error first: later ones often follow from it.\n");
}

/*
 * On a crash, the part of the console that begins with the first alarm; the
 * rest is in the full log.
 */
static void print_crash(const struct verdict *v)
{
	static const char *const alarms[] = {
		"BUG:", "kernel BUG", "Oops", "general protection", "Kernel panic",
	};
	const char *first = NULL, *end;
	unsigned int lines = TAIL_LINES;

	for (size_t i = 0; i < ARRAY_SIZE(alarms); i++) {
		const char *hit = strstr(v->console, alarms[i]);

		if (hit && (!first || hit < first))
			first = hit;
	}
	if (!first)
		first = tail(v->console, TAIL_LINES);
	while (first > v->console && first[-1] != '\n')
		first--;
	for (end = first; *end && lines; end++)
		lines -= *end == '\n';
	if (end > first) {
		char *part = xstrndup(first, end - first);

		printf("  The kernel's last words:\n");
		print_indented(part, T_DIM);
		free(part);
	}
	if (v->end == VM_RESET && !*v->console)
		printf("  The kernel said nothing: a triple fault, or somebody called reboot.\n");
}

static void print_finding(const struct finding *f)
{
	printf("  %s%s%s the kernel complained (%s)\n", term_on(stdout, T_BAD),
	       term_mark(T_BAD), term_off(stdout), f->gate);
	if (f->where)
		print_indented(f->where, T_BOLD);
	print_indented(f->text, T_DIM);
	term_wrap(stdout, "      ", "      ", f->advice);
	if (f->concept)
		term_printf(stdout, T_DIM, "      %s: %s/README.md\n",
			    f->concept, f->see);
}

static void print_closing(const struct verdict *v)
{
	size_t passed = ktap_number(&v->ktap, KTAP_PASSED);
	size_t bad = ktap_bad(&v->ktap);
	size_t skipped = ktap_number(&v->ktap, KTAP_SKIPPED);

	switch (v->code) {
	case LAB_PASSED:
		term_printf(stdout, T_OK, "  PASSED");
		break;
	case LAB_FAILED:
		term_printf(stdout, T_BAD, "  FAILED%s%s", v->why ? ": " : "",
			    v->why ? v->why : "");
		break;
	case LAB_CRASHED:
		term_printf(stdout, T_BAD, "  CRASHED: %s", v->why);
		break;
	case LAB_TIMEOUT:
		term_printf(stdout, T_BAD, "  TIMED OUT%s%s", v->why ? ": " : "",
			    v->why ? v->why : "");
		break;
	default:
		/* Further lines, such as QEMU's, are in the full log. */
		term_printf(stdout, T_WARN, "  NO VERDICT: %.*s",
			    v->why ? (int)strcspn(v->why, "\n") : 0,
			    v->why ? v->why : "");
	}
	if (v->ktap.count) {
		printf("  %zu passed, %zu failed", passed, bad);
		if (skipped)
			printf(", %zu skipped", skipped);
	}
	printf("  %.1f s", v->total_ms / 1000.0);
	term_printf(stdout, T_DIM, "  seed %llu\n", (unsigned long long)v->seed);
}

static void print_next(const struct verdict *v)
{
	const char *home = getenv("HOME");

	if (v->code == LAB_FAULT) {
		printf("  This is not the lab's fault nor yours: ");
		term_printf(stdout, T_CODE, "./lab doctor");
		printf(" looks for the reason.\n");
	} else if (v->code != LAB_PASSED && !v->solution &&
		   v->lab->hints.count) {
		printf("  Stuck? ");
		term_printf(stdout, T_CODE, "./lab hint %s\n", v->lab->id);
	}
	if (v->log_path && home && *home && str_starts(v->log_path, home))
		term_printf(stdout, T_DIM, "  full log: ~%s\n",
			    v->log_path + strlen(home));
	else if (v->log_path)
		term_printf(stdout, T_DIM, "  full log: %s\n", v->log_path);
}

void report_verdict(const struct verdict *v, bool verbose)
{
	term_printf(stdout, T_BOLD, "%s", v->lab->id);
	printf(" on Linux %s%s%s%s%s%s\n", v->release,
	       strcmp(v->lane, "stock") ? ", lane " : "",
	       strcmp(v->lane, "stock") ? v->lane : "", *v->variant ? ", " : "",
	       v->variant, v->solution ? " (solution)" : "");
	if (v->stage == STAGE_BUILD && v->code != LAB_FAULT && v->build_log)
		print_build_failure(v);
	for (size_t i = 0; i < v->ktap.count; i++)
		print_test(&v->ktap.tests[i], verbose);
	for (size_t i = 0; i < v->finding_count; i++)
		print_finding(&v->findings[i]);
	/* A finding says the same in fewer words. */
	if (!v->finding_count && (v->code == LAB_CRASHED ||
	    (v->code == LAB_TIMEOUT && v->end == VM_TIMEOUT)))
		print_crash(v);
	if (verbose) {
		printf("  The kernel's log:\n");
		print_indented(v->log.data ? v->log.data : "", T_DIM);
		if (v->failed_allocations)
			term_printf(stdout, T_DIM,
				    "  %u allocations were made to fail, one after the other\n",
				    v->failed_allocations);
		term_printf(stdout, T_DIM,
			    "  build %lld ms, %s %lld ms, check %lld ms\n",
			    (long long)v->build_ms,
			    v->restored ? "restore" : "boot",
			    (long long)v->ready_ms, (long long)v->run_ms);
	}
	print_closing(v);
	print_next(v);
	fflush(stdout);
}

/* Text of the guest may be no UTF-8; JSON must be. */
static json_t *json_text(const char *text)
{
	json_t *value = json_string(text ? text : "");
	char *clean;

	if (value)
		return value;
	clean = xstrdup(text);
	for (char *c = clean; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	value = json_string(clean);
	free(clean);
	return value;
}

json_t *report_json(const struct verdict *v)
{
	static const char *const states[] = {
		[KTAP_PASSED] = "passed", [KTAP_FAILED] = "failed",
		[KTAP_SKIPPED] = "skipped", [KTAP_TIMEOUT] = "timeout",
		[KTAP_CRASHED] = "crashed",
	};
	static const char *const codes[] = {
		[LAB_PASSED] = "passed", [LAB_FAILED] = "failed",
		[LAB_USAGE] = "usage", [LAB_CRASHED] = "crashed",
		[LAB_TIMEOUT] = "timeout", [LAB_FAULT] = "fault",
	};
	json_t *tests = json_array(), *findings = json_array();
	json_t *all;

	for (size_t i = 0; i < v->ktap.count; i++) {
		const struct ktap_test *t = &v->ktap.tests[i];

		json_array_append_new(tests, json_pack("{s:s,s:s,s:o,s:o}",
			"name", t->name, "state", states[t->state],
			"reason", json_text(t->reason),
			"diagnostics", json_text(t->diagnostics)));
	}
	for (size_t i = 0; i < v->finding_count; i++)
		json_array_append_new(findings, json_pack("{s:s,s:o,s:o,s:o,s:o,s:o}",
			"gate", v->findings[i].gate,
			"text", json_text(v->findings[i].text),
			"where", json_text(v->findings[i].where),
			"advice", json_text(v->findings[i].advice),
			"concept", json_text(v->findings[i].concept),
			"see", json_text(v->findings[i].see)));
	all = json_pack("{s:s,s:s,s:s,s:s,s:s,s:b,s:s,s:i,s:s,s:I,s:o,s:o}",
			"lab", v->lab->id, "kernel", v->kernel, "lane", v->lane,
			"release", v->release, "variant", v->variant,
			"solution", v->solution, "verdict", codes[v->code],
			"code", v->code, "stage",
			v->stage == STAGE_BUILD ? "build" :
			v->stage == STAGE_MACHINE ? "machine" : "check",
			"seed", (json_int_t)v->seed, "tests", tests,
			"findings", findings);
	if (!all)
		return json_null();
	json_object_set_new(all, "why", v->why ? json_text(v->why) : json_null());
	json_object_set_new(all, "log", v->log_path ? json_text(v->log_path)
						    : json_null());
	json_object_set_new(all, "build_log", json_text(v->build_log));
	json_object_set_new(all, "restored", json_boolean(v->restored));
	json_object_set_new(all, "ms", json_pack("{s:I,s:I,s:I,s:I}",
		"build", (json_int_t)v->build_ms, "ready", (json_int_t)v->ready_ms,
		"run", (json_int_t)v->run_ms, "total", (json_int_t)v->total_ms));
	return all;
}
