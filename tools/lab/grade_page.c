// SPDX-License-Identifier: GPL-2.0
/* One text as Markdown and as HTML; what others wrote stays text in both. */
#include <stdlib.h>
#include <string.h>

#include "grade_export.h"

void put_html(struct buf *out, const char *text)
{
	json_t *valid = json_string(text);
	bool utf8 = valid;

	json_decref(valid);
	for (; *text; text++) {
		unsigned char c = *text;

		switch (c) {
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		case '\'':
			buf_adds(out, "&#39;");
			break;
		default:
			if ((c < ' ' && c != '\n' && c != '\t') || c == 0x7f || (c >= 0x80 && !utf8))
				buf_adds(out, "?");
			else
				buf_add(out, text, 1);
		}
	}
}

/* Every character that Markdown could take for its own gets a backslash. */
static void put_md(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if (strchr("\\`*_[]<>#|~&$", c))
			buf_addf(out, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_adds(out, c == '\n' || c == '\t' ? " " : "?");
		else
			buf_add(out, text, 1);
	}
}

void page_begin(struct page *page, const char *title)
{
	buf_adds(&page->html, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		 "<title>");
	put_html(&page->html, title);
	buf_adds(&page->html, "</title>\n<style>body{font:16px/1.5 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#222}"
		 "pre{background:#f4f4f4;padding:.7em;overflow:auto;font-size:13px}"
		 "ul{list-style:none;padding:0}li{margin:.2em 0}b{font-family:monospace}"
		 "h2{border-bottom:1px solid #ccc}</style></head><body>\n");
	page_heading(page, 1, title);
}

void page_heading(struct page *page, int level, const char *text)
{
	buf_addf(&page->md, "%.*s ", level, "####");
	put_md(&page->md, text);
	buf_adds(&page->md, "\n\n");
	buf_addf(&page->html, "<h%d>", level);
	put_html(&page->html, text);
	buf_addf(&page->html, "</h%d>\n", level);
}

void page_text(struct page *page, const char *text)
{
	put_md(&page->md, text);
	buf_adds(&page->md, "\n\n");
	buf_adds(&page->html, "<p>");
	put_html(&page->html, text);
	buf_adds(&page->html, "</p>\n");
}

/* Items that follow each other are one list in Markdown; in HTML each is its own. */
void page_item(struct page *page, const char *mark, const char *text)
{
	buf_adds(&page->md, "- ");
	if (*mark)
		buf_addf(&page->md, "**%s** ", mark);
	put_md(&page->md, text);
	buf_adds(&page->md, "\n");
	buf_adds(&page->html, "<ul><li>");
	if (*mark) {
		buf_adds(&page->html, "<b>");
		put_html(&page->html, mark);
		buf_adds(&page->html, "</b> ");
	}
	put_html(&page->html, text);
	buf_adds(&page->html, "</li></ul>\n");
}

void page_items_end(struct page *page)
{
	buf_adds(&page->md, "\n");
}

/* The fence is longer than any in the text. */
void page_code(struct page *page, const char *text)
{
	size_t run = 0, longest = 2;

	for (const char *p = text; *p; p++) {
		run = *p == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	for (size_t i = 0; i <= longest; i++)
		buf_adds(&page->md, "`");
	buf_adds(&page->md, "\n");
	for (const char *p = text; *p; p++) {
		unsigned char c = *p;

		buf_add(&page->md, (c < ' ' && c != '\n' && c != '\t') || c == 0x7f ? "?" : p, 1);
	}
	if (*text && text[strlen(text) - 1] != '\n')
		buf_adds(&page->md, "\n");
	for (size_t i = 0; i <= longest; i++)
		buf_adds(&page->md, "`");
	buf_adds(&page->md, "\n\n");
	buf_adds(&page->html, "<pre>");
	put_html(&page->html, text);
	buf_adds(&page->html, "</pre>\n");
}

void page_end(struct page *page)
{
	buf_adds(&page->html, "</body></html>\n");
}
