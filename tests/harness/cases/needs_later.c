// SPDX-License-Identifier: GPL-2.0
/* A need that is met too late. */
#include "case.h"

CHECK(early, .needs = "late")
{
}

CHECK(late)
{
}
