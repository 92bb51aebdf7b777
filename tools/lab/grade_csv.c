// SPDX-License-Identifier: GPL-2.0
/* Reads and writes CSV as RFC 4180 has it; see grade.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade.h"

#define CSV_MAX (16u << 20)

static struct strlist *new_row(struct csv *csv)
{
	csv->rows = xreallocarray(csv->rows, csv->count + 1, sizeof(*csv->rows));
	csv->rows[csv->count] = (struct strlist){ 0 };
	return &csv->rows[csv->count++];
}

/* One cell from p on; returns where it ends: at a comma, a newline, the end. */
static const char *take_cell(const char *p, struct buf *cell)
{
	bool quoted = *p == '"';

	for (p += quoted; *p; p++) {
		if (quoted && *p == '"') {
			if (p[1] != '"')
				break;
			p++;
		} else if (!quoted && (*p == ',' || *p == ';' || *p == '\n')) {
			return p;
		}
		buf_add(cell, p, 1);
	}
	return p + strcspn(p, ",;\n");
}

static void parse(const char *p, struct csv *csv)
{
	if (str_starts(p, "\xef\xbb\xbf"))
		p += 3;
	while (*p) {
		struct strlist *row = new_row(csv);
		bool more = true;

		while (more) {
			struct buf cell = { 0 };
			char *text;

			p = take_cell(p, &cell);
			text = buf_steal(&cell);
			strlist_add(row, str_trim(text));
			free(text);
			more = *p == ',' || *p == ';';
			p += *p != '\0';
		}
		/* An empty line is none. */
		if (row->count == 1 && !*row->items[0]) {
			strlist_free(row);
			csv->count--;
		}
	}
}

int csv_read(const char *path, struct csv *out)
{
	size_t len;
	char *text = read_whole(path, &len);

	*out = (struct csv){ 0 };
	if (!text) {
		int err = errno;

		complain(strf("cannot read %s", path), errno_text(err), NULL);
		return -err;
	}
	if (len > CSV_MAX || strlen(text) != len) {
		complain(strf("%s is no CSV file", path),
			 len > CSV_MAX ? "it is too long" : "there is a NUL in it", NULL);
		free(text);
		return -EINVAL;
	}
	parse(text, out);
	free(text);
	return 0;
}

int csv_column(const struct csv *csv, const char *name)
{
	for (size_t i = 0; csv->count && i < csv->rows[0].count; i++)
		if (!strcasecmp(csv->rows[0].items[i], name))
			return i;
	return -1;
}

const char *csv_cell(const struct csv *csv, size_t row, int column)
{
	if (column < 0 || row >= csv->count || (size_t)column >= csv->rows[row].count)
		return "";
	return csv->rows[row].items[column];
}

void csv_free(struct csv *csv)
{
	for (size_t i = 0; i < csv->count; i++)
		strlist_free(&csv->rows[i]);
	free(csv->rows);
	*csv = (struct csv){ 0 };
}

void csv_put(struct buf *out, const char *text, char after)
{
	bool formula = *text && strchr("=+-@\t\r\n", *text);
	bool quote = formula || text[strcspn(text, ",;\"\r\n\t")];

	if (quote)
		buf_adds(out, "\"");
	/* A spreadsheet computes what begins so, also inside of quotes. */
	if (formula)
		buf_adds(out, "'");
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"')
			buf_adds(out, "\"\"");
		else if (c >= ' ' || c == '\n')
			buf_add(out, text, 1);
	}
	if (quote)
		buf_adds(out, "\"");
	buf_add(out, &after, 1);
}
