// SPDX-License-Identifier: GPL-2.0
/*
 * test_run.c - tests/run, with suites that are made up: what it adds up, what it
 * calls a failure, what it leaves out when its time is over, what it runs beside.
 */
#include <time.h>

#include "fixture.h"

/* A tests/run of its own, with a lab that only tells what it was asked for. */
static void make_runner(void)
{
	make_root();
	must_run("mkdir", "-p", in_root("tests"));
	must_run("cp", LAB_TOP "/tests/run", LAB_TOP "/tests/sum.sh", in_root("tests"));
	write_file(in_root("tests/prepare"), "echo prepared\n");
	write_file(in_root("lab"), "#!/bin/sh\necho \"$*\" > asked\n");
	must_run("chmod", "+x", in_root("lab"));
}

/* A suite whose target check is this line of shell. */
static void add_suite(const char *name, const char *recipe)
{
	write_file(in_root("tests/%s/Makefile", name), strf("check:\n\t@%s\n", recipe));
}

/* A line of shell beside tests/, with this setting, or none of the caller's. */
static struct proc_result run_shell(const char *line, const char *setting)
{
	const char *argv[] = { "sh", "-c", line, NULL };
	const char *env[] = { "CHECK_MINUTES", "CHECK_UNTIL", "LONG", "MAKEFLAGS", setting, NULL };
	struct proc spec = { .argv = argv, .env = env, .cwd = xstrdup(in_root(".")),
			     .deadline_ms = 60000 };
	struct proc_result res;

	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT(!res.timed_out);
	return res;
}

/* The runner with these suites; what it printed, and its exit status. */
static struct proc_result run_suites(const char *suites, const char *setting)
{
	return run_shell(strf("sh tests/run %s", suites), setting);
}

TEST(runner_adds_up)
{
	unsigned int passed[3], failed = 1 + test_random() % 1000, skipped = test_random() % 1000;
	struct proc_result res;

	make_runner();
	for (int i = 0; i < 3; i++)
		passed[i] = 1 + test_random() % 1000;
	add_suite("a", strf("echo '%u passed, 0 failed'", passed[0]));
	add_suite("b", strf("echo '%u passed, 0 failed, %u skipped'", passed[1], skipped));
	add_suite("c", strf("echo 'FAILED x'; echo '%u passed, %u failed'; exit 1", passed[2], failed));
	res = run_suites("a", NULL);
	ASSERT_EQ(res.status, 0);
	ASSERT_HAS(res.out, strf("\n== a\n%u passed, 0 failed\n== a took ", passed[0]));
	ASSERT_HAS(res.out, strf("\n\n%u passed, 0 failed\n", passed[0]));
	ASSERT_HAS_NOT(res.out, "skipped");
	res = run_suites("a b", NULL);
	ASSERT_EQ(res.status, 0);
	ASSERT_HAS(res.out, strf("\n\n%u passed, 0 failed, %u skipped\n", passed[0] + passed[1], skipped));
	res = run_suites("a b c", NULL);
	ASSERT_EQ(res.status, 1);
	ASSERT_HAS(res.out, "FAILED x");
	ASSERT_HAS(res.out, strf("\n\n%u passed, %u failed, %u skipped\n",
				 passed[0] + passed[1] + passed[2], failed, skipped));
}

TEST(runner_takes_nothing_for_success)
{
	struct proc_result res;

	make_runner();
	add_suite("good", "echo '3 passed, 0 failed'");
	add_suite("mute", "true");
	add_suite("odd", "echo '4 passed, 0 failed'; exit 3");
	add_suite("dies", "kill -KILL $$$$");
	add_suite("nothing", "echo '0 passed, 0 failed, 9 skipped'");
	res = run_suites("good mute", NULL);
	ASSERT_EQ(res.status, 1);
	ASSERT_HAS(res.out, "mute: it ended without a result (status 0)");
	ASSERT_HAS(res.out, "\n\n3 passed, 1 failed\n");
	res = run_suites("odd good", NULL);
	ASSERT_EQ(res.status, 1);
	/* What make says of a command that exits with 3. */
	ASSERT_HAS(res.out, "odd: it exited with status 2");
	ASSERT_HAS(res.out, "\n\n7 passed, 1 failed\n");
	res = run_suites("dies good", NULL);
	ASSERT_EQ(res.status, 1);
	ASSERT_HAS(res.out, "dies: it ended without a result (status 2)");
	res = run_suites("nothing", NULL);
	ASSERT_EQ(res.status, 1);
	res = run_suites("no-such-suite good", NULL);
	ASSERT_EQ(res.status, 1);
	ASSERT_HAS(res.out, "no-such-suite: it ended without a result");
}

TEST(runner_without_what_it_needs)
{
	struct proc_result res;

	make_runner();
	add_suite("good", "echo '3 passed, 0 failed'");
	write_file(in_root("tests/prepare"), "echo 'nothing can be had' >&2; exit 1\n");
	res = run_suites("good", NULL);
	ASSERT_EQ(res.status, LAB_FAULT);
	ASSERT_HAS(res.out, "nothing can be had");
	ASSERT_HAS_NOT(res.out, "passed");
}

TEST(runner_begins_nothing_when_its_time_is_over)
{
	struct proc_result res;
	time_t begin = time(NULL);
	const char *until;

	make_runner();
	add_suite("good", "echo '3 passed, 0 failed'; echo until $$CHECK_UNTIL");
	res = run_suites("good good", "CHECK_MINUTES=0");
	ASSERT_EQ(res.status, 1);
	ASSERT_HAS(res.out, "== good is skipped: the 0 minutes that CHECK_MINUTES allows are over");
	ASSERT_HAS(res.out, "\n\n0 passed, 0 failed, 2 skipped\n");
	res = run_suites("good", "CHECK_MINUTES=10");
	ASSERT_EQ(res.status, 0);
	until = strstr(res.out, "until ");
	ASSERT(until);
	ASSERT_INT(atoll(until + 6), >=, begin + 600);
	ASSERT_INT(atoll(until + 6), <=, time(NULL) + 600);
}

TEST(runner_long_form)
{
	struct proc_result res;

	make_runner();
	add_suite("two", "echo '1 passed, 0 failed'\ncheck-long:\n\t@echo '20 passed, 0 failed'");
	write_file(in_root("tests/args/Makefile"),
		   "# ARGS=\"--long\"\ncheck:\n\t@[ '$(ARGS)' = --long ] && echo '300 passed, 0 failed'\n");
	add_suite("short", "echo '4000 passed, 0 failed'");
	res = run_suites("two args short", "LONG=1");
	ASSERT_EQ(res.status, 0);
	ASSERT_HAS(res.out, "\n\n4320 passed, 0 failed\n");
}

TEST(runner_runs_beside)
{
	const char *a, *b, *c;
	struct proc_result res;

	make_runner();
	/* allocsel waits for what runs beside it; nothing waits for allocsel. */
	add_suite("harness", "[ ! -e ../begun ] && echo '1 passed, 0 failed'");
	add_suite("allocsel", "for i in $$(seq 300); do [ ! -e ../begun ] || break; sleep 0.1; done; "
			      "[ -e ../begun ] && echo '20 passed, 0 failed'");
	add_suite("lanes", "for i in $$(seq 300); do [ ! -e ../asked ] || break; sleep 0.1; done; "
			   "grep -q 'kernel build memory' ../asked && echo '300 passed, 0 failed'");
	add_suite("build", "touch ../begun; echo from build; echo '4000 passed, 0 failed'");
	add_suite("gate/selftest", "echo '50000 passed, 0 failed'");
	res = run_suites("harness allocsel lanes build gate/selftest", NULL);
	if (res.status)
		FAIL("exit status %d:\n%s", res.status, res.out);
	ASSERT_HAS(res.out, "\n\n54321 passed, 0 failed\n");
	/* Each says what it has to say in its turn. */
	a = strstr(res.out, "== lanes took");
	b = strstr(res.out, "from build");
	c = strstr(res.out, "== gate/selftest\n50000 passed");
	ASSERT(a && b && c && a < b && b < c);
}

TEST(runner_interrupted_leaves_nothing)
{
	struct proc_result res;

	make_runner();
	add_suite("allocsel", "echo $$$$ > ../first; exec sleep 300");
	add_suite("build", "echo $$$$ > ../second; exec sleep 300");
	write_file(in_root("script"),
		   "sh tests/run allocsel build > log 2>&1 &\n"
		   "for i in $(seq 300); do [ -s tests/first ] && [ -s tests/second ] && break; sleep 0.1; done\n"
		   "kill -TERM $!; wait $!; echo \"status $?\"\n"
		   "for i in $(seq 100); do\n"
		   "\tkill -0 $(cat tests/first) 2> /dev/null || kill -0 $(cat tests/second) 2> /dev/null || break\n"
		   "\tsleep 0.1\ndone\n"
		   "for f in first second; do kill -0 $(cat tests/$f) 2> /dev/null && echo \"$f is left\"; done\n"
		   "echo end\n");
	res = run_shell("sh script", NULL);
	ASSERT_HAS(res.out, "status 130");
	ASSERT_HAS_NOT(res.out, "is left");
	ASSERT_HAS(res.out, "end");
}
