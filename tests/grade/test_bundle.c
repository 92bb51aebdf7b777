// SPDX-License-Identifier: GPL-2.0
/*
 * test_bundle.c - the autograders that platforms are given, unpacked by
 * Debian's unzip and tar and started as the platform starts them.
 */
#include "gradelab.h"

#define SHAPES	LAB_TOP "/tests/grade/shapes"

static const char *make_bundle(const char *platform, const char *checks)
{
	const char *out = xasprintf("%s/%s", test_dir, platform);
	const char *rubric = xasprintf("%s/rubric.ini", test_dir);
	struct ran ran;

	put_file(rubric, "[ch04_lkm/01_hello]\npoints = 10\n");
	ran = checks ? run_lab("grade", "--labs", "hello", "--bundle", platform, "--out", out, "--seed", "7",
			       "--rubric", rubric, "--checks", checks) :
		       run_lab("grade", "--labs", "hello", "--bundle", platform, "--out", out, "--seed", "7",
			       "--rubric", rubric);
	EXPECT(ran, 0, "to be given to");
	return out;
}

/* What the platform's machine runs; its output is looked at only when it fails. */
static struct ran shell(const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	return run_program(argv);
}

static void submit(const char *base, bool solution)
{
	rm_rf(strf("%s/submission", base));
	rm_rf(strf("%s/results", base));
	put_lab_files(xasprintf("%s/submission", base), HELLO, solution);
}

TEST(bundle_for_gradescope)
{
	const char *checks = xasprintf("%s/hidden", test_dir), *out;
	const char *base = xasprintf("%s/autograder", test_dir);
	const char *result = xasprintf("%s/results/results.json", base);
	const char *start = xasprintf("AUTOGRADER=%s sh %s/source/run_autograder", base, base);
	struct ran ran;

	ASSERT_EQ(mkdir_p(xasprintf("%s/" HELLO, checks)), 0);
	copy_file(LAB_TOP "/" HELLO "/check.c", xasprintf("%s/" HELLO "/check.c", checks));
	ASSERT_EQ(mkdir_p(base), 0);
	out = make_bundle("gradescope", checks);
	ran = shell(xasprintf("unzip -q %s/autograder.zip -d %s/source", out, base));
	EXPECT(ran, 0);
	/* Its names are those that the platform looks for, and they can be run. */
	ran = shell(xasprintf("cd %s/source && test -x setup.sh -a -x run_autograder && sh -n setup.sh", base));
	EXPECT(ran, 0);
	submit(base, true);
	ran = shell(start);
	EXPECT(ran, 0);
	ran = shell(xasprintf("jq -e -f " SHAPES "/gradescope.jq %s && jq -e '.score == 10 and "
			      "([.tests[].name | select(test(\"hidden check\"))] | length > 2)' %s", result, result));
	EXPECT(ran, 0, "true");
	submit(base, false);
	ran = shell(start);
	EXPECT(ran, 0);
	ran = shell(xasprintf("jq -e -f " SHAPES "/gradescope.jq %s && jq -e '.score < 5' %s", result, result));
	EXPECT(ran, 0, "true");
	/* No machine, no mark: not a zero either. */
	submit(base, true);
	ran = shell(xasprintf("LAB_QEMU=/bin/false %s", start));
	EXPECT(ran, 1);
	ASSERT(!path_exists(result));
}

TEST(bundle_for_autolab)
{
	const char *out = make_bundle("autolab", NULL), *job = xasprintf("%s/job", test_dir);
	struct ran ran;

	put_lab_files(job, HELLO, true);
	ran = shell(xasprintf("cd %s && cp %s/autograde.tar . && cp %s/autograde-Makefile Makefile && "
			      "make -s > job.log 2>&1; s=$?; tail -n 1 job.log; exit $s", job, out, out));
	EXPECT(ran, 0, "{\"scores\":{\"" HELLO "\":10.0}}");
	ran = shell(xasprintf("tail -n 1 %s/job.log | jq -e -f " SHAPES "/autolab.jq", job));
	EXPECT(ran, 0, "true");
	ran = shell(xasprintf("cd %s && LAB_QEMU=/bin/false make -s", job));
	EXPECT(ran, 2, "not your fault", "~scores");
}

TEST(bundles_that_are_wrong)
{
	const char *out = xasprintf("%s/out", test_dir), *subs = xasprintf("%s/subs", test_dir);
	struct ran ran;

	ASSERT_EQ(mkdir_p(subs), 0);
	ran = run_lab("grade", "--labs", "hello", "--bundle", "moodle", "--out", out);
	EXPECT(ran, 2, "no bundle for 'moodle'");
	ran = run_lab("grade", "--bundle", "autolab", "--out", out);
	EXPECT(ran, 2, "name the labs");
	ran = run_lab("grade", subs, "--labs", "hello", "--bundle", "autolab", "--out", out);
	EXPECT(ran, 2, "without submissions");
	ran = run_lab("grade", "--labs", "hello", "--bundle", "autolab", "--out", out, "--rubric",
		      strf("%s/none.ini", test_dir));
	EXPECT(ran, 2, "none.ini");
}
