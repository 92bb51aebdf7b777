// SPDX-License-Identifier: GPL-2.0
/* test_order.c - fixtures, needs, options, seeds */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"

#define HEAD(n)		"KTAP version 1\n# seed 1\n1.." #n "\n"

static struct run run_lines(const char *name, const char *only, int status,
			    char *lines)
{
	struct run run = run_case(name, "--seed", "1", only ? "--only" : NULL,
				  only, NULL);

	hide_lines(run.out);
	same_text(run.out, "%s", lines);
	same_text(run.err, "%s", "");
	same_number(run.status, status);
	free(lines);
	return run;
}

TEST(fixture)
{
	int a = draw(5, 4000);

	give("CASE_A", "%d", a);
	run_lines("fixture", "uses,anew,expects,asserts,skips,crashes,nothing", 1,
		  text_of(HEAD(7)
			  "# setup %d\n# teardown %d\nok 1 uses\n"
			  "# setup %d\n# teardown %d\nok 2 anew\n"
			  "# setup %d\n# fixture.c:N: expected 1 == 2\n# body\n# teardown %d\nnot ok 3 expects\n"
			  "# setup %d\n# fixture.c:N: expected levels == 1\n#   levels is 0\n# teardown %d\n"
			  "not ok 4 asserts\n"
			  "# setup %d\n# teardown %d\nok 5 skips # SKIP no key\n"
			  "# The check's process was ended by SIGABRT: Aborted.\n"
			  "# setup %d\nnot ok 6 crashes # CRASHED by signal 6\n"
			  "ok 7 nothing\n",
			  a, a + 1, a, a, a, a, a, a, a, a, a));
}

TEST(fixture_fails)
{
	static const char *const lines[] = {
		"# body\n# teardown after step 2\n# end of teardown\nok 1 body\n",
		"# fixture.c:N: expected self->step == 2\n#   self->step is 1\n"
		"# teardown after step 2\n# end of teardown\nnot ok 1 body\n",
		"# fixture.c:N: expected self->step == 2\n#   self->step is 1\n"
		"# teardown after step 1\n# end of teardown\nnot ok 1 body\n",
		"# teardown after step 1\n# end of teardown\n"
		"ok 1 body # SKIP in the setup\n",
		"# body\n# teardown after step 2\n"
		"# fixture.c:N: expected self->step == 0\n#   self->step is 2\n"
		"# end of teardown\nnot ok 1 body\n",
		"# body\n# fixture.c:N: expected self->step == 1\n#   self->step is 2\n"
		"# teardown after step 2\n"
		"# fixture.c:N: expected self->step == 0\n#   self->step is 2\n"
		"not ok 1 body\n",
	};

	for (int i = 0; i < 6; i++) {
		give("CASE_A", "%d", i);
		run_lines("fixture", "body", i && i != 3,
			  text_of(HEAD(1) "%s", lines[i]));
	}
}

TEST(order_and_needs)
{
	run_lines("order", NULL, 1,
		  text_of(HEAD(10) "ok 1 zebra\n"
			  "# order.c:N: expected 1 == 2\nnot ok 2 fails\n"
			  "ok 3 same_line\n"
			  "ok 4 needs_failed # SKIP needs fails, which did not pass\n"
			  "ok 5 needs_skipped # SKIP needs needs_failed, which did not pass\n"
			  "ok 6 absent # SKIP no device 5\n"
			  "ok 7 needs_absent # SKIP needs absent, which did not pass\n"
			  "# The check's process was ended by SIGABRT: Aborted.\n"
			  "not ok 8 crashed # CRASHED by signal 6\n"
			  "ok 9 needs_crashed # SKIP needs crashed, which did not pass\n"
			  "ok 10 apple\n"));
}

TEST(only)
{
	/* In the order of the file, with what they need; skips are no failure. */
	run_lines("order", "apple,zebra", 0,
		  text_of(HEAD(3) "ok 1 zebra\nok 2 same_line\nok 3 apple\n"));
	run_lines("order", "needs_absent,needs_absent", 0,
		  text_of(HEAD(2) "ok 1 absent # SKIP no device 5\n"
			  "ok 2 needs_absent # SKIP needs absent, which did not pass\n"));
	run_lines("order", "needs_skipped", 1,
		  text_of(HEAD(4) "ok 1 zebra\n# order.c:N: expected 1 == 2\n"
			  "not ok 2 fails\n"
			  "ok 3 needs_failed # SKIP needs fails, which did not pass\n"
			  "ok 4 needs_skipped # SKIP needs needs_failed, which did not pass\n"));
}

TEST(only_unknown)
{
	static const char *const names[] = {
		"zebr", "zebras", "", "zebra,", ",zebra", "zebra,,apple", "ZEBRA",
	};
	static const char *const unknown[] = {
		"zebr", "zebras", "", "", "", "", "ZEBRA",
	};

	for (int i = 0; i < 7; i++) {
		struct run run = run_case("order", "--only", names[i], NULL);

		same_text(run.err, "check: no check is called '%s'; these are:\n"
			  "  zebra\n  fails\n  same_line\n  needs_failed\n"
			  "  needs_skipped\n  absent\n  needs_absent\n  crashed\n"
			  "  needs_crashed\n  apple\n", unknown[i]);
		same_text(run.out, "%s", "");
		same_number(run.status, 2);
	}
}

TEST(list)
{
	struct run run = run_case("order", "--list", NULL);

	same_text(run.out, "zebra\tFirst in the file\nfails\t\nsame_line\t\n"
		  "needs_failed\tSkipped, as fails fails\nneeds_skipped\t\n"
		  "absent\t\nneeds_absent\t\ncrashed\t\nneeds_crashed\t\napple\t\n");
	same_number(run.status, 0);
}

TEST(wrong_usage)
{
	static const char *const bad[][2] = {
		{ "--bogus", NULL }, { "zebra", NULL }, { "-x", NULL },
		{ "--only", NULL }, { "--seed", NULL }, { "--list=1", NULL },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct run run = run_case("order", bad[i][0], NULL);

		like(run.err, "^Usage: check \\[--list\\] \\[--only NAME");
		same_text(run.out, "%s", "");
		same_number(run.status, 2);
	}
	same_number(run_case("order", "--help", NULL).status, 0);
}

TEST(malformed_seed)
{
	static const char *const bad[] = {
		"", " 1", "-1", "+1", "1x", "0x10", "18446744073709551616",
		"99999999999999999999999", "one", "1 ",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct run run = run_case("random", "--seed", bad[i], NULL);

		same_text(run.err, "check: --seed: '%s' is no seed; it is a number from 0 to 18446744073709551615\n",
			  bad[i]);
		same_text(run.out, "%s", "");
		same_number(run.status, 2);
		give("WB_SEED", "%s", bad[i]);
		run = run_case("random", NULL);
		like(run.err, "^check: WB_SEED: '");
		same_text(run.out, "%s", "");
		same_number(run.status, 2);
	}
}

/* The lines of output from the one after "before" up to and with "upto". */
static char *part(const char *out, const char *before, const char *upto)
{
	const char *from = strstr(out, before), *to;

	if (!from)
		return text_of("(no %s in %s)", before, out);
	from += strlen(before);
	to = strstr(from, upto);
	if (!to)
		return text_of("(no %s in %s)", upto, out);
	return text_of("%.*s", (int)(to - from), from);
}

TEST(seed_repeats)
{
	const char *names = "first,second,third,fourth";
	char *seed = text_of("%llu", draw(0, ~0ULL));
	char *next = text_of("%llu", draw(0, ~0ULL));
	struct run all = run_case("random", "--seed", seed, "--only", names, NULL);
	struct run again = run_case("random", "--only", names, "--seed", seed, NULL);
	struct run other = run_case("random", "--only", names, "--seed", next, NULL);
	struct run alone = run_case("random", "--only", "second", "--seed", seed, NULL);
	struct run from_env;

	same_number(all.status, 0);
	same_text(again.out, "%s", all.out);
	give("WB_SEED", "%s", seed);
	from_env = run_case("random", "--only", names, NULL);
	same_text(from_env.out, "%s", all.out);
	/* The option goes before the variable. */
	same_text(run_case("random", "--only", names, "--seed", next, NULL).out,
		  "%s", other.out);
	/* Alone as among others. */
	same_text(part(alone.out, "1..1\n", "ok 1"), "%s",
		  part(all.out, "ok 1 first\n", "ok 2"));
	/* Another seed, another check: other values. */
	holds(strcmp(part(all.out, "1..4\n", "ok 1"),
		     part(other.out, "1..4\n", "ok 1")));
	holds(strcmp(part(all.out, "1..4\n", "ok 1"),
		     part(all.out, "ok 2 second\n", "ok 3")));
	like(all.out, "^# seed %s$", seed);
}

TEST(seed_drawn)
{
	struct run a = run_case("random", "--only", "first", NULL);
	struct run b = run_case("random", "--only", "first", NULL);
	char *seed = part(a.out, "# seed ", "\n");

	holds(strcmp(a.out, b.out));
	same_text(run_case("random", "--only", "first", "--seed", seed, NULL).out,
		  "%s", a.out);
}

/*
 * Seeds in old reports stay good.  The values were computed apart, from the
 * definitions of FNV-1a and splitmix64; of six draws for "wide" three are
 * beyond the last whole multiple of the range.
 */
TEST(seed_is_stable)
{
	run_lines("random", "wide", 0,
		  text_of(HEAD(1) "# 7111442722451521156\n# 1917995877747739095\n"
			  "# 4971786703219467956\nok 1 wide\n"));
	run_lines("random", "first", 0, text_of(HEAD(1) "# 9457786647545671917 969030 vyyhjdgsblu\nok 1 first\n"));
}

TEST(seed_ranges)
{
	char *seed = text_of("%llu", draw(0, ~0ULL));
	struct run run = run_case("random", "--only", "ranges", "--seed", seed, NULL);

	same_text(run.out, "KTAP version 1\n# seed %s\n1..1\nok 1 ranges\n", seed);
	/* A mistake in the check is not the submission's fault. */
	run_lines("random", "swapped", 5,
		  text_of(HEAD(1) "# check_random_range(2, 1): the ends are swapped\n"
			  "not ok 1 swapped\n"));
}

TEST(faulty_programs)
{
	struct run run = run_case("nothing", NULL);

	same_text(run.err, "check: the program holds no CHECK()\n");
	same_number(run.status, 5);
	run = run_case("doubled", NULL);
	hide_lines(run.err);
	same_text(run.err, "check: cases/extra_doubled.c:N: two checks are called 'twice'\n");
	same_text(run.out, "%s", "");
	same_number(run.status, 5);
	run = run_case("needs_unknown", "--list", NULL);
	hide_lines(run.err);
	same_text(run.err, "check: cases/needs_unknown.c:N: 'lonely' needs 'nobody', which is no check before it\n");
	same_number(run.status, 5);
	run = run_case("needs_later", NULL);
	hide_lines(run.err);
	same_text(run.err, "check: cases/needs_later.c:N: 'early' needs 'late', which is no check before it\n");
	same_number(run.status, 5);
}

TEST(subject)
{
	run_lines("subject", NULL, 1,
		  text_of(HEAD(1) "# One is not two.\n"
			  "# params.c's check: subject.c:N: expected 1 == 2\n"
			  "not ok 1 named\n"));
}
