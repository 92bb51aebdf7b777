// SPDX-License-Identifier: GPL-2.0
/*
 * test_class.c - a class that is made for the test: solutions, skeletons,
 * students' mistakes, attacks, late, missing and unreadable ones. Its grading
 * is killed twice on the way; in the end every mark is the expected one, and
 * nothing was judged twice.
 */
#include <sys/wait.h>

#include "gradelab.h"

enum sort { SOLVED, UNTOUCHED, MUTANT, BROKEN, LATE, ABSENT, EMPTY, TWICE, SORTS };

struct student {
	char *name, *mutant;
	const char *lab;
	enum sort sort;
};

struct class {
	const char *subs, *out, *roster, *late, *rubric;
	struct student *students;
	size_t count;
	size_t hostile;		/* and as many attacks */
	bool large;		/* all attacks but the slow ones, two labs */
};

static void pack(const char *dir, const char *form)
{
	const char *const tgz[] = { "tar", "czf", xasprintf("%s.tgz", dir), "-C", dir, ".", NULL };
	const char *const tar[] = { "tar", "cf", xasprintf("%s.tar", dir), "-C", dir, ".", NULL };
	struct ran ran = run_program(!strcmp(form, "tgz") ? tgz : tar);

	EXPECT(ran, 0);
	rm_rf(dir);
}

static void hand_in(const struct class *c, size_t i, struct student *s)
{
	/* Some in a folder of the lab's, others flat. */
	char *entry = xasprintf("%s/%s", c->subs, s->name);
	char *dir = i % 3 ? xstrdup(entry) : xasprintf("%s/%s", entry, s->lab);
	struct strlist mutants = { 0 };

	switch (s->sort) {
	case SOLVED:
	case LATE:
	case TWICE:
		put_lab_files(dir, s->lab, true);
		break;
	case UNTOUCHED:
		put_lab_files(dir, s->lab, false);
		break;
	case MUTANT:
		list_mutants(s->lab, &mutants);
		ASSERT_INT(mutants.count, >, 0);
		s->mutant = xstrdup(mutants.items[i % mutants.count]);
		put_mutant(dir, s->lab, s->mutant);
		break;
	case BROKEN:
		put_lab_files(dir, s->lab, true);
		put_file(xasprintf("%s/%s", dir, strstr(s->lab, "hello") ? "hello.c" : "params.c"),
			 "this is no C\n");
		break;
	case EMPTY:
		put_file(xasprintf("%s/notes.txt", dir), "I had no time\n");
		break;
	default:
		break;
	}
	if (s->sort == TWICE)
		put_file(xasprintf("%s/%s.c", c->subs, s->name), "int a;\n");
	else if (s->sort != ABSENT && i % 4 == 1)
		pack(entry, i % 8 == 1 ? "tgz" : "tar");
	strlist_free(&mutants);
	free(entry);
	free(dir);
}

/* All that do not take long, in a large class; some of them else. */
static bool hands_in(const struct class *c, const struct attack *a)
{
	static const char *const few[] = { "forge_and_panic", "hide_module", "two_of_one_name", "html_name" };

	for (size_t i = 0; i < ARRAY_SIZE(few); i++)
		if (!strcmp(a->name, few[i]))
			return true;
	return c->large && !a->slow;
}

static void hand_in_attacks(struct class *c)
{
	setenv("LAB_TEST_SECRET", ATTACK_SECRET, 1);
	read_attacks();
	for (size_t i = 0; i < attack_count; i++) {
		if (!hands_in(c, &attacks[i]))
			continue;
		put_attack(&attacks[i], c->subs);
		c->hostile++;
	}
}

/* Attacks among them: the others are what the count leaves room for. */
static void make_class(struct class *c, size_t count)
{
	static const char *const labs[] = { HELLO, "ch04_lkm/04_params" };
	static const enum sort order[] = {
		SOLVED, MUTANT, UNTOUCHED, MUTANT, LATE, MUTANT, BROKEN, MUTANT, ABSENT, SOLVED, EMPTY, TWICE,
	};
	struct buf roster = { 0 }, late = { 0 };

	*c = (struct class){
		.subs = xasprintf("%s/submissions", test_dir), .out = xasprintf("%s/out", test_dir),
		.roster = xasprintf("%s/roster.csv", test_dir), .late = xasprintf("%s/late.csv", test_dir),
		.rubric = xasprintf("%s/rubric.ini", test_dir),
		.students = xcalloc(count, sizeof(*c->students)), .large = count >= 100,
	};
	ASSERT_EQ(mkdir_p(c->subs), 0);
	hand_in_attacks(c);
	c->count = count - c->hostile;
	buf_adds(&roster, "student,name\n");
	buf_adds(&late, "student,late\n");
	for (size_t i = 0; i < c->count; i++) {
		struct student *s = &c->students[i];

		s->name = xasprintf("s%03zu", i);
		s->sort = order[i % ARRAY_SIZE(order)];
		s->lab = labs[c->large && i / ARRAY_SIZE(order) % 2];
		buf_addf(&roster, "%s,\"Student, number %zu\"\n", s->name, i);
		if (s->sort == LATE)
			buf_addf(&late, "%s,30h\n", s->name);
		hand_in(c, i, s);
	}
	put_file(c->roster, roster.data);
	put_file(c->late, late.data);
	put_file(c->rubric, "[late]\nday = 10\n");
	buf_free(&roster);
	buf_free(&late);
}

static void start(const struct class *c, struct running *running)
{
	start_lab(running, "grade", c->subs, "--labs", c->large ? "hello,params" : "hello", "--out", c->out,
		  "--roster", c->roster, "--late", c->late, "--rubric", c->rubric, "--seed", "11", "-j", "2");
}

/* Until so many verdicts are in the book; then the power fails. */
static void kill_after(const struct class *c, int64_t verdicts)
{
	struct running running;
	int status;

	start(c, &running);
	while (!is_file(strf("%s/grades.db", c->out)) ||
	       book_counts(c->out, "SELECT count(*) FROM sqlite_master WHERE name = 'verdicts'") < 1 ||
	       book_counts(c->out, "SELECT count(*) FROM verdicts") < verdicts) {
		if (waitpid(running.pid, &status, WNOHANG))
			FAIL("it ended before it could be killed: %s", read_whole(running.err_path, NULL));
		sleep_ms(200);
	}
	kill(running.pid, SIGKILL);
	waitpid(running.pid, &status, 0);
	unlink(running.out_path);
	unlink(running.err_path);
}

static const char *of(const struct class *c, const struct student *s, const char *what, const char *lab)
{
	char *sql = sqlite3_mprintf("SELECT %s FROM marks WHERE student = %Q AND lab = %Q", what, s->name,
				    lab);
	const char *value = book_says(c->out, sql);

	sqlite3_free(sql);
	return value ? value : "none";
}

/* The checks that the patch says must fail have failed. */
static void check_mutant(const struct class *c, const struct student *s)
{
	char *text = read_whole(xasprintf("%s/tests/mutants/%s/%s", LAB_TOP, s->lab, s->mutant), NULL);
	char *hit = text ? strstr(text, "fails: ") : NULL;
	struct strlist names = { 0 };

	ASSERT(hit);
	hit[strcspn(hit, "\n")] = '\0';
	strlist_split(&names, hit + strlen("fails: "), ", ");
	for (size_t i = 0; i < names.count; i++) {
		char *sql;

		if (strpbrk(names.items[i], "|:") || !strcmp(names.items[i], "crash") ||
		    !strcmp(names.items[i], "timeout"))
			continue;
		sql = sqlite3_mprintf("SELECT count(*) FROM results r JOIN verdicts v ON v.id = r.verdict WHERE "
				      "v.student = %Q AND r.name = %Q AND r.state <> 'passed'", s->name,
				      names.items[i]);
		if (book_counts(c->out, sql) < 1)
			FAIL("%s (%s): the check %s did not fail", s->name, s->mutant, names.items[i]);
		sqlite3_free(sql);
	}
	ASSERT_STR(of(c, s, "points < out_of", s->lab), "1");
	ASSERT_STR(of(c, s, "fault", s->lab), "student");
	strlist_free(&names);
	free(text);
}

static void check_student(const struct class *c, const struct student *s)
{
	static const struct { const char *status, *points; } expected[SORTS] = {
		[SOLVED] = { "judged", "points = out_of" },
		[UNTOUCHED] = { "judged", "points < out_of" },
		[MUTANT] = { "judged", "points < out_of" },
		[BROKEN] = { "does not compile", "points = 0" },
		/* 30 hours are two days begun. */
		[LATE] = { "judged", "points = out_of * 8 / 10" },
		[ABSENT] = { "missing", "points = 0" },
		[EMPTY] = { "missing", "points = 0" },
		[TWICE] = { "refused", "points = 0" },
	};
	const char *status = of(c, s, "status", s->lab);

	if (strcmp(status, expected[s->sort].status))
		FAIL("%s: the status is %s, not %s", s->name, status, expected[s->sort].status);
	if (strcmp(of(c, s, expected[s->sort].points, s->lab), "1"))
		FAIL("%s: %s hundredths, where %s was expected", s->name, of(c, s, "points", s->lab),
		     expected[s->sort].points);
	if (s->sort == MUTANT)
		check_mutant(c, s);
	if (strcmp(s->lab, HELLO))
		ASSERT_STR(of(c, s, "status", HELLO),
			   s->sort == TWICE ? "refused" : "missing");
}

static void check_attacks(const struct class *c)
{
	unsigned int bad = 0;

	for (size_t i = 0; i < attack_count; i++)
		if (hands_in(c, &attacks[i]))
			bad += weigh_attack(c->out, &attacks[i]);
	printf("  %zu students, %zu of them hostile\n", c->count + c->hostile, c->hostile);
	if (bad)
		FAIL("%u demands on attacks are not met", bad);
}

static void check_book(const struct class *c)
{
	ASSERT_EQ(book_counts(c->out, "SELECT count(DISTINCT student) FROM marks"), (int64_t)(c->count + c->hostile));
	ASSERT_EQ(book_counts(c->out, "SELECT count(*) FROM marks WHERE points IS NULL"), 0);
	/* Every mark is the sum of its lines. */
	ASSERT_EQ(book_counts(c->out, "SELECT count(*) FROM marks m WHERE points <> (SELECT sum(points) FROM "
			      "mark_lines l WHERE l.student = m.student AND l.lab = m.lab)"), 0);
	ASSERT_EQ(book_counts(c->out, "SELECT count(*) FROM marks m WHERE status = 'judged' AND out_of <> "
			      "(SELECT sum(out_of) FROM mark_lines l WHERE l.student = m.student AND "
			      "l.lab = m.lab)"), 0);
	/* The same files with the same mistake, and yet seeds of their own. */
	ASSERT_EQ(book_counts(c->out, "SELECT count(*) - count(DISTINCT seed) FROM verdicts"), 0);
	ASSERT_STR(book_says(c->out, "PRAGMA integrity_check"), "ok");
}

/* Read by programs that are not ours. */
static void check_exports(const struct class *c)
{
	const char *const xml[] = { "xmllint", "--noout", xasprintf("%s/junit.xml", c->out), NULL };
	const char *const json[] = {
		"jq", "-e", ".format == \"lkp-grades/1\" and ([.students[].labs[] | select(.points != null) | "
		"((.lines | map(.points) | add) - .points | fabs) < 0.001] | all)",
		xasprintf("%s/grades.json", c->out), NULL
	};
	const char *const others[] = {
		"sh", "-c", xasprintf(
		"set -e; cd %s; shapes=" LAB_TOP "/tests/grade/shapes; "
		"for f in gradescope/*.json; do jq -e -f $shapes/gradescope.jq $f; done; "
		"for f in classroom50/*/*.json; do jq -e -f $shapes/classroom50.jq $f; done; "
		"for f in autolab/*.txt; do tail -n 1 $f | jq -e -f $shapes/autolab.jq; done; "
		"for f in feedback/*.html class.html similar.html; do "
		"tidy -q -e --show-warnings no $f || [ $? = 1 ]; done; "
		"printf '.mode csv\n.import marks.csv t\nselect count(*) from t;\n' | sqlite3 :memory:", c->out),
		NULL
	};
	const char *const *const readers[] = { xml, json, others };
	char *csv, *page;

	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		struct ran ran = run_program(readers[i]);

		EXPECT(ran, 0, readers[i] == others ? strf("%zu\n", c->count + c->hostile) : "");
	}
	csv = read_whole(strf("%s/marks.csv", c->out), NULL);
	ASSERT_HAS(csv, "s000,\"Student, number 0\",5.00,");
	page = read_whole(strf("%s/feedback/s001.md", c->out), NULL);
	ASSERT_HAS(page, "./lab check");
	ASSERT(is_file(strf("%s/class.html", c->out)) && is_file(strf("%s/similar.html", c->out)));
	free(csv);
	free(page);
}

static void grade_class(size_t count, int64_t first, int64_t second)
{
	const char *before = "SELECT group_concat(id || student || at) FROM (SELECT * FROM verdicts ORDER BY id)";
	const char *early, *late;
	struct running running;
	struct class c;
	struct ran ran;

	make_class(&c, count);
	kill_after(&c, first);
	early = book_says(c.out, before);
	kill_after(&c, second);
	late = book_says(c.out, before);
	if (strncmp(early, late, strlen(early)))
		FAIL("verdicts of before the kill were made again:\n%s\n%s", early, late);
	start(&c, &running);
	ran = finish(&running);
	EXPECT(ran, 0, "judged, mean");
	early = book_says(c.out, before);
	if (strncmp(late, early, strlen(late)))
		FAIL("verdicts of before the kill were made again:\n%s\n%s", late, early);
	for (size_t i = 0; i < c.count; i++)
		check_student(&c, &c.students[i]);
	check_book(&c);
	check_exports(&c);
	/* Once more: there is nothing to do, and nothing that was said is forgotten. */
	start(&c, &running);
	ran = finish(&running);
	EXPECT(ran, 0, "~ passed\n");
	ASSERT_STR(book_says(c.out, before), early);
	check_attacks(&c);
	ASSERT(!path_exists(strf("%s/.work", c.out)));
}

TEST(class_killed_twice)
{
	grade_class(15, 2, 6);
}

TEST(class_of_200_killed_twice)
{
	if (!test_long)
		test_skip("only with --long");
	grade_class(200, 40, 110);
}
