// SPDX-License-Identifier: GPL-2.0
/*
 * The patches of tests/mutants, LAB/NAME.patch. Above its diff a patch says what it is:
 *
 *	kind: the mistake, in a few words
 *	fails: names of checks; or gate:NAME, crash, timeout. "a|b": one of them
 *	says: regular expression that the verdict's words must match
 *	kernel: (optional) judged on this one instead of the first
 *	lane: (optional) judged in this lane
 */
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "mutant.h"

const char *mutant_kernel(const struct mutants *all, const struct mutant *m)
{
	return m->kernel ? m->kernel : all->gate->kernels.items[0];
}

static char *header(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = text; *p && !str_starts(p, "--- ");) {
		size_t line = strcspn(p, "\n");

		if (!strncmp(p, key, len) && p[len] == ':') {
			char *value = xstrndup(p + len + 1, line - len - 1);
			char *trimmed = xstrdup(str_trim(value));

			free(value);
			return trimmed;
		}
		p += line + (p[line] == '\n');
	}
	return NULL;
}

static bool mutant_read(struct mutant *m)
{
	char *text = read_whole(m->path, NULL), *fails;
	const char *target = text ? strstr(text, "\n+++ ") : NULL;

	if (!target) {
		fail(m->path, "it holds no unified diff");
		free(text);
		return false;
	}
	m->kind = header(text, "kind");
	m->says = header(text, "says");
	m->kernel = header(text, "kernel");
	m->lane = header(text, "lane");
	fails = header(text, "fails");
	strlist_split(&m->fails, fails ? fails : "", ", ");
	free(fails);
	for (const char *p = target + 5; *p && !strchr("\t\n ", *p); p++)
		m->strip += *p == '/';
	free(text);
	if (m->kind && m->says && m->fails.count)
		return true;
	fail(m->path, "the lines 'kind:', 'fails:' and 'says:' must stand above the diff");
	return false;
}

void mutant_free(struct mutant *m)
{
	free(m->name);
	free(m->path);
	free(m->kind);
	free(m->says);
	free(m->kernel);
	free(m->lane);
	strlist_free(&m->fails);
}

void mutants_find(struct mutants *all)
{
	for (size_t i = 0; i < gate_count(all->gate); i++) {
		const struct lab *lab = gate_lab(all->gate, i);
		char *dir = xasprintf("%s/tests/mutants/%s", all->gate->root, lab->id);
		struct strlist names = { 0 };

		if (is_dir(dir))
			list_dir(dir, &names);
		for (size_t j = 0; j < names.count; j++) {
			struct mutant m = { .lab = lab };

			if (!str_ends(names.items[j], ".patch"))
				continue;
			m.name = xstrndup(names.items[j], strlen(names.items[j]) - strlen(".patch"));
			m.path = xasprintf("%s/%s", dir, names.items[j]);
			if (!mutant_read(&m)) {
				mutant_free(&m);
				continue;
			}
			all->items = xreallocarray(all->items, all->count + 1, sizeof(m));
			all->items[all->count++] = m;
		}
		strlist_free(&names);
		free(dir);
	}
}

static void print_counts(const struct mutants *all, FILE *page)
{
	struct kernel k = { 0 };
	size_t tried = 0, found = 0, same;

	fprintf(page, "## Tried and found\n\n");
	if (!kernel_load(all->gate->kernels.items[0], &k)) {
		fprintf(page, "On Linux %s, and where a patch names another kernel or a lane, there.\n\n",
			k.release);
		kernel_free(&k);
	}
	fprintf(page, "| lab | mutants | tried | found |\n|---|---|---|---|\n");
	for (size_t i = 0; i < all->count; i += same) {
		size_t lab_tried = 0, lab_found = 0;

		for (same = 0; i + same < all->count &&
		     all->items[i + same].lab == all->items[i].lab; same++) {
			lab_tried += all->fates[i + same] != LEFT_OUT;
			lab_found += all->fates[i + same] == FOUND;
		}
		fprintf(page, "| %s | %zu | %zu | %zu |\n", all->items[i].lab->id, same,
			lab_tried, lab_found);
		tried += lab_tried;
		found += lab_found;
	}
	fprintf(page, "| all | %zu | %zu | %zu |\n\n", all->count, tried, found);
}

void mutants_print(const struct mutants *all, FILE *page)
{
	fprintf(page,
		"# Mutants\n\n"
		"Mistakes that students make, each put into a solution as a patch of\n"
		"[tests/mutants](../tests/mutants). `make check` applies some of each lab, `make check-long`\n"
		"all of them, and the lab's check must find each and say what kind of mistake it is.\n"
		"This page is made by `make -C tests/gate mutants`, which tries them all.\n\n");
	print_counts(all, page);
	fprintf(page, "## The mistakes\n\n| lab | the mistake | found by |\n|---|---|---|\n");
	for (size_t i = 0; i < all->count; i++) {
		char *fails = strlist_join(&all->items[i].fails, ", ");

		fprintf(page, "| %s | %s | ", all->items[i].lab->id, all->items[i].kind);
		/* A bar would be the table's. */
		for (const char *c = fails; *c; c++)
			fputs(*c == '|' ? " or " : (char[]){ *c, '\0' }, page);
		fputs(" |\n", page);
		free(fails);
	}
}
