/* SPDX-License-Identifier: GPL-2.0 */
/* md.h - shows Markdown in a terminal. */
#ifndef LAB_MD_H
#define LAB_MD_H

#include <stdio.h>

/*
 * What our READMEs use of Markdown, wrapped at the terminal's width: headings,
 * paragraphs, lists, fenced and indented code, quotes, tables, rules, and
 * inside a line code, bold, emphasis, links and pictures. Anything else is
 * printed as it stands.
 */
void md_print(FILE *stream, const char *text);

/* One piece of text with its inline marks turned into styles; malloc'd. */
char *md_inline(FILE *stream, const char *text);
/* The rows of a table, each a line with '|'. */
struct strlist;
void md_table(FILE *stream, const struct strlist *rows);

#endif
