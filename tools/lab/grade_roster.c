// SPDX-License-Identifier: GPL-2.0
/* What the instructor's tables say: who there is, and who was late. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grade.h"

int class_read_roster(struct grade *g)
{
	int student, name;
	struct csv csv;
	int err;

	if (!g->roster)
		return 0;
	err = csv_read(g->roster, &csv);
	if (err)
		return err;
	student = csv_column(&csv, "student");
	name = csv_column(&csv, "name");
	if (student < 0) {
		complain(strf("%s has no column 'student'", g->roster),
			 "its first line names the columns",
			 "the shortest roster is a line 'student', then one name a line");
		csv_free(&csv);
		return -EINVAL;
	}
	err = book_begin(g);
	if (!err)
		err = book_do(g, "UPDATE students SET on_roster = 0", "");
	for (size_t i = 1; i < csv.count && !err; i++)
		if (*csv_cell(&csv, i, student))
			err = book_do(g, "INSERT INTO students (student, name, on_roster) VALUES (?, ?, 1) "
				      "ON CONFLICT (student) DO UPDATE SET name = excluded.name, on_roster = 1",
				      "tt", csv_cell(&csv, i, student), csv_cell(&csv, i, name));
	if (!err)
		err = book_do(g, "INSERT OR REPLACE INTO meta VALUES ('roster', '1')", "");
	csv_free(&csv);
	return err ? err : book_commit(g);
}

/* "90", "2h", "1d": minutes. */
static bool parse_minutes(const char *text, int64_t *out)
{
	size_t len = strlen(text);
	uint64_t number;
	char *digits = xstrndup(text, len && !strchr("0123456789", text[len - 1]) ? len - 1 : len);
	bool good = parse_u64(digits, 0, 10000000, &number);
	char unit = len ? text[len - 1] : 'm';

	free(digits);
	if (!good)
		return false;
	if (strchr("0123456789", unit))
		unit = 'm';
	*out = number * (unit == 'h' ? 60 : unit == 'd' ? 1440 : 1);
	return strchr("mhd", unit);
}

/* Columns student, and lab (empty: all), late, attempts as far as they are there. */
int class_read_late(struct grade *g)
{
	int student, lab, late, attempts, err;
	struct csv csv;

	if (!g->late)
		return 0;
	err = csv_read(g->late, &csv);
	if (err)
		return err;
	student = csv_column(&csv, "student");
	lab = csv_column(&csv, "lab");
	late = csv_column(&csv, "late");
	attempts = csv_column(&csv, "attempts");
	if (student < 0 || (late < 0 && attempts < 0)) {
		complain(strf("%s has no columns 'student' and 'late' or 'attempts'", g->late), NULL,
			 "for example: student,lab,late,attempts and then anna,,2h,3");
		csv_free(&csv);
		return -EINVAL;
	}
	err = book_begin(g);
	if (!err)
		err = book_do(g, "DELETE FROM late", "");
	for (size_t i = 1; i < csv.count && !err; i++) {
		const char *time = csv_cell(&csv, i, late), *tries = csv_cell(&csv, i, attempts);
		uint64_t number = 0;
		int64_t minutes = 0;

		if ((*time && !parse_minutes(time, &minutes)) ||
		    (*tries && !parse_u64(tries, 0, 1000000, &number))) {
			complain(strf("%s: line %zu cannot be read", g->late, i + 1), NULL,
				 "late is minutes, or 2h, or 1d; attempts is a number");
			g->failed = true;	/* undoes what the others brought */
			book_commit(g);
			g->failed = false;
			csv_free(&csv);
			return -EINVAL;
		}
		for (size_t j = 0; j < g->lab_count && !err; j++) {
			const char *only = csv_cell(&csv, i, lab);

			if (!*only || !strcmp(only, "*") || !strcmp(only, g->labs[j]->id) ||
			    !strcmp(only, g->labs[j]->name))
				err = book_do(g, "INSERT OR REPLACE INTO late VALUES (?, ?, ?, ?)", "ttii",
					      csv_cell(&csv, i, student), g->labs[j]->id, minutes,
					      (int64_t)number);
		}
	}
	csv_free(&csv);
	return err ? err : book_commit(g);
}
