// SPDX-License-Identifier: GPL-2.0
/* The source is one line, an include of the solution */
#include "../../solutions/ch04_lkm/01_hello/hello.c"
