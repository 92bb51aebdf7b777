// SPDX-License-Identifier: GPL-2.0
/*
 * What the module tally must do, and what its files may show to others.
 *
 * The words are drawn at random. A model in this file counts them, too, and the
 * two must agree to the byte.
 */

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_symbols.h"

#define WORDS_MAX	64
#define WORD_LEN_MAX	15

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

struct entry {
	char word[WORD_LEN_MAX + 1];
	unsigned int count;
};

FIXTURE(tally) {
	struct entry model[WORDS_MAX];
	unsigned int different;
};

FIXTURE_SETUP(tally)
{
	(void)self;
	ASSERT_OK(mod_load("tally.ko", NULL));
}

FIXTURE_TEARDOWN(tally)
{
	(void)self;
	EXPECT_OK(mod_unload("tally"));
}

static int add(const char *word)
{
	return file_write("/proc/tally", word);
}

static void model_add(struct fixture_tally *self, const char *word)
{
	unsigned int i = 0;

	while (i < self->different && strcmp(self->model[i].word, word))
		i++;
	ASSERT_LT(i, WORDS_MAX);
	if (i == self->different)
		snprintf(self->model[self->different++].word, WORD_LEN_MAX + 1, "%s", word);
	self->model[i].count++;
}

/* Both count it. */
static void count(struct fixture_tally *self, const char *word)
{
	ASSERT_OK(add(word), "The word \"%s\" was refused.", word);
	model_add(self, word);
}

static int by_rank(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->word, y->word);
}

static char *shown(void)
{
	char *ranking = file_read("/proc/tally");

	ASSERT_NOTNULL(ranking, "/proc/tally cannot be read.");
	return ranking;
}

static unsigned int lines(const char *ranking)
{
	unsigned int n = 0;

	for (; *ranking; ranking++)
		n += *ranking == '\n';
	return n;
}

/* The file must be what the model says. */
static void expect_model(struct fixture_tally *self, const char *why)
{
	char *ranking = shown();
	const char *want = text("%u different\n", self->different);

	ASSERT_EQ(strtoul(ranking, NULL, 10), self->different,
		  "%s And words_different() gives a wrong number of them.", why);
	ASSERT_FALSE(self->different && lines(ranking) == 1,
		     "words.c has words, and words_show() sees none. Does each of the two files have a table of its own? A header must declare, not define.");
	qsort(self->model, self->different, sizeof(*self->model), by_rank);
	for (unsigned int i = 0; i < self->different; i++)
		want = text("%s%u %s\n", want, self->model[i].count, self->model[i].word);
	ASSERT_STREQ(ranking, want, "%s", why);
	free(ranking);
}

/* ----------------------------------------------------------- behaviour --- */

static void draw_word(char word[WORD_LEN_MAX + 1], unsigned int least)
{
	memset(word, 0, WORD_LEN_MAX + 1);
	check_random_word(word, check_random_range(least, WORD_LEN_MAX) + 1);
}

CHECK_F(tally, counts, .title = "Each word is counted, and all are shown")
{
	char words[12][WORD_LEN_MAX + 1];

	expect_model(self, "Before the first word there is nothing to show.");
	for (int i = 0; i < 12; i++)
		draw_word(words[i], 4);
	/* The first most often, and no two equally often. */
	for (int i = 0; i < 12; i++)
		for (int j = i; j < 12; j++)
			count(self, words[i]);
	expect_model(self, "The counts are not those of the words that were written.");
	count(self, words[0]);
	expect_model(self, "After one word more the counts are wrong.");
}

CHECK_F(tally, order, .needs = "counts",
	.title = "The most frequent word comes first, equals in the order of strcmp()")
{
	for (int i = 0; i < 40; i++) {
		char word[WORD_LEN_MAX + 1];
		int often = check_random_range(1, 4);

		draw_word(word, 3);
		while (often--)
			count(self, word);
	}
	expect_model(self, "The ranking is in a wrong order.");
}

CHECK_F(tally, keeps_words_apart, .title = "A word is not its beginning, nor its end")
{
	char word[WORD_LEN_MAX + 1];

	check_random_word(word, sizeof(word));
	/* The longest, then shorter and shorter beginnings of it, then ends. */
	for (unsigned int len = WORD_LEN_MAX; len >= 1; len--)
		for (unsigned int times = 0; times < len; times++)
			count(self, text("%.*s", (int)len, word));
	for (unsigned int from = 1; from < WORD_LEN_MAX; from++)
		count(self, word + from);
	expect_model(self,
		     "Words were mixed up with others that begin or end like them. The text has no NUL behind it: compare lengths, too.");
}

CHECK_F(tally, limits,
	.title = "Words that are too long or too many are refused, and nothing changes")
{
	char word[WORD_LEN_MAX + 1], first[WORD_LEN_MAX + 1];

	check_random_word(first, sizeof(first));
	count(self, first);
	EXPECT_ERR(add(text("%sx", first)), ENAMETOOLONG,
		   "A word of 16 bytes must be refused with -ENAMETOOLONG: 15 is the most.");
	expect_model(self, "After a word that was refused something has changed.");
	while (self->different < WORDS_MAX) {
		draw_word(word, 5);
		count(self, word);
	}
	expect_model(self,
		     "With 64 different words, as many as there may be, the ranking is wrong.");
	EXPECT_ERR(add("onemore"), ENOSPC,
		   "The 65th different word must be refused with -ENOSPC.");
	EXPECT_ERR(add(text("%sx", first)), ENAMETOOLONG,
		   "A word that is too long is that also when there is no room.");
	expect_model(self, "After a word that was refused something has changed.");
	ASSERT_OK(add(first),
		  "A word that is known needs no room: it is counted also when there are 64.");
	model_add(self, first);
	expect_model(self, "A word that is known was not counted when there are 64.");
}

CHECK_F(tally, forgets, .title = "After \"!\" it begins anew")
{
	for (int round = 0; round < 3; round++) {
		char word[WORD_LEN_MAX + 1];

		for (int i = 0; i < WORDS_MAX; i++) {
			draw_word(word, 2);
			count(self, word);
			if (i % 2)
				count(self, word);
		}
		expect_model(self, "The counts of before are still there.");
		ASSERT_OK(add("!"));
		memset(self->model, 0, sizeof(self->model));
		self->different = 0;
		expect_model(self, "After \"!\" there must be no word.");
	}
}

/* --------------------------------------------------------------- names --- */

static const char *stray;

static void see_name(const char *name)
{
	static const char *const expected[] = { "init_module", "cleanup_module" };

	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		if (!strcmp(name, expected[i]))
			return;
	/* The build adds some, with names that nobody else may take. */
	if (*name == '_' || !strncmp(name, "words_", strlen("words_")))
		return;
	stray = text("%s %s", stray, name);
}

CHECK(keeps_names, .title = "What one file alone needs is not seen by the others")
{
	stray = "";
	symbols_global("tally.ko", see_name);
	EXPECT_STREQ(stray, "",
		     "These names are seen outside of their files:%s. Make static what one file alone needs. What both need begins with words_, so that no other file can mean something else by it.",
		     stray);
}

CHECK(exports_nothing, .title = "Other modules cannot use what is internal")
{
	EXPECT_FALSE(symbols_exported("tally.ko"),
		     "The module exports something. EXPORT_SYMBOL() is for other modules. Files of one module are linked into one object: they need no export.");
}
