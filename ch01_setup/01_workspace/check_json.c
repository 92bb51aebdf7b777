// SPDX-License-Identifier: GPL-2.0
/* A reader of JSON: objects, strings and null, all that envreport prints. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_json.h"

struct json {
	char *name;		/* in the object that it is a member of */
	char *text;		/* of a string */
	struct json *first;	/* member of an object */
	struct json *next;
};

static void skip_blanks(const char **p)
{
	*p += strspn(*p, " \t\r\n");
}

static bool take(const char **p, char c)
{
	skip_blanks(p);
	if (**p != c)
		return false;
	++*p;
	return true;
}

/* The character that an escape stands for; -1 when it is none. */
static int parse_escape(const char **p)
{
	static const char letters[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *hit = **p ? strchr(letters, **p) : NULL;
	char digits[5] = "";
	unsigned long value;

	if (hit) {
		++*p;
		return bytes[hit - letters];
	}
	if (**p != 'u')
		return -1;
	if (strspn(*p + 1, "0123456789abcdefABCDEF") < 4)
		return -1;
	memcpy(digits, *p + 1, 4);
	*p += 5;
	value = strtoul(digits, NULL, 16);
	return value < 256 ? (int)value : '?';
}

static char *parse_string(const char **p)
{
	char *text, *end;

	if (!take(p, '"'))
		return NULL;
	text = malloc(strlen(*p) + 1);
	if (!text)
		abort();
	for (end = text; **p && **p != '"'; end++) {
		int c = (unsigned char)*(*p)++;

		if (c == '\\')
			c = parse_escape(p);
		else if (c < 0x20)
			c = -1;
		if (c < 0)
			break;
		*end = c;
	}
	*end = '\0';
	if (**p == '"') {
		++*p;
		return text;
	}
	free(text);
	return NULL;
}

static struct json *parse_value(const char **p, int depth);

static bool parse_members(const char **p, struct json *object, int depth)
{
	struct json **last = &object->first;

	if (take(p, '}'))
		return true;
	do {
		char *name = parse_string(p);

		if (name && take(p, ':'))
			*last = parse_value(p, depth + 1);
		if (!*last) {
			free(name);
			return false;
		}
		(*last)->name = name;
		last = &(*last)->next;
	} while (take(p, ','));
	return take(p, '}');
}

static struct json *parse_value(const char **p, int depth)
{
	struct json *json = calloc(1, sizeof(*json));
	bool good = false;

	if (!json)
		abort();
	skip_blanks(p);
	if (**p == '"') {
		json->text = parse_string(p);
		good = json->text;
	} else if (!strncmp(*p, "null", 4)) {
		*p += 4;
		good = true;
	} else if (depth < 8 && take(p, '{')) {
		good = parse_members(p, json, depth);
	}
	if (good)
		return json;
	json_free(json);
	return NULL;
}

struct json *json_parse(const char *text)
{
	struct json *json = parse_value(&text, 0);

	skip_blanks(&text);
	if (!*text)
		return json;
	json_free(json);
	return NULL;
}

const struct json *json_member(const struct json *json, const char *name)
{
	const struct json *member = json ? json->first : NULL;

	while (member && strcmp(member->name, name))
		member = member->next;
	return member;
}

const char *json_text(const struct json *json)
{
	return json ? json->text : NULL;
}

void json_free(struct json *json)
{
	while (json) {
		struct json *next = json->next;

		json_free(json->first);
		free(json->name);
		free(json->text);
		free(json);
		json = next;
	}
}
