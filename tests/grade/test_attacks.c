// SPDX-License-Identifier: GPL-2.0
/*
 * test_attacks.c - every attack of attacks/ in one class: each gets the verdict
 * it has to, no mark that it did not earn, and leaves nothing behind.
 */
#include "gradelab.h"

#define TRACE	"/tmp/pwned"

static void check_csv(const char *out)
{
	char *csv = read_whole(strf("%s/marks.csv", out), NULL);

	ASSERT_HAS(csv, "\"'=cmd|calc!A0\"");
	ASSERT_HAS_NOT(csv, "\n=cmd");
	ASSERT_HAS_NOT(csv, "\033");
	free(csv);
}

static void attack(bool slow)
{
	const char *subs = xasprintf("%s/submissions", test_dir);
	const char *out = xasprintf("%s/out", test_dir);
	const char *hidden = xasprintf("%s/hidden", test_dir);
	unsigned int bad = 0, count = 0;
	struct ran ran;

	rm_rf(TRACE);
	setenv("LAB_TEST_SECRET", ATTACK_SECRET, 1);
	read_attacks();
	ASSERT_EQ(mkdir_p(subs), 0);
	/* An honest one, last in the order: what came before has not touched it. */
	put_lab_files(xasprintf("%s/zz_honest", subs), HELLO, true);
	for (size_t i = 0; i < attack_count; i++)
		if (attacks[i].slow == slow)
			put_attack(&attacks[i], subs);
	/* Hidden checks there are too, to be looked for. */
	put_file(xasprintf("%s/ch04_lkm/other/check.c", hidden), "int secret_of_the_teacher;\n");
	ran = run_lab("grade", subs, "--labs", "hello", "--out", out, "--checks", hidden, "--seed", "1",
		      "-j", "2");
	EXPECT(ran, 0);
	for (size_t i = 0; i < attack_count; i++) {
		if (attacks[i].slow != slow)
			continue;
		count++;
		bad += weigh_attack(out, &attacks[i]);
	}
	ASSERT_STR(book_says(out, "SELECT points = out_of FROM marks WHERE student = 'zz_honest'"), "1");
	/* The second look at its memory has nothing to say of it. */
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM flags WHERE student = 'zz_honest'"), 0);
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM meta WHERE key LIKE 'usual %' AND value = ''"), 1);
	if (path_exists(TRACE))
		FAIL("%s exists: something ran, or was unpacked, outside", TRACE);
	if (!slow)
		check_csv(out);
	printf("  %u attacks\n", count);
	if (bad)
		FAIL("%u demands are not met", bad);
}

TEST(attacks)
{
	attack(false);
}

TEST(attacks_that_take_long)
{
	if (!test_long)
		test_skip("only with --long");
	attack(true);
}

/* The table in docs/attacks.md is made of the corpus. */
TEST(attack_table)
{
	char *doc = read_whole(LAB_TOP "/docs/attacks.md", NULL);
	size_t bad = 0;

	read_attacks();
	ASSERT_INT(attack_count, >=, 40);
	for (size_t i = 0; i < attack_count; i++) {
		const struct attack *a = &attacks[i];
		char *line = xasprintf("| %s | %s | %s | %s | %s of 5 |\n", a->family, a->what, a->stopped,
				       a->told, a->points);

		if (getenv("LAB_ATTACK_TABLE"))
			fputs(line, stdout);
		else if (!doc || !strstr(doc, line))
			bad += !!printf("  docs/attacks.md lacks: %s", line);
		free(line);
	}
	free(doc);
	if (bad)
		FAIL("%zu lines; make -C tests/grade attacks prints them", bad);
}
