// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of the selector that the check needs as well. lab.mk compiles
 * check.c and check_*.c into the check, so they come in through this file.
 */
#include "alloc_api.c"
#include "alloc_format.c"
#include "principles.c"
#include "principle_text.c"
