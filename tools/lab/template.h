/* SPDX-License-Identifier: GPL-2.0 */
/* template.h - fills in the files of tools/lab/template/. */
#ifndef LAB_TEMPLATE_H
#define LAB_TEMPLATE_H

#include "util.h"

struct template_word {
	const char *name;	/* what stands between the @ signs */
	const char *value;
};

/*
 * The text with each @NAME@ replaced. Lines between "@IF WORD@" and "@END@"
 * stay only when WORD is among the words, with a value that is not empty.
 * malloc'd; NULL with *error saying what is wrong (strf()).
 */
char *template_fill(const char *text, const struct template_word *words, size_t count,
		    const char **error);

#endif
