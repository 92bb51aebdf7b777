// SPDX-License-Identifier: GPL-2.0
/*
 * md.c - Markdown's blocks: headings, paragraphs, lists, code, quotes; see
 * md.h. What stands inside a line, and tables, are in mdline.c.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "md.h"
#include "term.h"

struct reader {
	struct strlist lines;
	size_t at;
	FILE *stream;
	bool first;		/* nothing printed yet */
};

static const char *line_at(const struct reader *reader)
{
	return reader->at < reader->lines.count ? reader->lines.items[reader->at] : NULL;
}

static size_t indent_of(const char *line)
{
	return strspn(line, " ");
}

static bool is_blank(const char *line)
{
	return !line[strspn(line, " \t")];
}

static bool is_fence(const char *line)
{
	line += indent_of(line);
	return str_starts(line, "```") || str_starts(line, "~~~");
}

static size_t heading_level(const char *line)
{
	size_t level = strspn(line, "#");

	return level && level <= 6 && line[level] == ' ' ? level : 0;
}

/* Length of "- " or "12. " after the indent; 0: not an item. */
static size_t bullet_length(const char *line)
{
	size_t digits;

	line += indent_of(line);
	if (strchr("-*+", *line) && *line && line[1] == ' ')
		return 2;
	digits = strspn(line, "0123456789");
	if (digits && digits < 4 && (line[digits] == '.' || line[digits] == ')') &&
	    line[digits + 1] == ' ')
		return digits + 2;
	return 0;
}

static bool is_rule(const char *line)
{
	size_t len = strlen(line);

	return len >= 3 && (strspn(line, "- ") == len || strspn(line, "* ") == len) &&
	       !is_blank(line);
}

static bool is_table(const char *line)
{
	return line[indent_of(line)] == '|';
}

static bool is_comment(const char *line)
{
	return str_starts(line + indent_of(line), "<!--");
}

/* Would this line end a paragraph that runs before it? */
static bool starts_block(const char *line)
{
	return is_blank(line) || is_fence(line) || heading_level(line) || bullet_length(line) ||
	       is_table(line) || is_comment(line) || line[indent_of(line)] == '>';
}

static void gap(struct reader *reader)
{
	if (!reader->first)
		putc('\n', reader->stream);
	reader->first = false;
}

static void print_wrapped(struct reader *reader, const char *first, const char *further,
			  const char *text)
{
	char *styled = md_inline(reader->stream, text);

	term_wrap(reader->stream, first, further, styled);
	free(styled);
}

static void print_heading(struct reader *reader, const char *line, size_t level)
{
	enum term_style style = level <= 2 ? T_HEADING : T_BOLD;
	char *text = xstrdup(line + level + 1);
	char *trimmed = str_trim(text);
	int columns = term_columns(trimmed);

	gap(reader);
	term_wrap(reader->stream, "", "", strf("%s%s%s", term_on(reader->stream, style), trimmed,
					       term_off(reader->stream)));
	/* Colour alone would not show the title where there is none. */
	if (level == 1) {
		for (int i = columns < term_width() ? columns : term_width(); i > 0; i--)
			fputs(term_utf8() ? "─" : "=", reader->stream);
		putc('\n', reader->stream);
	}
	free(text);
	reader->at++;
}

/* Tabs to the next eighth column, so that the indent does not move them. */
static void print_code_line(FILE *stream, const char *indent, const char *line)
{
	int column = 0;

	fprintf(stream, "%s%s", indent, term_on(stream, T_CODE));
	for (; *line; line++) {
		if (*line == '\t') {
			do {
				putc(' ', stream);
			} while (++column % 8);
		} else {
			putc(*line, stream);
			column += (*line & 0xc0) != 0x80;
		}
	}
	fprintf(stream, "%s\n", term_off(stream));
}

static void print_fenced(struct reader *reader, const char *indent)
{
	size_t own = indent_of(line_at(reader));
	const char *line;

	reader->at++;
	while ((line = line_at(reader)) && !is_fence(line)) {
		size_t skip = indent_of(line);

		print_code_line(reader->stream, indent, line + (skip < own ? skip : own));
		reader->at++;
	}
	if (line)
		reader->at++;
}

static void print_indented_code(struct reader *reader)
{
	const char *line;
	size_t last = reader->at;

	/* Blank lines belong to it only when more code follows. */
	for (size_t i = reader->at; i < reader->lines.count; i++) {
		line = reader->lines.items[i];
		if (!is_blank(line) && indent_of(line) < 4 && *line != '\t')
			break;
		if (!is_blank(line))
			last = i;
	}
	for (; reader->at <= last; reader->at++) {
		line = line_at(reader);
		if (*line == '\t')
			line++;
		else
			line += indent_of(line) < 4 ? indent_of(line) : 4;
		print_code_line(reader->stream, "    ", line);
	}
}

static void add_joined(struct buf *text, const char *line)
{
	if (text->len)
		buf_adds(text, " ");
	buf_adds(text, line + strspn(line, " \t"));
}

static void print_item(struct reader *reader)
{
	const char *line = line_at(reader);
	size_t indent = indent_of(line), bullet = bullet_length(line);
	struct buf text = { 0 };
	char *first, *further;

	if (bullet == 2)
		first = xasprintf("%*s%s ", (int)indent + 2, "", term_utf8() ? "•" : "-");
	else
		first = xasprintf("%*s%.*s", (int)indent + 2, "", (int)bullet, line + indent);
	further = xasprintf("%*s", (int)(indent + 2 + bullet), "");
	add_joined(&text, line + indent + bullet);
	reader->at++;
	while ((line = line_at(reader)) && !starts_block(line)) {
		add_joined(&text, line);
		reader->at++;
	}
	print_wrapped(reader, first, further, text.data);
	/* Code inside the item: indented as the item's text is. */
	while ((line = line_at(reader)) && is_fence(line) && indent_of(line) > indent)
		print_fenced(reader, further);
	free(first);
	free(further);
	buf_free(&text);
}

/* Items, and blank lines between items. */
static void print_list(struct reader *reader)
{
	const char *line;

	while ((line = line_at(reader))) {
		size_t skip = 0;

		while (reader->at + skip < reader->lines.count &&
		       is_blank(reader->lines.items[reader->at + skip]))
			skip++;
		if (reader->at + skip >= reader->lines.count)
			return;
		line = reader->lines.items[reader->at + skip];
		if (bullet_length(line) && !is_rule(line)) {
			reader->at += skip;
			print_item(reader);
		} else if (indent_of(line) >= 2 && (is_fence(line) || skip)) {
			/* A further paragraph or code of the last item. */
			struct buf text = { 0 };

			reader->at += skip;
			if (skip)
				putc('\n', reader->stream);
			if (is_fence(line)) {
				print_fenced(reader, "    ");
				continue;
			}
			while ((line = line_at(reader)) && !starts_block(line)) {
				add_joined(&text, line);
				reader->at++;
			}
			if (!text.len)
				return;
			print_wrapped(reader, "    ", "    ", text.data);
			buf_free(&text);
		} else {
			return;
		}
	}
}

static void print_quote(struct reader *reader)
{
	struct buf text = { 0 };
	const char *bar = term_utf8() ? "│ " : "| ";
	const char *line;

	while ((line = line_at(reader)) && line[indent_of(line)] == '>') {
		add_joined(&text, line + indent_of(line) + 1);
		reader->at++;
	}
	print_wrapped(reader, bar, bar, text.data ? text.data : "");
	buf_free(&text);
}

static void print_paragraph(struct reader *reader)
{
	struct buf text = { 0 };
	const char *line = line_at(reader);

	do {
		size_t len = strlen(line);

		add_joined(&text, line);
		/* Two blanks at the end ask for a new line. */
		if (len > 2 && str_ends(line, "  "))
			buf_adds(&text, "\n");
		reader->at++;
	} while ((line = line_at(reader)) && !starts_block(line));
	print_wrapped(reader, "", "", text.data);
	buf_free(&text);
}

static void print_table(struct reader *reader)
{
	struct strlist rows = { 0 };
	const char *line;

	while ((line = line_at(reader)) && is_table(line)) {
		strlist_add(&rows, line);
		reader->at++;
	}
	md_table(reader->stream, &rows);
	strlist_free(&rows);
}

static void skip_comment(struct reader *reader)
{
	const char *line;

	while ((line = line_at(reader))) {
		reader->at++;
		if (strstr(line, "-->"))
			return;
	}
}

static void print_block(struct reader *reader)
{
	const char *line = line_at(reader);

	if (is_blank(line)) {
		reader->at++;
		return;
	}
	if (is_comment(line)) {
		skip_comment(reader);
		return;
	}
	if (heading_level(line)) {
		print_heading(reader, line, heading_level(line));
		return;
	}
	gap(reader);
	if (is_fence(line)) {
		print_fenced(reader, "    ");
	} else if (is_rule(line)) {
		fprintf(reader->stream, "%.*s\n", term_width() < 40 ? term_width() : 40,
			"----------------------------------------");
		reader->at++;
	} else if (bullet_length(line)) {
		print_list(reader);
	} else if (indent_of(line) >= 4 || *line == '\t') {
		print_indented_code(reader);
	} else if (is_table(line)) {
		print_table(reader);
	} else if (line[indent_of(line)] == '>') {
		print_quote(reader);
	} else {
		print_paragraph(reader);
	}
}

void md_print(FILE *stream, const char *text)
{
	struct reader reader = { .stream = stream, .first = true };

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = xstrndup(text, len);
		char *to = line;

		/* Nothing that moves the cursor or sets colours of its own. */
		for (const char *from = line; *from; from++)
			if ((unsigned char)*from >= ' ' || *from == '\t')
				*to++ = *from;
		*to = '\0';
		strlist_take(&reader.lines, line);
		text += len + (text[len] == '\n');
	}
	while (line_at(&reader))
		print_block(&reader);
	strlist_free(&reader.lines);
}
