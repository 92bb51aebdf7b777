// SPDX-License-Identifier: GPL-2.0
/*
 * Must a recipe run again? make's own question, asked of what the compiler wrote
 * down: kbuild's .NAME.o.cmd, and .prog/NAME.d of programs.
 */
#include <stdlib.h>
#include <string.h>

#include "build_private.h"

/* Newer, or as new, or gone: the clock of a file system ticks slowly. */
static bool is_newer(const char *dir, const char *path, const struct stat *made)
{
	char *full = *path == '/' ? xstrdup(path) : xasprintf("%s/%s", dir, path);
	struct stat st;
	bool newer = stat(full, &st) ||
		     st.st_mtim.tv_sec > made->st_mtim.tv_sec ||
		     (st.st_mtim.tv_sec == made->st_mtim.tv_sec &&
		      st.st_mtim.tv_nsec >= made->st_mtim.tv_nsec);

	free(full);
	return newer;
}

/* The words of one rule or variable, its lines continued by backslashes. */
static bool any_newer(const char *text, const char *dir,
		      const struct stat *made)
{
	bool newer = false;

	while (*text && *text != '\n' && !newer) {
		size_t len;
		char *word;

		if (*text == ' ' || *text == '\t') {
			text++;
			continue;
		}
		if (*text == '\\' && text[1] == '\n') {
			text += 2;
			continue;
		}
		len = strcspn(text, " \t\n");
		/* $(wildcard include/config/NAME): of the kernel's tree. */
		if (*text == '$') {
			text += strcspn(text, ")\n");
			text += *text == ')';
			continue;
		}
		word = xstrndup(text, len);
		newer = is_newer(dir, word, made);
		free(word);
		text += len;
	}
	return newer;
}

/* TARGET's file with another beginning and end: dir/.NAME.cmd, dir/NAME.d. */
static char *read_beside(const char *target, const char *prefix, size_t cut,
			 const char *suffix)
{
	const char *name = base_name(target);
	char *path = xasprintf("%.*s%s%.*s%s", (int)(name - target), target,
			       prefix, (int)(strlen(name) - cut), name, suffix);
	char *text = read_whole(path, NULL);

	free(path);
	return text;
}

static const char *after(const char *text, const char *line, const char *mark)
{
	const char *p = strstr(text, line);

	p = p ? strstr(p, mark) : NULL;
	return p ? p + strlen(mark) : NULL;
}

/* 1 stale, 0 not, -1: it is not made by the compiler alone. */
static int kbuild_object(const struct recipe *r, const struct stat *made)
{
	char *text = read_beside(r->target, ".", 0, ".cmd");
	const char *source = text ? after(text, "\nsource_", ":= ") : NULL;
	const char *deps = source ? after(source, "\ndeps_", ":= ") : NULL;
	int stale = -1;

	if (deps)
		stale = any_newer(source, r->dir, made) ||
			any_newer(deps, r->dir, made);
	free(text);
	return stale;
}

static bool program_object(const struct recipe *r, const struct stat *made)
{
	char *text = read_beside(r->target, "", 2, ".d");
	const char *deps = text ? strstr(text, ": ") : NULL;
	bool stale = !deps || any_newer(deps + 2, r->dir, made);

	free(text);
	return stale;
}

/* The objects and libraries that stand in the command. */
static bool program(const struct recipe *r, const struct stat *made)
{
	struct strlist words = { 0 };
	bool stale = false;

	for (size_t i = 0; i < r->commands.count; i++)
		strlist_split(&words, r->commands.items[i], " \n");
	for (size_t i = 0; i < words.count && !stale; i++)
		stale = (str_ends(words.items[i], ".o") ||
			 str_ends(words.items[i], ".a") ||
			 str_ends(words.items[i], ".c")) &&
			is_newer(r->dir, words.items[i], made);
	strlist_free(&words);
	return stale;
}

/* Names of objects and modules: the same as long as the makefiles are. */
static bool is_list(const char *target)
{
	return str_ends(target, ".mod") ||
	       !strcmp(base_name(target), "modules.order");
}

bool recipe_is_ours(const struct recipe *r, const struct build *b)
{
	return !strcmp(r->dir, b->dir);
}

bool recipe_stale(const struct recipe *r, const struct build *b, bool dirty)
{
	struct stat made;
	int stale;

	/*
	 * Without a target: lab.mk's are phony, and run always, as with make;
	 * kbuild's look at the kernel's tree and at the modules' names.
	 */
	if (!*r->target)
		return recipe_is_ours(r, b);
	if (stat(r->target, &made))
		return true;
	if (recipe_is_ours(r, b))
		return str_ends(r->target, ".o") ? program_object(r, &made)
						 : program(r, &made);
	if (is_list(r->target))
		return false;
	stale = kbuild_object(r, &made);
	return stale < 0 ? dirty : stale;
}
