/* SPDX-License-Identifier: GPL-2.0 */
/*
 * root.h - where the workbook is: $LAB_ROOT (the launcher sets it), else the
 * nearest directory with common/lab.mk above the program or above the current
 * directory.
 */
#ifndef LAB_ROOT_H
#define LAB_ROOT_H

#include "util.h"

const char *root_dir(void);	/* absolute, or NULL (complained) */
char *root_path(const char *fmt, ...) PRINTF(1, 2);	/* below it, malloc'd */

#endif
