/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the test module share
 */
#ifndef CONVENIENCE_H
#define CONVENIENCE_H

#include <linux/compiler_attributes.h>

/* Add to what the next read of the parameter "run" gives. */
__printf(1, 2) void answer(const char *fmt, ...);

/* The commands. Each may change the text of its arguments. 0 or -errno. */
int run_sample(char *args);
int run_levels(char *args);
int run_interrupt(char *args);

int run_size(char *args);
int run_region(char *args);
int run_regions(char *args);
int run_show(char *args);
int run_contig(char *args);
int run_vmap(char *args);
int run_hexdump(char *args);

int run_ns(char *args);
int run_timer(char *args);
int run_expect(char *args);
int run_types(char *args);
int run_flood(char *args);

int run_compat(char *args);
void compat_exit(void);

#endif /* CONVENIENCE_H */
