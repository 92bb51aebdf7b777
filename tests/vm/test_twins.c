// SPDX-License-Identifier: GPL-2.0
/* test_twins.c - two lab processes at once. */
#include "vmlab.h"

static void finish_both(struct running *a, struct running *b)
{
	struct ran first = finish(a), second = finish(b);

	EXPECT(first, 0, "~no saved state", "~damaged");
	EXPECT(second, 0, "~no saved state", "~damaged");
}

/* Nothing is there yet: both want to build it, and to save the machine. */
TEST(twins_without_a_state)
{
	struct strlist states = { 0 };
	struct running a, b;

	use_cache("twins");
	start_lab(&a, "run", MISBEHAVE);
	sleep_ms(random_range(0, 300));
	start_lab(&b, "run", MISBEHAVE);
	finish_both(&a, &b);
	list_states(&states);
	ASSERT_EQ(states.count, 1);
	strlist_free(&states);
	start_lab(&a, "check", MISBEHAVE, "--only", "well");
	start_lab(&b, "check", MISBEHAVE, "--only", "well");
	finish_both(&a, &b);
}

TEST(twins_on_other_kernels)
{
	struct running a, b;

	start_lab(&a, "run", MISBEHAVE, "--kernel", "6.1-rt");
	start_lab(&b, "run", MISBEHAVE, "--kernel", "6.12");
	finish_both(&a, &b);
}

/* One falls, the other does not notice. */
TEST(twins_of_which_one_falls)
{
	struct running a, b;
	struct ran ran;

	start_lab(&a, "run", MISBEHAVE, "--params", "how=panic");
	start_lab(&b, "run", MISBEHAVE, "--", "sleep 2");
	ran = finish(&a);
	EXPECT(ran, 3, "the kernel panicked");
	ran = finish(&b);
	EXPECT(ran, 0, "unloaded misbehave");
}

/* One is interrupted while the other waits for what it makes. */
TEST(twins_of_which_one_is_interrupted)
{
	struct running a, b;
	struct ran ran;

	use_cache("heir");
	start_lab(&a, "run", MISBEHAVE);
	sleep_ms(random_range(500, 6000));
	start_lab(&b, "run", MISBEHAVE);
	sleep_ms(random_range(0, 2000));
	kill(a.pid, SIGINT);
	ran = finish(&a);
	ASSERT(ran.signal == SIGINT || ran.status == 0);
	ran = finish(&b);
	EXPECT(ran, 0, "unloaded misbehave", "~no saved state");
}
