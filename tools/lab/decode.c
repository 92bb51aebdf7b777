// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "proc.h"

/* A place that a module's section had; a module loaded twice had two. */
struct place {
	char module[64];
	char section[64];
	uint64_t address;
};

struct decoder {
	const struct build *build;
	struct place *places;
	size_t count;
};

/* A section's end is not told: no lab's code is longer. */
#define SECTION_MAX (64 << 10)

struct decoder *decode_begin(const struct build *build)
{
	struct decoder *d = xcalloc(1, sizeof(*d));

	d->build = build;
	return d;
}

void decode_end(struct decoder *d)
{
	free(d->places);
	free(d);
}

void decode_sections(struct decoder *d, const char *text)
{
	for (const char *p = text; *p;) {
		struct place place;
		unsigned long long address;

		if (sscanf(p, "%63s %63s %llx", place.module, place.section,
			   &address) == 3 && d->count < 1024) {
			place.address = address;
			d->places = xreallocarray(d->places, d->count + 1,
						  sizeof(place));
			d->places[d->count++] = place;
		}
		p += strcspn(p, "\n");
		p += *p == '\n';
	}
}

/* The module's file; the kernel's name has '_' where the file's may have '-'. */
static char *module_file(const struct decoder *d, const char *name)
{
	for (size_t i = 0; i < d->build->modules.count; i++) {
		char *own = xstrdup(d->build->modules.items[i]);
		bool same;

		own[strcspn(own, ".")] = '\0';
		for (char *p = own; *p; p++)
			if (*p == '-')
				*p = '_';
		same = !strcmp(own, name);
		free(own);
		if (same)
			return xasprintf("%s/%s", d->build->dir,
					 d->build->modules.items[i]);
	}
	return NULL;
}

/*
 * addr2line names the innermost place first: with inlined functions of the
 * kernel's headers before the student's line. Pairs "function\nfile:line\n".
 */
static char *choose_line(const struct decoder *d, const char *out)
{
	struct strlist lines = { 0 };
	char *found = NULL;

	strlist_split(&lines, out, "\n");
	for (size_t i = 0; i + 1 < lines.count && !found; i += 2) {
		char *file = lines.items[i + 1];
		const char *name = base_name(file);

		file[strcspn(file, " ")] = '\0';	/* (discriminator 2) */
		if (strchr(file, '?') || !is_file(strf("%s/%.*s", d->build->dir,
						       (int)strcspn(name, ":"),
						       name)))
			continue;
		if (strstr(file, "/include/"))
			continue;
		found = xasprintf("%s, in %s()", name, lines.items[i]);
	}
	strlist_free(&lines);
	return found;
}

static char *ask(const struct decoder *d, const char *file, const char *section,
		 uint64_t offset)
{
	char *where = xasprintf("0x%llx", (unsigned long long)offset);
	char *in = xasprintf("--section=%s", section);
	const char *const argv[] = {
		/* Each knows its own machine's relocations only. */
		elf_machine(file) == EM_AARCH64 ? "aarch64-linux-gnu-addr2line" :
						  "addr2line", "-f", "-i", "-e", file, in, where, NULL
	};
	const struct proc spec = {
		.argv = argv, .output = PROC_SEPARATE, .deadline_ms = 20000,
	};
	struct proc_result res;
	char *line = NULL;

	if (!proc_run(&spec, &res)) {
		if (proc_ok(&res))
			line = choose_line(d, res.out);
		proc_result_free(&res);
	}
	free(where);
	free(in);
	return line;
}

/* "name+0x1f/0x80 [module]" */
static char *decode_symbol(struct decoder *d, const char *line)
{
	const char *plus = strstr(line, "+0x");
	char name[128], module[64];
	struct elf_symbol symbol;
	unsigned long long offset;
	const char *start;
	char *file, *found = NULL;

	for (; plus; plus = strstr(plus + 1, "+0x")) {
		start = plus;
		while (start > line && (isalnum((unsigned char)start[-1]) ||
					strchr("_.", start[-1])))
			start--;
		if (start == plus || (size_t)(plus - start) >= sizeof(name) ||
		    sscanf(plus, "+0x%llx/0x%*x [%63[^] ]]", &offset, module) != 2)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)(plus - start), start);
		file = module_file(d, module);
		/* A return address stands behind its call; RIP and pc do not. */
		if (file && elf_find_symbol(file, name, &symbol))
			found = ask(d, file, symbol.section,
				    symbol.offset + offset -
				    (offset && !strstr(line, "RIP:") &&
				     !strstr(line, "pc : ")));
		free(file);
		if (found)
			return found;
	}
	return NULL;
}

/* "[<00000000728a1234>] 0x728a1234", and other addresses without a name. */
static char *decode_address(struct decoder *d, const char *line)
{
	const char *hex = strstr(line, "0x");
	unsigned long long address;
	const struct place *best = NULL;
	char *file, *found = NULL;

	if (!hex || sscanf(hex, "0x%llx", &address) != 1)
		return NULL;
	for (size_t i = 0; i < d->count; i++) {
		const struct place *p = &d->places[i];

		if (address > p->address && address - p->address < SECTION_MAX &&
		    (!best || p->address >= best->address))
			best = p;
	}
	file = best ? module_file(d, best->module) : NULL;
	if (file)
		found = ask(d, file, best->section, address - best->address - 1);
	free(file);
	return found;
}

char *decode_line(struct decoder *d, const char *line)
{
	char *found = decode_symbol(d, line);

	return found ? found : decode_address(d, line);
}

char *decode_symbols(struct decoder *d, const char *text)
{
	struct buf out = { 0 };
	const char *plus;

	while ((plus = strstr(text, "+0x"))) {
		const char *start = plus, *end = plus + strcspn(plus, "]\n");
		char *symbol, *place;

		while (start > text && !isspace((unsigned char)start[-1]))
			start--;
		end += *end == ']';
		symbol = xstrndup(start, end - start);
		place = decode_symbol(d, symbol);
		buf_add(&out, text, start - text);
		buf_adds(&out, place ? place : symbol);
		free(symbol);
		free(place);
		text = end;
	}
	buf_adds(&out, text);
	return buf_steal(&out);
}

char *decode_paths(const struct build *build, const char *text)
{
	char *prefix = xasprintf("%s/", build->dir);
	struct buf out = { 0 };
	const char *hit;

	while ((hit = strstr(text, prefix))) {
		buf_add(&out, text, hit - text);
		text = hit + strlen(prefix);
	}
	buf_adds(&out, text);
	free(prefix);
	return buf_steal(&out);
}

char *decode_text(const struct decoder *d, const char *text)
{
	return d ? decode_paths(d->build, text) : xstrdup(text);
}
