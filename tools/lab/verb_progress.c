// SPDX-License-Identifier: GPL-2.0
/*
 * verb_progress.c - lab progress: how far you are, by chapter.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "labjson.h"
#include "overview.h"
#include "term.h"
#include "verbs.h"

static const char usage[] =
	"Usage: lab progress [--json]\n"
	"Shows how far you are, by chapter: labs solved, points, attempts, hints.\n"
	"What is kept stands in a file of your own; --json tells which.\n"
	"\n"
	"      --forget LAB  remove a lab's attempts and hints from it\n"
	"  -j, --json        one object, for programs\n"
	"  -h, --help        this text\n";

enum { OPT_FORGET = 256 };

static const struct option options[] = {
	{ "forget", required_argument, NULL, OPT_FORGET },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* What the other columns leave. */
static int bar_columns(int name_width)
{
	int columns = term_width() - name_width - 42;

	return columns > 30 ? 30 : columns < 5 ? 5 : columns;
}

static void print_row(const char *name, int width, const struct tally *tally)
{
	printf("%-*s  ", width, name);
	print_bar(tally->points ? tally->earned : tally->solved,
		  tally->points ? tally->points : tally->labs, bar_columns(width));
	printf("  %3u /%3u  %4u /%4u  %8u  %5u\n", tally->solved, tally->labs, tally->earned,
	       tally->points, tally->attempts, tally->hints);
}

static int print_table(const struct labs *labs)
{
	struct strlist chapters = { 0 };
	struct tally total = tally_labs(labs, NULL);
	int width = strlen("chapter");

	chapters_of(labs, &chapters);
	for (size_t i = 0; i < chapters.count; i++)
		if ((int)strlen(chapters.items[i]) > width)
			width = strlen(chapters.items[i]);
	term_printf(stdout, T_BOLD, "%-*s  %*s    solved      points  attempts  hints", width,
		    "chapter", bar_columns(width), "");
	putchar('\n');
	for (size_t i = 0; i < chapters.count; i++) {
		struct tally tally = tally_labs(labs, chapters.items[i]);

		print_row(chapters.items[i], width, &tally);
	}
	print_row("all", width, &total);
	strlist_free(&chapters);
	return labs_result(labs);
}

static json_t *tally_json(const struct tally *tally)
{
	json_t *object = json_object();

	json_object_set_new(object, "labs", json_integer(tally->labs));
	json_object_set_new(object, "solved", json_integer(tally->solved));
	json_object_set_new(object, "demos", json_integer(tally->demos));
	json_object_set_new(object, "points", json_integer(tally->points));
	json_object_set_new(object, "earned", json_integer(tally->earned));
	json_object_set_new(object, "attempts", json_integer(tally->attempts));
	json_object_set_new(object, "hints", json_integer(tally->hints));
	return object;
}

static int print_json(const struct labs *labs)
{
	struct strlist chapters = { 0 };
	struct tally total = tally_labs(labs, NULL);
	json_t *object = json_object();
	json_t *array = json_array();
	const struct lab *next = next_task(labs);
	char *file = db_file();
	int result;

	chapters_of(labs, &chapters);
	for (size_t i = 0; i < chapters.count; i++) {
		struct tally tally = tally_labs(labs, chapters.items[i]);
		json_t *row = tally_json(&tally);

		json_object_set_new(row, "chapter", json_string(chapters.items[i]));
		json_array_append_new(array, row);
	}
	json_object_set_new(object, "chapters", array);
	json_object_set_new(object, "total", tally_json(&total));
	json_object_set_new(object, "next", next ? json_string(next->id) : json_null());
	json_object_set_new(object, "file", json_string(file));
	free(file);
	strlist_free(&chapters);
	result = json_print(object);
	return result ? result : labs_result(labs);
}

static int forget(struct labs *labs, const char *pattern)
{
	const struct lab *lab = lab_find(labs, pattern);

	if (!lab)
		return LAB_USAGE;
	if (db_forget(lab->id))
		return LAB_FAULT;
	printf("Forgotten: attempts and hints of %s. Your files are as they were.\n", lab->id);
	return LAB_PASSED;
}

int verb_progress(int argc, char **argv)
{
	const char *forgotten = NULL;
	bool json = false;
	struct labs labs;
	int result;
	int opt;

	while ((opt = getopt_long(argc, argv, "jh", options, NULL)) != -1) {
		switch (opt) {
		case OPT_FORGET:
			forgotten = optarg;
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
	if (!labs_open(&labs))
		return LAB_FAULT;
	if (forgotten)
		result = forget(&labs, forgotten);
	else
		result = json ? print_json(&labs) : print_table(&labs);
	labs_free(&labs);
	return result;
}
