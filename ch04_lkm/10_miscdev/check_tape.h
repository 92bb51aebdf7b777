/* SPDX-License-Identifier: GPL-2.0 */
/* What the checks of the tapes share */
#ifndef CHECK_TAPE_H
#define CHECK_TAPE_H

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "check.h"
#include "tape.h"

/* Each check finds the module just loaded. */
FIXTURE(tape) {
	size_t capacity;
};

void tape_load(struct fixture_tape *self);
void tape_unload(struct fixture_tape *self);
int tape_open(int id, int flags);
unsigned char *random_bytes(size_t len);

/* Whether the tape has these bytes, and no more. */
bool tape_is(int id, const unsigned char *bytes, size_t len);
void expect_tape(int id, const unsigned char *bytes, size_t len);

#endif /* CHECK_TAPE_H */
