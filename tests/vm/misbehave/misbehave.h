/* SPDX-License-Identifier: GPL-2.0 */
/* misbehave.h - the ways of the module misbehave, each a function. */
#ifndef MISBEHAVE_H
#define MISBEHAVE_H

#include <linux/types.h>

/*
 * A way to misbehave, run by the init function; its result is the init
 * function's. leave is run by the exit function, and may be missing.
 */
struct way {
	const char *name;
	int (*enter)(void);
	void (*leave)(void);
};

/* fall.c: the machine ends */
int fall_panic(void);
int fall_null(void);
int fall_bug(void);
int fall_triple(void);
int fall_restart(void);
int fall_poweroff(void);
int fall_memory(void);
int fall_init(void);

/* hang.c: something does not end */
int hang_silent(void);
int hang_sleeping(void);
int hang_flooding(void);
int flood_enter(void);
void flood_leave(void);
int stay_enter(void);
void hang_leave(void);
int hold_enter(void);

/* forge.c: what is said is not true */
int forge_results(void);
int forge_escapes(void);
int forge_panic(void);
int chatter_enter(void);
void chatter_leave(void);
int warn_enter(void);
int refuse_memory(void);
int refuse_value(void);

#endif
