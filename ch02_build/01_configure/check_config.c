// SPDX-License-Identifier: GPL-2.0
/* See check_config.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_config.h"

#define SELECTORS_MAX	6

void each_line(char *text, void (*fn)(char *line, unsigned int n, void *data),
	       void *data)
{
	for (unsigned int n = 1; *text; n++) {
		char *line = text, *end = strchr(text, '\n');

		text = end ? end + 1 : text + strlen(text);
		if (end)
			*end = '\0';
		fn(line, n, data);
	}
}

char *from_build(const char *name)
{
	char *text = file_read(name);

	ASSERT_NOTNULL(text, "The makefile left no file %s.", name);
	return text;
}

static void add_request(char *line, unsigned int n, void *data)
{
	static const char unset[] = " is not set";
	struct requests *all = data;
	char *name, *value;

	if (!strncmp(line, "CONFIG_", strlen("CONFIG_"))) {
		name = line + strlen("CONFIG_");
		value = strchr(name, '=');
		if (!value)
			return;
		*value++ = '\0';
		value[strcspn(value, "\r")] = '\0';
	} else if (!strncmp(line, "# CONFIG_", strlen("# CONFIG_"))) {
		name = line + strlen("# CONFIG_");
		value = strchr(name, ' ');
		if (!value || strncmp(value, unset, strlen(unset)))
			return;
		*value = '\0';
		value = "n";
	} else {
		return;
	}
	all->items = reallocarray(all->items, all->count + 1, sizeof(*all->items));
	ASSERT_NOTNULL(all->items);
	all->items[all->count++] = (struct request){ n, name, value };
}

struct requests requests_read(void)
{
	struct requests all = { 0 };

	each_line(from_build("fragment"), add_request, &all);
	return all;
}

const struct request *request_find(const struct requests *all, const char *name)
{
	for (size_t i = all->count; i; i--)
		if (!strcmp(all->items[i - 1].name, name))
			return &all->items[i - 1];
	return NULL;
}

struct lookup {
	const char *name;
	char *value;
};

static void look(char *line, unsigned int n, void *data)
{
	struct lookup *l = data;
	size_t len = strlen(l->name);

	(void)n;
	if (!strncmp(line, "CONFIG_", 7) && !strncmp(line + 7, l->name, len) &&
	    line[7 + len] == '=')
		l->value = line + 7 + len + 1;
}

const char *config_value(const char *name)
{
	struct lookup l = { name, "n" };

	each_line(from_build("config"), look, &l);
	return l.value;
}

/* ---------------------------------------------------------------- why --- */

struct why {
	const struct requests *all;
	const struct request *request;
	char *text;
	size_t len;
	FILE *out;
	char type[16], prompt, value[256];
	unsigned int said;	/* reasons */
	unsigned int selectors;
	bool in_part;		/* of the dependencies */
};

static void say(struct why *w, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vfprintf(w->out, fmt, args);
	va_end(args);
	w->said++;
}

static void say_culprit(struct why *w, const char *name, const char *value,
			const char *prompt)
{
	const struct request *other = request_find(w->all, name);

	fprintf(w->out, "\n  %s is %s", name, *value ? value : "empty");
	if (other && strcmp(other->value, value))
		fprintf(w->out, ", though line %u asks for it: that one comes first",
			other->line);
	else if (other)
		fprintf(w->out, ", as line %u asks: the two exclude each other",
			other->line);
	else if (*prompt == 'n' && !strcmp(value, "n"))
		fprintf(w->out,
			", and it is not yours to set: the machine, the compiler or another option decides");
	else if (!strcmp(value, "n"))
		fprintf(w->out, ", and nothing asks for it");
}

/* One fact about the option: see explain.c. */
static void take_fact(struct why *w, const char *key, char *const *word)
{
	if (!strcmp(key, "type")) {
		snprintf(w->type, sizeof(w->type), "%s", word[0]);
		if (!strcmp(word[0], "unknown"))
			say(w,
			    "\nThere is no option of this name in this kernel, for this machine.");
	} else if (!strcmp(key, "similar")) {
		say(w, "\n  CONFIG_%s looks like it.", word[0]);
	} else if (!strcmp(key, "prompt")) {
		w->prompt = word[0][0];
	} else if (!strcmp(key, "value")) {
		snprintf(w->value, sizeof(w->value), "%s", word[0]);
	} else if (!strcmp(key, "unmet")) {
		say(w,
		    "\nIt can be chosen only if this holds, and it does not: %s",
		    word[0]);
	} else if (!strcmp(key, "culprit")) {
		say_culprit(w, word[0], word[1], word[2]);
	} else if (!strcmp(key, "instead")) {
		say(w,
		    "\nIt is one of a choice, of which one alone can be y: %s was taken.",
		    word[0]);
	} else if (!strcmp(key, "range") && !strcmp(w->value, w->request->value)) {
		;	/* it was kept */
	} else if (!strcmp(key, "range")) {
		say(w, "\nIts number must be from %s to %s.", word[0], word[1]);
	} else if (!strcmp(key, "select") && w->prompt == 'n' &&
		   strcmp(w->request->value, "n")) {
		if (!w->selectors++)
			say(w,
			    "\nNobody is asked about it, so a line cannot set it. Other options switch it on; ask for one of them:");
		if (w->selectors <= SELECTORS_MAX)
			say(w, "\n  CONFIG_%s", word[0]);
	} else if (!strcmp(key, "select") && !strcmp(w->request->value, "n") &&
		   strcmp(word[1], "n")) {
		say(w, "\nCONFIG_%s is %s and switches it on, whatever you ask.",
		    word[0], word[1]);
	}
}

static void on_fact(char *line, unsigned int n, void *data)
{
	struct why *w = data;
	char *word[4] = { "", "", "", "" }, *key, *rest = line;
	const char *name = strsep(&rest, "\t");

	(void)n;
	if (!rest || strcmp(name, w->request->name))
		return;
	key = strsep(&rest, "\t");
	for (int i = 0; i < 4 && rest; i++)
		word[i] = strsep(&rest, "\t");
	take_fact(w, key, word);
}

/* What the type alone forbids. */
static void say_type(struct why *w)
{
	const char *value = w->request->value;
	bool letter = !strcmp(value, "y") || !strcmp(value, "m") || !strcmp(value, "n");

	if (!strcmp(w->type, "bool") && !strcmp(value, "m"))
		say(w, "\nIt is of type bool: y or n. No part of it can be a module.");
	else if (!strcmp(w->type, "tristate") && !strcmp(value, "m") &&
		 strcmp(config_value("MODULES"), "y"))
		say(w, "\nm means a module, and this kernel can load none: MODULES is n.");
	else if ((!strcmp(w->type, "bool") || !strcmp(w->type, "tristate")) && !letter)
		say(w, "\nIt is of type %s: its values are y and n%s, without quotes or blanks.",
		    w->type, *w->type == 't' ? ", and m" : "");
	else if (!strcmp(w->type, "string") && *value != '"')
		say(w, "\nIts value is a text, and a text stands in double quotes.");
}

const char *why_lost(const struct requests *all, const struct request *request)
{
	struct why w = { .all = all, .request = request, .prompt = '?' };
	char *facts = from_build("facts");

	w.out = open_memstream(&w.text, &w.len);
	ASSERT_NOTNULL(w.out);
	each_line(facts, on_fact, &w);
	say_type(&w);
	if (!w.said)
		say(&w, "\nSee the file messages: Kconfig's own words.");
	fclose(w.out);
	return w.text;
}
