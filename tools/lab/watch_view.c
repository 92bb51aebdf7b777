// SPDX-License-Identifier: GPL-2.0
/*
 * watch_view.c - what stands on the screen: the lab and the progress above, a
 * page (verdict, text or list) in the middle, the status and the keys below.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "overview.h"
#include "term.h"
#include "watch.h"

#define BAR_COLUMNS 10

static const char *styled(enum term_style style, const char *text)
{
	return strf("%s%s%s", term_on(stdout, style), text, term_off(stdout));
}

static void add_tally(struct buf *head, const char *name, const struct tally *tally)
{
	buf_addf(head, "%s %s %u of %u   ", name,
		 bar_text(tally->solved, tally->labs, BAR_COLUMNS), tally->solved, tally->labs);
}

void watch_new_head(struct watch *w)
{
	struct tally all = tally_labs(w->labs, NULL);
	const struct lab *lab = w->lab;
	char *files = strlist_join(&lab->files, ", ");
	struct lab_progress progress;
	struct buf head = { 0 };

	db_progress(lab->id, &progress);
	w->passed |= progress.solved;
	buf_addf(&head, "%s  %s\n", styled(T_HEADING, lab->id), lab->title);
	if (*lab->chapter) {
		struct tally chapter = tally_labs(w->labs, lab->chapter);

		add_tally(&head, lab->chapter, &chapter);
	}
	add_tally(&head, "workbook", &all);
	if (lab->hints.count)
		buf_addf(&head, "hints %u of %zu", progress.hints, lab->hints.count);
	buf_addf(&head, "\n%sedit %s%s  watched by %s%s", term_on(stdout, T_DIM),
		 *lab->chapter ? strf("%s/", lab->id) : "", lab->files.count ? files : "its sources",
		 eyes_way(&w->eyes), term_off(stdout));
	free(w->head);
	w->head = buf_steal(&head);
	free(files);
}

/* ---- pages ---- */

/* The verdict of before, while the next one is being made. */
static void dim_rows(const char *text, int columns, struct strlist *rows)
{
	struct strlist plain = { 0 };
	char *bare = text_plain(text);

	text_rows(bare, columns, &plain);
	for (size_t i = 0; i < plain.count; i++)
		strlist_add(rows, styled(T_DIM, plain.items[i]));
	strlist_free(&plain);
	free(bare);
}

static void verdict_rows(const struct watch *w, int columns, struct strlist *rows)
{
	if (!w->verdict)
		text_rows(strf("Your file is being judged; the verdict appears here.\n\n"
			       "Edit it in another window: each save starts a new run.\n"
			       "What to do: ./lab show %s\n", short_name(w->labs, w->lab)),
			  columns, rows);
	else if (w->run.pid)
		dim_rows(w->verdict, columns, rows);
	else
		text_rows(w->verdict, columns, rows);
	if (w->verdict && !w->run.pid && w->code == LAB_PASSED && lab_is_task(w->lab)) {
		strlist_add(rows, "");
		text_rows("n goes on to the next lab, s shows our solution.", columns, rows);
	}
}

static void list_rows(struct watch *w, int columns, struct strlist *rows)
{
	const char *chapter = "";
	int row = 0;

	for (size_t i = 0; i < w->labs->count; i++) {
		const struct lab *lab = w->labs->items[i];
		enum term_style style = T_PLAIN;
		struct lab_progress progress;

		if (strcmp(chapter, lab->chapter)) {
			chapter = lab->chapter;
			strlist_add(rows, text_row(strf("%s  %s", styled(T_HEADING, chapter),
							chapter_title(chapter)), columns));
		}
		db_progress(lab->id, &progress);
		if (progress.solved)
			style = T_OK;
		else if (progress.attempts)
			style = T_WARN;
		if (i == w->chosen)
			row = (int)rows->count;
		strlist_add(rows, text_row(strf("%s %s %-5s %s  %s",
						i == w->chosen ? ">" : " ",
						styled(style, term_mark(style)),
						lab_kind_letters(lab),
						i == w->chosen ? styled(T_BOLD, lab->name) : lab->name,
						lab->title), columns));
	}
	/* The chosen one stays in sight. */
	if (w->top > row - 1)
		w->top = row > 0 ? row - 1 : 0;
	if (w->room && w->top + w->room <= row)
		w->top = row - w->room + 1;
}

/* ---- the two lines below ---- */

static const char *outcome(const struct watch *w)
{
	static const struct {
		enum term_style style;
		const char *text;
	} outcomes[] = {
		[LAB_PASSED] = { T_OK, "PASSED" },
		[LAB_FAILED] = { T_BAD, "FAILED" },
		[LAB_USAGE] = { T_WARN, "NO VERDICT" },
		[LAB_CRASHED] = { T_BAD, "CRASHED" },
		[LAB_TIMEOUT] = { T_BAD, "TIMED OUT" },
		[LAB_FAULT] = { T_WARN, "NO VERDICT" },
	};
	enum term_style style = outcomes[w->code].style;

	return styled(style, strf("%s %s", term_mark(style), outcomes[w->code].text));
}

static const char *status(const struct watch *w)
{
	static const char *const wheel[] = { "⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏" };
	static const char *const plain[] = { "|", "/", "-", "\\" };

	if (w->notice)
		return styled(T_WARN, w->notice);
	if (w->run.pid) {
		int64_t ms = now_ms() - w->run.start;
		const char *sign = term_utf8() ? wheel[w->beat % ARRAY_SIZE(wheel)] :
						 plain[w->beat % ARRAY_SIZE(plain)];

		if (w->run.kill_at)
			return strf("%s ending the run in hand", styled(T_CODE, sign));
		return strf("%s judging %lld.%lld s (%s)  %s", styled(T_CODE, sign),
			    (long long)ms / 1000, (long long)ms % 1000 / 100, w->reason,
			    styled(T_DIM, run_progress(&w->run)));
	}
	if (w->code >= 0)
		return strf("%s  %s", outcome(w), w->when);
	return "";
}

static const char *key_menu(const struct watch *w, int columns)
{
	static const char *const keys[][2] = {
		{ "n", "next" }, { "h", "hint" }, { "l", "list" }, { "s", "solution" },
		{ "r", "again" }, { "q", "quit" },
	};
	const char *line = "";

	if (w->page == PAGE_LIST)
		line = strf("%s choose  %s take  ", styled(T_CODE, term_utf8() ? "↑↓" : "up/down"),
			    styled(T_CODE, "Enter"));
	if (w->page != PAGE_VERDICT)
		line = strf("%s%s back  ", line, styled(T_CODE, "Esc"));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (*keys[i][0] == 's' && !w->passed)
			continue;
		line = strf("%s%s %s  ", line, styled(T_CODE, keys[i][0]), keys[i][1]);
	}
	if (w->page != PAGE_LIST && w->length > w->room)
		line = strf("%s%s %d-%d of %d", line, styled(T_CODE, term_utf8() ? "↑↓" : "up/down"),
			    w->top + 1, w->top + w->room, w->length);
	return text_row(line, columns);
}

/* ---- all of it ---- */

static void add_page(struct watch *w, int columns, struct strlist *screen)
{
	struct strlist rows = { 0 };

	if (w->page == PAGE_LIST)
		list_rows(w, columns, &rows);
	else if (w->page == PAGE_TEXT)
		text_rows(w->text, columns, &rows);
	else
		verdict_rows(w, columns, &rows);
	w->length = (int)rows.count;
	if (w->top > w->length - w->room)
		w->top = w->length - w->room;
	if (w->top < 0)
		w->top = 0;
	for (int i = 0; i < w->room; i++)
		strlist_add(screen, w->top + i < w->length ? rows.items[w->top + i] : "");
	strlist_free(&rows);
}

void watch_draw(struct watch *w)
{
	struct strlist screen = { 0 }, head = { 0 };
	int columns, rows, above, below;

	tty_size(&columns, &rows);
	for (const char *p = w->head; *p;) {
		char *line = xstrndup(p, strcspn(p, "\n"));

		p += strlen(line);
		p += *p == '\n';
		strlist_add(&head, text_row(line, columns));
		free(line);
	}
	strlist_add(&head, "");
	below = rows >= 4 ? 2 : rows >= 2 ? 1 : 0;
	/* A low window is the page's. */
	above = rows >= 16 ? (int)head.count : rows >= 8 ? 2 : rows >= 5 ? 1 : 0;
	w->room = rows - above - below;
	for (int i = 0; i < above && i < (int)head.count; i++)
		strlist_add(&screen, head.items[i]);
	add_page(w, columns, &screen);
	if (below)
		strlist_add(&screen, text_row(status(w), columns));
	/* The last column of the last row would scroll some terminals. */
	if (below > 1)
		strlist_add(&screen, key_menu(w, columns - 1));
	tty_draw(&screen);
	strlist_free(&head);
	strlist_free(&screen);
}
