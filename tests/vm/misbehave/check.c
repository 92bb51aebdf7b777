// SPDX-License-Identifier: GPL-2.0
/*
 * One check for each way in which a submission can come to its end, run with
 * --only: most of them take the machine down.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "check.h"

static int load(const char *how)
{
	return mod_load("misbehave.ko", how);
}

CHECK(well, .title = "It loads and unloads")
{
	ASSERT_OK(load("how=well"));
	EXPECT_OK(mod_unload("misbehave"));
}

CHECK(panics, .title = "The kernel panics")
{
	load("how=panic");
}

CHECK(writes_to_null, .title = "The kernel oopses")
{
	load("how=null");
}

CHECK(resets, .title = "The machine is reset without a word")
{
	load("how=triple");
}

CHECK(hangs, .title = "The only CPU hangs with interrupts off")
{
	load("how=hang");
}

CHECK(sleeps, .title = "The init function never returns", .deadline = 3)
{
	load("how=sleep");
}

CHECK(hangs_at_exit, .title = "The exit function never returns", .deadline = 3)
{
	ASSERT_OK(load("how=hang-exit"));
	mod_unload("misbehave");
}

CHECK(warns, .title = "The kernel warns")
{
	ASSERT_OK(load("how=warn"));
	EXPECT_OK(mod_unload("misbehave"));
}

CHECK(holds, .title = "The module stays")
{
	ASSERT_OK(load("how=hold"));
	EXPECT_EQ(mod_unload("misbehave"), -EWOULDBLOCK);
}

CHECK(fails, .title = "An expectation fails")
{
	EXPECT_EQ(load("how=no-value"), 0, "The module was not loaded.");
}

CHECK(dies, .title = "The check itself dies")
{
	raise(SIGSEGV);
}

CHECK(leaves, .title = "The check itself leaves")
{
	exit(0);
}
