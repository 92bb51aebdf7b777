/* SPDX-License-Identifier: GPL-2.0 */
/* The device file. */
#ifndef MOD_MISC_H
#define MOD_MISC_H

#include "selector.h"

int mod_misc_init(const struct alloc_selector *selector);
void mod_misc_exit(void);

#endif /* MOD_MISC_H */
