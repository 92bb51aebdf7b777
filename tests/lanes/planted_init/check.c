// SPDX-License-Identifier: GPL-2.0
/* What a submission's check would see of it: that it loads and unloads. */
#include "check.h"

CHECK(loads, .title = "It loads and unloads")
{
	ASSERT_OK(mod_load("planted_init.ko", ""));
	EXPECT_OK(mod_unload("planted_init"));
}
