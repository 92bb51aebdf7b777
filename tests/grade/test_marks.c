// SPDX-License-Identifier: GPL-2.0
/* test_marks.c - marks, tables and sums, without a virtual machine. */
#include "grade.h"
#include "gradelab.h"

static void begin(struct grade *g, const char *rubric)
{
	*g = (struct grade){ .out = xasprintf("%s/out", test_dir), .lock = -1 };
	if (rubric) {
		g->rubric_file = xasprintf("%s/rubric.ini", test_dir);
		put_file(g->rubric_file, rubric);
	}
	strlist_add(&g->kernels, "6.1");
	ASSERT_EQ(rubric_read(g), 0);
	ASSERT_EQ(book_open(g, true), 0);
	ASSERT_EQ(book_do(g, "INSERT INTO labs VALUES ('c/l', 'L', 1000, '')", ""), 0);
	for (int i = 0; i < 4; i++)
		book_do(g, "INSERT INTO reference VALUES ('c/l', '6.1', '', ?, ?, ?, ?, '')", "titt",
			i == 3 ? PART_HIDDEN : PART_PUBLIC, (int64_t)i, strf("check%d", i),
			i == 2 ? "skipped" : "passed");
}

/* One run; states is a letter a check: p, f, s; "" for a build that failed. */
static void add_run(struct grade *g, const char *who, const char *part, const char *states, bool whole,
		    const char *gate)
{
	int64_t id;

	book_do(g, "INSERT OR IGNORE INTO students (student) VALUES (?)", "t", who);
	book_do(g, "INSERT OR REPLACE INTO submissions VALUES (?, 'c/l', 'taken', 'd', '')", "t", who);
	book_do(g, "INSERT INTO verdicts (student, lab, kernel, variant, part, digest, lab_digest, seed, "
		"verdict, code, stage, whole, build_log, checkpatch, sparse, ms, at) VALUES "
		"(?, 'c/l', '6.1', '', ?, 'd', 'l', '1', ?, 1, ?, ?, '', 7, 0, 1, 1)", "tttti", who, part,
		whole ? "failed" : "crashed", *states ? "check" : "build", (int64_t)whole);
	id = sqlite3_last_insert_rowid(g->book);
	for (int i = 0; states[i]; i++)
		book_do(g, "INSERT INTO results VALUES (?, ?, ?, ?, '', '')", "iitt", id, (int64_t)i,
			strf("check%d", !strcmp(part, PART_HIDDEN) ? 3 : i),
			states[i] == 'p' ? "passed" : states[i] == 'f' ? "failed" : "skipped");
	if (gate)
		book_do(g, "INSERT INTO findings VALUES (?, ?, '', '', '', '', '')", "it", id, gate);
}

static int64_t points(struct grade *g, const char *who)
{
	char *text = book_value(g, "SELECT coalesce(points, -1) FROM marks WHERE student = ?", "t", who);
	int64_t value = text ? atoll(text) : -2;

	free(text);
	return value;
}

static void end(struct grade *g)
{
	ASSERT(!g->failed);
	ASSERT_EQ(book_number(g, "SELECT count(*) FROM marks m WHERE points <> (SELECT sum(points) FROM "
			      "mark_lines l WHERE l.student = m.student)", ""), 0);
	book_close(g);
	rubric_free(g->rubric);
	strlist_free(&g->kernels);
	free(g->out);
}

TEST(marks_by_default)
{
	struct grade g;

	begin(&g, NULL);
	add_run(&g, "all", PART_PUBLIC, "pps", true, NULL);
	add_run(&g, "all", PART_HIDDEN, "p", true, NULL);
	add_run(&g, "one", PART_PUBLIC, "pfs", true, NULL);
	add_run(&g, "one", PART_HIDDEN, "f", true, NULL);
	add_run(&g, "crash", PART_PUBLIC, "pp", false, NULL);
	add_run(&g, "crash", PART_HIDDEN, "p", true, NULL);
	add_run(&g, "gate", PART_PUBLIC, "pp", true, "warning");
	add_run(&g, "gate", PART_HIDDEN, "p", true, "warning");
	add_run(&g, "broken", PART_PUBLIC, "", false, NULL);
	add_run(&g, "broken", PART_HIDDEN, "", false, NULL);
	/* Its hidden part has no verdict: a fault of ours, and no zero. */
	add_run(&g, "open", PART_PUBLIC, "pp", true, NULL);
	ASSERT_EQ(marks_make(&g), 0);
	ASSERT_EQ(points(&g, "all"), 1000);
	ASSERT_EQ(points(&g, "one"), 333);
	ASSERT_EQ(points(&g, "crash"), 333);
	ASSERT_EQ(points(&g, "gate"), 800);
	ASSERT_EQ(points(&g, "broken"), 0);
	ASSERT_EQ(points(&g, "open"), -1);
	end(&g);
}

TEST(marks_by_rubric)
{
	struct grade g;

	begin(&g, "[marks]\nhidden = 40\nunfinished = 50\n[c/l]\npoints = 20\ncheck0 = 2\n"
	      "[deductions]\ngate = 5\ngate.taint = 25.5\ncheckpatch = 0.5\ncheckpatch_max = 3\n"
	      "[late]\ngrace = 60\nday = 10\nmax = 30\nzero_after = 5\n"
	      "[attempts]\nfree = 2\neach = 1\nmax = 3\n");
	add_run(&g, "one", PART_PUBLIC, "pf", true, NULL);	/* 8 of 12 */
	add_run(&g, "one", PART_HIDDEN, "p", true, NULL);	/* 8 of 8 */
	add_run(&g, "crash", PART_PUBLIC, "pp", false, NULL);	/* half of 12 */
	add_run(&g, "crash", PART_HIDDEN, "f", true, "taint");	/* 5.10 off */
	ASSERT_EQ(marks_make(&g), 0);
	/* 16.00, and 3.00 off for seven complaints at 0.50, 3.00 at most */
	ASSERT_EQ(points(&g, "one"), 1300);
	ASSERT_EQ(points(&g, "crash"), 0);
	/* 25 h late: one hour is free, one day begun: 2.00; 4 attempts, 2 free: 0.40 */
	book_do(&g, "INSERT INTO late VALUES ('one', 'c/l', 1500, 4)", "");
	ASSERT_EQ(marks_make(&g), 0);
	ASSERT_EQ(points(&g, "one"), 1060);
	book_do(&g, "UPDATE late SET minutes = 7200, attempts = 100", "");
	ASSERT_EQ(marks_make(&g), 0);
	ASSERT_EQ(points(&g, "one"), 640);
	book_do(&g, "UPDATE late SET minutes = 8000", "");
	ASSERT_EQ(marks_make(&g), 0);
	ASSERT_EQ(points(&g, "one"), 0);
	book_do(&g, "INSERT INTO adjustments VALUES (1, 'one', 'c/l', 250, 'a reason', 'me', 1)", "");
	ASSERT_EQ(marks_make(&g), 0);
	ASSERT_EQ(points(&g, "one"), 250);
	end(&g);
}

TEST(rubrics_that_are_wrong)
{
	static const char *const bad[] = {
		"[marks]\nhiden = 3\n", "[late]\nday = ten\n", "[late]\nday = -1\n", "nonsense\n",
		"[deductions]\ngate = 1.234\n",
	};

	/* What it says of them is for people. */
	ASSERT(freopen("/dev/null", "w", stderr));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct grade g = { .rubric_file = xasprintf("%s/bad.ini", test_dir) };

		put_file(g.rubric_file, bad[i]);
		if (!rubric_read(&g))
			FAIL("taken: %s", bad[i]);
		rubric_free(g.rubric);
		free((char *)g.rubric_file);
	}
}

TEST(csv_cells)
{
	static const struct { const char *text, *cell; } cells[] = {
		{ "plain", "plain," }, { "a,b", "\"a,b\"," }, { "say \"x\"", "\"say \"\"x\"\"\"," },
		{ "=1+1", "\"'=1+1\"," }, { "+1", "\"'+1\"," }, { "-1", "\"'-1\"," }, { "@SUM(A1)", "\"'@SUM(A1)\"," },
		{ "\t=1", "\"'=1\"," }, { "two\nlines", "\"two\nlines\"," }, { "\033[2J", "[2J," }, { "", "," },
	};
	struct csv csv;

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		struct buf out = { 0 };

		csv_put(&out, cells[i].text, ',');
		ASSERT_STR(out.data, cells[i].cell);
		buf_free(&out);
	}
	put_file(strf("%s/a.csv", test_dir), "\xef\xbb\xbfStudent , name\r\nanna,\"Anna, \"\"A\"\"\nB\"\n\nbert\n");
	ASSERT_EQ(csv_read(strf("%s/a.csv", test_dir), &csv), 0);
	ASSERT_EQ(csv.count, 3);
	ASSERT_STR(csv_cell(&csv, 1, csv_column(&csv, "student")), "anna");
	ASSERT_STR(csv_cell(&csv, 1, csv_column(&csv, "NAME")), "Anna, \"A\"\nB");
	ASSERT_STR(csv_cell(&csv, 2, csv_column(&csv, "name")), "");
	ASSERT_EQ(csv_column(&csv, "none"), -1);
	csv_free(&csv);
}

TEST(names_stay_apart)
{
	static const char *const names[] = { "a/b", "a_b", "..", ".hidden", "", "a b", "a\nb", "=x" };
	struct strlist made = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *name = grade_file_name(names[i]);

		ASSERT(*name && *name != '.' && !strchr(name, '/') && !strchr(name, '\n'));
		ASSERT(!strlist_has(&made, name));
		strlist_add(&made, name);
		free(name);
	}
	strlist_free(&made);
}

TEST(bytes_as_text_and_back)
{
	for (size_t len = 0; len < 300; len++) {
		char *data = xmalloc(len + 1), *text, *again;
		size_t got;

		for (size_t i = 0; i < len; i++)
			data[i] = test_random();
		text = base64_encode(data, len);
		again = base64_decode(text, &got);
		ASSERT(again && got == len && !memcmp(again, data, len));
		free(data);
		free(text);
		free(again);
	}
}

TEST(calls_that_are_wrong)
{
	const char *subs = xasprintf("%s/subs", test_dir), *out = xasprintf("%s/out", test_dir);
	struct ran ran;

	ASSERT_EQ(mkdir_p(subs), 0);
	ran = run_lab("grade", "--help");
	EXPECT(ran, 0, "Usage: lab grade");
	ran = run_lab("grade");
	EXPECT(ran, 2, "--out DIR");
	ran = run_lab("grade", "--out", out, "--dry-run");
	EXPECT(ran, 2, "no grade book");
	ran = run_lab("grade", subs, "--out", out);
	EXPECT(ran, 2, "name the labs");
	ran = run_lab("grade", strf("%s/none", test_dir), "--labs", "hello", "--out", out);
	EXPECT(ran, 2, "there is no directory");
	ran = run_lab("grade", subs, "--labs", "workspace", "--out", out);
	EXPECT(ran, 2, "cannot be graded");
	ran = run_lab("grade", subs, "--labs", "nonsense", "--out", out);
	EXPECT(ran, 2, "there is no lab");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out, "--seed", "x");
	EXPECT(ran, 2, "is no seed");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out, "-j", "0");
	EXPECT(ran, 2, "number of jobs");
	ran = run_lab("grade", "--worker");
	EXPECT(ran, 5);
}
