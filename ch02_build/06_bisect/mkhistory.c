// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a history as a stream for git fast-import
 *
 *	mkhistory SEED box.c | git fast-import
 *
 * Each revision's box.c is made of ours: of each "if (in_revision(CHANGE))" it
 * gets the branch that holds there, and no trace of the other one.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_history.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define LINES_MAX		400
#define BRANCH			"refs/heads/main"

struct source {
	char *line[LINES_MAX];
	size_t count;
};

static const struct {
	const char *name;
	unsigned int change;
} names[] = {
	{ "WHOLE_STORE", WHOLE_STORE }, { "NO_SPACE", NO_SPACE },
	{ "SHORT_READS", SHORT_READS }, { "SHORT_WRITES", SHORT_WRITES },
	{ "WAITS", WAITS }, { "NOT_READY", NOT_READY }, { "BUG_EDGE", BUG_EDGE },
	{ "BUG_STALE", BUG_STALE }, { "BUG_STAYS", BUG_STAYS }, { "BUG_LOST", BUG_LOST },
};

static void read_source(struct source *s, const char *path)
{
	FILE *file = fopen(path, "re");
	size_t size;

	while (file && s->count < LINES_MAX) {
		s->line[s->count] = NULL;
		size = 0;
		if (getline(&s->line[s->count], &size, file) < 0)
			break;
		s->count++;
	}
	if (!file || ferror(file) || s->count == LINES_MAX) {
		fprintf(stderr, "mkhistory: %s: %s\n", path, strerror(errno));
		exit(1);
	}
	fclose(file);
}

/* The change that a line asks for, or 0. */
static unsigned int asks_for(const char *line)
{
	static const char start[] = "if (in_revision(";
	const char *name = line + strspn(line, "\t");

	if (strncmp(name, start, strlen(start)))
		return 0;
	name += strlen(start);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t len = strlen(names[i].name);

		if (!strncmp(name, names[i].name, len) && name[len] == ')')
			return names[i].change;
	}
	fprintf(stderr, "mkhistory: there is no such change: %s", line);
	exit(1);
}

/* The end of a block: the next line that is not deeper. */
static size_t block_end(const struct source *s, size_t at, size_t depth)
{
	while (at < s->count && (*s->line[at] == '\n' || strspn(s->line[at], "\t") > depth))
		at++;
	return at;
}

/* Lines from..to as this revision has them, so many tabs less. */
static void reduce(FILE *out, const struct source *s, size_t from, size_t to,
		   size_t dedent, unsigned int changes)
{
	for (size_t at = from; at < to; at++) {
		const char *line = s->line[at];
		unsigned int change = asks_for(line);
		size_t depth = strspn(line, "\t"), end, other;

		if (!change) {
			fputs(line + (depth < dedent ? depth : dedent), out);
			continue;
		}
		end = block_end(s, at + 1, depth);
		other = end;
		if (strstr(s->line[end], "else"))
			other = block_end(s, end + 1, depth);
		if (changes & change)
			reduce(out, s, at + 1, end, dedent + 1, changes);
		else if (other > end)
			reduce(out, s, end + 1, other, dedent + 1, changes);
		at = strchr(s->line[other], '}') && strchr(line, '{') ? other : other - 1;
	}
}

/* box.c of one revision, without the part that all revisions in one need. */
static char *revision_text(const struct source *s, const struct revision *r)
{
	struct source own = { 0 };
	bool skip = false;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		exit(1);
	for (size_t i = 0; i < s->count; i++) {
		if (i + 1 < s->count && strstr(s->line[i + 1], "* All revisions in one:"))
			skip = true;
		if (!skip)
			own.line[own.count++] = s->line[i];
		if (strstr(s->line[i], "All revisions in one, end.")) {
			skip = false;
			i++;		/* and the empty line */
		}
	}
	reduce(out, &own, 0, own.count, 0, r->changes);
	if (!r->builds)
		fputs("\nstatic struct box boxes[2];\n", out);
	if (fclose(out))
		exit(1);
	return text;
}

static void put_file(const char *name, const char *text)
{
	printf("M 100644 inline %s\ndata %zu\n%s\n", name, strlen(text), text);
}

int main(int argc, char *argv[])
{
	static struct source source;
	static struct history h;
	char *notes, *end;
	size_t len;
	FILE *out = open_memstream(&notes, &len);
	unsigned long long seed;

	errno = 0;
	seed = argc == 3 ? strtoull(argv[1], &end, 0) : 0;
	if (argc != 3 || errno || !*argv[1] || *end || !out) {
		fprintf(stderr, "usage: mkhistory SEED box.c\n");
		return 2;
	}
	read_source(&source, argv[2]);
	history_draw(&h, seed);
	fprintf(out, "Notes about the box\n");
	for (unsigned int i = 0; i < h.count; i++) {
		const struct revision *r = &h.revision[i];
		char *text = revision_text(&source, r);

		printf("commit %s\nmark :%u\n", BRANCH, i + 1);
		printf("committer Box <box@example.org> %u +0000\n", 1600000000 + i * 86400);
		printf("data %zu\n%s\n", strlen(r->subject), r->subject);
		fprintf(out, "%u: %s\n", i, r->subject);
		if (fflush(out))
			return 1;
		put_file("box.c", text);
		put_file("NOTES", notes);
		put_file("Makefile", "obj-m := box.o\n");
		free(text);
		if (!i)
			printf("reset refs/tags/v1\nfrom :1\n\n");
	}
	fclose(out);
	free(notes);
	return fflush(stdout) || ferror(stdout);
}
