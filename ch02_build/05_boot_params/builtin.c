// SPDX-License-Identifier: GPL-2.0
/*
 * The driver once more, compiled as kbuild compiles what is built into the
 * kernel: without MODULE, under its own name. Then module_param_cb() makes
 * "ring.spec", __setup() is something, and THIS_MODULE is NULL.
 */
#undef MODULE
#undef KBUILD_MODNAME
#define KBUILD_MODNAME "ring"
#define KBUILD_MODFILE "drivers/ring/ring"

#include "main.c"
#include "parse.c"
