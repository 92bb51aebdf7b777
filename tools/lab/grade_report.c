// SPDX-License-Identifier: GPL-2.0
/*
 * The class at a glance: DIR/class.html, one file without scripts, its plots
 * drawn as SVG. For whoever teaches; it names students only where a mark is
 * open or a source is to be looked at.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade_export.h"

#define BINS	10
#define WIDTH	560

static void heading(struct buf *out, const char *text)
{
	buf_adds(out, "<h2>");
	put_html(out, text);
	buf_adds(out, "</h2>\n");
}

/* How many got 0–10 %, 10–20 %, … 100 % stands with the last. */
static void plot_marks(struct grade *g, struct buf *out, const char *lab)
{
	int64_t bins[BINS] = { 0 }, most = 1;
	sqlite3_stmt *row = book_ask(g, "SELECT points, out_of FROM marks WHERE lab = ? AND points IS NOT "
				     "NULL AND status <> 'missing'", "t", lab);

	while (book_row(g, &row)) {
		int64_t out_of = sqlite3_column_int64(row, 1);
		int64_t bin = out_of ? sqlite3_column_int64(row, 0) * BINS / out_of : 0;

		bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
		if (++bins[bin] > most)
			most = bins[bin];
	}
	buf_addf(out, "<svg width=\"%d\" height=\"150\" role=\"img\" aria-label=\"distribution of marks\">",
		 WIDTH);
	for (int i = 0; i < BINS; i++) {
		int height = bins[i] * 110 / most, x = i * WIDTH / BINS;

		buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#4a7ab0\"/>"
			 "<text x=\"%d\" y=\"%d\" class=\"n\">%lld</text>"
			 "<text x=\"%d\" y=\"147\" class=\"n\">%d%s</text>", x + 2, 130 - height,
			 WIDTH / BINS - 4, height, x + WIDTH / BINS / 2, 126 - height, (long long)bins[i],
			 x + WIDTH / BINS / 2, i * 100 / BINS, i == BINS - 1 ? "–100 %" : "");
	}
	buf_adds(out, "</svg>\n");
}

/* Each check: how many passed it. */
static void plot_checks(struct grade *g, struct buf *out, const char *lab)
{
	sqlite3_stmt *row = book_ask(g, "SELECT CASE kind WHEN 'hidden' THEN 'hidden: ' ELSE '' END || "
		"substr(text, instr(text, 'check ') + 6, instr(text, ':') - instr(text, 'check ') - 6), "
		"sum(points = out_of), count(*) FROM mark_lines WHERE lab = ? AND kind IN ('check', 'hidden') "
		"GROUP BY 1 ORDER BY min(position)", "t", lab);

	buf_adds(out, "<table><tr><th>check</th><th>passed</th><th></th></tr>\n");
	while (book_row(g, &row)) {
		int64_t passed = sqlite3_column_int64(row, 1), count = sqlite3_column_int64(row, 2);

		buf_adds(out, "<tr><td><code>");
		put_html(out, book_text(row, 0));
		buf_addf(out, "</code></td><td>%lld of %lld</td><td><svg width=\"220\" height=\"14\">"
			 "<rect width=\"220\" height=\"14\" fill=\"#eee\"/><rect width=\"%lld\" height=\"14\" "
			 "fill=\"#5a9a68\"/></svg></td></tr>\n", (long long)passed, (long long)count,
			 (long long)(count ? passed * 220 / count : 0));
	}
	buf_adds(out, "</table>\n");
}

static void table(struct grade *g, struct buf *out, const char *head, int columns, sqlite3_stmt *row)
{
	bool any = false;

	while (book_row(g, &row)) {
		if (!any)
			buf_addf(out, "<table><tr>%s</tr>\n", head);
		any = true;
		buf_adds(out, "<tr>");
		for (int i = 0; i < columns; i++) {
			buf_adds(out, "<td>");
			put_html(out, book_text(row, i));
			buf_adds(out, "</td>");
		}
		buf_adds(out, "</tr>\n");
	}
	buf_adds(out, any ? "</table>\n" : "<p>None.</p>\n");
}

static void put_lab(struct grade *g, struct buf *out, const char *lab, const char *title)
{
	sqlite3_stmt *row = book_ask(g, "SELECT count(points), avg(points), max(out_of), sum(points = out_of), "
		"sum(status = 'missing') FROM marks WHERE lab = ?", "t", lab);

	heading(out, strf("%s: %s", lab, title));
	if (book_row(g, &row)) {
		buf_addf(out, "<p>%lld marks, mean %s of %s; %lld have all points; %lld handed nothing in.</p>\n",
			 (long long)sqlite3_column_int64(row, 0),
			 points_text((int64_t)(sqlite3_column_double(row, 1) + 0.5)),
			 points_text(sqlite3_column_int64(row, 2)), (long long)sqlite3_column_int64(row, 3),
			 (long long)sqlite3_column_int64(row, 4));
		sqlite3_finalize(row);
	}
	plot_marks(g, out, lab);
	plot_checks(g, out, lab);
	buf_adds(out, "<h3>The commonest mistakes</h3>\n");
	table(g, out, "<th>students</th><th>what</th>", 2, book_ask(g,
		"SELECT count(DISTINCT v.student) AS n, 'the check ' || r.name || ' ' || r.state FROM results r "
		"JOIN verdicts v ON v.id = r.verdict WHERE v.lab = ?1 AND r.state NOT IN ('passed', 'skipped') "
		"AND v.part = 'public' GROUP BY r.name, r.state UNION ALL "
		"SELECT count(DISTINCT v.student), 'the kernel complained: ' || f.gate FROM findings f JOIN "
		"verdicts v ON v.id = f.verdict WHERE v.lab = ?1 GROUP BY f.gate UNION ALL "
		"SELECT count(DISTINCT student), 'it does not compile' FROM verdicts WHERE lab = ?1 AND "
		"stage = 'build' HAVING count(*) > 0 UNION ALL "
		"SELECT count(DISTINCT student), 'the machine ' || CASE verdict WHEN 'crashed' THEN 'crashed' ELSE "
		"'did not come to its end' END FROM verdicts WHERE lab = ?1 AND stage <> 'build' AND NOT whole "
		"GROUP BY verdict = 'crashed' ORDER BY n DESC LIMIT 12", "t", lab));
}

int export_class(struct grade *g)
{
	sqlite3_stmt *labs = book_ask(g, "SELECT lab, title FROM labs ORDER BY lab", "");
	struct buf out = { 0 };

	buf_adds(&out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
		 "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
		 "<title>The class</title><style>body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;"
		 "padding:0 1em;color:#222}td,th{padding:.1em .8em .1em 0;text-align:left}.n{font-size:11px;"
		 "text-anchor:middle}h2{border-bottom:1px solid #ccc;margin-top:2em}</style></head><body>\n"
		 "<h1>The class</h1>\n");
	while (book_row(g, &labs))
		put_lab(g, &out, book_text(labs, 0), book_text(labs, 1));
	heading(&out, "Without a mark, for no fault of the student");
	table(g, &out, "<th>student</th><th>lab</th><th>why</th>", 3, book_ask(g,
		"SELECT m.student, m.lab, coalesce((SELECT why FROM faults f WHERE f.student = m.student AND "
		"f.lab = m.lab LIMIT 1), '') FROM marks m WHERE m.points IS NULL ORDER BY 1, 2", ""));
	heading(&out, "Not handed in, refused or ambiguous");
	table(g, &out, "<th>student</th><th>lab</th><th>what</th><th></th>", 4, book_ask(g,
		"SELECT m.student, m.lab, m.status, coalesce(s.note, '') FROM marks m LEFT JOIN submissions s ON "
		"s.student = m.student AND s.lab = m.lab WHERE m.status IN ('missing', 'refused', 'ambiguous') "
		"ORDER BY 1, 2", ""));
	heading(&out, "Sources to look at");
	buf_adds(&out, "<p>Calls that no lab needs. They change no mark; see docs/attacks.md.</p>\n");
	table(g, &out, "<th>student</th><th>lab</th><th>flags</th>", 3, book_ask(g,
		"SELECT student, lab, group_concat(DISTINCT flag) FROM flags GROUP BY student, lab ORDER BY 1, 2",
		""));
	heading(&out, "Adjusted by hand");
	table(g, &out, "<th>student</th><th>lab</th><th>points</th><th>reason</th><th>by</th>", 5, book_ask(g,
		"SELECT student, lab, printf('%+.2f', points / 100.0), reason, who FROM adjustments ORDER BY id",
		""));
	buf_adds(&out, "</body></html>\n");
	return export_write(g, "class.html", &out);
}
