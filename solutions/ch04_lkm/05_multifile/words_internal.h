/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What words.c and ranking.c share, and nobody else sees
 */
#ifndef WORDS_INTERNAL_H
#define WORDS_INTERNAL_H

#include "words.h"

struct word {
	char text[WORD_LEN_MAX + 1];
	unsigned int count;
};

/* TODO 1: declare how ranking.c gets at the words that words.c keeps */
/* The words in use, words_different() of them, in no order. */
const struct word *words_table(void);
/* END TODO 1 */

#endif /* WORDS_INTERNAL_H */
