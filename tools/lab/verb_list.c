// SPDX-License-Identifier: GPL-2.0
/*
 * verb_list.c - lab list: the labs by chapter, with what is solved.
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
	"Usage: lab list [--json] [CHAPTER...]\n"
	"Lists the labs, by chapter, and marks what you have solved.\n"
	"\n"
	"CHAPTER is ch04_lkm, ch04, 4 or lkm.\n"
	"\n"
	"  -t, --todo    only what is not solved yet\n"
	"  -j, --json    an array of objects, for programs\n"
	"  -h, --help    this text\n";

static const struct option options[] = {
	{ "todo", no_argument, NULL, 't' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static bool wanted(const struct lab *lab, char **patterns, bool todo)
{
	struct lab_progress progress;
	bool in = !*patterns;

	for (; *patterns && !in; patterns++)
		in = lab_in_chapter(lab, *patterns);
	if (!in || !todo)
		return in;
	db_progress(lab->id, &progress);
	return lab_is_task(lab) && !progress.solved;
}

static void print_lab(const struct lab *lab, int name_width)
{
	struct lab_progress progress;
	enum term_style style = T_PLAIN;
	const char *facts;
	int room;

	db_progress(lab->id, &progress);
	if (progress.solved)
		style = T_OK;
	else if (progress.attempts)
		style = T_WARN;
	facts = strf("%-5s  %4u p", lab_kind_letters(lab), lab->points);
	room = term_width() - name_width - 8 - term_columns(facts);

	term_printf(stdout, style, "  %s ", term_mark(style));
	printf("%-*s  %s  %s\n", name_width, lab->name, facts,
	       term_clip(lab->title, room > 12 ? room : 12));
}

static void print_labs(const struct labs *labs, char **patterns, bool todo)
{
	const char *chapter = "";
	int width = 0;

	for (size_t i = 0; i < labs->count; i++)
		if ((int)strlen(labs->items[i]->name) > width)
			width = strlen(labs->items[i]->name);
	for (size_t i = 0; i < labs->count; i++) {
		const struct lab *lab = labs->items[i];

		if (!wanted(lab, patterns, todo))
			continue;
		if (strcmp(chapter, lab->chapter)) {
			const char *title = chapter_title(lab->chapter);

			term_printf(stdout, T_HEADING, "%s%s", *chapter ? "\n" : "", lab->chapter);
			if (strcmp(title, lab->chapter))
				printf("  %s", term_clip(title, term_width() - 2 -
							 (int)strlen(lab->chapter)));
			putchar('\n');
			chapter = lab->chapter;
		}
		print_lab(lab, width);
	}
	if (*chapter)
		printf("\n%s solved  %s tried  D demo  E exercise  B bug hunt  U userland program\n",
		       term_mark(T_OK), term_mark(T_WARN));
	else if (todo)
		printf("Nothing is left to solve here.\n");
}

static int print_json(const struct labs *labs, char **patterns, bool todo)
{
	json_t *array = json_array();

	for (size_t i = 0; i < labs->count; i++)
		if (wanted(labs->items[i], patterns, todo))
			json_array_append_new(array, lab_json(labs->items[i]));
	return json_print(array);
}

static bool chapter_exists(const struct labs *labs, const char *pattern)
{
	for (size_t i = 0; i < labs->count; i++)
		if (lab_in_chapter(labs->items[i], pattern))
			return true;
	complain(strf("there is no chapter '%s' with a lab in it", pattern), NULL,
		 "see them all: ./lab list");
	return false;
}

int verb_list(int argc, char **argv)
{
	bool json = false, todo = false;
	struct labs labs;
	int result = LAB_PASSED;
	int opt;

	while ((opt = getopt_long(argc, argv, "tjh", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			todo = true;
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
	if (!labs_open(&labs))
		return LAB_FAULT;
	for (int i = optind; i < argc && !result; i++)
		if (!chapter_exists(&labs, argv[i]))
			result = LAB_USAGE;
	if (!result) {
		if (json)
			result = print_json(&labs, argv + optind, todo);
		else
			print_labs(&labs, argv + optind, todo);
		if (!result)
			result = labs_result(&labs);
	}
	labs_free(&labs);
	return result;
}
