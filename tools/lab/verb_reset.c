// SPDX-License-Identifier: GPL-2.0
/*
 * verb_reset.c - lab reset: the untouched skeleton again, out of git. What the
 * student wrote is kept beside it under another name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "labjson.h"
#include "meta.h"
#include "proc.h"
#include "term.h"
#include "verbs.h"

static const char usage[] =
	"Usage: lab reset [--yes] [--from COMMIT] [--json] [LAB]\n"
	"Puts the untouched files of a lab back, as they are in git. A file that you\n"
	"changed is kept as NAME.orig-DATE beside it.\n"
	"\n"
	"LAB is an id such as ch04_lkm/01_hello or any part of it that is unique;\n"
	"without it, the lab of the current directory.\n"
	"\n"
	"      --from COMMIT  take them from another commit than HEAD, for instance\n"
	"                     origin/main when you have committed your work\n"
	"  -y, --yes          do not ask\n"
	"  -j, --json         what was done, one object, for programs (needs --yes)\n"
	"  -h, --help         this text\n";

enum { OPT_FROM = 256 };

static const struct option options[] = {
	{ "from", required_argument, NULL, OPT_FROM },
	{ "yes", no_argument, NULL, 'y' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct reset {
	const char *name;	/* file in the lab's directory */
	char *path;
	char *skeleton;
	size_t skeleton_len;
	char *yours;		/* NULL: not there */
	size_t yours_len;
	char *kept;		/* the new name of yours, when it was changed */
};

static bool is_changed(const struct reset *reset)
{
	return !reset->yours || reset->yours_len != reset->skeleton_len ||
	       memcmp(reset->yours, reset->skeleton, reset->skeleton_len);
}

static bool read_skeleton(const struct lab *lab, const char *commit, struct reset *reset)
{
	char *object = xasprintf("%s:./%s", commit, reset->name);
	const char *argv[] = { "git", "-C", lab->dir, "--no-pager", "show", object, NULL };
	struct proc spec = { .argv = argv, .output = PROC_SEPARATE, .deadline_ms = 30000 };
	struct proc_result res;
	int error = proc_run(&spec, &res);

	if (error) {
		complain("git cannot be started", errno_text(error), "apt-get install git");
	} else if (!proc_ok(&res)) {
		complain(strf("git has no untouched %s", object), str_trim(res.err),
			 "a download without git has no history: clone the workbook with git, or copy\n"
			 "the file from a fresh download");
	} else {
		reset->skeleton = res.out;
		reset->skeleton_len = res.out_len;
		res.out = NULL;
	}
	if (!error)
		proc_result_free(&res);
	free(object);
	return reset->skeleton;
}

static bool read_yours(struct reset *reset)
{
	reset->yours = read_whole(reset->path, &reset->yours_len);
	if (reset->yours || errno == ENOENT)
		return true;
	complain(strf("%s cannot be read", reset->path), errno_text(errno), NULL);
	return false;
}

static char *name_to_keep(const char *path)
{
	time_t now = time(NULL);
	struct tm when;
	char stamp[32];
	char *name;

	localtime_r(&now, &when);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &when);
	name = xasprintf("%s.orig-%s", path, stamp);
	for (int n = 2; path_exists(name); n++) {
		free(name);
		name = xasprintf("%s.orig-%s.%d", path, stamp, n);
	}
	return name;
}

/* First a copy under the new name, then the skeleton over the old one: at no
 * moment is the student's text only in memory.
 */
static bool put_back(struct reset *reset)
{
	int error = 0;

	if (reset->yours) {
		reset->kept = name_to_keep(reset->path);
		error = write_whole(reset->kept, reset->yours, reset->yours_len);
		if (error) {
			complain(strf("%s was not reset", reset->path),
				 strf("your text could not be kept as %s: %s", reset->kept,
				      errno_text(error)), NULL);
			return false;
		}
	}
	error = write_whole(reset->path, reset->skeleton, reset->skeleton_len);
	if (error)
		complain(strf("%s could not be written", reset->path), errno_text(error), NULL);
	return !error;
}

static bool confirm(const struct lab *lab, const struct reset *resets, size_t changed)
{
	printf("These files of %s are not as in git:\n", lab->id);
	for (size_t i = 0; i < lab->files.count; i++)
		if (is_changed(&resets[i]))
			printf("  %s%s\n", resets[i].name, resets[i].yours ? "" : " (removed)");
	return term_ask(strf("Put %s back? Yours %s kept under another name.",
			     changed == 1 ? "it" : "them", changed == 1 ? "is" : "are"));
}

static json_t *resets_json(const struct lab *lab, const struct reset *resets)
{
	json_t *object = json_object();
	json_t *array = json_array();

	for (size_t i = 0; i < lab->files.count; i++) {
		json_t *row = json_object();

		json_object_set_new(row, "file", json_string(resets[i].name));
		json_object_set_new(row, "changed", json_boolean(is_changed(&resets[i])));
		json_object_set_new(row, "kept", resets[i].kept ?
				    json_string(base_name(resets[i].kept)) : json_null());
		json_array_append_new(array, row);
	}
	json_object_set_new(object, "lab", json_string(lab->id));
	json_object_set_new(object, "files", array);
	return object;
}

static int reset_files(const struct lab *lab, struct reset *resets, const char *commit, bool yes,
		       bool json)
{
	size_t changed = 0;

	/* All is read before anything is written. */
	for (size_t i = 0; i < lab->files.count; i++) {
		resets[i].name = lab->files.items[i];
		resets[i].path = xasprintf("%s/%s", lab->dir, resets[i].name);
		if (!read_skeleton(lab, commit, &resets[i]) || !read_yours(&resets[i]))
			return LAB_FAULT;
		changed += is_changed(&resets[i]);
	}
	if (changed && !yes && !confirm(lab, resets, changed)) {
		printf("Nothing was changed.\n");
		return LAB_PASSED;
	}
	for (size_t i = 0; i < lab->files.count; i++) {
		if (!is_changed(&resets[i]))
			continue;
		if (!put_back(&resets[i]))
			return LAB_FAULT;
		if (!json)
			printf("%s/%s is as in git again%s%s\n", lab->id, resets[i].name,
			       resets[i].kept ? "; yours is kept: " : "",
			       resets[i].kept ? base_name(resets[i].kept) : "");
	}
	if (json)
		return json_print(resets_json(lab, resets));
	if (!changed)
		printf("The files of %s are as in git (%s); nothing to do.\n", lab->id, commit);
	return LAB_PASSED;
}

static int reset(const char *verb, struct labs *labs, const char *pattern, const char *commit,
		 bool yes, bool json)
{
	const struct lab *lab = lab_find(labs, pattern);
	struct reset *resets;
	int result;

	if (!lab)
		return LAB_USAGE;
	if (!lab->files.count) {
		printf("%s has no files for you to change: nothing to reset.\n", lab->id);
		return LAB_PASSED;
	}
	if (!yes && (json || !term_is_tty(stdin)))
		return usage_error(verb, "there is no terminal to ask on: say --yes");
	resets = xcalloc(lab->files.count, sizeof(*resets));
	result = reset_files(lab, resets, commit, yes, json);
	for (size_t i = 0; i < lab->files.count; i++) {
		free(resets[i].path);
		free(resets[i].skeleton);
		free(resets[i].yours);
		free(resets[i].kept);
	}
	free(resets);
	return result;
}

int verb_reset(int argc, char **argv)
{
	const char *commit = "HEAD";
	bool yes = false, json = false;
	struct labs labs;
	int result;
	int opt;

	while ((opt = getopt_long(argc, argv, "yjh", options, NULL)) != -1) {
		switch (opt) {
		case OPT_FROM:
			commit = optarg;
			break;
		case 'y':
			yes = true;
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
	if (*commit == '-' || !*commit)
		return usage_error(argv[0], "'%s' is not a commit", commit);
	if (!labs_open(&labs))
		return LAB_FAULT;
	result = reset(argv[0], &labs, argv[optind], commit, yes, json);
	labs_free(&labs);
	return result;
}
