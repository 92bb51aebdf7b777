// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "check_questions.h"
#include "place.h"

static char *trim(char *text)
{
	size_t len;

	text += strspn(text, " \t\r\n");
	len = strlen(text);
	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/* Why a path may not be looked at, or NULL: the source is all there is to read. */
static const char *bad_path(const char *path)
{
	if (*path == '/')
		return "a path begins at the top of the source, without a /";
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (!strncmp(p, "..", 2) && (!p[2] || p[2] == '/'))
			return "a path has no .. in it";
	}
	for (const char *p = path; *p; p++)
		if (iscntrl((unsigned char)*p))
			return "there is a control character in the path";
	return NULL;
}

/* "current arch/x86/include/asm/current.h:1", and perhaps words; or why it is none. */
static const char *parse(char *text, struct answers *out)
{
	struct answer *a = &out->items[out->count];
	char *id = text, *place = text + strcspn(text, " \t"), *colon, *end, *words;
	const char *bad;

	if (*place)
		*place++ = '\0';
	place = trim(place);
	words = place + strcspn(place, " \t");
	if (*words)
		*words++ = '\0';
	join_blanks(words);
	colon = strrchr(place, ':');
	if (!colon || colon == place)
		return "an answer is a question's word, a blank, and FILE:LINE";
	*colon = '\0';
	if (!question_find(id))
		return "there is no such question";
	for (size_t i = 0; i < out->count; i++)
		if (!strcmp(out->items[i].id, id))
			return "the question has an answer above: one of them is too many";
	if (strlen(id) >= sizeof(a->id) || strlen(place) >= sizeof(a->file))
		return "the path is too long";
	if (strlen(words) >= sizeof(a->words))
		return "the words behind the place are too many";
	bad = bad_path(place);
	if (bad)
		return bad;
	errno = 0;
	a->line = strtoul(colon + 1, &end, 10);
	if (!isdigit((unsigned char)colon[1]) || *end || errno || !a->line)
		return "behind the colon stands the number of a line, from 1 on";
	if (out->count + 1 == sizeof(out->items) / sizeof(*out->items))
		return "these are more answers than there are questions";
	snprintf(a->id, sizeof(a->id), "%s", id);
	snprintf(a->file, sizeof(a->file), "%s", place);
	snprintf(a->words, sizeof(a->words), "%s", words);
	out->count++;
	return NULL;
}

/* The text between brackets, or NULL. */
static char *section_of(char *text)
{
	size_t len = strlen(text);

	if (*text != '[' || text[len - 1] != ']')
		return NULL;
	text[len - 1] = '\0';
	return trim(text + 1);
}

int answers_read(const char *path, const char *version, struct answers *out,
		 FILE *report)
{
	FILE *file = fopen(path, "r");
	unsigned int number = 0;
	int mine = 0, failed;
	size_t room = 0;
	char *line = NULL;

	*out = (struct answers){ 0 };
	if (!file)
		return -1;
	while (getline(&line, &room, file) >= 0) {
		const char *fault = NULL;
		char *text = trim(line), *section;

		number++;
		if (!*text || *text == '#')
			continue;
		section = section_of(text);
		if (section)
			mine = !strcmp(section, version);
		else if (!strncmp(text, "name:", 5))
			snprintf(out->name, sizeof(out->name), "%s", trim(text + 5));
		else if (mine)
			fault = parse(text, out);
		if (fault)
			fprintf(report, "fault\tanswers.txt:%u: %s\n", number, fault);
	}
	failed = ferror(file);
	free(line);
	fclose(file);
	return failed ? -1 : 0;
}
