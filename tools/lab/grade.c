// SPDX-License-Identifier: GPL-2.0
/* Names and places that the files of lab grade share; see grade.h. */
#include <stdlib.h>
#include <string.h>

#include "grade.h"

const struct lab *grade_lab(const struct grade *g, const char *id)
{
	for (size_t i = 0; i < g->lab_count; i++)
		if (!strcmp(g->labs[i]->id, id))
			return g->labs[i];
	return NULL;
}

char *grade_file_name(const char *text)
{
	char *name = xstrndup(text, 100);
	bool changed = strlen(text) > 100 || *text == '.' || !*text;

	for (char *p = name; *p; p++) {
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= '0' && *p <= '9') || strchr("._-@+", *p))
			continue;
		*p = '_';
		changed = true;
	}
	if (*name == '.')
		*name = '_';
	if (changed) {
		/* Two names must not become one. */
		struct sum *sum = sum_begin();
		char *hex, *longer;

		sum_text(sum, text);
		hex = sum_end(sum);
		longer = xasprintf("%s-%.12s", name, hex);
		free(hex);
		free(name);
		name = longer;
	}
	return name;
}

char *grade_taken_dir(const struct grade *g, const char *student, const char *lab)
{
	char *who = grade_file_name(student);
	char *dir = xasprintf("%s/submissions/%s/%s", g->out, who, lab);

	free(who);
	return dir;
}

char *grade_hidden_dir(const struct grade *g, const char *lab)
{
	char *dir = g->checks ? xasprintf("%s/%s", g->checks, lab) : NULL;

	if (dir && is_file(strf("%s/check.c", dir)))
		return dir;
	free(dir);
	return NULL;
}

static void add_dir(struct sum *sum, const char *dir)
{
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		char *path = xasprintf("%s/%s", dir, name);

		if ((str_ends(name, ".c") || str_ends(name, ".h") || str_ends(name, ".ini") ||
		     str_ends(name, ".mk") || str_ends(name, ".txt") || !strcmp(name, "Makefile")) &&
		    !str_ends(name, ".mod.c") && is_file(path)) {
			sum_text(sum, name);
			sum_file(sum, path);
		}
		free(path);
	}
	strlist_free(&names);
}

char *grade_lab_digest(const struct grade *g, const struct lab *lab)
{
	struct sum *sum = sum_begin();
	char *hidden = grade_hidden_dir(g, lab->id);
	char *common = xasprintf("%s/../../common", lab->dir);
	char *check = xasprintf("%s/check", common);

	add_dir(sum, lab->dir);
	add_dir(sum, common);
	add_dir(sum, check);
	if (hidden)
		add_dir(sum, hidden);
	free(hidden);
	free(common);
	free(check);
	return sum_end(sum);
}
