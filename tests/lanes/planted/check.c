// SPDX-License-Identifier: GPL-2.0
/*
 * One check for each fault, run alone with --only. It passes: what is to be
 * seen is not its business, but the gates'.
 */
#include <stdio.h>

#include "check.h"

static void commit(const char *how)
{
	char params[64];

	snprintf(params, sizeof(params), "how=%s", how);
	ASSERT_OK(mod_load("planted.ko", params));
	EXPECT_OK(mod_unload("planted"));
}

CHECK(well, .title = "A fault: well", .deadline = 60)
{
	commit("well");
}

CHECK(out_of_bounds, .title = "A fault: out-of-bounds", .deadline = 60)
{
	commit("out-of-bounds");
}

CHECK(past_object, .title = "A fault: past-object", .deadline = 60)
{
	commit("past-object");
}

CHECK(use_after_free, .title = "A fault: use-after-free", .deadline = 60)
{
	commit("use-after-free");
}

CHECK(double_free, .title = "A fault: double-free", .deadline = 60)
{
	commit("double-free");
}

CHECK(past_stack, .title = "A fault: past-stack", .deadline = 60)
{
	commit("past-stack");
}

CHECK(leak, .title = "A fault: leak", .deadline = 60)
{
	commit("leak");
}

CHECK(area, .title = "A fault: area", .deadline = 60)
{
	commit("area");
}

CHECK(shift, .title = "A fault: shift", .deadline = 60)
{
	commit("shift");
}

CHECK(index, .title = "A fault: index", .deadline = 60)
{
	commit("index");
}

CHECK(lock_order, .title = "A fault: lock-order", .deadline = 60)
{
	commit("lock-order");
}

CHECK(lock_twice, .title = "A fault: lock-twice", .deadline = 60)
{
	commit("lock-twice");
}

CHECK(sleep, .title = "A fault: sleep", .deadline = 60)
{
	commit("sleep");
}

CHECK(bare_rcu, .title = "A fault: bare-rcu", .deadline = 60)
{
	commit("bare-rcu");
}

CHECK(lock_kept, .title = "A fault: lock-kept", .deadline = 60)
{
	commit("lock-kept");
}

CHECK(race, .title = "A fault: race", .deadline = 60)
{
	commit("race");
}

CHECK(list_twice, .title = "A fault: list-twice", .deadline = 60)
{
	commit("list-twice");
}

CHECK(timer_freed, .title = "A fault: timer-freed", .deadline = 60)
{
	commit("timer-freed");
}

CHECK(use_count, .title = "A fault: use-count", .deadline = 60)
{
	commit("use-count");
}

CHECK(name_twice, .title = "A fault: name-twice", .deadline = 60)
{
	commit("name-twice");
}

CHECK(dma, .title = "A fault: dma", .deadline = 60)
{
	commit("dma");
}

CHECK(null, .title = "A fault: null", .deadline = 60)
{
	commit("null");
}

CHECK(warn, .title = "A fault: warn", .deadline = 60)
{
	commit("warn");
}
