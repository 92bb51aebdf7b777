// SPDX-License-Identifier: GPL-2.0
/*
 * The flowchart in the README is the one that the rules make: rules.svg equals
 * what dot draws of allocsel --dot. Where another version of Graphviz places
 * things otherwise, the texts of its boxes and arrows must agree, and their
 * colours.
 *
 *	test_picture ALLOCSEL SVG
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kbuild.h"
#include "tap.h"

#define MAX_WORDS 4096

struct words {
	const char *word[MAX_WORDS];
	size_t count;
};

static char *output(const char *fmt, const char *argument)
{
	char *command, *text;
	int status;

	if (asprintf(&command, fmt, argument) < 0)
		tap_bail("no memory");
	text = kbuild_output(command, &status);
	if (status)
		tap_bail("%s ended with %d:\n%s", command, status, text);
	free(command);
	return text;
}

/* Cuts the text in pieces; keeps what stands between begin and end. */
static void keep(struct words *words, char *text, const char *begin,
		 const char *end)
{
	char *at = text;

	while ((at = strstr(at, begin))) {
		char *stop = strstr(at + strlen(begin), end);

		if (!stop || words->count == MAX_WORDS)
			tap_bail("the picture cannot be read");
		words->word[words->count++] =
			strndup(at + strlen(begin), stop - at - strlen(begin));
		at = stop;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What a picture says, in an order that no layout changes. */
static struct words *said(char *svg)
{
	struct words *words = calloc(1, sizeof(*words));

	if (!words)
		tap_bail("no memory");
	keep(words, svg, "<title>", "</title>");
	keep(words, svg, "font-size=\"11.00\">", "</text>");
	keep(words, svg, "font-size=\"10.00\">", "</text>");
	keep(words, svg, " fill=\"#", "\"");
	qsort(words->word, words->count, sizeof(*words->word), by_text);
	return words;
}

static bool same_words(const struct words *a, const struct words *b)
{
	size_t i;

	for (i = 0; i < a->count && i < b->count; i++)
		if (strcmp(a->word[i], b->word[i])) {
			tap_note("\"%s\" in one, \"%s\" in the other",
				 a->word[i], b->word[i]);
			return false;
		}
	return a->count == b->count && a->count;
}

static void words_free(struct words *words)
{
	while (words->count)
		free((char *)words->word[--words->count]);
	free(words);
}

int main(int argc, char **argv)
{
	struct words *kept, *drawn, *other;
	char *svg, *now, *changed;
	bool same;

	if (argc != 3)
		tap_bail("usage: test_picture ALLOCSEL SVG");
	svg = output("cat '%s' 2>&1", argv[2]);
	now = output("'%s' --dot 2>&1 | dot -Tsvg 2>&1", argv[1]);
	changed = output("'%s' --dot | sed 's/kvmalloc/kvfree/' | dot -Tsvg 2>&1",
			 argv[1]);
	same = !strcmp(svg, now);
	kept = said(svg);
	drawn = said(now);
	other = said(changed);
	if (!same)
		tap_note("another layout: another Graphviz, or other rules");
	tap_ok(same || same_words(kept, drawn),
	       "rules.svg is what allocsel --dot draws; else: allocsel --dot | dot -Tsvg > rules.svg");
	tap_note("%zu texts", drawn->count);
	tap_ok(same_words(drawn, drawn) && !same_words(drawn, other),
	       "one changed leaf is noticed");
	words_free(kept);
	words_free(drawn);
	words_free(other);
	free(svg);
	free(now);
	free(changed);
	return tap_done();
}
