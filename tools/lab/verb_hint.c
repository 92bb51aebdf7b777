// SPDX-License-Identifier: GPL-2.0
/*
 * verb_hint.c - lab hint: one hint at a time, from a nudge to nearly the
 * answer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "labjson.h"
#include "md.h"
#include "overview.h"
#include "term.h"
#include "verbs.h"

static const char usage[] =
	"Usage: lab hint [--all | -n N] [--json] [LAB]\n"
	"Shows the next hint for a lab and remembers how far you are.\n"
	"\n"
	"LAB is an id such as ch04_lkm/01_hello or any part of it that is unique;\n"
	"without it, the lab of the current directory.\n"
	"\n"
	"  -n, --number N  hint number N\n"
	"  -a, --all       all hints\n"
	"  -j, --json      one object, for programs\n"
	"  -h, --help      this text\n";

static const struct option options[] = {
	{ "number", required_argument, NULL, 'n' },
	{ "all", no_argument, NULL, 'a' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static void print_hint(const struct lab *lab, unsigned int number)
{
	char *text = md_inline(stdout, lab->hints.items[number - 1]);

	term_wrap(stdout, "", "  ", strf("%sHint %u of %zu%s%c %s", term_on(stdout, T_HEADING), number,
					 lab->hints.count, term_off(stdout), TERM_GLUE, lab->title));
	term_wrap(stdout, "  ", "  ", text);
	free(text);
}

static void print_hints(const struct labs *labs, const struct lab *lab, unsigned int first,
			unsigned int last, bool again)
{
	size_t left = lab->hints.count - last;

	for (unsigned int i = first; i <= last; i++) {
		if (i > first)
			putchar('\n');
		print_hint(lab, i);
	}
	putchar('\n');
	if (left)
		term_printf(stdout, T_DIM, "%zu more: ./lab hint %s", left, short_name(labs, lab));
	else if (again && lab->solution_dir && is_dir(lab->solution_dir))
		term_printf(stdout, T_DIM, "You have seen them all. Our answer is in solutions/%s; "
			    "read it after a try of your own.", lab->id);
	else
		term_printf(stdout, T_DIM, "That was the last one.");
	putchar('\n');
}

static json_t *hints_json(const struct lab *lab, unsigned int first, unsigned int last)
{
	json_t *object = json_object();
	json_t *array = json_array();

	for (unsigned int i = first; i <= last; i++) {
		json_t *hint = json_object();

		json_object_set_new(hint, "number", json_integer(i));
		json_object_set_new(hint, "text", json_string(lab->hints.items[i - 1]));
		json_array_append_new(array, hint);
	}
	json_object_set_new(object, "lab", json_string(lab->id));
	json_object_set_new(object, "count", json_integer(lab->hints.count));
	json_object_set_new(object, "hints", array);
	return object;
}

/* number 0: the next; -1: all. */
static int hint(const char *verb, struct labs *labs, const char *pattern, int number, bool json)
{
	const struct lab *lab = lab_find(labs, pattern);
	struct lab_progress progress;
	unsigned int first, last, count;

	if (!lab)
		return LAB_USAGE;
	count = lab->hints.count;
	if (!count && !json) {
		printf("%s has no hints%s.\n", lab->id,
		       lab_is_task(lab) ? "" : ": it is a demo, there is nothing to solve");
		return LAB_PASSED;
	}
	if (number > (int)count)
		return usage_error(verb, "%s has %u hints, there is no number %d", lab->id, count,
				   number);
	db_progress(lab->id, &progress);
	if (number < 0 || !count) {
		first = 1;
		last = count;
	} else if (number) {
		first = last = number;
	} else {
		/* After the last one the last one again. */
		first = last = progress.hints < count ? progress.hints + 1 : count;
	}
	/* A hint seen with -n counts as seen, and so do those before it. */
	if (last > progress.hints)
		db_hints_shown(lab->id, last);
	if (json)
		return json_print(hints_json(lab, first, last));
	print_hints(labs, lab, first, last, progress.hints >= count);
	return LAB_PASSED;
}

int verb_hint(int argc, char **argv)
{
	struct labs labs;
	bool json = false;
	uint64_t value;
	int number = 0;
	int result;
	int opt;

	while ((opt = getopt_long(argc, argv, "n:ajh", options, NULL)) != -1) {
		switch (opt) {
		case 'n':
			if (!parse_u64(optarg, 1, 99, &value))
				return usage_error(argv[0], "'%s' is not the number of a hint", optarg);
			number = value;
			break;
		case 'a':
			number = -1;
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
	if (argc - optind > 1)
		return usage_error(argv[0], "one lab at a time");
	if (!labs_open(&labs))
		return LAB_FAULT;
	result = hint(argv[0], &labs, argv[optind], number, json);
	labs_free(&labs);
	return result;
}
