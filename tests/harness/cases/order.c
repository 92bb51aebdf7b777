// SPDX-License-Identifier: GPL-2.0
/* Needs, skips and the order of the file. */
#include "case.h"

CHECK(zebra, .title = "First in the file")
{
}

CHECK(fails, .needs = "zebra") { EXPECT_EQ(1, 2); } CHECK(same_line) { }

CHECK(needs_failed, .title = "Skipped, as fails fails", .needs = "fails")
{
	check_note("not reached");
}

CHECK(needs_skipped, .needs = "needs_failed")
{
	check_note("not reached");
}

CHECK(absent)
{
	check_skip("no device %d", 5);
}

CHECK(needs_absent, .needs = "absent")
{
	check_note("not reached");
}

CHECK(crashed)
{
	abort();
}

CHECK(needs_crashed, .needs = "crashed")
{
}

CHECK(apple, .needs = "same_line")
{
}
