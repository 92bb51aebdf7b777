// SPDX-License-Identifier: GPL-2.0
/*
 * Marks: from what the book says of a submission, and the rubric. Nothing is
 * run here, so a changed rubric costs nothing. Every mark is a list of lines
 * that add up to it; all points are hundredths.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grade.h"
#include "term.h"

#define GATE_PERCENT	2000	/* unless the rubric says otherwise */

struct line {
	int64_t points, out_of;
	const char *kind;
	char *text;
};

struct mark {
	struct grade *g;
	char *student, *lab;
	int64_t total, sum;
	const char *status, *fault;
	bool no_verdict;
	struct line *lines;
	size_t count;
};

struct earned {			/* of one check, over all machines */
	char *name, *part, *why;
	int64_t weight;
	bool passed;
	bool kept;		/* passed before its machine fell */
};

const char *points_text(int64_t n)
{
	return strf("%s%lld.%02lld", n < 0 ? "-" : "", (long long)llabs(n) / 100,
		    (long long)llabs(n) % 100);
}

static void add_line(struct mark *m, int64_t points, int64_t out_of, const char *kind, char *text)
{
	m->lines = xreallocarray(m->lines, m->count + 1, sizeof(*m->lines));
	m->lines[m->count++] = (struct line){ points, out_of, kind, text };
	m->sum += points;
}

static int64_t percent_of(int64_t total, int64_t percent)
{
	return (total * percent + 5000) / 10000;
}

static const char *part_word(const char *part)
{
	return strcmp(part, PART_HIDDEN) ? "check" : "hidden check";
}

/* The checks that the solution passes are what there is to earn. */
static size_t find_checks(struct mark *m, struct earned **out)
{
	struct grade *g = m->g;
	struct earned *items = NULL;
	size_t count = 0;
	sqlite3_stmt *row = book_ask(g, "SELECT kernel, part, name, min(position) FROM reference "
				     "WHERE lab = ? AND state = 'passed' GROUP BY kernel, part, name "
				     "ORDER BY part DESC, min(position)", "t", m->lab);

	while (book_row(g, &row)) {
		bool known = !strlist_has(&g->kernels, book_text(row, 0));

		for (size_t i = 0; i < count && !known; i++)
			known = !strcmp(items[i].name, book_text(row, 2)) &&
				!strcmp(items[i].part, book_text(row, 1));
		if (known)
			continue;
		items = xreallocarray(items, count + 1, sizeof(*items));
		items[count++] = (struct earned){
			.name = xstrdup(book_text(row, 2)), .part = xstrdup(book_text(row, 1)),
			.weight = rubric_number(g->rubric, m->lab, book_text(row, 2), 100),
			.passed = true,
		};
	}
	*out = items;
	return count;
}

static void lose(struct earned *e, char *why, bool kept)
{
	if (e->passed)
		e->kept = kept;
	else
		e->kept &= kept;
	e->passed = false;
	if (!e->why)
		e->why = why;
	else
		free(why);
}

/* One machine's run of one part: what it says of each check. */
static void weigh_machine(struct mark *m, struct earned *e, const char *kernel, const char *variant)
{
	struct grade *g = m->g;
	const char *where = g->kernels.count > 1 || *variant ?
			    strf(" on Linux %s%s%s", kernel, *variant ? ", " : "", variant) : "";
	sqlite3_stmt *row = book_ask(g, "SELECT v.verdict, v.stage, v.whole, v.why, r.state, r.reason "
		"FROM verdicts v LEFT JOIN results r ON r.verdict = v.id AND r.name = ? WHERE "
		"v.student = ? AND v.lab = ? AND v.kernel = ? AND v.variant = ? AND v.part = ?",
		"tttttt", e->name, m->student, m->lab, kernel, variant, e->part);
	const char *state;

	if (!book_row(g, &row)) {
		m->no_verdict = true;
		return;
	}
	state = book_text(row, 4);
	if (!strcmp(book_text(row, 1), "build"))
		lose(e, xstrdup("not run: it does not compile"), false);
	else if (!sqlite3_column_int(row, 2))
		lose(e, xasprintf("the machine did not get to its end%s%s%s", where,
				  *book_text(row, 3) ? ": " : "", book_text(row, 3)),
		     !strcmp(state, "passed"));
	else if (strcmp(state, "passed"))
		lose(e, xasprintf("%s%s%s%s", *state ? state : "gave no result", where,
				  *book_text(row, 5) ? ": " : "", book_text(row, 5)), false);
	sqlite3_finalize(row);
}

static void weigh_check(struct mark *m, struct earned *e)
{
	struct grade *g = m->g;
	sqlite3_stmt *row = book_ask(g, "SELECT kernel, variant FROM reference WHERE lab = ? AND "
				     "part = ? AND name = ? AND state = 'passed' ORDER BY kernel, variant",
				     "ttt", m->lab, e->part, e->name);

	while (book_row(g, &row))
		if (strlist_has(&g->kernels, book_text(row, 0)))
			weigh_machine(m, e, book_text(row, 0), book_text(row, 1));
}

/* Shares of total by weight, which add up to total to the last hundredth. */
static int64_t share(int64_t total, int64_t weight, int64_t *weights_left, int64_t *total_left)
{
	int64_t part = *weights_left ? (*total_left * weight + *weights_left / 2) / *weights_left : 0;

	(void)total;
	*weights_left -= weight;
	*total_left -= part;
	return part;
}

static void add_checks(struct mark *m, struct earned *items, size_t count)
{
	const struct rubric *rubric = m->g->rubric;
	int64_t weights[2] = { 0 }, totals[2], kept = rubric_number(rubric, "marks", "unfinished", 0);
	bool apart = rubric_has(rubric, "marks", "hidden");

	for (size_t i = 0; i < count; i++)
		weights[apart && !strcmp(items[i].part, PART_HIDDEN)] += items[i].weight;
	totals[1] = weights[1] ? percent_of(m->total, rubric_number(rubric, "marks", "hidden", 0)) : 0;
	totals[0] = m->total - totals[1];
	for (size_t i = 0; i < count; i++) {
		bool hidden = !strcmp(items[i].part, PART_HIDDEN);
		int which = apart && hidden;
		int64_t worth = share(totals[which], items[i].weight, &weights[which], &totals[which]);
		int64_t got = items[i].passed ? worth : items[i].kept ? percent_of(worth, kept) : 0;

		add_line(m, got, worth, hidden ? "hidden" : "check",
			 xasprintf("%s %s: %s", part_word(items[i].part), items[i].name,
				   items[i].passed ? "passed" : items[i].why));
	}
}

static void deduct_gates(struct mark *m)
{
	struct grade *g = m->g;
	sqlite3_stmt *row = book_ask(g, "SELECT DISTINCT f.gate FROM findings f JOIN verdicts v ON "
				     "f.verdict = v.id WHERE v.student = ? AND v.lab = ? ORDER BY f.gate",
				     "tt", m->student, m->lab);

	while (book_row(g, &row)) {
		const char *gate = book_text(row, 0);
		int64_t percent = rubric_number(g->rubric, "deductions", strf("gate.%s", gate),
			rubric_number(g->rubric, "deductions", "gate", GATE_PERCENT));

		add_line(m, -percent_of(m->total, percent), 0, "gate",
			 xasprintf("the kernel complained (%s)", gate));
	}
}

static void deduct_style(struct mark *m, const char *tool)
{
	struct grade *g = m->g;
	int64_t each = rubric_number(g->rubric, "deductions", tool, 0), loss;
	int64_t found = book_number(g, strf("SELECT max(coalesce(%s, -1)) FROM verdicts WHERE student = ? "
					    "AND lab = ?", tool), "tt", m->student, m->lab);
	const char *max = strf("%s_max", tool);

	if (!each || found <= 0)
		return;
	loss = found * each;
	if (rubric_has(g->rubric, "deductions", max) &&
	    loss > rubric_number(g->rubric, "deductions", max, 0))
		loss = rubric_number(g->rubric, "deductions", max, 0);
	add_line(m, -loss, 0, tool, xasprintf("%s: %lld complaint%s", tool, (long long)found,
					      found == 1 ? "" : "s"));
}

static void deduct_time(struct mark *m)
{
	const struct rubric *r = m->g->rubric;
	int64_t minutes = book_number(m->g, "SELECT minutes FROM late WHERE student = ? AND lab = ?",
				      "tt", m->student, m->lab);
	int64_t tries = book_number(m->g, "SELECT attempts FROM late WHERE student = ? AND lab = ?",
				    "tt", m->student, m->lab);
	int64_t days, percent;

	minutes -= rubric_number(r, "late", "grace", 0) / 100;
	if (minutes > 0 && (rubric_has(r, "late", "day") || rubric_has(r, "late", "zero_after"))) {
		days = (minutes + 1439) / 1440;
		percent = days * rubric_number(r, "late", "day", 0);
		if (percent > rubric_number(r, "late", "max", 10000))
			percent = rubric_number(r, "late", "max", 10000);
		if (rubric_has(r, "late", "zero_after") &&
		    days * 100 > rubric_number(r, "late", "zero_after", 0))
			percent = 10000;
		add_line(m, -percent_of(m->total, percent), 0, "late",
			 xasprintf("late: %lld day%s begun", (long long)days, days == 1 ? "" : "s"));
	}
	tries -= rubric_number(r, "attempts", "free", 0) / 100;
	if (tries > 0 && rubric_has(r, "attempts", "each")) {
		percent = tries * rubric_number(r, "attempts", "each", 0);
		if (percent > rubric_number(r, "attempts", "max", 10000))
			percent = rubric_number(r, "attempts", "max", 10000);
		add_line(m, -percent_of(m->total, percent), 0, "attempts",
			 xasprintf("%lld attempt%s more than are free", (long long)tries,
				   tries == 1 ? "" : "s"));
	}
}

static void adjust(struct mark *m)
{
	sqlite3_stmt *row = book_ask(m->g, "SELECT points, reason, who FROM adjustments WHERE "
				     "student = ? AND lab = ? ORDER BY id", "tt", m->student, m->lab);

	while (book_row(m->g, &row)) {
		add_line(m, sqlite3_column_int64(row, 0), 0, "adjustment",
			 xasprintf("adjusted by %s: %s", book_text(row, 2), book_text(row, 1)));
		m->no_verdict = false;
		m->fault = "none";
	}
}

static void judge_taken(struct mark *m)
{
	struct earned *items;
	size_t count = find_checks(m, &items);

	if (!count)
		m->no_verdict = true;
	for (size_t i = 0; i < count; i++)
		weigh_check(m, &items[i]);
	if (m->no_verdict) {
		m->status = "no verdict";
		m->fault = "ours";
		add_line(m, 0, m->total, "fault", xstrdup("not judged: the fault is not the student's; grade again"));
	} else {
		m->status = book_number(m->g, "SELECT count(*) FROM verdicts WHERE student = ? AND "
					"lab = ? AND stage = 'build'", "tt", m->student, m->lab) ?
			    "does not compile" : "judged";
		add_checks(m, items, count);
		deduct_gates(m);
		deduct_style(m, "checkpatch");
		deduct_style(m, "sparse");
		deduct_time(m);
		m->fault = m->sum < m->total ? "student" : "none";
	}
	for (size_t i = 0; i < count; i++) {
		free(items[i].name);
		free(items[i].part);
		free(items[i].why);
	}
	free(items);
}

static void keep(struct mark *m)
{
	struct grade *g = m->g;

	if (m->no_verdict)
		book_do(g, "INSERT INTO marks VALUES (?, ?, NULL, ?, ?, ?)", "ttitt", m->student, m->lab,
			m->total, m->status, m->fault);
	else
		book_do(g, "INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?)", "ttiitt", m->student, m->lab,
			m->sum, m->total, m->status, m->fault);
	for (size_t i = 0; i < m->count; i++)
		book_do(g, "INSERT INTO mark_lines VALUES (?, ?, ?, ?, ?, ?, ?)", "ttiiitt", m->student,
			m->lab, (int64_t)i, m->lines[i].points, m->lines[i].out_of, m->lines[i].kind,
			m->lines[i].text);
}

static void make_mark(struct grade *g, const char *student, const char *lab, const char *state,
		      const char *note)
{
	struct mark m = { .g = g, .student = xstrdup(student), .lab = xstrdup(lab), .fault = "student" };

	m.total = rubric_number(g->rubric, lab, "points",
				book_number(g, "SELECT points FROM labs WHERE lab = ?", "t", lab));
	if (!strcmp(state, "taken")) {
		judge_taken(&m);
	} else {
		m.status = !*state ? "missing" : !strcmp(state, "unread") ? "no verdict" :
			   !strcmp(state, "missing") ? "missing" :
			   !strcmp(state, "ambiguous") ? "ambiguous" : "refused";
		m.no_verdict = !strcmp(state, "unread");
		if (m.no_verdict)
			m.fault = "ours";
		add_line(&m, 0, m.total, m.status, xasprintf("not judged: %.*s",
			 (int)strcspn(*note ? note : "nothing was handed in", "\n"),
			 *note ? note : "nothing was handed in"));
	}
	if (m.sum < 0)
		add_line(&m, -m.sum, 0, "floor", xstrdup("no mark is below zero"));
	adjust(&m);
	if (m.sum < 0)
		add_line(&m, -m.sum, 0, "floor", xstrdup("no mark is below zero"));
	keep(&m);
	for (size_t i = 0; i < m.count; i++)
		free(m.lines[i].text);
	free(m.lines);
	free(m.student);
	free(m.lab);
}

int marks_make(struct grade *g)
{
	sqlite3_stmt *row;

	if (book_begin(g))
		return -EIO;
	book_do(g, "DELETE FROM marks", "");
	book_do(g, "DELETE FROM mark_lines", "");
	/* With a roster everybody on it has a line, handed in or not. */
	row = book_ask(g, "SELECT s.student, l.lab, coalesce(b.state, ''), coalesce(b.note, '') "
		       "FROM students s, labs l LEFT JOIN submissions b ON b.student = s.student AND "
		       "b.lab = l.lab ORDER BY s.student, l.lab", "");
	while (book_row(g, &row))
		make_mark(g, book_text(row, 0), book_text(row, 1), book_text(row, 2), book_text(row, 3));
	return book_commit(g);
}

/* --dry-run: every line of every mark. */
void marks_explain(struct grade *g)
{
	sqlite3_stmt *row = book_ask(g, "SELECT m.student, m.lab, m.points, m.out_of, m.status, l.points, "
				     "l.out_of, l.text, l.position FROM marks m LEFT JOIN mark_lines l ON "
				     "l.student = m.student AND l.lab = m.lab ORDER BY m.student, m.lab, l.position",
				     "");

	while (book_row(g, &row)) {
		if (!sqlite3_column_int(row, 8)) {
			term_printf(stdout, T_BOLD, "%s", term_clip(book_text(row, 0), 60));
			printf("  %s: %s of %s (%s)\n", book_text(row, 1),
			       sqlite3_column_type(row, 2) == SQLITE_NULL ? "no mark" :
			       points_text(sqlite3_column_int64(row, 2)),
			       points_text(sqlite3_column_int64(row, 3)), book_text(row, 4));
		}
		printf("  %8s", points_text(sqlite3_column_int64(row, 5)));
		if (sqlite3_column_int64(row, 6))
			printf(" of %6s", points_text(sqlite3_column_int64(row, 6)));
		else
			printf("          ");
		printf("  %s\n", term_clip(book_text(row, 7), 300));
	}
}
