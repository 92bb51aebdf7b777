// SPDX-License-Identifier: GPL-2.0
/* READMEs: their sections, and where their links lead. */
#include <stdlib.h>
#include <string.h>

#include "gate.h"

static const char *const sections[] = {
	"## Goal", "## Background", "## Do", "## Predict", "## Observe",
	"## Going further",
};

/* The line at p is exactly this heading. */
static bool is_heading(const char *p, const char *heading)
{
	size_t len = strlen(heading);

	return !strncmp(p, heading, len) && (p[len] == '\n' || !p[len]);
}

static const char *find_heading(const char *text, const char *heading)
{
	bool fenced = false;

	for (const char *p = text; *p;) {
		if (str_starts(p, "```"))
			fenced = !fenced;
		if (!fenced && is_heading(p, heading))
			return p;
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
	return NULL;
}

/* Words from p to the next heading of this level, or the end. */
static bool has_body(const char *p)
{
	bool fenced = false;

	for (p += strcspn(p, "\n"); *p; p += strcspn(p, "\n")) {
		p++;
		if (str_starts(p, "```"))
			fenced = !fenced;
		if (!fenced && str_starts(p, "## "))
			return false;
		if (strcspn(p, "\n") > 3)
			return true;
	}
	return false;
}

void check_readme(const char *what, const char *path)
{
	static const char *const machine[] = { "/root/", "/home/" };
	char *text = read_whole(path, NULL);
	const char *last = text;

	if (!text) {
		fail(what, "%s: there is no README.md", path);
		return;
	}
	if (!str_starts(text, "# "))
		fail(what, "%s:1: the first line is no '# Title'", path);
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		const char *at = find_heading(text, sections[i]);

		if (!at)
			fail(what, "%s: there is no section '%s'", path,
			     sections[i]);
		else if (at < last)
			fail(what, "%s: the section '%s' stands too early",
			     path, sections[i]);
		else if (!has_body(at))
			fail(what, "%s: the section '%s' is empty", path,
			     sections[i]);
		if (at)
			last = at;
	}
	for (size_t i = 0; i < ARRAY_SIZE(machine); i++) {
		const char *hit = strstr(text, machine[i]);

		if (hit)
			fail(what, "%s names a place of one machine: %.40s",
			     path, hit);
	}
	free(text);
}

/* [text](target): relative targets must be there. */
void check_links(const char *what, const char *path)
{
	char *text = read_whole(path, NULL), *dir;
	unsigned int before = results_failed();
	bool fenced = false;

	if (!text)
		return;
	dir = xstrndup(path, base_name(path) - path);
	for (const char *p = text; *p; p++) {
		if ((p == text || p[-1] == '\n') && str_starts(p, "```"))
			fenced = !fenced;
		if (fenced || !str_starts(p, "]("))
			continue;
		p += 2;
		size_t len = strcspn(p, ")#\n ");
		char *target = xstrndup(p, len);
		char *full = xasprintf("%s%s", dir, target);

		if (len && !strstr(target, "://") && !path_exists(full))
			fail(what, "%s links to %s, which is not there", path,
			     target);
		free(full);
		free(target);
	}
	if (before == results_failed())
		pass("%s: links", what);
	free(dir);
	free(text);
}
