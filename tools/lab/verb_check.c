// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "judge.h"
#include "kernel.h"
#include "meta.h"
#include "proc.h"
#include "root.h"
#include "term.h"
#include "verbs.h"

static const char usage[] =
"Usage: lab check [options] [LAB]...\n"
"\n"
"Builds the lab, starts a virtual machine, loads your module there, and lets\n"
"the lab's check.c judge it. LAB may also be a chapter, or 'all'.\n"
"\n"
"  -k, --kernel K    6.1 (the default), 6.1-rt, 6.12, running, an imported\n"
"                    one, several with commas, or all\n"
"  -s, --solution    judge the solution instead of your file\n"
"      --seed N      draw the same random inputs as a run that printed N\n"
"      --only CHECK  only these checks (commas), and what they need\n"
"      --cold        boot the machine, do not restore a saved one\n"
"  -v, --verbose     the kernel's log, times, and notes of passed checks\n"
"      --json        one JSON object a line\n"
"  -h, --help\n";

struct request {
	struct judge_options judge;
	struct strlist kernels;
	bool verbose, json;
};

static void record(const struct verdict *v)
{
	db_record_attempt(&(struct attempt){
		.lab = v->lab->id, .kernel = v->kernel, .seed = v->seed,
		.exit_code = v->code,
		.passed = ktap_number(&v->ktap, KTAP_PASSED),
		.failed = ktap_bad(&v->ktap),
		.skipped = ktap_number(&v->ktap, KTAP_SKIPPED),
		.duration_ms = v->total_ms, .solution = v->solution,
	});
}

/* The graver of two codes: our fault, then a crash, a timeout, a failure. */
static int graver(int a, int b)
{
	static const int rank[] = {
		[LAB_PASSED] = 0, [LAB_FAILED] = 1, [LAB_TIMEOUT] = 2,
		[LAB_CRASHED] = 3, [LAB_FAULT] = 4, [LAB_USAGE] = 4,
	};

	return rank[b] > rank[a] ? b : a;
}

/* One object a line, so that a reader can take them as they come. */
static void print_json(const struct verdict *v)
{
	json_t *value = report_json(v);

	json_dumpf(value, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(value);
}

static int check_one(const struct lab *lab, const struct request *r)
{
	int code = LAB_PASSED;

	for (size_t i = 0; i < r->kernels.count; i++) {
		for (size_t j = 0; j < lab->variant_count; j++) {
			struct verdict v;

			judge(lab, r->kernels.items[i], &lab->variants[j],
			      &r->judge, &v);
			if (v.code != LAB_FAULT && !r->judge.only)
				record(&v);
			if (r->json)
				print_json(&v);
			else
				report_verdict(&v, r->verbose);
			code = graver(code, v.code);
			verdict_free(&v);
			if (interrupt_pending())
				return LAB_FAULT;
		}
	}
	return code;
}

/* One pattern may be a whole chapter. */
static int check_pattern(struct labs *labs, const char *pattern,
			 const struct request *r)
{
	const struct lab *lab;
	int code = LAB_PASSED;
	bool chapter = false;

	for (size_t i = 0; pattern && i < labs->count; i++) {
		if (strcmp(pattern, "all") &&
		    !lab_in_chapter(labs->items[i], pattern))
			continue;
		chapter = true;
		code = graver(code, check_one(labs->items[i], r));
		if (interrupt_pending())
			return code;
	}
	if (chapter)
		return code;
	lab = lab_find(labs, pattern);
	return lab ? check_one(lab, r) : LAB_USAGE;
}

int verb_check(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "solution", no_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'S' },
		{ "only", required_argument, NULL, 'o' },
		{ "cold", no_argument, NULL, 'c' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 }
	};
	struct request r = { .judge.of = BUILD_STUDENT };
	const char *kernel = NULL;
	struct labs labs;
	int opt, code = LAB_PASSED;

	while ((opt = getopt_long(argc, argv, "hk:sv", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			return usage_print(usage);
		case 'k':
			kernel = optarg;
			break;
		case 's':
			r.judge.of = BUILD_SOLUTION;
			break;
		case 'S':
			if (!parse_u64(optarg, 1, UINT64_MAX, &r.judge.seed))
				return usage_error(argv[0], "'%s' is no seed: it is a whole number from 1 on",
						   optarg);
			break;
		case 'o':
			r.judge.only = optarg;
			break;
		case 'c':
			r.judge.cold = true;
			break;
		case 'v':
			r.verbose = true;
			break;
		case 'j':
			r.json = true;
			break;
		default:
			return usage_error(argv[0], NULL);
		}
	}
	if (kernel_choice(kernel, &r.kernels))
		return LAB_USAGE;
	if (!labs_open(&labs))
		return LAB_FAULT;
	interrupt_hold();
	if (optind == argc)
		code = check_pattern(&labs, NULL, &r);
	for (int i = optind; i < argc && !interrupt_pending(); i++)
		code = graver(code, check_pattern(&labs, argv[i], &r));
	labs_free(&labs);
	strlist_free(&r.kernels);
	interrupt_release();
	return code;
}
