// SPDX-License-Identifier: GPL-2.0
/* test_source.c - labs whose submission is no module, and whose makefile reads the kernel's source. */
#include "gradelab.h"

static const struct {
	const char *lab, *file;
} given[] = {
	{ "ch01_setup/04_reading_source", "answers.txt" },
	{ "ch02_build/01_configure", "debug.config" },
	{ "ch02_build/02_build_boot", "kernel.config" },
};

static void put_one(const char *student, size_t i, bool solution)
{
	copy_file(xasprintf("%s/%s%s/%s", LAB_TOP, solution ? "solutions/" : "", given[i].lab, given[i].file),
		  xasprintf("%s/subs/%s/%s/%s", test_dir, student, base_name(given[i].lab), given[i].file));
}

TEST(labs_that_read_the_source)
{
	const char *subs = xasprintf("%s/subs", test_dir), *out = xasprintf("%s/out", test_dir);
	struct ran ran;

	for (size_t i = 0; i < ARRAY_SIZE(given); i++) {
		ASSERT_EQ(mkdir_p(xasprintf("%s/good/%s", subs, base_name(given[i].lab))), 0);
		ASSERT_EQ(mkdir_p(xasprintf("%s/bare/%s", subs, base_name(given[i].lab))), 0);
		put_one("good", i, true);
		put_one("bare", i, false);
	}
	ran = run_lab("grade", subs, "--labs", "04_reading_source,01_configure,02_build_boot", "--out", out);
	EXPECT(ran, 0);
	for (size_t i = 0; i < ARRAY_SIZE(given); i++) {
		const char *mark = "SELECT points FROM marks WHERE student = '%s' AND lab = '%s'";
		int64_t whole = book_counts(out, xasprintf("SELECT points FROM labs WHERE lab = '%s'", given[i].lab));

		ASSERT(whole > 0);
		ASSERT_EQ(book_counts(out, xasprintf(mark, "good", given[i].lab)), whole);
		ASSERT(book_counts(out, xasprintf(mark, "bare", given[i].lab)) < whole);
	}
	/* They were judged, and did not fail for a reason of ours. */
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM verdicts WHERE stage = 'check' AND verdict IN ('passed', 'failed')"),
		  2 * (int64_t)ARRAY_SIZE(given));
}
