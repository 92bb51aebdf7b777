// SPDX-License-Identifier: GPL-2.0
/* The same sources at the same place, built the quick way and by make alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build_private.h"
#include "meta.h"
#include "twins.h"

void put(const char *path, const char *text)
{
	if (!write_whole(path, text, strlen(text)))
		return;
	perror(path);
	exit(1);
}

static bool is_result(const char *name)
{
	static const char *const not[] = {
		".c", ".h", ".o", ".mod", ".txt", "Makefile", ".order", ".svg",
	};

	if (*name == '.')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(not); i++)
		if (str_ends(name, not[i]))
			return false;
	return true;
}

static char *only_in(const char *where, const char *name)
{
	return xasprintf("%s is there only after %s", name, where);
}

/* Modules, programs, the check, symbols: what anybody could look at. */
static char *compare_files(const char *quick, const char *plain)
{
	struct strlist names = { 0 };
	char *differ = NULL;

	list_dir(quick, &names);
	list_dir(plain, &names);
	for (size_t i = 0; i < names.count && !differ; i++) {
		char *a = xasprintf("%s/%s", quick, names.items[i]);
		char *b = xasprintf("%s/%s", plain, names.items[i]);
		size_t a_len = 0, b_len = 0;
		char *a_data, *b_data;

		if (is_result(names.items[i]) && !is_dir(a)) {
			a_data = read_whole(a, &a_len);
			b_data = read_whole(b, &b_len);
			if (!a_data || !b_data)
				differ = only_in(a_data ? "the quick way" : "plain make",
						 names.items[i]);
			else if (a_len != b_len || memcmp(a_data, b_data, a_len))
				differ = xasprintf("%s differs", names.items[i]);
			free(a_data);
			free(b_data);
		}
		free(a);
		free(b);
	}
	strlist_free(&names);
	return differ;
}

/* All but what make says of itself. */
static char *messages(const char *log)
{
	struct strlist lines = { 0 };
	struct buf out = { 0 };

	strlist_split(&lines, log, "\n");
	for (size_t i = 0; i < lines.count; i++)
		if (!str_starts(lines.items[i], "make"))
			buf_addf(&out, "%s\n", lines.items[i]);
	strlist_free(&lines);
	return buf_steal(&out);
}

static char *compare_logs(const char *quick, const char *plain)
{
	char *a = messages(quick), *b = messages(plain), *differ = NULL;

	if (strcmp(a, b))
		differ = xasprintf("the quick way says\n%s\n  plain make says\n%s", a, b);
	free(a);
	free(b);
	return differ;
}

static const char *end_of(const char *log)
{
	size_t len = strlen(log);

	return log + (len > 800 ? len - 800 : 0);
}

/*
 * A makefile that starts another build of its own: it is make that builds, always. It
 * says only what it does, and that is less where something was built before.
 */
static bool is_always_make(const struct subject *s)
{
	return strstr(s->makefile, "make -s") || strstr(s->makefile, "wb_kconfig");
}

/* The quick way must have been taken wherever it can be. */
static char *was_slow(struct subject *s, const struct build *quick)
{
	char *path = xasprintf("%s/.lab-recipes", quick->dir);
	char *text = read_whole(path, NULL);
	char *wrong = NULL, *identity;

	if (!text) {
		free(path);
		return quick->ok ? xstrdup("there is no recording") : NULL;
	}
	if (!strstr(text, "\"replay\":true") && !is_always_make(s))
		wrong = xstrdup("this build cannot be replayed");
	identity = build_identity(path);
	if (!wrong && !s->new_plan && s->recording && strcmp(s->recording, identity))
		wrong = xstrdup("it was recorded anew, without need");
	free(s->recording);
	s->recording = identity;
	free(path);
	free(text);
	return wrong;
}

char *twins_differ(struct subject *s, const struct edit *edit)
{
	struct build quick, plain;
	char *aside, *differ;
	int err;

	err = build_lab(s->lab, s->kernel, BUILD_STUDENT, &quick);
	if (err)
		return xasprintf("the quick way: %s", errno_text(err));
	build_unlock(&quick);
	differ = was_slow(s, &quick);

	aside = xasprintf("%s.quick", quick.dir);
	rm_rf(aside);
	if (rename(quick.dir, aside)) {
		perror(aside);
		exit(1);
	}
	setenv("LAB_BUILD", "make", 1);
	err = build_lab(s->lab, s->kernel, BUILD_STUDENT, &plain);
	unsetenv("LAB_BUILD");
	if (err)
		differ = xasprintf("plain make: %s", errno_text(err));
	if (!differ && quick.ok != plain.ok)
		differ = xasprintf("the quick way %s, plain make %s\n...%s\n----\n...%s",
				   quick.ok ? "builds it" : "fails",
				   plain.ok ? "builds it" : "fails", end_of(quick.log),
				   end_of(plain.log));
	if (!differ && edit->fails == quick.ok)
		differ = xasprintf("the edit was to %s\n...%s", edit->fails ? "fail" : "build",
				   end_of(plain.log));
	if (!differ && !is_always_make(s))
		differ = compare_logs(quick.log, plain.log);
	if (!differ && quick.ok)
		differ = compare_files(aside, plain.dir);
	build_unlock(&plain);
	if (rm_rf(plain.dir) || rename(aside, plain.dir)) {
		perror(plain.dir);
		exit(1);
	}
	free(aside);
	build_free(&plain);
	build_free(&quick);
	return differ;
}
