// SPDX-License-Identifier: GPL-2.0
/*
 * ini.c - what the keys of a lab.ini mean. How the file is read is in
 * inifile.c. Every mistake is an error with its line: a key spelled wrong would
 * else be a setting that silently does nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "ini_private.h"

const struct lane_name lane_names[6] = {
	{ LANE_STOCK, "stock" },
	{ LANE_MEMORY, "memory" },
	{ LANE_LOCKING, "locking" },
	{ LANE_RACE, "race" },
	{ LANE_OWN, "own" },
	{ LANE_ARM64, "arm64" },
};

static bool take_number(struct parse *parse, const char *key, const char *text,
			unsigned int lo, unsigned int hi, unsigned int *out)
{
	uint64_t value;

	if (!parse_u64(text, lo, hi, &value)) {
		ini_fail(parse, strf("bad value for '%s': '%s'", key, text),
			 strf("it is a whole number from %u to %u", lo, hi));
		return false;
	}
	*out = value;
	return true;
}

static void take_flag(struct parse *parse, const char *key, const char *text, bool *out)
{
	*out = !strcmp(text, "yes");
	if (!*out && strcmp(text, "no"))
		ini_fail(parse, strf("bad value for '%s': '%s'", key, text), "it is yes or no");
}

static void take_kind(struct parse *parse, const char *text)
{
	static const char letters[] = "DEBU";
	unsigned int kind = 0;

	for (const char *at = text; *at; at++) {
		const char *letter = strchr(letters, *at);

		if (*at == ' ' || *at == '\t')
			continue;
		if (!letter || (at[1] && at[1] != ' ' && at[1] != '\t')) {
			kind = 0;
			break;
		}
		kind |= 1U << (letter - letters);
	}
	if (!(kind & ~KIND_USERLAND))
		ini_fail(parse, strf("bad value for 'kind': '%s'", text),
			 "it is one or more of the letters D (demo), E (exercise), B (bug hunt), "
			 "U (userland program), with blanks between, and not U alone");
	parse->lab->kind = kind;
}

static void take_lanes(struct parse *parse, const char *text)
{
	struct strlist names = { 0 };
	unsigned int lanes = 0;

	strlist_split(&names, text, ",");
	for (size_t i = 0; i < names.count; i++) {
		unsigned int lane = 0;

		for (size_t j = 0; j < ARRAY_SIZE(lane_names); j++)
			if (!strcmp(names.items[i], lane_names[j].name))
				lane = lane_names[j].lane;
		if (!lane)
			ini_fail(parse, strf("there is no lane '%s'", names.items[i]),
				 "the lanes are stock, memory, locking, race, own and arm64");
		lanes |= lane;
	}
	parse->lab->lanes = lanes;
	strlist_free(&names);
}

/* Names of files or checks: what they may be made of keeps them out of other
 * directories and off command lines.
 */
static void take_names(struct parse *parse, const char *key, const char *text,
		       const char *allowed, struct strlist *out)
{
	struct strlist names = { 0 };

	strlist_split(&names, text, ",");
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];

		if (strspn(name, allowed) != strlen(name) || *name == '.' || *name == '-')
			ini_fail(parse, strf("bad name in '%s': '%s'", key, name),
				 "names are separated by commas and made of letters, digits and _"
				 " (in files also . and -), without a directory");
		else if (strlist_has(out, name))
			ini_fail(parse, strf("'%s' stands twice in '%s'", name, key), NULL);
		else
			strlist_add(out, name);
	}
	if (!names.count)
		ini_fail(parse, strf("'%s' names nothing", key), NULL);
	strlist_free(&names);
}

#define WORD	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

static void take_lab_key(struct parse *parse, const char *key, const char *value)
{
	struct lab *lab = parse->lab;

	if (!strcmp(key, "title"))
		lab->title = xstrdup(value);
	else if (!strcmp(key, "kind"))
		take_kind(parse, value);
	else if (!strcmp(key, "points"))
		take_number(parse, key, value, 0, 1000, &lab->points);
	else if (!strcmp(key, "minutes"))
		take_number(parse, key, value, 1, 1440, &lab->minutes);
	else if (!strcmp(key, "files"))
		take_names(parse, key, value, WORD ".-", &lab->files);
	else if (!strcmp(key, "cpus"))
		take_number(parse, key, value, 1, 64, &lab->cpus);
	else if (!strcmp(key, "memory"))
		take_number(parse, key, value, 64, 65536, &lab->memory);
	else if (!strcmp(key, "cmdline"))
		lab->cmdline = xstrdup(value);
	else if (!strcmp(key, "timeout"))
		take_number(parse, key, value, 1, 3600, &lab->timeout);
	else if (!strcmp(key, "lanes"))
		take_lanes(parse, value);
	else if (!strcmp(key, "source"))
		take_flag(parse, key, value, &parse->lab->source);
	else
		ini_fail(parse, strf("there is no key '%s' in [lab]", key),
			 "the keys are title, kind, points, minutes, files, cpus, memory, cmdline, "
			 "timeout, lanes and source");
}

static void take_hint(struct parse *parse, const char *key, const char *value)
{
	const char *end = strchrnul(parse->line, '\n');
	unsigned int expected = parse->lab->hints.count + 1;
	uint64_t number;

	if (!parse_u64(key, 1, 99, &number) || number != expected) {
		ini_fail(parse, strf("hint '%s' is out of order", key),
			 strf("hints are numbered from 1 on; the next is %u", expected));
		return;
	}
	/* libinih has cut it off already; a hint with half its words is worse
	 * than an error.
	 */
	for (const char *at = parse->line; at + 1 < end; at++) {
		if ((*at == ' ' || *at == '\t') && at[1] == ';') {
			ini_fail(parse, "a blank and a ';' in a hint",
				 "what follows is a comment in this format and would be lost: "
				 "write the ';' right after a word, or leave it out");
			return;
		}
	}
	strlist_add(&parse->lab->hints, value);
}

void ini_add_variant(struct lab *lab, const char *name, const char *cmdline)
{
	lab->variants = xreallocarray(lab->variants, lab->variant_count + 1,
				      sizeof(*lab->variants));
	lab->variants[lab->variant_count++] = (struct lab_variant){
		.name = xstrdup(name), .cmdline = xstrdup(cmdline),
	};
}

/* The name becomes part of a log's file name. */
static void take_variant(struct parse *parse, const char *name, const char *cmdline)
{
	if (strspn(name, WORD "-") == strlen(name))
		ini_add_variant(parse->lab, name, cmdline);
	else
		ini_fail(parse, strf("bad name of a variant: '%s'", name),
			 "it is made of letters, digits, _ and -");
}

/* What checkpatch, sparse and the compiler say of the skeleton is its matter. */
static void take_style(struct parse *parse, const char *text)
{
	parse->lab->ugly = !strcmp(text, "faulty");
	if (!parse->lab->ugly)
		ini_fail(parse, strf("bad value for 'style': '%s'", text),
			 "its one value is faulty: the style is what the student mends");
}

static void take_boot_key(struct parse *parse, const char *key, const char *value)
{
	struct lab_boot *boot = &parse->lab->boot;

	if (!strcmp(key, "initramfs") && !strchr(value, '/'))
		boot->initramfs = xstrdup(value);
	else if (!strcmp(key, "cmdline"))
		boot->cmdline = xstrdup(value);
	else if (str_starts(key, "says") && strspn(key + 4, "0123456789") == strlen(key + 4))
		strlist_add(&boot->says, value);
	else if (!strcmp(key, "seconds"))
		take_number(parse, key, value, 1, 600, &boot->seconds);
	else
		ini_fail(parse, strf("there is no key '%s' in [boot]", key),
			 "the keys are initramfs (a name without a directory), cmdline, says, says2 ... "
			 "and seconds");
}

int ini_value(void *user, const char *section, const char *key, const char *value)
{
	struct parse *parse = user;
	const char *full;

	if (!key)
		return 1;
	full = strf("%s.%s", section, key);
	if (strlist_has(&parse->seen, full)) {
		ini_fail(parse, strf("'%s' stands twice in [%s]", key, section), NULL);
		return 1;
	}
	strlist_add(&parse->seen, full);
	if (!value || (!*value && strcmp(full, "lab.cmdline") && strcmp(section, "variants"))) {
		ini_fail(parse, strf("'%s' has no value", key), NULL);
		return 1;
	}
	if (!strcmp(section, "lab"))
		take_lab_key(parse, key, value);
	else if (!strcmp(section, "hints"))
		take_hint(parse, key, value);
	else if (!strcmp(section, "skeleton") && !strcmp(key, "fails"))
		take_names(parse, key, value, WORD, &parse->lab->fails);
	else if (!strcmp(section, "skeleton") && !strcmp(key, "style"))
		take_style(parse, value);
	else if (!strcmp(section, "variants"))
		take_variant(parse, key, value);
	else if (!strcmp(section, "boot"))
		take_boot_key(parse, key, value);
	else if (!strcmp(section, "skeleton"))
		ini_fail(parse, strf("there is no key '%s' in [skeleton]", key), "the keys are fails and style");
	else
		ini_fail(parse, *section ? strf("there is no section [%s]", section) :
					 strf("'%s' stands before any section", key),
			 "the sections are [lab], [hints], [skeleton], [variants] and [boot]");
	return 1;
}

void ini_check_whole(struct parse *parse)
{
	struct lab *lab = parse->lab;

	/* About no line in particular. */
	parse->line_number = 0;
	if (!strlist_has(&parse->seen, "lab.title"))
		ini_fail(parse, "there is no title in [lab]", NULL);
	if (!strlist_has(&parse->seen, "lab.kind"))
		ini_fail(parse, "there is no kind in [lab]", NULL);
	if (lab_is_task(lab) && !strlist_has(&parse->seen, "lab.files"))
		ini_fail(parse, "there is no key 'files' in [lab]",
			 "an exercise or a bug hunt says which files the student edits");
	if ((lab->boot.cmdline || lab->boot.says.count) && !lab->boot.initramfs)
		ini_fail(parse, "there is no key 'initramfs' in [boot]",
			 "it names the file that the check leaves for the second machine");
}
