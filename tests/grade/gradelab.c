// SPDX-License-Identifier: GPL-2.0
/* gradelab.c - see gradelab.h. */
#include "gradelab.h"

const char *book_says(const char *dir, const char *sql)
{
	const char *path = xasprintf("%s/grades.db", dir);
	sqlite3_stmt *row = NULL;
	const char *text = NULL;
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) ||
	    sqlite3_busy_timeout(db, 10000) ||
	    sqlite3_prepare_v2(db, sql, -1, &row, NULL))
		FAIL("%s: %s: %s", path, sql, db ? sqlite3_errmsg(db) : "");
	if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_text(row, 0))
		text = xstrdup((const char *)sqlite3_column_text(row, 0));
	sqlite3_finalize(row);
	sqlite3_close(db);
	return text;
}

int64_t book_counts(const char *dir, const char *sql)
{
	const char *text = book_says(dir, sql);

	return text ? atoll(text) : -1;
}

void put_lab_files(const char *dir, const char *lab, bool solution)
{
	const char *from = xasprintf("%s/%s%s", LAB_TOP, solution ? "solutions/" : "", lab);
	const char *names = xasprintf("%s/solutions/%s", LAB_TOP, lab);
	struct strlist files = { 0 };

	ASSERT_EQ(mkdir_p(dir), 0);
	ASSERT_EQ(list_dir(names, &files), 0);
	for (size_t i = 0; i < files.count; i++)
		if (str_ends(files.items[i], ".c") || str_ends(files.items[i], ".h"))
			copy_file(xasprintf("%s/%s", from, files.items[i]),
				  xasprintf("%s/%s", dir, files.items[i]));
	strlist_free(&files);
}

void put_mutant(const char *dir, const char *lab, const char *patch)
{
	const char *const argv[] = {
		"patch", "-s", "-p1", "-d", dir, "-i",
		xasprintf("%s/tests/mutants/%s/%s", LAB_TOP, lab, patch), NULL
	};
	struct ran ran;

	put_lab_files(dir, lab, true);
	ran = run_program(argv);
	EXPECT(ran, 0);
}

void list_mutants(const char *lab, struct strlist *names)
{
	list_dir(xasprintf("%s/tests/mutants/%s", LAB_TOP, lab), names);
}

struct attack *attacks;
size_t attack_count;

static char *value_of(const char *text, const char *key)
{
	char *line = xasprintf("\n%s = ", key), *value;
	const char *hit = strstr(text, line);

	value = hit ? xstrndup(hit + strlen(line), strcspn(hit + strlen(line), "\n")) : xstrdup("");
	free(line);
	return value;
}

/* Names that are part of the attack, and cannot be a directory's in a repository. */
static char *student_of(const char *name)
{
	static const struct { const char *name, *student; } odd[] = {
		{ "formula_name", "=cmd|calc!A0" },
		{ "html_name", "<script>alert(3)<script>" },
		{ "no_text_name", "\033[2J\xff\xfe name" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++)
		if (!strcmp(odd[i].name, name))
			return xstrdup(odd[i].student);
	return xstrdup(name);
}

void read_attacks(void)
{
	struct strlist names = { 0 };

	ASSERT_EQ(list_dir(ATTACKS, &names), 0);
	attacks = xcalloc(names.count, sizeof(*attacks));
	for (size_t i = 0; i < names.count; i++) {
		struct attack *a = &attacks[attack_count++];
		char *text;

		a->name = xstrdup(names.items[i]);
		a->dir = xasprintf("%s/%s", ATTACKS, a->name);
		text = read_whole(strf("%s/attack.ini", a->dir), NULL);
		if (!text)
			FAIL("%s/attack.ini: %s", a->dir, strerror(errno));
		a->family = value_of(text, "family");
		a->what = value_of(text, "what");
		a->stopped = value_of(text, "stopped");
		a->told = value_of(text, "told");
		a->status = value_of(text, "status");
		a->points = value_of(text, "points");
		a->verdict = value_of(text, "verdict");
		a->flag = value_of(text, "flag");
		a->kind = value_of(text, "kind");
		a->slow = strstr(text, "\nlong = yes");
		a->student = student_of(a->name);
		a->entry = !*a->kind || !strcmp(a->kind, "folder") || !strcmp(a->kind, "link") ?
			   xstrdup(a->student) : xasprintf("%s.%s", a->student, a->kind);
		free(text);
	}
	strlist_free(&names);
}
