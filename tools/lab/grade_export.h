/* SPDX-License-Identifier: GPL-2.0 */
/* grade_export.h - between the files grade_export*.c and grade_page.c. */
#ifndef LAB_GRADE_EXPORT_H
#define LAB_GRADE_EXPORT_H

#include <stdio.h>

#include "grade.h"

/* DIR/name whole; the text is freed. */
int export_write(struct grade *g, const char *name, struct buf *text);
/* DIR/name for a text that is written piece by piece: beside it, then renamed. */
FILE *export_begin(struct grade *g, const char *name);
int export_end(struct grade *g, FILE *file, const char *name);

/* Text of others as it may stand in HTML and XML; no control characters. */
void put_html(struct buf *out, const char *text);
/* For JSON: UTF-8 whatever it was. */
json_t *json_clean(const char *text);

/* ---- grade_page.c: one text as Markdown and as HTML ---- */
struct page {
	struct buf md, html;
};
void page_begin(struct page *page, const char *title);
void page_heading(struct page *page, int level, const char *text);
void page_text(struct page *page, const char *text);
void page_item(struct page *page, const char *mark, const char *text);
void page_items_end(struct page *page);
void page_code(struct page *page, const char *text);
void page_end(struct page *page);

int export_json(struct grade *g);
int export_junit(struct grade *g);
int export_feedback(struct grade *g);
int export_gradescope(struct grade *g);
int export_autolab(struct grade *g);
int export_classroom50(struct grade *g);
int export_class(struct grade *g);
int export_similar(struct grade *g);

#endif
