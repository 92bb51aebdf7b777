// SPDX-License-Identifier: GPL-2.0
/* test_find.c - which lab a word names, and what is said when none does. */
#include "fixture.h"
#include "meta.h"

static void make_labs(void)
{
	make_root();
	add_lab("ch04_lkm/01_hello", GOOD_INI);
	add_lab("ch04_lkm/04_params", GOOD_INI);
	add_lab("ch02_build/05_boot_params", GOOD_INI);
	add_lab("ch10_sched/04_lists", GOOD_INI);
	/* None of these is one. */
	write_file(in_root("ch04_lkm/notes/lab.ini"), GOOD_INI);
	write_file(in_root("solutions/ch04_lkm/01_hello/a.c"), "int a;\n");
	write_file(in_root("chapter/01_x/lab.ini"), GOOD_INI);
}

/* The id that show --json names; NULL: refused. */
static const char *found(const char *pattern)
{
	struct ran ran = run_lab("show", "--json", pattern);
	json_t *lab;

	if (ran.status == LAB_USAGE)
		return NULL;
	ASSERT_EQ(ran.status, LAB_PASSED);
	lab = json_of(&ran);
	return strf("%s", json_string_value(json_object_get(lab, "id")));
}

TEST(find_by_name_and_part)
{
	make_labs();
	ASSERT_STR(found("ch04_lkm/01_hello"), "ch04_lkm/01_hello");
	ASSERT_STR(found("ch04_lkm/01_hello/"), "ch04_lkm/01_hello");
	ASSERT_STR(found("./ch04_lkm/01_hello"), "ch04_lkm/01_hello");
	ASSERT_STR(found("01_hello"), "ch04_lkm/01_hello");
	ASSERT_STR(found("hello"), "ch04_lkm/01_hello");
	ASSERT_STR(found("HELL"), "ch04_lkm/01_hello");
	/* A part of two, but the name of one. */
	ASSERT_STR(found("params"), "ch04_lkm/04_params");
	ASSERT_STR(found("boot"), "ch02_build/05_boot_params");
	ASSERT_STR(found("sched"), "ch10_sched/04_lists");
	ASSERT_STR(found("ch04_lkm/hello"), "ch04_lkm/01_hello");
	ASSERT_STR(found("lkm/params"), "ch04_lkm/04_params");
	ASSERT_STR(found("2/05_boot_params"), "ch02_build/05_boot_params");
	ASSERT(!found("lkm/lists"));
	ASSERT(!found("notes"));
	ASSERT(!found("chapter"));
}

TEST(find_names_the_candidates)
{
	struct ran ran;

	make_labs();
	ran = run_lab("show", "ch04");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "'ch04' can be 2 labs");
	ASSERT_HAS(ran.err, "ch04_lkm/01_hello");
	ASSERT_HAS(ran.err, "ch04_lkm/04_params");
	ASSERT_HAS_NOT(ran.err, "boot_params");
	ran = run_lab("hint", "para");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "can be 2 labs");
	ran = run_lab("show", "");
	ASSERT_EQ(ran.status, LAB_USAGE);
}

TEST(find_none_suggests)
{
	struct ran ran;

	make_labs();
	ran = run_lab("show", "helo");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "lab: there is no lab 'helo'");
	ASSERT_HAS(ran.err, "near it: ch04_lkm/01_hello");
	ASSERT_HAS(ran.err, "mend: see them all: ./lab list");
	ran = run_lab("show", "zzzzzzzzzz");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS_NOT(ran.err, "near it");
	/* A directory that is none. */
	ran = run_lab("show", in_root("common"));
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "is a directory, but not a lab");
	ASSERT_HAS(ran.err, "./lab run ");
}

TEST(find_by_directory)
{
	char *dir = xasprintf("%s/elsewhere/convenience", test_dir);
	struct ran ran;

	make_labs();
	write_file(strf("%s/lab.ini", dir), "[lab]\ntitle = Foreign\nkind = D\n");
	write_file(strf("%s/Makefile", dir), "obj-m := x.o\n");
	write_file(strf("%s/README.md", dir), "# Foreign\n");
	ASSERT_STR(found(dir), "convenience");
	ASSERT_STR(found(in_root("ch04_lkm/01_hello")), "ch04_lkm/01_hello");
	ASSERT_STR(found(in_root("ch04_lkm/../ch04_lkm/01_hello/")), "ch04_lkm/01_hello");

	ran = run_lab("show");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "no lab was named");
	ASSERT_EQ(chdir(dir), 0);
	ran = run_lab("show");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "Foreign");
	/* Also from below a lab's directory. */
	ASSERT_EQ(mkdir_p(in_root("ch10_sched/04_lists/sub")), 0);
	ASSERT_EQ(chdir(in_root("ch10_sched/04_lists/sub")), 0);
	ran = run_lab("show", "--json");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "\"ch10_sched/04_lists\"");
	free(dir);
}

TEST(find_lab_without_makefile)
{
	struct ran ran;

	make_labs();
	ASSERT_EQ(unlink(in_root("ch04_lkm/01_hello/Makefile")), 0);
	for (int i = 0; i < 2; i++) {
		ran = i ? run_lab("hint", in_root("ch04_lkm/01_hello")) : run_lab("show", "hello");
		ASSERT_EQ(ran.status, LAB_USAGE);
		ASSERT_HAS(ran.err, "lab: the lab ch04_lkm/01_hello has no Makefile");
		ASSERT_HAS(ran.err, "mend: put it back: git checkout -- ch04_lkm/01_hello/Makefile");
	}
}

TEST(find_chapters)
{
	struct lab lab = { .chapter = (char *)"ch04_lkm" };
	static const char *const yes[] = { "ch04_lkm", "ch04_lkm/", "ch04", "ch4", "4", "04", "lkm" };
	static const char *const no[] = { "", "ch", "ch05", "40", "lk", "ch04_", "ch04_lkm/01_hello", "/" };

	for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
		if (!lab_in_chapter(&lab, yes[i]))
			FAIL("'%s' is not the chapter", yes[i]);
	for (size_t i = 0; i < ARRAY_SIZE(no); i++)
		if (lab_in_chapter(&lab, no[i]))
			FAIL("'%s' is the chapter", no[i]);
}

TEST(find_the_workbook)
{
	struct ran ran;

	make_labs();
	setenv("LAB_ROOT", strf("%s/nowhere", test_dir), 1);
	ran = run_lab("list");
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "which is not the top of a workbook");
	setenv("LAB_ROOT", "/", 1);
	ran = run_lab_alone();
	ASSERT_EQ(ran.status, LAB_FAULT);
	ASSERT_HAS(ran.err, "there is no common/lab.mk in it");
	/* Without it: above the program, which is built in the real workbook. */
	unsetenv("LAB_ROOT");
	ran = run_lab("progress", "--json");
	ASSERT_HAS_NOT(ran.err, "not inside the workbook");
}
