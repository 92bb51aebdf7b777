/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the library in words.c and ranking.c offers to main.c
 *
 * The library has no lock of its own: its caller makes sure that only one of
 * these functions runs at a time.
 */
#ifndef WORDS_H
#define WORDS_H

#include <linux/types.h>

struct seq_file;

#define WORDS_MAX	64	/* different ones */
#define WORD_LEN_MAX	15	/* bytes, without the NUL */

/**
 * words_add() - count a word
 * @text: its first byte; there is no NUL behind it
 * @len: its bytes, not 0
 *
 * Words are equal when all their bytes are.
 *
 * Return: 0; -ENAMETOOLONG when @len is over WORD_LEN_MAX; -ENOSPC when it is a
 * new one and there are WORDS_MAX already. After an error nothing has changed.
 */
int words_add(const char *text, size_t len);

/**
 * words_different() - number of different words counted so far
 */
unsigned int words_different(void);

/**
 * words_forget() - begin anew, without any word
 */
void words_forget(void);

/**
 * words_show() - print the ranking
 * @m: where to
 *
 * A line "COUNT WORD\n" for each word: the most frequent first, among equally
 * frequent ones in the order of strcmp().
 */
void words_show(struct seq_file *m);

#endif /* WORDS_H */
