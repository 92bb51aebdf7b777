// SPDX-License-Identifier: GPL-2.0
/*
 * Skeleton and solution, line by line: equal outside of the TODO regions, and
 * the regions paired, numbered from 1, and the same on both sides.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

struct reader {
	const char *path, *at;
	char *text, *line;
	unsigned int number;	/* of the line */
	unsigned int region;	/* inside of this one, or 0 */
	unsigned int last;	/* region that was begun last */
	bool failed;
};

static bool next_line(struct reader *r)
{
	size_t len;

	free(r->line);
	r->line = NULL;
	if (!*r->at)
		return false;
	len = strcspn(r->at, "\n");
	r->line = xstrndup(r->at, len);
	r->at += len + (r->at[len] == '\n');
	r->number++;
	return true;
}

/* A comment that begins with TODO n or END TODO n: n, and which it is. */
static unsigned int marker(const char *line, bool *end)
{
	const char *p = line + strspn(line, " \t");
	unsigned int n;

	if (str_starts(p, "/*") || str_starts(p, "//"))
		p += 2;
	else if (*p == '#')
		p++;
	else
		return 0;
	p += strspn(p, " \t*");
	*end = str_starts(p, "END TODO ");
	if (*end)
		p += strlen("END ");
	if (!str_starts(p, "TODO ") || !isdigit((unsigned char)p[5]))
		return 0;
	n = strtoul(p + 5, NULL, 10);
	return n;
}

/*
 * The next line outside of the regions; markers count as outside. A fault of
 * the markers is reported once, and ends the file.
 */
static bool next_outside(struct reader *r, const char *what)
{
	while (next_line(r)) {
		bool end = false;
		unsigned int n = marker(r->line, &end);

		if (!n) {
			if (r->region)
				continue;
			return true;
		}
		if (end ? r->region != n : r->region || n != r->last + 1) {
			fail(what, "%s:%u: this marker is out of place (%s)",
			     r->path, r->number,
			     end ? "it ends no open region of its number" :
			     r->region ? "the region before it has no END TODO"
				       : "regions are numbered from 1 on");
			r->failed = true;
			return false;
		}
		r->region = end ? 0 : n;
		if (!end)
			r->last = n;
		return true;
	}
	if (r->region) {
		fail(what, "%s: TODO %u has no END TODO %u", r->path,
		     r->region, r->region);
		r->failed = true;
		r->region = 0;
	}
	return false;
}

unsigned int compare_outside(const char *what, const char *skeleton,
			     const char *solution)
{
	struct reader a = { .path = skeleton }, b = { .path = solution };
	unsigned int before = results_failed();
	bool more_a, more_b;

	a.text = read_whole(skeleton, NULL);
	b.text = read_whole(solution, NULL);
	if (!a.text || !b.text) {
		fail(what, "cannot read %s", a.text ? solution : skeleton);
		free(a.text);
		free(b.text);
		return 1;
	}
	a.at = a.text;
	b.at = b.text;
	for (;;) {
		more_a = next_outside(&a, what);
		more_b = next_outside(&b, what);
		if (a.failed || b.failed)
			break;
		if (more_a != more_b || (more_a && strcmp(a.line, b.line))) {
			fail(what, "%s:%u and %s:%u differ outside of the TODO regions:\n\t%s\n\t%s",
			     skeleton, a.number, solution, b.number,
			     more_a ? a.line : "(end of file)",
			     more_b ? b.line : "(end of file)");
			break;
		}
		if (!more_a)
			break;
	}
	if (before == results_failed() && !a.last)
		fail(what, "%s has no TODO region", skeleton);
	free(a.line);
	free(b.line);
	free(a.text);
	free(b.text);
	return results_failed() - before;
}
