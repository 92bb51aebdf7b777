// SPDX-License-Identifier: GPL-2.0
/* An include whose name is a command in make's language */
#include "$(shell touch /tmp/pwned).h"
