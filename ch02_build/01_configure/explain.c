// SPDX-License-Identifier: GPL-2.0
/*
 * explain - make a .config as allnoconfig does, and tell what Kconfig knows of the
 * options that the fragment names; complete, nothing in here is to be changed
 *
 * It is linked with the kernel's own scripts/kconfig: conf_main() is the main() of
 * its program conf. Then it prints a line for each fact, its words separated by
 * tabs, the option's name first:
 *
 *	type T		bool, tristate, integer, hex, string, or unknown
 *	value V		in the .config
 *	prompt P	y: it has a question that a person can answer
 *	unmet E		a part of its dependencies that does not hold
 *	culprit S V P	in that part: option S has the value V; P as above
 *	select S V	option S with the value V switches it on
 *	instead S	it is one of a choice, and S was chosen
 *	range LO HI	of a number
 *	similar S	no option has the name; this one looks like it
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lkc.h>

#include "explain.h"

#define SIMILAR_MAX 4

static bool has_prompt(struct symbol *sym)
{
	struct property *prompt;

	for_all_prompts(sym, prompt)
		return true;
	return false;
}

static char letter(bool yes)
{
	return yes ? 'y' : 'n';
}

static void append(void *text, struct symbol *sym, const char *piece)
{
	(void)sym;
	str_append(text, piece);
}

static void culprit(const char *name, struct symbol *sym)
{
	/* y, m and n, and the words that options are compared with */
	if (!sym->name || sym->flags & SYMBOL_CONST || sym->type == S_UNKNOWN)
		return;
	printf("%s\tculprit\t%s\t%s\t%c\n", name, sym->name,
	       sym_get_string_value(sym), letter(has_prompt(sym)));
}

/* The options of an expression that would have to be other than they are. */
static void blame(const char *name, struct expr *e, bool want)
{
	bool on;

	switch (e->type) {
	case E_AND:
	case E_OR:
		blame(name, e->left.expr, want);
		blame(name, e->right.expr, want);
		break;
	case E_NOT:
		blame(name, e->left.expr, !want);
		break;
	case E_SYMBOL:
		sym_calc_value(e->left.sym);
		on = e->left.sym->curr.tri != no;
		if (on != want)
			culprit(name, e->left.sym);
		break;
	default:	/* a comparison */
		culprit(name, e->left.sym);
		culprit(name, e->right.sym);
	}
}

/* The expression is a chain of parts that must all hold. */
static void unmet(const char *name, struct expr *e)
{
	struct gstr text;

	if (!e || expr_calc_value(e) == yes)
		return;
	if (e->type == E_AND) {
		unmet(name, e->left.expr);
		unmet(name, e->right.expr);
		return;
	}
	text = str_new();
	expr_print(e, append, &text, E_OR);
	printf("%s\tunmet\t%s\n", name, str_get(&text));
	str_free(&text);
	blame(name, e, true);
}

/* SELECTOR && its condition || SELECTOR && its condition || ... */
static void selectors(const char *name, struct expr *e)
{
	if (!e)
		return;
	if (e->type == E_OR) {
		selectors(name, e->left.expr);
		selectors(name, e->right.expr);
		return;
	}
	while (e->type == E_AND)
		e = e->left.expr;
	if (e->type == E_SYMBOL && e->left.sym->name &&
	    !(e->left.sym->flags & SYMBOL_CONST))
		printf("%s\tselect\t%s\t%s\n", name, e->left.sym->name,
		       sym_get_string_value(e->left.sym));
}

/* The member of a choice that was chosen, if it is not this one. */
static void chosen(struct symbol *sym)
{
	struct property *prompt;

	for_all_prompts(sym, prompt) {
		struct menu *menu = prompt->menu->parent->list;

		for (; menu; menu = menu->next)
			if (menu->sym && menu->sym != sym &&
			    menu->sym->curr.tri == yes)
				printf("%s\tinstead\t%s\n", sym->name,
				       menu->sym->name);
	}
}

static void range(struct symbol *sym)
{
	struct property *prop = sym_get_range_prop(sym);

	if (prop)
		printf("%s\trange\t%s\t%s\n", sym->name,
		       sym_get_string_value(prop->expr->left.sym),
		       sym_get_string_value(prop->expr->right.sym));
}

static void similar(const char *name)
{
	struct symbol **found;
	int shown = 0;

	/* It goes into a regular expression. */
	if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != strlen(name))
		return;
	found = sym_re_search(name);
	for (size_t i = 0; found && found[i] && shown < SIMILAR_MAX; i++)
		if (has_prompt(found[i]) && ++shown)
			printf("%s\tsimilar\t%s\n", name, found[i]->name);
	free(found);
}

static void explain(const char *name)
{
	struct symbol *sym = sym_find(name);
	struct property *prompt;

	if (!sym || sym->type == S_UNKNOWN) {
		printf("%s\ttype\tunknown\n", name);
		similar(name);
		return;
	}
	sym_calc_value(sym);
	printf("%s\ttype\t%s\n", name, sym_type_name(sym->type));
	printf("%s\tvalue\t%s\n", name, sym_get_string_value(sym));
	printf("%s\tprompt\t%c\n", name, letter(has_prompt(sym)));
	for_all_prompts(sym, prompt) {
		unmet(name, prompt->visible.expr);
		break;
	}
	selectors(name, sym->rev_dep.expr);
	if (sym_is_choice_value(sym))
		chosen(sym);
	range(sym);
}

/* The name in "CONFIG_NAME=..." and in "# CONFIG_NAME is not set". */
static char *name_in(char *line)
{
	char *name = NULL;

	if (!strncmp(line, "CONFIG_", strlen("CONFIG_"))) {
		name = line + strlen("CONFIG_");
		name[strcspn(name, "=\n")] = '\0';
	} else if (!strncmp(line, "# CONFIG_", strlen("# CONFIG_")) &&
		   strstr(line, " is not set")) {
		name = line + strlen("# CONFIG_");
		name[strcspn(name, " ")] = '\0';
	}
	return name;
}

/* KCONFIG_ALLCONFIG: the fragment; the last argument: the first Kconfig file. */
int main(int argc, char **argv)
{
	const char *path = getenv("KCONFIG_ALLCONFIG");
	char quiet[] = "-s", mode[] = "--allnoconfig";
	char *conf[5] = { argv[0], quiet, mode, argv[argc - 1], NULL };
	FILE *fragment = path ? fopen(path, "re") : NULL;
	char *line = NULL;
	size_t size = 0;

	if (!fragment || argc < 2) {
		fprintf(stderr, "explain: see the makefile for how it is run\n");
		return 1;
	}
	if (conf_main(4, conf))
		return 1;
	while (getline(&line, &size, fragment) > 0) {
		char *name = name_in(line);

		if (name)
			explain(name);
	}
	free(line);
	fclose(fragment);
	return fflush(stdout) || ferror(stdout);
}
