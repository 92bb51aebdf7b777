// SPDX-License-Identifier: GPL-2.0
/* Setup, body and teardown in every combination of endings. */
#include "case.h"

FIXTURE(door) {
	int zero[16];
	int opened;
};

FIXTURE_SETUP(door)
{
	for (int i = 0; i < 16; i++)
		EXPECT_EQ(self->zero[i], 0);
	self->opened = given_number("CASE_A");
	check_note("setup %d", self->opened);
}

FIXTURE_TEARDOWN(door)
{
	check_note("teardown %d", self->opened);
}

CHECK_F(door, uses, .title = "The body sees what the setup made")
{
	EXPECT_EQ(self->opened, given_number("CASE_A"));
	self->opened++;
}

CHECK_F(door, anew)
{
	EXPECT_EQ(self->opened, given_number("CASE_A"));
}

CHECK_F(door, expects)
{
	EXPECT_EQ(1, 2);
	check_note("body");
}

static void deep(int levels)
{
	if (levels)
		deep(levels - 1);
	ASSERT_EQ(levels, 1);
}

CHECK_F(door, asserts)
{
	deep(3);
	check_note("not reached");
}

CHECK_F(door, skips)
{
	check_skip("no key");
}

CHECK_F(door, crashes)
{
	abort();
}

/* A setup or teardown that fails; which one, the driver says. */
FIXTURE(broken) {
	int step;
};

FIXTURE_SETUP(broken)
{
	self->step = 1;
	if (given_number("CASE_A") == 1)
		EXPECT_EQ(self->step, 2);
	if (given_number("CASE_A") == 2)
		ASSERT_EQ(self->step, 2);
	if (given_number("CASE_A") == 3)
		check_skip("in the setup");
	self->step = 2;
}

FIXTURE_TEARDOWN(broken)
{
	check_note("teardown after step %d", self->step);
	if (given_number("CASE_A") == 4)
		EXPECT_EQ(self->step, 0);
	if (given_number("CASE_A") == 5)
		ASSERT_EQ(self->step, 0);
	check_note("end of teardown");
}

CHECK_F(broken, body)
{
	check_note("body");
	if (given_number("CASE_A") == 5)
		ASSERT_EQ(self->step, 1);
}

FIXTURE(empty) {
};

FIXTURE_SETUP(empty)
{
}

FIXTURE_TEARDOWN(empty)
{
}

CHECK_F(empty, nothing)
{
}
