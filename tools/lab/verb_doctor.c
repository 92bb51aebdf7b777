// SPDX-License-Identifier: GPL-2.0
/*
 * verb_doctor.c - lab doctor: what is missing or in the way on this machine,
 * and for each finding the command that mends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "term.h"
#include "verbs.h"

static const char usage[] =
	"Usage: lab doctor [--refresh] [--json]\n"
	"Looks at this machine and names what is missing or in the way, why it matters\n"
	"and the command that mends it. Changes nothing.\n"
	"\n"
	"  -r, --refresh  try KVM again, do not trust the answer since the last boot\n"
	"  -j, --json     an array of findings, for programs\n"
	"  -h, --help     this text\n"
	"\n"
	"Exit status: 0 when nothing keeps labs from being judged, else 5.\n";

static const struct option options[] = {
	{ "refresh", no_argument, NULL, 'r' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static const struct probe {
	const char *name;
	void (*look)(struct findings *out);
} probes[] = {
	{ "packages", probe_packages },
	{ "qemu", probe_qemu },
	{ "accelerator", probe_accelerator },
	{ "cache", probe_cache },
	{ "disk", probe_disk },
	{ "progress", probe_progress },
	{ "headers", probe_headers },
	{ "compiler", probe_compiler },
	{ "modules", probe_modules },
	{ "secure-boot", probe_secure_boot },
	{ "lockdown", probe_lockdown },
	{ "signatures", probe_signatures },
	{ "wsl", probe_wsl },
	{ "container", probe_container },
};

static const char *const level_names[] = {
	[FINDING_OK] = "ok",
	[FINDING_WARN] = "warn",
	[FINDING_BAD] = "bad",
};

static void look_at_all(struct findings *out)
{
	struct progress *progress = progress_begin("Looking at this machine");

	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		progress_note(progress, "%s", probes[i].name);
		out->probe = probes[i].name;
		probes[i].look(out);
	}
	progress_drop(progress);
}

static void print_finding(const struct finding *finding)
{
	static const enum term_style styles[] = { T_OK, T_WARN, T_BAD };
	enum term_style style = styles[finding->level];
	char *first = xasprintf("%s%s%s %-12s ", term_on(stdout, style), term_mark(style),
				term_off(stdout), finding->probe);

	term_wrap(stdout, first, "               ", finding->what);
	free(first);
	if (finding->why)
		term_wrap(stdout, "     why:  ", "           ", finding->why);
	/* To be copied: never broken inside a line. */
	for (const char *at = finding->mend; at && *at;) {
		size_t len = strcspn(at, "\n");

		printf("     %s %s%.*s%s\n", at == finding->mend ? "mend:" : "     ",
		       term_on(stdout, T_CODE), (int)len, at, term_off(stdout));
		at += len + (at[len] == '\n');
	}
}

static void print_all(const struct findings *findings, unsigned int bad, unsigned int warned)
{
	for (size_t i = 0; i < findings->count; i++)
		print_finding(&findings->items[i]);
	putchar('\n');
	if (bad)
		term_printf(stdout, T_BAD, "%u finding%s must be mended before labs can be judged.", bad,
			    bad == 1 ? "" : "s");
	else
		term_printf(stdout, T_OK, "Labs can be judged on this machine.");
	if (warned)
		printf(" %u %s worth a look.", warned, warned == 1 ? "warning is" : "warnings are");
	putchar('\n');
}

static json_t *findings_json(const struct findings *findings)
{
	json_t *array = json_array();

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		json_t *object = json_object();

		json_object_set_new(object, "probe", json_string(finding->probe));
		json_object_set_new(object, "level", json_string(level_names[finding->level]));
		json_object_set_new(object, "what", json_string(finding->what));
		json_object_set_new(object, "why", finding->why ? json_string(finding->why) : json_null());
		json_object_set_new(object, "mend",
				    finding->mend ? json_string(finding->mend) : json_null());
		json_array_append_new(array, object);
	}
	return array;
}

static int report(bool json)
{
	struct findings findings = { 0 };
	unsigned int levels[3] = { 0 };
	int result = LAB_PASSED;

	look_at_all(&findings);
	for (size_t i = 0; i < findings.count; i++)
		levels[findings.items[i].level]++;
	if (json)
		result = json_print(findings_json(&findings));
	else
		print_all(&findings, levels[FINDING_BAD], levels[FINDING_WARN]);
	for (size_t i = 0; i < findings.count; i++) {
		free(findings.items[i].what);
		free(findings.items[i].why);
		free(findings.items[i].mend);
	}
	free(findings.items);
	return levels[FINDING_BAD] ? LAB_FAULT : result;
}

int verb_doctor(int argc, char **argv)
{
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "rjh", options, NULL)) != -1) {
		switch (opt) {
		case 'r':
			doctor_refresh = true;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			return usage_print(usage);
		default:
			return usage_error(argv[0], NULL);
		}
	}
	if (optind < argc)
		return usage_error(argv[0], "unexpected argument '%s'", argv[optind]);
	return report(json);
}
