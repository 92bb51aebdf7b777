// SPDX-License-Identifier: GPL-2.0
/* test_hidden.c - hidden checks, marks changed by hand, Ctrl-C. */
#include <sys/stat.h>
#include <sys/wait.h>

#include "gradelab.h"

#define SECRET_NAME	"word_that_nobody_may_read"

static const char hidden_check[] =
	"// SPDX-License-Identifier: GPL-2.0\n"
	"#include \"check.h\"\n"
	"CHECK(" SECRET_NAME ", .title = \"the module goes away and comes back\")\n"
	"{\n"
	"	for (int i = 0; i < 3; i++) {\n"
	"		ASSERT_OK(mod_load(\"hello.ko\", \"\"), \"" SECRET_NAME " load\");\n"
	"		ASSERT_OK(mod_unload(\"hello\"), \"" SECRET_NAME " unload\");\n"
	"	}\n"
	"}\n"
	"CHECK(second_" SECRET_NAME ", .title = \"there is one\")\n"
	"{\n"
	"	EXPECT_EQ(mod_load(\"hello.ko\", \"\"), 0, \"" SECRET_NAME "\");\n"
	"	EXPECT_TRUE(mod_loaded(\"hello\"));\n"
	"	mod_unload(\"hello\");\n"
	"}\n";

/* It looks for the hidden check wherever the build could have it. */
static const char thief[] =
	"#if __has_include(\"check.c\")\n"
	"asm(\".pushsection .data\\n.globl stolen\\nstolen: .incbin \\\"/wb/" HELLO "/check.c\\\"\\n.byte 0\\n.popsection\");\n"
	"#else\n"
	"asm(\".pushsection .data\\n.globl stolen\\nstolen: .byte 0\\n.popsection\");\n"
	"#endif\n"
	"#include <linux/init.h>\n#include <linux/module.h>\n#include <linux/printk.h>\n"
	"#include <linux/string.h>\n"
	"extern char stolen[];\n"
	"static int __init hello_init(void)\n"
	"{\n"
	"	char *rest = stolen, *line;\n"
	"	while ((line = strsep(&rest, \"\\n\")))\n"
	"		pr_info(\"%s\\n\", line);\n"
	"	return 0;\n"
	"}\n"
	"module_init(hello_init);\n"
	"static void __exit hello_exit(void)\n{\n}\n"
	"module_exit(hello_exit);\n"
	"MODULE_LICENSE(\"GPL\");\n";

/* Below dir, but for the book and what is the instructor's, has any file this word? */
static void must_not_be_in(const char *dir, const char *word)
{
	const char *const argv[] = { "grep", "-rl", word, dir, NULL };
	struct ran ran = run_program(argv);

	if (ran.status != 1)
		FAIL("'%s' is in %s", word, ran.out);
}

TEST(hidden_checks)
{
	const char *subs = xasprintf("%s/subs", test_dir), *out = xasprintf("%s/out", test_dir);
	const char *checks = xasprintf("%s/checks", test_dir);
	struct ran ran;

	put_lab_files(xasprintf("%s/good", subs), HELLO, true);
	put_lab_files(xasprintf("%s/untouched", subs), HELLO, false);
	put_file(xasprintf("%s/thief/hello.c", subs), thief);
	put_file(xasprintf("%s/" HELLO "/check.c", checks), hidden_check);
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out, "--checks", checks, "--seed", "5");
	EXPECT(ran, 0, "hidden passed");
	ASSERT_STR(book_says(out, "SELECT points FROM marks WHERE student = 'good'"), "500");
	ASSERT_STR(book_says(out, "SELECT count(*) FROM mark_lines WHERE student = 'good' AND kind = 'hidden'"),
		   "2");
	/* Loads, but says and does nothing: two of six, and both hidden ones: half of eight, as hundredths fall. */
	ASSERT_STR(book_says(out, "SELECT points FROM marks WHERE student = 'thief'"), "249");
	/* It cannot be unloaded, and its licence taints: that costs more than it earns. */
	ASSERT_STR(book_says(out, "SELECT points FROM marks WHERE student = 'untouched'"), "0");
	must_not_be_in(xasprintf("%s/feedback", out), SECRET_NAME);
	must_not_be_in(xasprintf("%s/gradescope", out), SECRET_NAME);
	must_not_be_in(xasprintf("%s/autolab", out), SECRET_NAME);
	must_not_be_in(xasprintf("%s/junit.xml", out), SECRET_NAME);
	must_not_be_in(xasprintf("%s/logs/thief", out), SECRET_NAME);

	/* By hand, with a reason, and it stays through the next call. */
	ran = run_lab("grade", "--out", out, "--adjust", "thief", "hello", "-1.5", "it read what it must not");
	EXPECT(ran, 0, "thief, ch04_lkm/01_hello: 0.99");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out, "--checks", checks);
	EXPECT(ran, 0, "~hidden passed");
	ran = run_lab("grade", "--out", out, "--dry-run");
	EXPECT(ran, 0, "it read what it must not", "0.99 of 5.00");
	ran = run_lab("grade", "--out", out, "--adjust", "nobody", "hello", "1", "x");
	EXPECT(ran, 2, "has no mark");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out, "--seed", "6");
	EXPECT(ran, 2, "begun with --seed 5");

	/* Whoever writes a file that the check includes could read the check. */
	put_file(xasprintf("%s/" HELLO "/check.c", checks),
		 "#include \"check.h\"\n#define __init\n#if 0\n#endif\n#include \"hello.c\"\n");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", xasprintf("%s/out2", test_dir), "--checks",
		      checks);
	EXPECT(ran, 5, "could not be built");
}

/* Asked to stop, it stops at once, tidies up, and goes on another time. */
TEST(interrupted)
{
	const char *subs = xasprintf("%s/subs", test_dir), *out = xasprintf("%s/out", test_dir);
	struct running running;
	struct ran ran;

	for (int i = 0; i < 3; i++)
		put_lab_files(xasprintf("%s/s%d", subs, i), HELLO, true);
	start_lab(&running, "grade", subs, "--labs", "hello", "--out", out, "-j", "1");
	while (!is_file(strf("%s/grades.db", out)) ||
	       book_counts(out, "SELECT count(*) FROM sqlite_master WHERE name = 'verdicts'") < 1 ||
	       book_counts(out, "SELECT count(*) FROM verdicts") < 1)
		sleep_ms(200);
	/* Another call for the same book is refused meanwhile. */
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out);
	EXPECT(ran, 5, "is in use");
	kill(running.pid, SIGINT);
	ran = finish(&running);
	ASSERT_EQ(ran.signal, SIGINT);
	ASSERT(!path_exists(strf("%s/.work", out)));
	ASSERT_INT(book_counts(out, "SELECT count(*) FROM verdicts"), <, 3);
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out);
	EXPECT(ran, 0, "3 judged", "3 with full marks");
}

/* A machine that cannot judge costs nobody a point, and is asked again. */
TEST(machine_at_fault)
{
	const char *subs = xasprintf("%s/subs", test_dir), *out = xasprintf("%s/out", test_dir);
	const char *qemu = xasprintf("%s/qemu", test_dir);
	struct ran ran;

	put_lab_files(xasprintf("%s/first", subs), HELLO, true);
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out);
	EXPECT(ran, 0, "1 with full marks");
	put_lab_files(xasprintf("%s/second", subs), HELLO, true);
	put_file(qemu, "#!/bin/sh\n[ \"$1\" = --version ] && exec qemu-system-x86_64 --version\nexit 1\n");
	ASSERT_EQ(chmod(qemu, 0755), 0);
	setenv("LAB_QEMU", qemu, 1);
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out);
	EXPECT(ran, 5, "NO VERDICT", "1 WITHOUT A MARK");
	ASSERT_STR(book_says(out, "SELECT status || fault FROM marks WHERE student = 'second'"),
		   "no verdictours");
	ASSERT_STR(book_says(out, "SELECT points FROM marks WHERE student = 'first'"), "500");
	unsetenv("LAB_QEMU");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out);
	EXPECT(ran, 0, "2 with full marks");
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM faults"), 0);
}
