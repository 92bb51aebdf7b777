// SPDX-License-Identifier: GPL-2.0
/*
 * Finds the line of source that an oops speaks of
 *
 *	whereis LOG SYMBOLS LINES
 *
 * LOG is what the kernel said. SYMBOLS and LINES come from the object file:
 *
 *	nm -S crash.ko > crash.sym
 *	objdump --dwarf=decodedline crash.ko > crash.lines
 *
 * It prints, each on a line of its own:
 *
 *	at FUNCTION FILE:LINE		where the CPU was
 *	from FUNCTION FILE:LINE		the call that led there, from the nearest
 *					function of the same module in the trace
 *	access read|write 0xADDRESS	what it tried, where the log tells
 *	tainted LETTER MEANING		for each letter but G
 *
 * Exit status: 0, 1 when the log or the tables have not what is needed, 2 for
 * wrong usage.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

/* "fill+0x1a/0x40 [crash]": a place in the kernel as the log writes it */
struct frame {
	char name[128];
	unsigned long long offset;	/* bytes from the function's start */
	unsigned long long size;	/* from one function to the next */
	char module[64];	/* "" for the kernel itself */
};

static const struct {
	char letter;
	const char *meaning;
} letters[] = {
	{ 'P', "proprietary module" },
	{ 'F', "module was forced to load" },
	{ 'S', "kernel running out of its specification" },
	{ 'R', "module was forced to unload" },
	{ 'M', "machine check" },
	{ 'B', "bad page" },
	{ 'U', "userspace asked for it" },
	{ 'D', "there was an oops before" },
	{ 'A', "ACPI table overridden" },
	{ 'W', "there was a warning before" },
	{ 'C', "staging driver" },
	{ 'I', "workaround for firmware" },
	{ 'O', "module from outside the tree" },
	{ 'E', "unsigned module" },
	{ 'L', "soft lockup before" },
	{ 'K', "live patched" },
	{ 'X', "auxiliary, of the distribution" },
	{ 'T', "built with struct randomization" },
	{ 'N', "in-kernel test was run" },
};

#define LETTERS	(sizeof(letters) / sizeof(*letters))

/* Take text apart into *f; whether it begins with a place. */
static bool parse_frame(const char *text, struct frame *f)
{
	/* TODO 1: NAME+0xOFFSET/0xSIZE, and perhaps a blank and [MODULE] */
	*f->module = '\0';
	return sscanf(text, "%127[^+ ]+%llx/%llx [%63[^] ]]",
		      f->name, &f->offset, &f->size, f->module) >= 3;
	/* END TODO 1 */
}

/* Bytes from the function to the next one, or 0 if it is the last. */
static unsigned long long span_of(const struct tables *t, const struct symbol *s)
{
	unsigned long long span = 0;

	for (size_t i = 0; i < t->nr_symbols; i++) {
		unsigned long long address = t->symbols[i].address;

		if (address > s->address && (!span || address - s->address < span))
			span = address - s->address;
	}
	return span;
}

/* The function of that frame, or NULL. */
static const struct symbol *symbol_of(const struct tables *t,
				      const struct frame *f)
{
	for (size_t i = 0; i < t->nr_symbols; i++) {
		const struct symbol *s = &t->symbols[i];
		unsigned long long span = span_of(t, s);

		/* TODO 2: is it that one, or one of the same name? */
		if (!strcmp(s->name, f->name) &&
		    (span ? span == f->size : s->size <= f->size))
			return s;
		/* END TODO 2 */
	}
	return NULL;
}

/* The row that says which line the address belongs to, or NULL. */
static const struct row *row_of(const struct tables *t, unsigned long long address)
{
	const struct row *found = NULL;

	/* TODO 3: a row holds from its address to that of the next one */
	for (size_t i = 0; i < t->nr_rows; i++)
		if (t->rows[i].address <= address &&
		    (!found || t->rows[i].address >= found->address))
			found = &t->rows[i];
	/* END TODO 3 */
	return found;
}

/* Where the CPU was in the kernel, by the first such line of the log. */
static bool find_rip(const struct tables *t, struct frame *f)
{
	/* TODO 4: "RIP: 0010:" and a place; 0033 is a program's own */
	for (size_t i = 0; i < t->nr_log; i++) {
		const char *rip = strstr(t->log[i], "RIP: 0010:");

		if (rip)
			return parse_frame(rip + strlen("RIP: 0010:"), f);
	}
	return false;
	/* END TODO 4 */
}

/* The next function in the trace that is of this module, for certain. */
static bool find_caller(const struct tables *t, const char *module,
			struct frame *f)
{
	bool trace = false;

	for (size_t i = 0; i < t->nr_log; i++) {
		const char *line = after_time(t->log[i]);

		if (strstr(line, "</TASK>") || strstr(line, "RIP: "))
			trace = false;
		/* TODO 5: a place with a question mark is only a guess */
		if (trace && parse_frame(line + strspn(line, " "), f) &&
		    *line == ' ' && !strchr(line, '?') &&
		    !strcmp(f->module, module))
			return true;
		/* END TODO 5 */
		if (strstr(line, "Call Trace:"))
			trace = true;
	}
	return false;
}

static void print_taint(const struct tables *t)
{
	/* TODO 6: the letters between "Tainted: " and the kernel's release */
	for (size_t i = 0; i < t->nr_log; i++) {
		const char *at = strstr(t->log[i], "Tainted: ");

		if (!at)
			continue;
		/* The release begins with a digit. */
		for (at += strlen("Tainted: "); *at && (*at < '0' || *at > '9'); at++)
			for (size_t j = 0; j < LETTERS; j++)
				if (*at == letters[j].letter)
					printf("tainted %c %s\n", *at,
					       letters[j].meaning);
		return;
	}
	/* END TODO 6 */
}

static void print_access(const struct tables *t)
{
	const char *what = NULL;
	unsigned long long address;
	bool known = false;

	for (size_t i = 0; i < t->nr_log; i++) {
		const char *at = strstr(t->log[i], "address: ");

		if (at && !known && strstr(t->log[i], "BUG: "))
			known = sscanf(at + strlen("address: "), "%llx",
				       &address) == 1;
		if (!what && strstr(t->log[i], "#PF: supervisor write access"))
			what = "write";
		if (!what && strstr(t->log[i], "#PF: supervisor read access"))
			what = "read";
	}
	if (known && what)
		printf("access %s 0x%llx\n", what, address);
}

/* Print "at" or "from" and the place; for a call, the call and not its return. */
static bool print_place(const struct tables *t, const char *how,
			const struct frame *f, bool call)
{
	const struct symbol *symbol = symbol_of(t, f);
	const struct row *row = NULL;

	if (!symbol) {
		fprintf(stderr,
			"whereis: no function %s of 0x%llx bytes: the tables are of another object file\n",
			f->name, f->size);
		return false;
	}
	/* TODO 7: the row of the place; a trace shows where a call returns to */
	row = row_of(t, symbol->address + f->offset - call);
	/* END TODO 7 */
	if (!row) {
		fprintf(stderr, "whereis: no line for %s\n", f->name);
		return false;
	}
	printf("%s %s %s:%u\n", how, f->name, row->file, row->line);
	return true;
}

static int report(const struct tables *t, const char *log)
{
	struct frame rip, caller;

	if (!find_rip(t, &rip)) {
		fprintf(stderr, "whereis: %s has no RIP in the kernel\n", log);
		return 1;
	}
	if (!print_place(t, "at", &rip, false))
		return 1;
	if (find_caller(t, rip.module, &caller) &&
	    !print_place(t, "from", &caller, true))
		return 1;
	print_access(t);
	print_taint(t);
	return 0;
}

int main(int argc, char *argv[])
{
	struct tables tables;
	int status = 1;

	if (argc != 4) {
		fprintf(stderr, "usage: whereis LOG SYMBOLS LINES\n");
		return 2;
	}
	if (tables_read(&tables, argv[1], argv[2], argv[3]))
		status = report(&tables, argv[1]);
	tables_free(&tables);
	return status;
}
