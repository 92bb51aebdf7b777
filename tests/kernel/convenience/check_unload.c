// SPDX-License-Identifier: GPL-2.0
/*
 * Linked last, so run last
 */
#include "check_util.h"

CHECK(unloads, .title = "The module unloads", .needs = "loads")
{
	EXPECT_OK(mod_unload("convenience"));
	EXPECT_FALSE(mod_loaded("convenience"));
}
