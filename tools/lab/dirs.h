/* SPDX-License-Identifier: GPL-2.0 */
/* dirs.h - the user's directories, as the XDG base directory rules say. */
#ifndef LAB_DIRS_H
#define LAB_DIRS_H

/*
 * The value of the variable OVERRIDE, else that of the variable XDG (when
 * absolute) with /lkp-workbook, else ~/HOME_TAIL/lkp-workbook. Absolute,
 * malloc'd.
 */
char *user_dir(const char *override, const char *xdg, const char *home_tail);
/* A path made absolute with the current directory, malloc'd. */
char *absolute(const char *path);

#endif
