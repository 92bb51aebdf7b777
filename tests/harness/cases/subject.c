// SPDX-License-Identifier: GPL-2.0
/* Built with -DCHECK_SUBJECT='"params.c"'. */
#include "case.h"

CHECK(named)
{
	EXPECT_EQ(1, 2, "One is not two.");
}
