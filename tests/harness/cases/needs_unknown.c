// SPDX-License-Identifier: GPL-2.0
/* A need that no check can meet. */
#include "case.h"

CHECK(lonely, .needs = "nobody")
{
}
