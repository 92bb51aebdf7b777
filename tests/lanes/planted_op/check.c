// SPDX-License-Identifier: GPL-2.0
/* Each operation with each of its allocations failing: FAIL_EACH() must see what is wrong. */
#include <errno.h>

#include "check.h"

FIXTURE(ops) {
	int unused;
};

FIXTURE_SETUP(ops)
{
	ASSERT_OK(mod_load("planted_op.ko", ""));
}

FIXTURE_TEARDOWN(ops)
{
	EXPECT_OK(mod_unload("planted_op"));
}

static unsigned int each(const char *how)
{
	return FAIL_EACH(mod_param_write("planted_op", "how", how));
}

CHECK_F(ops, op_well, .title = "An operation that is well", .deadline = 200)
{
	EXPECT_GE(each("well"), 2);
}

CHECK_F(ops, op_leaks, .title = "An operation that leaks", .deadline = 200)
{
	each("leaks");
}

CHECK_F(ops, op_swallows, .title = "An operation that hides a failure", .deadline = 200)
{
	each("swallows");
}

CHECK_F(ops, op_pages, .title = "An operation that hides a missing page", .deadline = 200)
{
	each("pages");
}

CHECK_F(ops, op_crashes, .title = "An operation that does not look", .deadline = 200)
{
	each("crashes");
}
