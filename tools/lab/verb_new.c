// SPDX-License-Identifier: GPL-2.0
/*
 * verb_new.c - lab new: a lab in the tree that builds, has all its parts and
 * is judged rightly, to be turned into another.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "labjson.h"
#include "root.h"
#include "template.h"
#include "term.h"
#include "verbs.h"

static const char usage[] =
	"Usage: lab new [--title TEXT] [--kind E|B|D] [--json] CHAPTER NAME\n"
	"Makes a lab: skeleton, solution, check, hints, README. It builds, its skeleton\n"
	"fails the check and its solution passes; then write your own in its place, as\n"
	"docs/authoring.md says.\n"
	"\n"
	"CHAPTER is ch04_lkm, ch04, 4 or lkm. NAME is the module's name: small letters,\n"
	"digits and _; with a number in front (07_name) the lab gets that number, else\n"
	"the next.\n"
	"\n"
	"  -t, --title TEXT  the lab's title; else its name\n"
	"  -k, --kind KIND   E exercise (else), B bug hunt, D demo\n"
	"  -j, --json        what was made, one object, for programs\n"
	"  -h, --help        this text\n";

static const struct option options[] = {
	{ "title", required_argument, NULL, 't' },
	{ "kind", required_argument, NULL, 'k' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

struct new_lab {
	char *chapter;
	char *number;		/* two digits */
	char *name;		/* the module's */
	char *id;
	char *title;
	const char *kind;
	bool task;
	struct strlist made;	/* files, below the root */
};

/* Directories of the root that look like chapters. */
static void find_chapters(struct strlist *out)
{
	struct strlist names = { 0 };

	if (list_dir(root_dir(), &names))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];

		if (str_starts(name, "ch") && isdigit((unsigned char)name[2]) &&
		    isdigit((unsigned char)name[3]) && name[4] == '_')
			strlist_add(out, name);
	}
	strlist_free(&names);
}

static char *pick_chapter(const char *pattern)
{
	struct strlist chapters = { 0 };
	char *found = NULL;
	char *list;

	find_chapters(&chapters);
	for (size_t i = 0; i < chapters.count && !found; i++) {
		struct lab probe = { .chapter = chapters.items[i] };

		if (lab_in_chapter(&probe, pattern))
			found = xstrdup(chapters.items[i]);
	}
	if (!found) {
		list = strlist_join(&chapters, ", ");
		complain(strf("there is no chapter '%s'", pattern), strf("there are: %s", list),
			 "for a new one make its directory first, for instance: mkdir ch13_topic");
		free(list);
	}
	strlist_free(&chapters);
	return found;
}

static bool check_name(const char *name)
{
	size_t len = strlen(name);

	if (len && len <= 40 && islower((unsigned char)*name) &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == len)
		return true;
	complain(strf("'%s' cannot be the name of a module", name),
		 "it becomes part of C names and file names: at most 40 small letters, digits "
		 "and _, with a letter first", NULL);
	return false;
}

/* The next free number; also sees that the name and the number are free. */
static bool choose_number(struct new_lab *lab)
{
	struct strlist names = { 0 };
	char *dir = root_path("%s", lab->chapter);
	int highest = 0;
	bool ok = true;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count && ok; i++) {
		const char *name = names.items[i];

		if (!isdigit((unsigned char)name[0]) || !isdigit((unsigned char)name[1]) ||
		    name[2] != '_')
			continue;
		if (atoi(name) > highest)
			highest = atoi(name);
		if (!strcmp(name + 3, lab->name) ||
		    (lab->number && !strncmp(name, lab->number, 2))) {
			complain(strf("%s/%s is there already", lab->chapter, name), NULL,
				 "choose another name or number");
			ok = false;
		}
	}
	if (ok && !lab->number && highest >= 99) {
		complain(strf("%s has no number left", lab->chapter),
			 "labs are numbered with two digits, and 99 is taken", NULL);
		ok = false;
	}
	if (ok && !lab->number)
		lab->number = xasprintf("%02d", highest + 1);
	strlist_free(&names);
	free(dir);
	return ok;
}

static char *read_template(const char *name)
{
	char *path = root_path("tools/lab/template/%s", name);
	char *text = read_whole(path, NULL);

	if (!text)
		complain(strf("the template %s cannot be read", path), errno_text(errno),
			 "git checkout -- tools/lab/template");
	free(path);
	return text;
}

static bool write_file(struct new_lab *lab, const char *template, const char *temp_dir,
		       const char *final_dir, const char *name)
{
	struct template_word words[] = {
		{ "NAME", lab->name }, { "TITLE", lab->title }, { "ID", lab->id },
		{ "KIND", lab->kind }, { "TASK", lab->task ? "1" : "" },
		{ "DEMO", lab->task ? "" : "1" }, { "OPTION", lab->task ? " --solution" : "" },
		{ "WHOSE", lab->task ? " (solution)" : "" }, { "OBSERVED", "" },
	};
	char *text = read_template(template);
	char *observed = NULL, *filled = NULL;
	char *path = xasprintf("%s/%s", temp_dir, name);
	const char *why = NULL;
	int error = -EIO;

	if (text && strstr(text, "@OBSERVED@")) {
		/* What the check of the template's solution really printed. */
		char *raw = read_template("observed.in");

		observed = raw ? template_fill(str_trim(raw), words, ARRAY_SIZE(words), &why) : NULL;
		words[ARRAY_SIZE(words) - 1].value = observed ? observed : "";
		free(raw);
	}
	if (text)
		filled = template_fill(text, words, ARRAY_SIZE(words), &why);
	if (filled)
		error = write_whole(path, filled, strlen(filled));
	if (error && text)
		complain(strf("%s/%s cannot be made", final_dir, name),
			 filled ? errno_text(error) : why, NULL);
	if (!error)
		strlist_addf(&lab->made, "%s/%s", final_dir, name);
	free(path);
	free(filled);
	free(observed);
	free(text);
	return !error;
}

static bool write_lab(struct new_lab *lab, const char *temp)
{
	const char *source = strf("%s.c", lab->name);

	return write_file(lab, lab->task ? "skeleton.c.in" : "demo.c.in", temp, lab->id, source) &&
	       write_file(lab, "check.c.in", temp, lab->id, "check.c") &&
	       write_file(lab, "lab.ini.in", temp, lab->id, "lab.ini") &&
	       write_file(lab, "Makefile.in", temp, lab->id, "Makefile") &&
	       write_file(lab, "README.md.in", temp, lab->id, "README.md");
}

/* A directory beside the final one, filled, then renamed: whole or not there. */
static bool make_dir(struct new_lab *lab, const char *final, const char *final_shown, bool solution)
{
	char *parent = xstrndup(final, strrchr(final, '/') - final);
	char *temp = xasprintf("%s/.new-XXXXXX", parent);
	int error = mkdir_p(parent);
	bool ok = false;

	if (!error && path_exists(final))
		error = -EEXIST;
	if (!error && !mkdtemp(temp))
		error = -errno;
	if (!error) {
		ok = solution ? write_file(lab, "solution.c.in", temp, final_shown,
					   strf("%s.c", lab->name)) :
				write_lab(lab, temp);
		if (ok && (chmod(temp, 0755) || rename(temp, final)))
			error = -errno;
		if (!ok || error)
			rm_rf(temp);
	}
	if (error)
		complain(strf("%s cannot be made", final), errno_text(error), NULL);
	free(temp);
	free(parent);
	return ok && !error;
}

static bool make_all(struct new_lab *lab)
{
	char *dir = root_path("%s", lab->id);
	char *solution = root_path("solutions/%s", lab->id);
	bool ok = make_dir(lab, dir, lab->id, false);

	if (ok && lab->task && !make_dir(lab, solution, strf("solutions/%s", lab->id), true)) {
		rm_rf(dir);
		ok = false;
	}
	free(solution);
	free(dir);
	return ok;
}

static int report(const struct new_lab *lab, bool json)
{
	if (json) {
		json_t *object = json_object();

		json_object_set_new(object, "id", json_string(lab->id));
		json_object_set_new(object, "files", strlist_json(&lab->made));
		return json_print(object);
	}
	printf("%s is made:\n", lab->id);
	for (size_t i = 0; i < lab->made.count; i++)
		printf("  %s\n", lab->made.items[i]);
	putchar('\n');
	if (lab->task)
		printf("Its skeleton fails:     ./lab check %s\n"
		       "Its solution passes:    ./lab check --solution %s\n", lab->id, lab->id);
	else
		printf("It passes:              ./lab check %s\n", lab->id);
	printf("What to write where:    docs/authoring.md\n");
	return LAB_PASSED;
}

static int make_lab(struct new_lab *lab, const char *chapter, const char *name, bool json)
{
	int result = LAB_USAGE;

	lab->chapter = pick_chapter(chapter);
	if (isdigit((unsigned char)name[0]) && isdigit((unsigned char)name[1]) && name[2] == '_') {
		lab->number = xstrndup(name, 2);
		name += 3;
	}
	lab->name = xstrdup(name);
	if (lab->chapter && check_name(name) && choose_number(lab)) {
		lab->id = xasprintf("%s/%s_%s", lab->chapter, lab->number, lab->name);
		if (!lab->title) {
			lab->title = xstrdup(lab->name);
			*lab->title = toupper((unsigned char)*lab->title);
			for (char *at = lab->title; *at; at++)
				if (*at == '_')
					*at = ' ';
		}
		result = make_all(lab) ? report(lab, json) : LAB_FAULT;
	}
	free(lab->chapter);
	free(lab->number);
	free(lab->name);
	free(lab->id);
	free(lab->title);
	strlist_free(&lab->made);
	return result;
}

/* It goes into a C string, an ini value and a heading. */
static bool check_title(const char *title)
{
	size_t len = 0;

	for (const unsigned char *at = (const unsigned char *)title; *at; at++, len++)
		if (*at < ' ' || *at == 0x7f || strchr("\"\\;@", *at))
			return false;
	return len && len <= 60;
}

int verb_new(int argc, char **argv)
{
	struct new_lab lab = { .kind = "E" };
	const char *title = NULL;
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "t:k:jh", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			if (!check_title(optarg))
				return usage_error(argv[0], "a title has 1 to 60 characters, "
						   "and none of \" \\ ; @");
			title = optarg;
			break;
		case 'k':
			if (strcmp(optarg, "E") && strcmp(optarg, "B") && strcmp(optarg, "D"))
				return usage_error(argv[0], "the kind is E, B or D, not '%s'", optarg);
			lab.kind = optarg;
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
	if (argc - optind != 2)
		return usage_error(argv[0], "it takes a chapter and a name");
	if (!root_dir())
		return LAB_FAULT;
	lab.task = strcmp(lab.kind, "D");
	lab.title = xstrdup(title);
	return make_lab(&lab, argv[optind], argv[optind + 1], json);
}
