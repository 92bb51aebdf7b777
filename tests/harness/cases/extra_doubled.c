// SPDX-License-Identifier: GPL-2.0
/* Two files with a check of the same name. */
#include "case.h"

CHECK(twice)
{
}
