// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "check_draw.h"

/* The columns of the letters; G stands where P would. */
static const char columns[] = "PFSRMBUDAWCIOELKXTN";

static bool odds(unsigned int percent)
{
	return check_random_range(0, 99) < percent;
}

static void draw_function(struct drawn_function *f, u64 address)
{
	static const char *const endings[] = { "", "", ".constprop.0", ".isra.0", ".cold" };
	static const char *const files[] = { "crash.c", "crash.c", "list.h", "wagon.c" };
	const char *file = files[check_random_range(0, 3)];
	u64 at = address;
	char word[12];

	check_random_word(word, check_random_range(4, sizeof(word)));
	snprintf(f->name, sizeof(f->name), "%s%s", word,
		 endings[check_random_range(0, 4)]);
	f->address = address;
	f->nr_rows = check_random_range(3, ROWS_MAX);
	for (unsigned int i = 0; i < f->nr_rows; i++) {
		f->rows[i] = (struct drawn_row){
			.address = at,
			.line = check_random_range(10, 900),
			.file = file,
		};
		if (odds(20))
			file = files[check_random_range(0, 3)];
		/* Now and then two rows have the same address. */
		at += odds(15) ? 0 : check_random_range(1, 12);
	}
	f->size = at + check_random_range(1, 12) - address;
}

void draw_tables(struct drawn *d)
{
	u64 address = 0;

	memset(d, 0, sizeof(*d));
	d->nr = check_random_range(8, FUNCTIONS_MAX);
	for (unsigned int i = 0; i < d->nr; i++) {
		struct drawn_function *f = &d->functions[i];

		draw_function(f, address);
		/* The next one begins at a multiple of 16, the next section anywhere. */
		f->span = (f->size + 15) / 16 * 16;
		address += f->span;
		if (i == d->nr - 1)
			f->span += check_random_range(0, 3000);
	}
	/* Static functions of two files may have the same name. */
	for (unsigned int i = 0; i + 2 < d->nr; i += 2)
		if (odds(30) && d->functions[i].span != d->functions[i + 1].span)
			memcpy(d->functions[i + 1].name, d->functions[i].name,
			       sizeof(d->functions[i].name));
}

bool drawn_twin(const struct drawn *d, const struct drawn_function *f)
{
	for (unsigned int i = 0; i < d->nr; i++)
		if (&d->functions[i] != f && !strcmp(d->functions[i].name, f->name))
			return true;
	return false;
}

void draw_oops(struct drawn *d)
{
	const struct drawn_function *f;
	bool tainted;

	d->at = &d->functions[check_random_range(0, d->nr - 1)];
	d->at_offset = check_random_range(0, d->at->size - 1);
	d->from = NULL;
	if (odds(85)) {
		/* A call that is the last thing of its line. */
		f = &d->functions[check_random_range(0, d->nr - 1)];
		d->from = f;
		d->from_offset = f->rows[check_random_range(1, f->nr_rows - 1)].address -
				 f->address;
		d->from_offset = d->from_offset ? d->from_offset - 1 : f->size - 2;
	}
	d->write = odds(50);
	d->address = odds(70) ? check_random_range(0, 200) : check_random();
	d->new_style = odds(50);
	memset(d->taint, 0, sizeof(d->taint));
	tainted = odds(85);
	for (const char *c = columns; tainted && *c; c++)
		if (odds(*c == 'O' || *c == 'E' ? 90 : 15))
			d->taint[strlen(d->taint)] = *c;
}

const struct drawn_row *drawn_row(const struct drawn_function *f, u64 offset)
{
	const struct drawn_row *row = f->rows;

	for (unsigned int i = 0; i < f->nr_rows; i++)
		if (f->rows[i].address <= f->address + offset)
			row = &f->rows[i];
	return row;
}

static void write_symbols(const struct drawn *d)
{
	FILE *out = fopen("drawn.sym", "w");

	ASSERT_NOTNULL(out);
	fprintf(out, "                 U __fentry__\n0000000000000000 r __func__.1\n");
	/* In another order than that of the addresses. */
	for (unsigned int i = 0; i < d->nr; i++) {
		const struct drawn_function *f = &d->functions[(i + d->nr / 2) % d->nr];

		fprintf(out, "%016llx %016llx t %s\n", f->address, f->size, f->name);
	}
	fprintf(out, "0000000000000000 0000000000000380 D __this_module\n");
	fclose(out);
}

static void write_rows(const struct drawn *d)
{
	FILE *out = fopen("drawn.lines", "w");

	ASSERT_NOTNULL(out);
	fprintf(out, "\ncrash.ko:     file format elf64-x86-64\n\n");
	fprintf(out, "Contents of the .debug_line section:\n\ncrash.c:\n");
	fprintf(out, "%-36s %-14s %-19s %-7s Stmt\n", "File name", "Line number",
		"Starting address", "View");
	for (unsigned int i = 0; i < d->nr; i++)
		for (unsigned int j = 0; j < d->functions[i].nr_rows; j++) {
			const struct drawn_row *r = &d->functions[i].rows[j];

			fprintf(out, "%-35s  %11u  %#18llx               x\n", r->file,
				r->line, r->address);
		}
	fclose(out);
}

static void write_taint(const struct drawn *d, FILE *out)
{
	if (!*d->taint) {
		fprintf(out, "Not tainted");
		return;
	}
	fprintf(out, "Tainted: ");
	for (const char *c = columns; *c; c++)
		fputc(strchr(d->taint, *c) ? *c : *c == 'P' ? 'G' : ' ', out);
	fputc(' ', out);
}

static void write_place(FILE *out, const struct drawn_function *f, u64 offset)
{
	fprintf(out, "%s+0x%llx/0x%llx [crash]\n", f->name, offset, f->span);
}

static void write_log(const struct drawn *d, const char *time, FILE *out)
{
	unsigned int any = check_random_range(0, d->nr - 1);
	const struct drawn_function *guess = &d->functions[any];
	const char *release = d->new_style ? "6.12.0-1-amd64 #1 Debian" :
					     "6.1.0-1-amd64 #1  Debian";

	fprintf(out, "%scrash: loading out-of-tree module taints kernel.\n", time);
	fprintf(out, "%sBUG: %saddress: %016llx\n", time,
		d->address < 4096 ? "kernel NULL pointer dereference, " :
				    "unable to handle page fault for ", d->address);
	fprintf(out, "%s#PF: supervisor %s access in kernel mode\n", time,
		d->write ? "write" : "read");
	fprintf(out, "%sOops: 000%d [#1] PREEMPT SMP NOPTI\n", time, d->write ? 2 : 0);
	fprintf(out, "%sCPU: 0 %sPID: 93 Comm: insmod ", time, d->new_style ? "UID: 0 " : "");
	write_taint(d, out);
	fprintf(out, " %s\n", release);
	if (d->new_style && *d->taint)
		fprintf(out, "%sTainted: [O]=OOT_MODULE, [E]=UNSIGNED_MODULE\n", time);
	fprintf(out, "%sRIP: 0010:", time);
	write_place(out, d->at, d->at_offset);
	fprintf(out, "%sCode: 48 89 fb e8 <48> 8b 07\n", time);
	fprintf(out, "%sCall Trace:\n%s <TASK>\n", time, time);
	fprintf(out, "%s ? __die_body+0x1a/0x60\n%s ? ", time, time);
	write_place(out, guess, guess->size / 2);
	fprintf(out, "%s %s+0x10/0x%llx [other]\n%s vfs_write+0x1a/0x40\n", time, guess->name,
		guess->span, time);
	if (d->from) {
		fprintf(out, "%s ", time);
		/* What the stack holds is where the call returns to. */
		write_place(out, d->from, d->from_offset + 1);
		fprintf(out, "%s ", time);
		write_place(out, guess, guess->size / 3);
	}
	fprintf(out, "%s do_one_initcall+0x59/0x220\n%s </TASK>\n", time, time);
	fprintf(out, "%sModules linked in: crash(OE+) other(O)\n", time);
	fprintf(out, "%s---[ end trace 0000000000000000 ]---\n%sRIP: 0010:", time, time);
	write_place(out, d->at, d->at_offset);
	fprintf(out, "%sRIP: 0033:0x7f2d5b1149b9\n", time);
}

void drawn_write(const struct drawn *d)
{
	static const char *const times[] = {
		"", "[   24.973681] ", "<1>[    3.100000] ", "  | ",
	};
	FILE *out = fopen("drawn.log", "w");

	ASSERT_NOTNULL(out);
	write_log(d, times[check_random_range(0, 3)], out);
	fclose(out);
	write_symbols(d);
	write_rows(d);
}
