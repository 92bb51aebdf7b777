// SPDX-License-Identifier: GPL-2.0
/* watch_text.c - text that others coloured, in rows of a screen; see watch.h. */
#include <stdlib.h>
#include <string.h>

#include "term.h"
#include "watch.h"

#define TAB 8

/* Length of the colour sequence that stands at text, else 0. */
static size_t colour_len(const char *text)
{
	size_t len;

	if (text[0] != '\033' || text[1] != '[')
		return 0;
	len = 2 + strspn(text + 2, "0123456789;");
	return text[len] == 'm' ? len + 1 : 0;
}

/* Of anything else that begins with an escape, else 0. */
static size_t escape_len(const char *text)
{
	size_t len = 2;

	if (text[0] != '\033')
		return 0;
	if (text[1] != '[')
		return 1;
	while (text[len] >= 0x20 && text[len] < 0x40)
		len++;
	return len + (text[len] != '\0');
}

struct row {
	struct buf text;
	int columns;		/* taken */
	char colour[32];	/* in force, or "" */
};

static void add_colour(struct row *row, const char *text, size_t len)
{
	buf_add(&row->text, text, len);
	if (len >= sizeof(row->colour) || !strncmp(text, "\033[0m", len) ||
	    !strncmp(text, "\033[m", len)) {
		row->colour[0] = '\0';
	} else {
		memcpy(row->colour, text, len);
		row->colour[len] = '\0';
	}
}

static void end_row(struct row *row, struct strlist *rows)
{
	if (*row->colour)
		buf_adds(&row->text, "\033[0m");
	strlist_take(rows, buf_steal(&row->text));
	row->columns = 0;
	buf_adds(&row->text, row->colour);
}

/* Adds what fits; the rest of the line, or its end. */
static const char *fill_row(struct row *row, const char *line, const char *end, int columns)
{
	while (line < end) {
		size_t len = colour_len(line);
		bool stray;
		int width;

		if (len) {
			add_colour(row, line, len);
			line += len;
			continue;
		}
		len = escape_len(line);
		if (len) {
			line = line + len < end ? line + len : end;
			continue;
		}
		if (*line == '\t') {
			width = TAB - row->columns % TAB;
			if (row->columns + width > columns)
				width = columns - row->columns;
			buf_addf(&row->text, "%*s", width, "");
			row->columns += width;
			line++;
			if (row->columns >= columns)
				return line;
			continue;
		}
		len = term_glyph(line, &width);
		if ((unsigned char)*line < ' ' || *line == 0x7f) {
			line++;
			continue;
		}
		/* Stray bytes and the controls above ASCII move some cursors. */
		stray = (unsigned char)*line >= 0x80 &&
			(len == 1 || (!memcmp(line, "\xc2", 1) && (unsigned char)line[1] < 0xa0));
		if (stray)
			width = 1;
		if (width > columns)	/* a wide one on a terminal of one column */
			return end;
		if (row->columns + width > columns)
			return line;
		buf_add(&row->text, stray ? "?" : line, stray ? 1 : len);
		row->columns += width;
		line += len;
	}
	return line;
}

void text_rows(const char *text, int columns, struct strlist *rows)
{
	while (*text) {
		const char *end = text + strcspn(text, "\n");
		struct row row = { 0 };

		do {
			text = fill_row(&row, text, end, columns < 1 ? 1 : columns);
			/* Behind the last newline only a colour may end. */
			if (row.columns || *end)
				end_row(&row, rows);
		} while (text < end);
		buf_free(&row.text);
		text = *end ? end + 1 : end;
	}
}

const char *text_row(const char *text, int columns)
{
	struct strlist rows = { 0 };
	const char *result;

	text_rows(text, columns, &rows);
	result = strf("%s", rows.count ? rows.items[0] : "");
	strlist_free(&rows);
	return result;
}

char *text_plain(const char *text)
{
	struct buf plain = { 0 };

	while (*text) {
		size_t skip = escape_len(text);

		if (!skip)
			buf_add(&plain, text++, 1);
		text += skip;
	}
	return buf_steal(&plain);
}
