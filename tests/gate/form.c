// SPDX-License-Identifier: GPL-2.0
/* The form of one lab, and of the tree: no virtual machine is needed. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

#define LINES_MAX 400

bool is_test_lab(const struct lab *lab)
{
	return !*lab->chapter;
}

static bool belongs(const struct lab *lab, const char *name, const char *make)
{
	static const char *const suffixes[] = { ".c", ".h", ".S", ".svg", ".md" };

	if (!strcmp(name, "Makefile") || !strcmp(name, "lab.ini") ||
	    !strcmp(name, "Kbuild") || strlist_has(&lab->files, name))
		return true;
	if (str_ends(name, ".mod.c"))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++)
		if (str_ends(name, suffixes[i]))
			return true;
	/* Data is what the makefile names. */
	return make && strstr(make, name);
}

/* Files that git knows: what was built beside them is no fault. */
static void files_of(const struct gate *gate, const char *dir,
		     struct strlist *names)
{
	const char *const argv[] = { "git", "-C", dir, "ls-files", "-co",
				     "--exclude-standard", NULL };
	int status;
	char *out = output_of(argv, gate->root, 60, &status);

	if (status)
		list_dir(dir, names);
	else
		strlist_split(names, out, "\n");
	free(out);
}

static void check_source(const char *what, const char *path)
{
	char *text = read_whole(path, NULL);
	unsigned int lines = 0;
	size_t first;

	if (!text)
		return;
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	first = strcspn(text, "\n");
	if (!memmem(text, first, "SPDX-License-Identifier: GPL-2.0", 32) &&
	    !str_starts(text, "#!"))
		fail(what, "%s:1: there is no SPDX-License-Identifier: GPL-2.0",
		     path);
	if (lines > LINES_MAX)
		fail(what, "%s has %u lines, more than %d", path, lines,
		     LINES_MAX);
	free(text);
}

static bool is_source(const char *name)
{
	return str_ends(name, ".c") || str_ends(name, ".h") ||
	       str_ends(name, ".S") || !strcmp(name, "Makefile");
}

static void check_dir(const struct gate *gate, const struct lab *lab,
		      const char *dir, bool solution)
{
	char *make = read_whole(strf("%s/Makefile", lab->dir), NULL);
	struct strlist names = { 0 };

	files_of(gate, dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		char *path = xasprintf("%s/%s", dir, name);

		if (solution ? !strlist_has(&lab->files, name) &&
		    strcmp(name, "README.md") && !str_ends(name, ".svg") &&
		    !str_ends(name, ".h") :
		    !belongs(lab, name, make))
			fail(lab->id, "%s does not belong there", path);
		if (is_source(name))
			check_source(lab->id, path);
		free(path);
	}
	strlist_free(&names);
	free(make);
}

void check_form(const struct gate *gate, const struct lab *lab)
{
	unsigned int before = results_failed();
	bool task = lab_is_task(lab);

	check_dir(gate, lab, lab->dir, false);
	if (!is_file(strf("%s/check.c", lab->dir)))
		fail(lab->id, "there is no check.c");
	if (is_test_lab(lab))
		goto out;
	check_readme(lab->id, strf("%s/README.md", lab->dir));
	if (!lab->points && task)
		fail(lab->id, "lab.ini gives no points");
	if (!lab->minutes)
		fail(lab->id, "lab.ini names no minutes");
	if (task && lab->hints.count < 3)
		fail(lab->id, "lab.ini has %zu hints, at least 3 are needed",
		     lab->hints.count);
	if (task && !lab->fails.count)
		fail(lab->id, "lab.ini does not say what the skeleton fails");
	if (!task && lab->fails.count)
		fail(lab->id, "a demo has no skeleton that fails");
	if (task && !is_dir(lab->solution_dir)) {
		fail(lab->id, "there is no solution: %s", lab->solution_dir);
		goto out;
	}
	if (is_dir(lab->solution_dir))
		check_dir(gate, lab, lab->solution_dir, true);
	for (size_t i = 0; i < lab->files.count && task; i++) {
		char *a = xasprintf("%s/%s", lab->dir, lab->files.items[i]);
		char *b = xasprintf("%s/%s", lab->solution_dir,
				    lab->files.items[i]);

		compare_outside(lab->id, a, b);
		free(a);
		free(b);
	}
out:
	if (before == results_failed())
		pass("%s: form", lab->id);
}

/* Solutions without a lab, chapters' pages, links, and our own files. */
void check_tree(const struct gate *gate)
{
	const char *const argv[] = { "git", "-C", gate->root, "ls-files",
				     "-co", "--exclude-standard", NULL };
	struct strlist files = { 0 };
	unsigned int before = results_failed();
	int status;
	char *out = output_of(argv, gate->root, 60, &status);

	if (status) {
		skip("tree", "git does not know this tree");
		free(out);
		return;
	}
	strlist_split(&files, out, "\n");
	for (size_t i = 0; i < files.count; i++) {
		const char *name = files.items[i];
		char *path = xasprintf("%s/%s", gate->root, name);

		if (!path_exists(path)) {
			free(path);
			continue;
		}
		if (str_ends(name, ".md"))
			check_links(name, path);
		if (str_ends(name, ".c") || str_ends(name, ".h"))
			check_source("tree", path);
		if (str_starts(name, "solutions/ch") &&
		    strchr(strchr(name, '/') + 1, '/')) {
			const char *id = name + strlen("solutions/");
			size_t len = base_name(id) - id - 1;
			char *lab = xasprintf("%s/%.*s", gate->root, (int)len,
					      id);

			if (!is_dir(lab))
				fail("tree", "%s solves no lab", name);
			free(lab);
		}
		free(path);
	}
	for (size_t i = 0; i < gate->labs.bad.count; i++)
		fail("tree", "the lab.ini of %s is refused (see above)",
		     gate->labs.bad.items[i]);
	if (before == results_failed())
		pass("tree: sources, pages and solutions");
	strlist_free(&files);
	free(out);
}
