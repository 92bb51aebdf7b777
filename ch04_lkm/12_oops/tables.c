// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

static void *grown(void *array, size_t nr, size_t size)
{
	/* At 0, 1, 2, 4, 8 ... elements the array is full. */
	if (!(nr & (nr - 1)))
		array = reallocarray(array, nr ? 2 * nr : 1, size);
	if (!array) {
		perror("whereis");
		exit(1);
	}
	return array;
}

static char *copy(const char *text)
{
	char *made = strdup(text);

	if (!made) {
		perror("whereis");
		exit(1);
	}
	return made;
}

static void add_log(struct tables *t, const char *line)
{
	t->log = grown(t->log, t->nr_log, sizeof(*t->log));
	t->log[t->nr_log++] = copy(line);
}

static void add_symbol(struct tables *t, const char *line)
{
	struct symbol s;
	char name[256], type;

	if (sscanf(line, "%llx %llx %c %255s", &s.address, &s.size,
		   &type, name) != 4 || (type != 't' && type != 'T'))
		return;
	s.name = copy(name);
	t->symbols = grown(t->symbols, t->nr_symbols, sizeof(*t->symbols));
	t->symbols[t->nr_symbols++] = s;
}

static void add_row(struct tables *t, const char *line)
{
	struct row r;
	char file[256];

	if (sscanf(line, "%255s %u %llx", file, &r.line, &r.address) != 3)
		return;
	r.file = copy(file);
	t->rows = grown(t->rows, t->nr_rows, sizeof(*t->rows));
	t->rows[t->nr_rows++] = r;
}

static bool read_lines(struct tables *t, const char *path,
		       void (*add)(struct tables *t, const char *line))
{
	FILE *in = fopen(path, "r");
	char *line = NULL;
	size_t room = 0;
	bool good;

	if (!in) {
		fprintf(stderr, "whereis: cannot read %s: %s\n", path,
			strerror(errno));
		return false;
	}
	while (getline(&line, &room, in) > 0)
		add(t, line);
	good = !ferror(in);
	if (!good)
		fprintf(stderr, "whereis: cannot read %s\n", path);
	free(line);
	fclose(in);
	return good;
}

bool tables_read(struct tables *t, const char *log, const char *symbols,
		 const char *lines)
{
	memset(t, 0, sizeof(*t));
	return read_lines(t, log, add_log) && read_lines(t, symbols, add_symbol) &&
	       read_lines(t, lines, add_row);
}

void tables_free(struct tables *t)
{
	for (size_t i = 0; i < t->nr_log; i++)
		free(t->log[i]);
	for (size_t i = 0; i < t->nr_symbols; i++)
		free(t->symbols[i].name);
	for (size_t i = 0; i < t->nr_rows; i++)
		free(t->rows[i].file);
	free(t->log);
	free(t->symbols);
	free(t->rows);
}

const char *after_time(const char *line)
{
	/* as "lab run" shows it */
	if (!strncmp(line, "  | ", 4))
		line += 4;
	if (*line == '<' && strchr(line, '>'))
		line = strchr(line, '>') + 1;
	if (*line == '[' && strchr(line, ']')) {
		line = strchr(line, ']') + 1;
		line += *line == ' ';
	}
	return line;
}
