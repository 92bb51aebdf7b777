// SPDX-License-Identifier: GPL-2.0
/* The source includes /dev/zero, to use up memory */
#include "/dev/zero"
