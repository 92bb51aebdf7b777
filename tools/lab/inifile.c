// SPDX-License-Identifier: GPL-2.0
/*
 * inifile.c - reads one lab.ini with libinih, see lab_read() in meta.h; lines
 * of any length, hostile bytes refused. What the keys mean is in ini.c.
 */
#include <errno.h>
#include <ini.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ini_private.h"
#include "root.h"

#define MAX_BYTES	(1024 * 1024)
#define MAX_ERRORS	20

/*
 * Debian's libinih can be told at run time to take lines of any length; other
 * builds have 200 bytes a line and not these names. Weak: absent ones are NULL.
 */
extern bool ini_use_stack __attribute__((weak));
extern bool ini_allow_realloc __attribute__((weak));
extern bool ini_allow_multiline __attribute__((weak));
extern int ini_max_line __attribute__((weak));

void ini_fail(struct parse *parse, const char *what, const char *why)
{
	/* A file that is not ours at all would fill the screen. */
	if (++parse->errors > MAX_ERRORS)
		return;
	complain(parse->line_number ? strf("%s:%u: %s", parse->shown, parse->line_number, what) :
				      strf("%s: %s", parse->shown, what),
		 why, "docs/authoring.md describes the file");
}

/* As fgets(): libinih asks for a line's rest when its buffer was too small. */
static char *next_bytes(char *into, int room, void *user)
{
	struct parse *parse = user;
	const char *end;
	size_t len;

	if (!*parse->rest)
		return NULL;
	if (parse->rest == parse->line || parse->rest[-1] == '\n') {
		parse->line = parse->rest;
		parse->line_number++;
	}
	end = strchr(parse->rest, '\n');
	len = end ? (size_t)(end + 1 - parse->rest) : strlen(parse->rest);
	if (len > (size_t)room - 1) {
		len = room - 1;
		if (!&ini_max_line && *into)
			ini_fail(parse, "the line is too long",
				 strf("this machine's libinih takes %d bytes", room - 3));
	}
	memcpy(into, parse->rest, len);
	into[len] = '\0';
	parse->rest += len;
	return into;
}

/* Text that can be shown on a terminal and put into JSON. */
static void check_bytes(struct parse *parse, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', end - text);
		size_t line_len = newline ? (size_t)(newline - text) : (size_t)(end - text);
		json_t *valid = json_stringn(text, line_len);

		parse->line_number++;
		if (!valid)
			ini_fail(parse, "the line is not text in UTF-8", NULL);
		json_decref(valid);
		for (size_t i = 0; valid && i < line_len; i++) {
			unsigned char c = text[i];

			if ((c < ' ' && c != '\t' && !(c == '\r' && i + 1 == line_len)) || c == 0x7f) {
				ini_fail(parse, strf("there is a control character (0x%02x)", c), NULL);
				break;
			}
		}
		text += line_len + 1;
	}
	parse->line_number = 0;
}

static void parse_text(struct parse *parse, const char *text)
{
	int result;

	if (&ini_use_stack && &ini_allow_realloc && &ini_max_line) {
		ini_use_stack = false;
		ini_allow_realloc = true;
		ini_max_line = MAX_BYTES + 16;
	}
	if (&ini_allow_multiline)
		ini_allow_multiline = false;

	parse->rest = text;
	parse->line = text;
	result = ini_parse_stream((ini_reader)next_bytes, parse, ini_value, parse);
	if (result > 0) {
		parse->line_number = result;
		ini_fail(parse, "the line is neither [section], key = value nor a comment", NULL);
	} else if (result < 0) {
		ini_fail(parse, "it could not be read", "memory ran out");
	}
	ini_check_whole(parse);
}

static struct lab *new_lab(const char *dir, const char *id)
{
	struct lab *lab = xcalloc(1, sizeof(*lab));
	const char *slash = strchr(id, '/');
	char *makefile = xasprintf("%s/Makefile", dir);

	lab->id = xstrdup(id);
	lab->chapter = slash ? xstrndup(id, slash - id) : xstrdup("");
	lab->name = xstrdup(base_name(id));
	lab->dir = xstrdup(dir);
	lab->has_makefile = is_file(makefile);
	lab->cpus = 1;
	lab->memory = 256;
	lab->timeout = 60;
	lab->boot.seconds = 60;
	lab->lanes = LANE_STOCK;
	free(makefile);
	return lab;
}

static char *shown_path(const char *path)
{
	const char *root = root_dir();

	if (root && str_starts(path, root) && path[strlen(root)] == '/')
		path += strlen(root) + 1;
	return xstrdup(path);
}

struct lab *lab_read(const char *dir, const char *id)
{
	char *path = xasprintf("%s/lab.ini", dir);
	struct parse parse = { .shown = shown_path(path) };
	char *text = NULL;
	size_t len = 0;

	parse.lab = new_lab(dir, id);
	errno = EISDIR;
	if (is_file(path))
		text = read_whole(path, &len);
	if (!text) {
		ini_fail(&parse, "it cannot be read", errno_text(errno));
	} else if (len > MAX_BYTES) {
		ini_fail(&parse, "it is too large", strf("it has %zu bytes, the limit is %d", len, MAX_BYTES));
	} else {
		check_bytes(&parse, text, len);
		if (!parse.errors)
			parse_text(&parse, text);
	}
	if (parse.errors > MAX_ERRORS)
		note("%s has %u errors in all", parse.shown, parse.errors);
	if (parse.errors) {
		lab_free(parse.lab);
		parse.lab = NULL;
	} else {
		if (!parse.lab->cmdline)
			parse.lab->cmdline = xstrdup("");
		if (!parse.lab->variant_count)
			ini_add_variant(parse.lab, "", "");
	}
	strlist_free(&parse.seen);
	free(parse.shown);
	free(path);
	free(text);
	return parse.lab;
}
