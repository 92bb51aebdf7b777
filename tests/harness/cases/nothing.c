// SPDX-License-Identifier: GPL-2.0
/* No check at all. */
#include "case.h"
