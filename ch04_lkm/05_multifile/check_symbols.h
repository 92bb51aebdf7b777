/* SPDX-License-Identifier: GPL-2.0 */
/* The names that a module's object file shows to others. */
#ifndef CHECK_SYMBOLS_H
#define CHECK_SYMBOLS_H

#include <stdbool.h>

/* Calls see() with the name of each function and variable that is global. */
void symbols_global(const char *file, void (*see)(const char *name));
/* Does it export anything to other modules? */
bool symbols_exported(const char *file);

#endif
