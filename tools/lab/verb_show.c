// SPDX-License-Identifier: GPL-2.0
/*
 * verb_show.c - lab show: a lab's text, readable in the terminal.
 */
#include <errno.h>
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
	"Usage: lab show [--raw | --json] [LAB]\n"
	"Shows a lab's README, wrapped at the terminal's width, and what to do next.\n"
	"\n"
	"LAB is an id such as ch04_lkm/01_hello or any part of it that is unique;\n"
	"without it, the lab of the current directory.\n"
	"\n"
	"  -r, --raw     the file as it is\n"
	"  -j, --json    what lab.ini says and your progress, one object\n"
	"  -h, --help    this text\n";

static const struct option options[] = {
	{ "raw", no_argument, NULL, 'r' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static void print_facts(const struct labs *labs, const struct lab *lab)
{
	const char *name = short_name(labs, lab);
	struct lab_progress progress;
	const char *facts;
	char *files;

	db_progress(lab->id, &progress);
	files = strlist_join(&lab->files, ", ");
	putchar('\n');
	facts = strf("%s: %s, %u points%s%s", lab->id, lab_kind_text(lab), lab->points,
		     lab->minutes ? strf(", about %u minutes", lab->minutes) : "",
		     progress.solved ? ", solved" :
		     progress.attempts ? strf(", %u attempt%s so far", progress.attempts,
					      progress.attempts == 1 ? "" : "s") : "");
	term_wrap(stdout, "", "  ", strf("%s%s%s", term_on(stdout, T_DIM), facts, term_off(stdout)));
	if (lab_is_task(lab)) {
		printf("  edit    %s%s%s\n", *lab->chapter ? lab->id : lab->dir, "/", files);
		printf("  judge   ./lab check %s\n", name);
		if (lab->hints.count)
			printf("  stuck?  ./lab hint %s  (%u of %zu seen)\n", name, progress.hints,
			       lab->hints.count);
	} else {
		printf("  run it  ./lab check %s\n", name);
	}
	free(files);
}

static int show(const struct labs *labs, const struct lab *lab, bool raw)
{
	char *path = xasprintf("%s/README.md", lab->dir);
	size_t len;
	char *text = read_whole(path, &len);
	int result = LAB_PASSED;

	if (!text) {
		complain(strf("the text of %s cannot be read", lab->id),
			 strf("%s: %s", path, errno_text(errno)),
			 strf("git checkout -- %s/README.md", lab->id));
		result = LAB_FAULT;
	} else if (raw) {
		fwrite(text, 1, len, stdout);
	} else {
		md_print(stdout, text);
		print_facts(labs, lab);
	}
	free(text);
	free(path);
	return result;
}

int verb_show(int argc, char **argv)
{
	bool json = false, raw = false;
	const struct lab *lab;
	struct labs labs;
	int result;
	int opt;

	while ((opt = getopt_long(argc, argv, "rjh", options, NULL)) != -1) {
		switch (opt) {
		case 'r':
			raw = true;
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
	lab = lab_find(&labs, argv[optind]);
	if (!lab)
		result = LAB_USAGE;
	else if (json)
		result = json_print(lab_json(lab));
	else
		result = show(&labs, lab, raw);
	labs_free(&labs);
	return result;
}
