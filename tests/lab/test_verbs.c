// SPDX-License-Identifier: GPL-2.0
/* test_verbs.c - what each verb says and does, and how it exits. */
#include "db.h"
#include "fixture.h"

#define DEMO_INI "[lab]\ntitle = A demo\nkind = D U\npoints = 2\nminutes = 5\n"

static void make_labs(void)
{
	make_root();
	add_lab("ch04_lkm/01_hello", GOOD_INI);
	add_lab("ch04_lkm/04_params", GOOD_INI);
	add_lab("ch10_sched/01_watch", DEMO_INI);
	write_file(in_root("ch04_lkm/README.md"), "# Kernel modules\n");
}

static void solve(const char *lab, int exit_code)
{
	struct attempt a = { .lab = lab, .kernel = "6.1", .exit_code = exit_code, .passed = 1,
			     .failed = exit_code ? 2 : 0 };

	ASSERT_EQ(db_record_attempt(&a), 0);
	db_close();
}

static const char *const verbs[] = {
	"list", "show", "hint", "check", "run", "shell", "reset", "progress", "doctor", "setup", "kernel", "new",
};

TEST(verbs_have_help)
{
	struct ran ran;

	make_labs();
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		ran = run_lab(verbs[i], "--help");
		if (ran.status != LAB_PASSED || !strstr(ran.out, strf("Usage: lab %s", verbs[i])))
			FAIL("lab %s --help: %d\n%s%s", verbs[i], ran.status, ran.out, ran.err);
		ASSERT_STR(ran.err, "");
		ASSERT_INT(widest(ran.out), <=, 80);
		ran = run_lab("help", verbs[i]);
		ASSERT_EQ(ran.status, LAB_PASSED);
		ASSERT_HAS(ran.out, "Usage: lab ");
	}
	ran = run_lab("--help");
	ASSERT_EQ(ran.status, LAB_PASSED);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		ASSERT_HAS(ran.out, strf("\n  %s ", verbs[i]));
	ran = run_lab("--version");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT(str_starts(ran.out, "lab 0."));
}

TEST(verbs_refuse_bad_usage)
{
	struct ran ran;

	make_labs();
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		ran = run_lab(verbs[i], "--no-such-option");
		if (ran.status != LAB_USAGE)
			FAIL("lab %s --no-such-option exits with %d", verbs[i], ran.status);
		ASSERT_HAS(ran.err, strf("lab %s: unrecognized option '--no-such-option'", verbs[i]));
		ASSERT_HAS(ran.err, strf("Try 'lab %s --help'.", verbs[i]));
		ASSERT_STR(ran.out, "");
	}
	ran = run_lab("chekc");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "lab: there is no verb 'chekc'\n  why: did you mean 'check'?\n");
	ran = run_lab("--json");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ran = run_lab("show", "hello", "params");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ran = run_lab("progress", "x");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ran = run_lab("doctor", "x");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ran = run_lab("list", "ch77");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "there is no chapter 'ch77'");
}

TEST(overview_leads_to_the_next_step)
{
	struct ran ran;

	make_labs();
	ran = run_lab_alone();
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "ch04_lkm");
	ASSERT_HAS(ran.out, "Kernel modules");
	ASSERT_HAS(ran.out, "0 of 2");
	ASSERT_HAS(ran.out, "Next: ch04_lkm/01_hello");
	ASSERT_HAS(ran.out, "./lab check hello");
	solve("ch04_lkm/01_hello", LAB_FAILED);
	ran = run_lab_alone();
	ASSERT_HAS(ran.out, "last time 1 of 3 checks passed");
	solve("ch04_lkm/01_hello", LAB_PASSED);
	ran = run_lab_alone();
	ASSERT_HAS(ran.out, "1 of 2");
	ASSERT_HAS(ran.out, "Next: ch04_lkm/04_params");
	solve("ch04_lkm/04_params", LAB_PASSED);
	ran = run_lab_alone();
	ASSERT_HAS(ran.out, "All labs are solved.");
	ASSERT_STR(ran.err, "");
	/* A workbook without labs is none of the student's faults. */
	ASSERT_EQ(rm_rf(in_root("ch04_lkm")), 0);
	ASSERT_EQ(rm_rf(in_root("ch10_sched")), 0);
	ran = run_lab_alone();
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "There are no labs");
}

TEST(list_by_chapter)
{
	struct ran ran;
	json_t *array, *lab;

	make_labs();
	solve("ch04_lkm/01_hello", LAB_PASSED);
	solve("ch04_lkm/04_params", LAB_FAILED);
	ran = run_lab("list");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "ch04_lkm  Kernel modules\n  ✓ 01_hello   E        10 p  A title\n"
			    "  ! 04_params  E        10 p  A title\n\nch10_sched\n"
			    "    01_watch   D U       2 p  A demo\n");
	ran = run_lab("list", "--todo");
	ASSERT_HAS_NOT(ran.out, "01_hello");
	ASSERT_HAS_NOT(ran.out, "01_watch");
	ASSERT_HAS(ran.out, "04_params");
	ran = run_lab("list", "sched");
	ASSERT_HAS_NOT(ran.out, "01_hello");
	ASSERT_HAS(ran.out, "01_watch");
	ran = run_lab("list", "--json", "4");
	array = json_of(&ran);
	ASSERT_EQ(json_array_size(array), 2);
	lab = json_array_get(array, 0);
	ASSERT_STR(json_string_value(json_object_get(lab, "id")), "ch04_lkm/01_hello");
	ASSERT_STR(json_string_value(json_object_get(lab, "kind")), "E");
	ASSERT_EQ(json_integer_value(json_object_get(lab, "points")), 10);
	ASSERT_EQ(json_integer_value(json_object_get(lab, "hints")), 3);
	ASSERT_EQ(json_array_size(json_object_get(lab, "files")), 1);
	ASSERT(json_is_true(json_object_get(json_object_get(lab, "progress"), "solved")));
}

TEST(show_renders_or_not)
{
	struct ran ran;

	make_labs();
	ran = run_lab("show", "hello");
	ASSERT_HAS(ran.out, "A title\n───────\n\nGoal\n\nText.\n");
	ASSERT_HAS(ran.out, "ch04_lkm/01_hello: exercise, 10 points, about 20 minutes\n"
			    "  edit    ch04_lkm/01_hello/a.c\n");
	ran = run_lab("show", "--raw", "hello");
	ASSERT_STR(ran.out, "# A title\n\n## Goal\n\nText.\n");
	ASSERT_EQ(unlink(in_root("ch04_lkm/01_hello/README.md")), 0);
	ran = run_lab("show", "hello");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "the text of ch04_lkm/01_hello cannot be read");
}

TEST(hints_come_in_order)
{
	static const char *const texts[] = { "nudge", "push", "answer", "answer" };
	struct ran ran;
	json_t *object;

	make_labs();
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		ran = run_lab("hint", "hello");
		ASSERT_EQ(ran.status, LAB_PASSED);
		for (size_t j = 0; j < 3; j++) {
			if (strcmp(texts[j], texts[i]))
				ASSERT_HAS_NOT(ran.out, texts[j]);
			else
				ASSERT_HAS(ran.out, texts[j]);
		}
		ASSERT_HAS(ran.out, strf("Hint %zu of 3", i < 3 ? i + 1 : 3));
	}
	/* Another lab's are its own. */
	ran = run_lab("hint", "params");
	ASSERT_HAS(ran.out, "Hint 1 of 3");
	ASSERT_HAS(ran.out, "2 more: ./lab hint params");
	ran = run_lab("hint", "-n", "3", "params");
	ASSERT_HAS(ran.out, "answer");
	ASSERT_HAS_NOT(ran.out, "push");
	ran = run_lab("hint", "--json", "params");
	object = json_of(&ran);
	ASSERT_EQ(json_integer_value(json_object_get(object, "count")), 3);
	ASSERT_EQ(json_integer_value(json_object_get(json_array_get(json_object_get(object, "hints"), 0),
						     "number")), 3);
	ran = run_lab("hint", "--all", "hello");
	ASSERT_HAS(ran.out, "nudge");
	ASSERT_HAS(ran.out, "push");
	ASSERT_HAS(ran.out, "answer");
	ran = run_lab("hint", "-n", "4", "hello");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "has 3 hints, there is no number 4");
	ran = run_lab("hint", "-n", "0", "hello");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ran = run_lab("hint", "watch");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "has no hints: it is a demo");
	ran = run_lab("hint", "--json", "watch");
	json_decref(json_of(&ran));
}

TEST(progress_adds_up)
{
	json_t *object, *row;
	struct ran ran;

	make_labs();
	solve("ch04_lkm/01_hello", LAB_FAILED);
	solve("ch04_lkm/01_hello", LAB_PASSED);
	run_lab("hint", "params");
	ran = run_lab("progress", "--json");
	object = json_of(&ran);
	row = json_array_get(json_object_get(object, "chapters"), 0);
	ASSERT_STR(json_string_value(json_object_get(row, "chapter")), "ch04_lkm");
	ASSERT_EQ(json_integer_value(json_object_get(row, "labs")), 2);
	ASSERT_EQ(json_integer_value(json_object_get(row, "solved")), 1);
	ASSERT_EQ(json_integer_value(json_object_get(row, "points")), 20);
	ASSERT_EQ(json_integer_value(json_object_get(row, "earned")), 10);
	ASSERT_EQ(json_integer_value(json_object_get(row, "attempts")), 2);
	ASSERT_EQ(json_integer_value(json_object_get(row, "hints")), 1);
	row = json_object_get(object, "total");
	ASSERT_EQ(json_integer_value(json_object_get(row, "demos")), 1);
	ASSERT_STR(json_string_value(json_object_get(object, "next")), "ch04_lkm/04_params");
	ran = run_lab("progress");
	ASSERT_HAS(ran.out, "1 /  2    10 /  20         2      1");
	ASSERT_HAS(ran.out, "███");
	ran = run_lab("progress", "--forget", "hello");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ran = run_lab("progress", "--json");
	ASSERT_EQ(json_integer_value(json_object_get(json_object_get(json_of(&ran), "total"), "attempts")), 0);
}

static void make_repository(void)
{
	const char *root = in_root(".");

	make_labs();
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	must_run("git", "-C", root, "init", "-q");
	must_run("git", "-C", root, "add", "-A");
	must_run("git", "-C", in_root("."), "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "x");
}

/* The one file beside a.c that keeps what the student had; strf(). */
static const char *kept_file(void)
{
	struct strlist names = { 0 };
	const char *found = NULL;

	ASSERT_EQ(list_dir(in_root("ch04_lkm/01_hello"), &names), 0);
	for (size_t i = 0; i < names.count; i++) {
		if (!str_starts(names.items[i], "a.c.orig-"))
			continue;
		ASSERT(!found);
		found = in_root("ch04_lkm/01_hello/%s", names.items[i]);
	}
	strlist_free(&names);
	return found;
}

TEST(reset_keeps_the_students_file)
{
	char *file;
	struct ran ran;

	make_repository();
	file = xstrdup(in_root("ch04_lkm/01_hello/a.c"));
	ran = run_lab("reset", "--yes", "hello");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "nothing to do");
	ASSERT(!kept_file());

	write_file(file, "my work\n");
	/* Nobody to ask. */
	ran = run_lab("reset", "hello");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "say --yes");
	ASSERT_STR(read_whole(file, NULL), "my work\n");

	ran = run_on_tty(80, "n\n", "reset", "hello");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "Nothing was changed.");
	ASSERT_STR(read_whole(file, NULL), "my work\n");

	ran = run_on_tty(80, "y\n", "reset", "hello");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "ch04_lkm/01_hello/a.c is as in git again; yours is kept: a.c.orig-");
	ASSERT_STR(read_whole(file, NULL), "int a;\n");
	ASSERT(kept_file());
	ASSERT_STR(read_whole(kept_file(), NULL), "my work\n");

	/* A removed file comes back, and there is nothing to keep. */
	ASSERT_EQ(unlink(kept_file()), 0);
	ASSERT_EQ(unlink(file), 0);
	ran = run_lab("reset", "--yes", "--json", "hello");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT(json_is_null(json_object_get(json_array_get(json_object_get(json_of(&ran), "files"), 0),
					    "kept")));
	ASSERT_STR(read_whole(file, NULL), "int a;\n");
	ASSERT(!kept_file());
}

TEST(reset_twice_in_a_second_keeps_both)
{
	struct strlist names = { 0 };
	unsigned int kept = 0;

	make_repository();
	for (int i = 0; i < 3; i++) {
		write_file(in_root("ch04_lkm/01_hello/a.c"), strf("work %d\n", i));
		ASSERT_EQ(run_lab("reset", "-y", "hello").status, LAB_PASSED);
	}
	ASSERT_EQ(list_dir(in_root("ch04_lkm/01_hello"), &names), 0);
	for (size_t i = 0; i < names.count; i++)
		kept += str_starts(names.items[i], "a.c.orig-");
	ASSERT_EQ(kept, 3);
}

TEST(reset_without_history)
{
	struct ran ran;

	make_labs();
	setenv("GIT_CEILING_DIRECTORIES", test_dir, 1);
	write_file(in_root("ch04_lkm/01_hello/a.c"), "my work\n");
	ran = run_lab("reset", "--yes", "hello");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "git has no untouched HEAD:./a.c");
	ASSERT_STR(read_whole(in_root("ch04_lkm/01_hello/a.c"), NULL), "my work\n");
	ran = run_lab("reset", "--yes", "--from", "--output=x", "hello");
	ASSERT_EQ(ran.status, LAB_USAGE);
	setenv("PATH", "/nowhere", 1);
	ran = run_lab("reset", "--yes", "hello");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "git cannot be started");
	ran = run_lab("reset", "watch");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "nothing to reset");
}

TEST(output_that_cannot_be_written_is_an_error)
{
	const char *argv[] = { "sh", "-c", "exec " LAB_PROGRAM " list --json > /dev/full", NULL };
	struct proc spec = { .argv = argv };
	struct proc_result res;

	make_labs();
	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT_EQ(res.status, LAB_FAULT);
	ASSERT_HAS(res.out, "the output could not be written");
	argv[2] = "exec " LAB_PROGRAM " list > /dev/full";
	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT_EQ(res.status, LAB_FAULT);
}
