// SPDX-License-Identifier: GPL-2.0
/*
 * mdline.c - what stands inside a line of Markdown, and tables; see md.h.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "md.h"
#include "term.h"

#define GLUED_MAX	50	/* bytes of code that are not broken at a blank */

/* Text up to the next mark of the same kind; NULL: the mark stands alone. */
static const char *closing(const char *text, const char *mark)
{
	const char *end = strstr(text, mark);

	return end && end != text ? end : NULL;
}

static void add_styled(struct buf *out, FILE *stream, enum term_style style, const char *text,
		       size_t len)
{
	buf_adds(out, term_on(stream, style));
	buf_add(out, text, len);
	buf_adds(out, term_off(stream));
}

static const char *take_code(struct buf *out, FILE *stream, const char *text)
{
	size_t ticks = strspn(text, "`");
	char *mark = xstrndup(text, ticks);
	const char *end = closing(text + ticks, mark);
	size_t start;

	free(mark);
	if (!end) {
		buf_add(out, text, ticks);
		return text + ticks;
	}
	start = out->len;
	/* Without colour the ticks are what sets it apart. */
	if (term_colour(stream))
		add_styled(out, stream, T_CODE, text + ticks, end - text - ticks);
	else
		buf_add(out, text, end + ticks - text);
	/* A short command stays in one piece. */
	for (size_t i = start; end - text < GLUED_MAX && i < out->len; i++)
		if (out->data[i] == ' ')
			out->data[i] = TERM_GLUE;
	return end + ticks;
}

/* [text](address), ![text](address); NULL when it is not one. */
static const char *take_link(struct buf *out, const char *text)
{
	bool picture = *text == '!';
	const char *label = text + picture + 1;
	const char *label_end = strchr(label, ']');
	const char *end;
	size_t label_len, address_len;

	if (!label_end || label_end[1] != '(')
		return NULL;
	end = strchr(label_end + 2, ')');
	if (!end)
		return NULL;
	label_len = label_end - label;
	address_len = end - label_end - 2;
	if (picture)
		buf_addf(out, "[picture: %.*s]", (int)label_len, label);
	else if (label_len == address_len && !strncmp(label, label_end + 2, label_len))
		buf_add(out, label, label_len);
	else
		buf_addf(out, "%.*s (%.*s)", (int)label_len, label, (int)address_len, label_end + 2);
	return end + 1;
}

static const char *take_emphasis(struct buf *out, FILE *stream, const char *text, bool word_start)
{
	char mark[3] = { *text, text[1] == *text ? *text : '\0', '\0' };
	size_t len = strlen(mark);
	const char *end;

	/* snake_case and 2 * 3 are not emphasis. */
	if ((*text == '_' && !word_start) || isspace((unsigned char)text[len]))
		return NULL;
	end = closing(text + len, mark);
	if (!end || isspace((unsigned char)end[-1]) ||
	    (*text == '_' && isalnum((unsigned char)end[len])))
		return NULL;
	add_styled(out, stream, T_BOLD, text + len, end - text - len);
	return end + len;
}

char *md_inline(FILE *stream, const char *text)
{
	struct buf out = { 0 };
	bool word_start = true;

	while (*text) {
		const char *after = NULL;
		char c = *text;

		if (c == '\\' && text[1] && ispunct((unsigned char)text[1])) {
			buf_add(&out, text + 1, 1);
			after = text + 2;
		} else if (c == '`') {
			after = take_code(&out, stream, text);
		} else if (c == '[' || (c == '!' && text[1] == '[')) {
			after = take_link(&out, text);
		} else if (c == '*' || c == '_') {
			after = take_emphasis(&out, stream, text, word_start);
		}
		if (!after) {
			buf_add(&out, text, 1);
			after = text + 1;
		}
		word_start = !isalnum((unsigned char)after[-1]);
		text = after;
	}
	return buf_steal(&out);
}

/* Cells of a row, styled; a '|' in `code` or after a backslash does not split. */
static void split_row(FILE *stream, const char *row, struct strlist *cells)
{
	struct buf cell = { 0 };
	bool code = false;

	row += strspn(row, " ");
	if (*row == '|')
		row++;
	for (;; row++) {
		if (*row == '\\' && row[1] == '|') {
			buf_add(&cell, ++row, 1);
			continue;
		}
		if (*row && (*row != '|' || code)) {
			code ^= *row == '`';
			buf_add(&cell, row, 1);
			continue;
		}
		if (*row || (cell.data && *str_trim(cell.data)))
			strlist_take(cells, md_inline(stream, cell.data ? str_trim(cell.data) : ""));
		cell.len = 0;
		buf_add(&cell, "", 0);
		if (!*row)
			break;
	}
	buf_free(&cell);
}

static bool is_separator(const char *row)
{
	return strchr(row, '-') && strspn(row, "|-: ") == strlen(row);
}

static void print_cells(FILE *stream, const struct strlist *cells, const int *widths, bool heading)
{
	for (size_t i = 0; i < cells->count; i++) {
		int pad = i + 1 < cells->count ? widths[i] - term_columns(cells->items[i]) : 0;

		fprintf(stream, "  %s", heading ? term_on(stream, T_BOLD) : "");
		term_text(stream, cells->items[i]);
		fprintf(stream, "%s%*s", heading ? term_off(stream) : "", pad, "");
	}
	putc('\n', stream);
}

/* Too wide for columns: each row as a small list under its first cell. */
static void print_record(FILE *stream, const struct strlist *head, const struct strlist *cells)
{
	if (!cells->count)
		return;
	term_wrap(stream, "  ", "    ", cells->items[0]);
	for (size_t i = 1; i < cells->count; i++) {
		if (!*cells->items[i])
			continue;

		char *text = i < head->count && *head->items[i] ?
			xasprintf("%s: %s", head->items[i], cells->items[i]) :
			xstrdup(cells->items[i]);

		term_wrap(stream, "    ", "      ", text);
		free(text);
	}
}

void md_table(FILE *stream, const struct strlist *rows)
{
	struct strlist *cells = xcalloc(rows->count, sizeof(*cells));
	size_t columns = 0, count = 0;
	int *widths;
	int total = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (is_separator(rows->items[i]))
			continue;
		split_row(stream, rows->items[i], &cells[count]);
		if (cells[count].count > columns)
			columns = cells[count].count;
		count++;
	}
	widths = xcalloc(columns, sizeof(*widths));
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < cells[i].count; j++) {
			int width = term_columns(cells[i].items[j]);

			if (width > widths[j])
				widths[j] = width;
		}
	}
	for (size_t j = 0; j < columns; j++)
		total += widths[j] + 2;
	for (size_t i = 0; i < count; i++) {
		if (total <= term_width())
			print_cells(stream, &cells[i], widths, i == 0);
		else if (i)
			print_record(stream, &cells[0], &cells[i]);
	}
	for (size_t i = 0; i < count; i++)
		strlist_free(&cells[i]);
	free(widths);
	free(cells);
}
