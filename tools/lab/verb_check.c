// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "judge.h"
#include "kernel.h"
#include "lane.h"
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
"                    (in the stock lane alone, unless a lane is asked for)\n"
"      --lane L      stock, memory, locking, race, own or arm64, or several with\n"
"                    commas; without it: those that the lab names and that are\n"
"                    built\n"
"      --all-lanes   builds the kernels of the lab's lanes that are missing\n"
"  -s, --solution    judge the solution instead of your file\n"
"      --seed N      draw the same random inputs as a run that printed N\n"
"      --only CHECK  only these checks (commas), and what they need\n"
"      --env NAME=X  one more variable of the check program's environment\n"
"      --cold        boot the machine, do not restore a saved one\n"
"  -v, --verbose     the kernel's log, times, and notes of passed checks\n"
"      --json        one JSON object a line\n"
"  -h, --help\n";

struct request {
	struct judge_options judge;
	struct strlist kernels;
	bool kernels_named;
	unsigned int lanes;	/* asked for, enum lab_lane bits; 0: the lab's */
	bool all_lanes;
	bool verbose, json;
};

/* A verdict that is kept until those of the other lanes are known. */
struct outcome {
	struct verdict *items;
	size_t count;
	int code;
	int worst_lane;		/* gravest of the lanes other than stock */
};

/* Leaking memory is no passing: the lanes count as one. */
static void record(const struct outcome *o, bool stock)
{
	for (size_t i = 0; i < o->count; i++) {
		const struct verdict *v = &o->items[i];
		bool lanes = v->code == LAB_PASSED && o->worst_lane &&
			     o->worst_lane != LAB_FAULT;

		if (v->code == LAB_FAULT || (!stock && v->code == LAB_PASSED))
			continue;
		db_record_attempt(&(struct attempt){
			.lab = v->lab->id, .kernel = v->kernel,
			.lane = v->lane, .seed = v->seed,
			.exit_code = lanes ? o->worst_lane : (int)v->code,
			.passed = ktap_number(&v->ktap, KTAP_PASSED),
			.failed = ktap_bad(&v->ktap),
			.skipped = ktap_number(&v->ktap, KTAP_SKIPPED),
			.duration_ms = v->total_ms, .solution = v->solution,
		});
	}
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

/* One machine, and its verdict; false: we are to stop. */
static bool check_in(const struct lab *lab, const char *kernel,
		     const struct lab_variant *variant,
		     const struct request *r, struct outcome *o)
{
	struct verdict *v;

	o->items = xreallocarray(o->items, o->count + 1, sizeof(*v));
	v = &o->items[o->count++];
	judge(lab, kernel, variant, &r->judge, v);
	if (r->json)
		print_json(v);
	else
		report_verdict(v, r->verbose);
	o->code = graver(o->code, v->code);
	if (lane_find(kernel))
		o->worst_lane = graver(o->worst_lane, v->code);
	return !interrupt_pending();
}

static void left_out(const struct request *r, const struct lane *lane,
		     const char *why, const char *mend)
{
	FILE *to = r->json ? stderr : stdout;

	term_printf(to, T_DIM, "  left out: the lane %s, %s%s%s\n", lane->name,
		    why, *mend ? ": " : "", mend);
}

/* Its kernel is there, or is built now; else the lane is left out. */
static bool have_lane(const struct request *r, const struct lane *lane,
		      struct outcome *o)
{
	const char *why = lane_unusable(lane);
	bool asked = r->lanes & lane->bit;

	if (!why && !lane_missing(lane))
		return true;
	if (why) {
		left_out(r, lane, why, "");
	} else if (r->all_lanes || lane_is_of_lab(lane)) {
		if (!lane_build(lane))
			return true;
		asked = true;
	} else {
		left_out(r, lane, lane_missing(lane),
			 strf("./lab kernel build %s", lane->name));
	}
	if (asked)
		o->code = graver(o->code, LAB_FAULT);
	return false;
}

static void check_lanes(const struct lab *lab, const struct request *r,
			struct outcome *o)
{
	unsigned int wanted = r->lanes ? r->lanes : lab->lanes;
	bool go = true;

	/* What fails already fails there too, and says it twice. */
	if (!r->lanes && !r->all_lanes &&
	    (r->kernels_named || o->code == LAB_FAILED || o->code == LAB_FAULT ||
	     o->code == LAB_USAGE))
		return;
	for (size_t i = 0; i < lane_count && go; i++) {
		bool solution = r->judge.of == BUILD_SOLUTION;

		if (!(wanted & lanes[i].bit) ||
		    (lanes[i].bit == LANE_OWN && lanes[i].solution != solution) ||
		    !have_lane(r, &lanes[i], o))
			continue;
		for (size_t j = 0; j < lab->variant_count && go; j++)
			go = check_in(lab, lanes[i].name, &lab->variants[j], r,
				      o);
	}
}

static int check_one(const struct lab *lab, const struct request *r)
{
	bool stock = !r->lanes || r->lanes & LANE_STOCK, go = true;
	struct outcome o = { 0 };

	for (size_t i = 0; i < r->kernels.count && stock && go; i++)
		for (size_t j = 0; j < lab->variant_count && go; j++)
			go = check_in(lab, r->kernels.items[i],
				      &lab->variants[j], r, &o);
	if (go)
		check_lanes(lab, r, &o);
	if (!r->judge.only)
		record(&o, stock);
	for (size_t i = 0; i < o.count; i++)
		verdict_free(&o.items[i]);
	free(o.items);
	return interrupt_pending() ? LAB_FAULT : o.code;
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

static bool parse_lanes(const char *text, unsigned int *lanes_out)
{
	struct strlist names = { 0 };
	bool ok = true;

	strlist_split(&names, text, ",");
	for (size_t i = 0; i < names.count; i++) {
		unsigned int bit = 0;

		for (size_t j = 0; j < ARRAY_SIZE(lane_names); j++)
			if (!strcmp(lane_names[j].name, names.items[i]))
				bit = lane_names[j].lane;
		ok &= bit != 0;
		*lanes_out |= bit;
	}
	ok &= names.count > 0;
	strlist_free(&names);
	return ok;
}

/* The job is lines of text, and the names WB_ are ours. */
static bool parse_env(const char *text, struct strlist *env)
{
	const char *equal = strchr(text, '=');

	if (!equal || equal == text || strchr(text, '\n') ||
	    str_starts(text, "WB_"))
		return false;
	strlist_add(env, text);
	return true;
}

int verb_check(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "lane", required_argument, NULL, 'l' },
		{ "all-lanes", no_argument, NULL, 'a' },
		{ "solution", no_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'S' },
		{ "only", required_argument, NULL, 'o' },
		{ "env", required_argument, NULL, 'e' },
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
			r.kernels_named = true;
			break;
		case 'l':
			if (!parse_lanes(optarg, &r.lanes))
				return usage_error(argv[0], "'%s' is no lane: stock, memory, locking, race, own or arm64",
						   optarg);
			break;
		case 'a':
			r.all_lanes = true;
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
		case 'e':
			if (!parse_env(optarg, &r.judge.env))
				return usage_error(argv[0], "'%s' is no variable: it is NAME=VALUE, and no WB_ name",
						   optarg);
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
	strlist_free(&r.judge.env);
	interrupt_release();
	return code;
}
