// SPDX-License-Identifier: GPL-2.0
/*
 * What a student is told: DIR/feedback/STUDENT.md and .html. Of hidden checks
 * the number and the points, never a name or a word; of flags nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "grade_export.h"

static void say_lines(struct grade *g, struct page *page, const char *student, const char *lab)
{
	int64_t passed = 0, count = 0, points = 0, out_of = 0;
	sqlite3_stmt *row = book_ask(g, "SELECT points, out_of, kind, text FROM mark_lines WHERE "
				     "student = ? AND lab = ? ORDER BY position", "tt", student, lab);

	while (book_row(g, &row)) {
		int64_t got = sqlite3_column_int64(row, 0), worth = sqlite3_column_int64(row, 1);

		if (!strcmp(book_text(row, 2), "hidden")) {
			count++;
			passed += got == worth;
			points += got;
			out_of += worth;
			continue;
		}
		page_item(page, worth ? strf("%s of %s", points_text(got), points_text(worth)) :
			  points_text(got), book_text(row, 3));
	}
	if (count)
		page_item(page, strf("%s of %s", points_text(points), points_text(out_of)),
			  strf("hidden checks: %lld of %lld passed", (long long)passed, (long long)count));
	page_items_end(page);
}

static void say_results(struct grade *g, struct page *page, int64_t verdict)
{
	sqlite3_stmt *row = book_ask(g, "SELECT name, state, reason, diagnostics FROM results WHERE "
				     "verdict = ? AND state NOT IN ('passed', 'skipped') ORDER BY position",
				     "i", verdict);

	while (book_row(g, &row)) {
		page_text(page, strf("The check %s %s%s%s", book_text(row, 0),
				     !strcmp(book_text(row, 1), "failed") ? "failed" :
				     !strcmp(book_text(row, 1), "timeout") ? "did not come to an end" :
				     "crashed", *book_text(row, 2) ? ": " : ".", book_text(row, 2)));
		if (*book_text(row, 3))
			page_code(page, book_text(row, 3));
	}
	row = book_ask(g, "SELECT gate, text, source, advice, concept, see FROM findings WHERE verdict = ?",
		       "i", verdict);
	while (book_row(g, &row)) {
		page_text(page, strf("The kernel complained (%s%s%s):", book_text(row, 0),
				     *book_text(row, 4) ? ": " : "", book_text(row, 4)));
		page_code(page, book_text(row, 1));
		if (*book_text(row, 2)) {
			page_text(page, "In your source:");
			page_code(page, book_text(row, 2));
		}
		page_text(page, book_text(row, 3));
		if (*book_text(row, 5))
			page_text(page, strf("To read about it: %s", book_text(row, 5)));
	}
}

static void say_verdicts(struct grade *g, struct page *page, const char *student, const char *lab)
{
	sqlite3_stmt *row = book_ask(g, "SELECT id, kernel, variant, verdict, stage, coalesce(why, ''), "
				     "build_log, console, seed, style FROM verdicts WHERE student = ? AND "
				     "lab = ? AND part = '" PART_PUBLIC "' ORDER BY kernel, variant", "tt",
				     student, lab);

	while (book_row(g, &row)) {
		const char *verdict = book_text(row, 3);

		page_heading(page, 3, strf("On Linux %s%s%s: %s", book_text(row, 1),
					   *book_text(row, 2) ? ", " : "", book_text(row, 2), verdict));
		if (!strcmp(book_text(row, 4), "build")) {
			page_text(page, "It does not compile. Read the first error first: later ones often follow from it.");
			page_code(page, book_text(row, 6));
			continue;
		}
		if (*book_text(row, 5))
			page_text(page, strf("The reason: %s.", book_text(row, 5)));
		say_results(g, page, sqlite3_column_int64(row, 0));
		if ((!strcmp(verdict, "crashed") || !strcmp(verdict, "timeout")) && *book_text(row, 7)) {
			page_text(page, "The kernel's last words:");
			page_code(page, book_text(row, 7));
		}
		if (*book_text(row, 9)) {
			page_text(page, "What checkpatch and sparse say:");
			page_code(page, book_text(row, 9));
		}
		if (strcmp(verdict, "passed"))
			page_text(page, strf("The same again at home: ./lab check %s --kernel %s --seed %s", lab,
					     book_text(row, 1), book_text(row, 8)));
	}
}

static int write_page(struct grade *g, const char *student, struct page *page)
{
	char *name = grade_file_name(student);
	char *md = xasprintf("feedback/%s.md", name), *html = xasprintf("feedback/%s.html", name);
	int err;

	page_end(page);
	err = export_write(g, md, &page->md);
	if (export_write(g, html, &page->html))
		err = -1;
	free(name);
	free(md);
	free(html);
	return err;
}

int export_feedback(struct grade *g)
{
	sqlite3_stmt *students = book_ask(g, "SELECT DISTINCT student FROM marks ORDER BY student", "");
	int err = mkdir_p(strf("%s/feedback", g->out));

	while (book_row(g, &students)) {
		const char *student = book_text(students, 0);
		struct page page = { 0 };
		sqlite3_stmt *row = book_ask(g, "SELECT m.lab, l.title, m.points, m.out_of, m.status, "
			"coalesce(s.note, '') FROM marks m JOIN labs l ON l.lab = m.lab LEFT JOIN submissions s "
			"ON s.student = m.student AND s.lab = m.lab WHERE m.student = ? ORDER BY m.lab", "t",
			student);

		page_begin(&page, student);
		while (book_row(g, &row)) {
			const char *lab = book_text(row, 0);

			page_heading(&page, 2, strf("%s: %s", lab, book_text(row, 1)));
			if (sqlite3_column_type(row, 2) == SQLITE_NULL)
				page_text(&page, "There is no mark yet, and that is not your fault.");
			else
				page_text(&page, strf("%s of %s points (%s).",
						      points_text(sqlite3_column_int64(row, 2)),
						      points_text(sqlite3_column_int64(row, 3)), book_text(row, 4)));
			if (*book_text(row, 5))
				page_text(&page, strf("About what you handed in: %s", book_text(row, 5)));
			say_lines(g, &page, student, lab);
			say_verdicts(g, &page, student, lab);
			page_text(&page, strf("To read: %s/README.md, or ./lab show %s", lab, lab));
		}
		if (write_page(g, student, &page))
			err = -1;
	}
	return err;
}
