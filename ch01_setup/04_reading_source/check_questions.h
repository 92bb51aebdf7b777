/* SPDX-License-Identifier: GPL-2.0 */
/* The questions, and which ten of them somebody gets */
#ifndef CHECK_QUESTIONS_H
#define CHECK_QUESTIONS_H

#include <stddef.h>

#define QUESTIONS_DRAWN 10

/*
 * A question asks for a place, and the answer is right when all that is said of the
 * place matches: POSIX extended regular expressions; NULL: anything will do.
 */
struct question {
	const char *id;
	const char *text;
	const char *file;	/* the file's path in the source */
	const char *around;	/* the beginning of the function or structure */
	const char *line;	/* the line itself, blanks joined to one */
};

extern const struct question questions[];
extern const size_t question_count;

const struct question *question_find(const char *id);
/* The same name, however it is spaced and capitalised, draws the same ten. */
void questions_draw(const char *name, const struct question *out[QUESTIONS_DRAWN]);

#endif
