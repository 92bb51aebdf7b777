// SPDX-License-Identifier: GPL-2.0
/* test_check.c - the same, and check programs that break their promises, in `lab check`. */
#include <jansson.h>

#include "vmlab.h"

#define CHECK_WAY(name, status, text, more) \
	TEST(check_##name) \
	{ \
		struct ran ran = run_lab("check", MISBEHAVE, "--only", #name); \
		\
		EXPECT(ran, status, text, more); \
	}

CHECK_WAY(well, 0, "PASSED  1 passed, 0 failed", "~full log")
CHECK_WAY(panics, 3, "CRASHED: the kernel panicked", "full log:")
CHECK_WAY(writes_to_null, 3, "CRASHED: the kernel panicked", "NULL pointer dereference")
CHECK_WAY(resets, 3, "CRASHED: the machine was reset", "The kernel said nothing")
CHECK_WAY(hangs, 4, "TIMED OUT: no result within 20 seconds", "full log:")
CHECK_WAY(sleeps, 4, "TIMED OUT", "TIMEOUT after 3 s")
CHECK_WAY(hangs_at_exit, 4, "TIMED OUT", "TIMEOUT after 3 s")
CHECK_WAY(warns, 1, "the kernel complained (warning)", "FAILED  1 passed, 0 failed")
CHECK_WAY(holds, 1, "the kernel complained (still-loaded)", "FAILED  1 passed, 0 failed")
CHECK_WAY(fails, 1, "The module was not loaded.", "FAILED  0 passed, 1 failed")
CHECK_WAY(dies, 1, "CRASHED by signal 11", "FAILED  0 passed, 1 failed")
CHECK_WAY(leaves, 1, "CRASHED with exit status 0", "FAILED  0 passed, 1 failed")

/* What a check program says, chosen by the seed; see mute/check.c. */
TEST(check_programs_that_break_promises)
{
	static const struct {
		const char *seed;
		int status;
		const char *text;
	} cases[] = {
		{ "1", 5, "NO VERDICT: the check program gave no results" },
		{ "2", 1, "FAILED: 1 results came, where 2 were announced" },
		{ "3", 1, "FAILED: 2 results came, where 1 were announced" },
		{ "4", 1, "FAILED  0 passed, 1 failed" },
		{ "5", 1, "FAILED: the check program ended with status 1" },
		{ "6", 5, "NO VERDICT: the check program gave no results" },
		{ "7", 5, "NO VERDICT: the check program gave no results" },
		{ "8", 1, "FAILED: 1 results came, where 4000000000 were announced" },
		{ "9", 1, "(unfinished)" },
		{ "10", 1, "?[2J?[31mfirst" },
		{ "11", 0, "PASSED  1 passed, 0 failed" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ran ran = run_lab("check", MUTE, "--seed", cases[i].seed);

		EXPECT(ran, cases[i].status, cases[i].text, "~\033");
	}
}

TEST(check_env)
{
	static const char *const bad[] = { "MOOD", "=grim", "WB_SEED=11", "A=1\nkind=shell" };
	struct ran ran = run_lab("check", MUTE, "--seed", "12");

	EXPECT(ran, 0, "PASSED  1 passed, 0 failed");
	ran = run_lab("check", MUTE, "--seed", "12", "--env", "MOOD=grim", "--env", "OTHER=a b=c");
	EXPECT(ran, 1, "grim", "FAILED  0 passed, 1 failed");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ran = run_lab("check", MUTE, "--seed", "12", "--env", bad[i]);
		EXPECT(ran, 2);
	}
}

/* A program reads the same. */
TEST(check_as_json)
{
	struct ran ran = run_lab("check", MISBEHAVE, "--only", "panics", "--json");
	json_t *verdict = json_loads(ran.out, 0, NULL);

	EXPECT(ran, 3);
	ASSERT(verdict);
	ASSERT_STR(json_string_value(json_object_get(verdict, "verdict")), "crashed");
	ASSERT_STR(json_string_value(json_object_get(verdict, "why")), "the kernel panicked");
	ASSERT_EQ(json_integer_value(json_object_get(verdict, "code")), 3);
	ran = run_lab("check", MUTE, "--seed", "7", "--json");
	EXPECT(ran, 5);
	verdict = json_loads(ran.out, 0, NULL);
	ASSERT(verdict);
	ASSERT_STR(json_string_value(json_object_get(verdict, "verdict")), "fault");
}
