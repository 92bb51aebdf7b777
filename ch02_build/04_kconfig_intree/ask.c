// SPDX-License-Identifier: GPL-2.0
/*
 * ask - what Kconfig makes of the option FINGERPRINT; complete, not to be changed
 *
 * It is linked with the kernel's own scripts/kconfig: conf_main() is the main() of
 * its program conf, and makes the configuration of base.config, all else n. Then
 * the option gets one value after the other, as from a person in the menu. A line
 * for each fact:
 *
 *	type T		bool, tristate, ... or unknown
 *	questions N	how many prompts it has
 *	help N		lines of its help text
 *	default V	its value when nobody has said anything
 *	VALUE V C	V: what it is after one asked for VALUE (y, m, n); C: CRC32 then
 *	without V D	the same for y while DEBUG_FS is n; D: DEBUG_FS then
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <lkc.h>

#include "ask.h"

static const char *value_of(const char *name)
{
	struct symbol *sym = sym_find(name);

	if (!sym)
		return "unknown";
	sym_calc_value(sym);
	return sym_get_string_value(sym);
}

static void show_texts(struct symbol *sym)
{
	unsigned int questions = 0, lines = 0;
	struct property *prop;

	for_all_prompts(sym, prop) {
		const char *help = prop->menu->help;

		questions++;
		for (const char *p = help ? help : ""; *p; p += strcspn(p, "\n"), p += *p == '\n')
			lines += *p != '\n';
	}
	printf("questions %u\nhelp %u\n", questions, lines);
}

static void set(struct symbol *sym, tristate to)
{
	sym_calc_value(sym);
	/* What Kconfig refuses stays as it was: that is an answer, too. */
	sym_set_tristate_value(sym, to);
	sym_clear_all_valid();
}

/* The last argument is the first Kconfig file; KCONFIG_ALLCONFIG is base.config. */
int main(int argc, char **argv)
{
	char quiet[] = "-s", mode[] = "--allnoconfig";
	char *conf[5] = { argv[0], quiet, mode, argv[argc - 1], NULL };
	static const struct { tristate to; const char *name; } values[] = {
		{ yes, "y" }, { mod, "m" }, { no, "n" },
	};
	struct symbol *sym;

	if (argc < 2) {
		fprintf(stderr, "ask: see the makefile for how it is run\n");
		return 1;
	}
	if (conf_main(4, conf))
		return 1;
	sym = sym_find("FINGERPRINT");
	printf("type %s\n", sym ? sym_type_name(sym->type) : "unknown");
	if (!sym)
		return fflush(stdout) || ferror(stdout);
	show_texts(sym);
	/* allnoconfig has said n in everybody's name. */
	sym->flags &= ~SYMBOL_DEF_USER;
	sym_clear_all_valid();
	printf("default %s\n", value_of("FINGERPRINT"));
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		set(sym, values[i].to);
		printf("%s %s", values[i].name, value_of("FINGERPRINT"));
		printf(" %s\n", value_of("CRC32"));
	}
	set(sym_find("DEBUG_FS"), no);
	set(sym, yes);
	printf("without %s", value_of("FINGERPRINT"));
	printf(" %s\n", value_of("DEBUG_FS"));
	return fflush(stdout) || ferror(stdout);
}
