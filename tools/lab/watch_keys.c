// SPDX-License-Identifier: GPL-2.0
/* watch_keys.c - what each key of `lab watch` does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "term.h"
#include "watch.h"

static void say(struct watch *w, const char *text)
{
	free(w->notice);
	w->notice = xstrdup(text);
}

static void show_page(struct watch *w, enum page page)
{
	w->page = page;
	w->top = 0;
}

/* Owns text. */
static void show_text(struct watch *w, char *text)
{
	free(w->text);
	w->text = text;
	show_page(w, PAGE_TEXT);
}

static size_t index_of(const struct watch *w)
{
	for (size_t i = 0; i < w->labs->count; i++)
		if (w->labs->items[i] == w->lab)
			return i;
	return w->labs->count;	/* a lab from elsewhere: the next is the first */
}

/* The next one that is not solved, beginning anew after the last. */
static void next_lab(struct watch *w)
{
	size_t count = w->labs->count, here = index_of(w);

	for (size_t i = 1; i <= count; i++) {
		const struct lab *lab = w->labs->items[(here + i) % count];
		struct lab_progress progress;

		if (here == count)
			lab = w->labs->items[i - 1];
		if (lab == w->lab || !lab_is_task(lab) || !lab->has_makefile)
			continue;
		db_progress(lab->id, &progress);
		if (progress.solved)
			continue;
		watch_focus(w, lab);
		return;
	}
	say(w, w->passed || !lab_is_task(w->lab) ? "All labs are solved; l lists them." :
	    "All other labs are solved; l lists them.");
}

static void show_hint(struct watch *w)
{
	int columns, rows;

	tty_size(&columns, &rows);
	show_text(w, run_verb_text("hint", w->lab, columns));
	watch_new_head(w);
}

static bool add_file(struct buf *all, const char *dir, const char *name, const char *heading)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *text = read_whole(path, NULL);

	if (text)
		buf_addf(all, "%s%s%s\n\n%s\n", term_on(stdout, T_HEADING), heading,
			 term_off(stdout), text);
	free(text);
	free(path);
	return text;
}

static void show_solution(struct watch *w)
{
	const struct lab *lab = w->lab;
	struct buf all = { 0 };
	bool any = false;

	if (!lab_is_task(lab)) {
		say(w, "A demo: there is nothing to solve, so there is no solution.");
		return;
	}
	if (!w->passed) {
		say(w, "The solution is shown when yours has passed; h gives a hint.");
		return;
	}
	if (lab->solution_dir && is_file(strf("%s/README.md", lab->solution_dir)))
		add_file(&all, lab->solution_dir, "README.md", strf("solutions/%s/README.md", lab->id));
	for (size_t i = 0; i < lab->files.count && lab->solution_dir; i++)
		any |= add_file(&all, lab->solution_dir, lab->files.items[i],
				strf("solutions/%s/%s", lab->id, lab->files.items[i]));
	if (any)
		show_text(w, buf_steal(&all));
	else
		say(w, strf("There is no solution in %s.", lab->solution_dir ? lab->solution_dir :
			    "this workbook"));
	buf_free(&all);
}

static void show_list(struct watch *w)
{
	size_t here = index_of(w);

	w->chosen = here < w->labs->count ? here : 0;
	show_page(w, PAGE_LIST);
}

static void choose(struct watch *w)
{
	const struct lab *lab;

	if (w->chosen >= w->labs->count)
		return;
	lab = w->labs->items[w->chosen];
	if (!lab->has_makefile)
		say(w, strf("%s has no Makefile: nothing can be built.", lab->id));
	else if (lab == w->lab)
		show_page(w, PAGE_VERDICT);
	else
		watch_focus(w, lab);
}

/* Up and down: the choice in the list, the text on the other pages. */
static void move(struct watch *w, long by)
{
	bool list = w->page == PAGE_LIST;
	long last = list ? (long)w->labs->count - 1 : w->length - w->room;
	long to = by + (list ? (long)w->chosen : w->top);

	to = to < 0 || last < 0 ? 0 : to > last ? last : to;
	if (list)
		w->chosen = to;
	else
		w->top = (int)to;
}

void watch_key(struct watch *w, int key)
{
	const long page = w->room > 2 ? w->room - 1 : 1, far = 1 << 20;

	free(w->notice);
	w->notice = NULL;
	switch (key) {
	case 'q': case 'Q': case 4:	/* Ctrl-D */
	case KEY_GONE:
		w->quit = true;
		break;
	case 'n': case 'N':
		next_lab(w);
		break;
	case 'h': case 'H':
		show_hint(w);
		break;
	case 'l': case 'L':
		show_list(w);
		break;
	case 's': case 'S':
		show_solution(w);
		break;
	case 'r': case 'R':
		show_page(w, PAGE_VERDICT);
		watch_again(w, "you asked");
		break;
	case KEY_ESCAPE:
		show_page(w, PAGE_VERDICT);
		break;
	case KEY_ENTER:
		if (w->page == PAGE_LIST)
			choose(w);
		else if (w->page == PAGE_TEXT)
			show_page(w, PAGE_VERDICT);
		break;
	case KEY_UP: case 'k':
		move(w, -1);
		break;
	case KEY_DOWN: case 'j':
		move(w, 1);
		break;
	case KEY_PAGE_UP: case 'b':
		move(w, -page);
		break;
	case KEY_PAGE_DOWN: case ' ':
		move(w, page);
		break;
	case KEY_HOME: case 'g':
		move(w, -far);
		break;
	case KEY_END: case 'G':
		move(w, far);
		break;
	case KEY_REDRAW:
		tty_forget();
		break;
	}
}
