// SPDX-License-Identifier: GPL-2.0
/*
 * What stands in a line, and around it. The kernel's style makes that easy: what
 * begins in the first column is a function, a structure or a declaration, and it
 * ends with a brace in the first column.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "place.h"

/* A header of a function is no longer than this. */
#define HEAD_LINES 8

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void append(char **text, const char *more)
{
	char *longer;

	if (asprintf(&longer, "%s%s%s", *text ? *text : "", *text ? " " : "", more) < 0)
		die("reading");
	free(*text);
	*text = longer;
}

void join_blanks(char *text)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		if (!isspace((unsigned char)*from))
			*to++ = iscntrl((unsigned char)*from) ? '?' : *from;
		else if (to != text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to != text && to[-1] == ' ')
		to--;
	*to = '\0';
}

static int begins_something(const char *line)
{
	const char *end = line;

	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	/* A label of a goto stands in the first column, too. */
	return end != line && !isdigit((unsigned char)*line) && *end != ':';
}

static char **read_lines(FILE *file, unsigned long *count)
{
	char **lines = NULL, *line = NULL;
	size_t room = 0, have = 0;

	*count = 0;
	while (getline(&line, &room, file) >= 0) {
		if (*count == have) {
			have = have ? 2 * have : 1024;
			lines = reallocarray(lines, have, sizeof(*lines));
			if (!lines)
				die("reading");
		}
		lines[(*count)++] = line;
		line = NULL;
		room = 0;
	}
	free(line);
	return lines;
}

/* From its first line to the brace. */
static char *head_at(char **lines, unsigned long count, unsigned long at)
{
	char *head = NULL;

	for (unsigned long i = at; i < count && i < at + HEAD_LINES; i++) {
		append(&head, lines[i]);
		if (strpbrk(lines[i], "{;"))
			break;
	}
	return head;
}

static char *around(char **lines, unsigned long count, unsigned long at)
{
	char *head = NULL;

	for (unsigned long i = at + 1; i-- > 0;) {
		if (i != at && *lines[i] == '}')
			break;
		if (begins_something(lines[i])) {
			/* The result's type may have a line of its own. */
			head = head_at(lines, count, i);
			break;
		}
	}
	if (!head)
		append(&head, "");
	join_blanks(head);
	return head;
}

static int has_words(const char *line, const char *words)
{
	char *copy = strdup(line);
	int same;

	if (!copy)
		die("reading");
	join_blanks(copy);
	same = !strcmp(copy, words);
	free(copy);
	return same;
}

/* The line with these words that is nearest to number; number when there is none. */
static unsigned long nearest(char **lines, unsigned long count, unsigned long number,
			     const char *words)
{
	unsigned long from = number < count ? number : count;

	for (unsigned long off = 0; off < count; off++) {
		if (from > off && has_words(lines[from - off - 1], words))
			return from - off;
		if (from + off <= count && has_words(lines[from + off - 1], words))
			return from + off;
	}
	return number;
}

enum place_state place_read(const char *dir, const char *name, unsigned long *number,
			    const char *words, struct place *out)
{
	enum place_state state = PLACE_BEHIND_END;
	unsigned long count;
	char *path, **lines;
	struct stat st;
	FILE *file;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		die("reading");
	file = stat(path, &st) || !S_ISREG(st.st_mode) ? NULL : fopen(path, "r");
	free(path);
	if (!file)
		return PLACE_NO_FILE;
	lines = read_lines(file, &count);
	fclose(file);
	if (*words)
		*number = nearest(lines, count, *number, words);
	if (*number <= count) {
		state = PLACE_FOUND;
		out->around = around(lines, count, *number - 1);
		out->line = strdup(lines[*number - 1]);
		if (!out->line)
			die("reading");
		join_blanks(out->line);
	}
	for (unsigned long i = 0; i < count; i++)
		free(lines[i]);
	free(lines);
	return state;
}

void place_free(struct place *place)
{
	free(place->line);
	free(place->around);
}
