// SPDX-License-Identifier: GPL-2.0
/*
 * overview.c - chapters, progress and the next step; see overview.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "overview.h"
#include "root.h"
#include "term.h"

struct tally tally_labs(const struct labs *labs, const char *chapter)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < labs->count; i++) {
		const struct lab *lab = labs->items[i];
		struct lab_progress progress;

		if (chapter && strcmp(lab->chapter, chapter))
			continue;
		db_progress(lab->id, &progress);
		tally.attempts += progress.attempts;
		tally.hints += progress.hints;
		if (lab_is_task(lab)) {
			tally.labs++;
			tally.solved += progress.solved;
			tally.points += lab->points;
			tally.earned += progress.solved ? lab->points : 0;
		} else {
			tally.demos++;
		}
	}
	return tally;
}

void chapters_of(const struct labs *labs, struct strlist *out)
{
	for (size_t i = 0; i < labs->count; i++)
		if (!strlist_has(out, labs->items[i]->chapter))
			strlist_add(out, labs->items[i]->chapter);
}

const char *chapter_title(const char *chapter)
{
	char *path = root_path("%s/README.md", chapter);
	char *text = read_whole(path, NULL);
	const char *title = chapter;

	if (text && str_starts(text, "# "))
		title = strf("%.*s", (int)strcspn(text + 2, "\r\n"), text + 2);
	free(text);
	free(path);
	return title;
}

const struct lab *next_task(const struct labs *labs)
{
	for (size_t i = 0; i < labs->count; i++) {
		struct lab_progress progress;

		if (!lab_is_task(labs->items[i]))
			continue;
		db_progress(labs->items[i]->id, &progress);
		if (!progress.solved)
			return labs->items[i];
	}
	return NULL;
}

const char *short_name(const struct labs *labs, const struct lab *lab)
{
	const char *name = lab->name + strspn(lab->name, "0123456789_");
	unsigned int same = 0;

	for (size_t i = 0; i < labs->count; i++) {
		const char *other = labs->items[i]->name;

		same += !strcmp(other + strspn(other, "0123456789_"), name);
	}
	return *lab->chapter && same == 1 ? name : lab->id;
}

int labs_result(const struct labs *labs)
{
	return labs->bad.count ? LAB_FAULT : LAB_PASSED;
}

const char *bar_text(unsigned int part, unsigned int total, int columns)
{
	int full = total ? (int)((uint64_t)part * columns / total) : 0;
	struct buf bar = { 0 };
	const char *text;

	buf_adds(&bar, term_on(stdout, T_OK));
	for (int i = 0; i < full; i++)
		buf_adds(&bar, term_utf8() ? "█" : "#");
	buf_addf(&bar, "%s%s", term_off(stdout), term_on(stdout, T_DIM));
	for (int i = full; i < columns; i++)
		buf_adds(&bar, term_utf8() ? "░" : ".");
	buf_adds(&bar, term_off(stdout));
	text = strf("%s", bar.data);
	buf_free(&bar);
	return text;
}

void print_bar(unsigned int part, unsigned int total, int columns)
{
	fputs(bar_text(part, total, columns), stdout);
}

static void print_chapter(const struct labs *labs, const char *chapter, int name_width)
{
	struct tally tally = tally_labs(labs, chapter);
	const char *title = chapter_title(chapter);
	const char *shown = strcmp(title, chapter) ? title : "";
	int room = term_width() - name_width - 26;

	printf("  %s%-*s%s  ", term_on(stdout, T_BOLD), name_width, chapter, term_off(stdout));
	print_bar(tally.solved, tally.labs, 10);
	printf("  %2u of %u", tally.solved, tally.labs);
	if (room > 10 && *shown)
		printf("%s  %s", tally.labs < 10 ? " " : "", term_clip(shown, room));
	putchar('\n');
}

static void print_next(const struct labs *labs)
{
	const struct lab *lab = next_task(labs);
	struct lab_progress progress;
	const char *name;
	char *files;

	if (!lab) {
		term_printf(stdout, T_OK, "All labs are solved.");
		printf(" For more: ./lab list, and each lab's \"Going further\".\n");
		return;
	}
	db_progress(lab->id, &progress);
	name = short_name(labs, lab);
	files = strlist_join(&lab->files, ", ");
	term_wrap(stdout, "", "  ", strf("%sNext: %s%s%c %s", term_on(stdout, T_HEADING), lab->id,
					 term_off(stdout), TERM_GLUE, lab->title));
	printf("  %s, %u points", lab_kind_text(lab), lab->points);
	if (lab->minutes)
		printf(", about %u minutes", lab->minutes);
	if (progress.attempts && progress.last_exit == LAB_FAILED)
		printf("; last time %u of %u checks passed", progress.last_passed,
		       progress.last_passed + progress.last_failed);
	printf("\n\n");
	printf("  read    ./lab show %s\n", name);
	printf("  edit    %s/%s\n", lab->id, files);
	printf("  judge   ./lab check %s\n", name);
	printf("  stuck?  ./lab hint %s\n", name);
	free(files);
}

int show_overview(void)
{
	struct strlist chapters = { 0 };
	struct labs labs;
	int width = 0;
	int result;

	if (!labs_open(&labs))
		return LAB_FAULT;
	chapters_of(&labs, &chapters);
	for (size_t i = 0; i < chapters.count; i++)
		if ((int)strlen(chapters.items[i]) > width)
			width = strlen(chapters.items[i]);

	term_printf(stdout, T_HEADING, "Linux kernel programming workbook");
	printf("\n\n");
	for (size_t i = 0; i < chapters.count; i++)
		print_chapter(&labs, chapters.items[i], width);
	if (chapters.count) {
		putchar('\n');
		print_next(&labs);
	} else {
		printf("There are no labs in %s.\n", root_dir());
	}
	printf("\nEverything else: ./lab --help\n");
	result = labs_result(&labs);
	strlist_free(&chapters);
	labs_free(&labs);
	return result;
}
