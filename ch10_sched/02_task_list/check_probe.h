/* SPDX-License-Identifier: GPL-2.0 */
/* Ways to read the list, and to see what the reading left. */
#ifndef CHECK_PROBE_H
#define CHECK_PROBE_H

#include <sys/types.h>

#include "check.h"
#include "check_tasks.h"

/*
 * read_in_pieces() - read to the end, with lowest to highest bytes each time;
 *	*len gets the bytes in all
 * read_up_to() - read on, a few bytes each time, until a process was listed
 */
char *read_in_pieces(int fd, size_t lowest, size_t highest, size_t *len);
char *read_up_to(int fd, pid_t pid, size_t *len);

/*
 * grace_start() - start a process that ends when all who are in an RCU read
 *	section now have left it
 * grace_period() - do that and wait; false when it takes longer than that
 */
pid_t grace_start(void);
bool grace_period(int ms);

/* Objects of one kind that the kernel has; see slabinfo(5). */
long slab_objects(const char *cache);

/*
 * read_while_ending() - read the list, and in the middle of it, inside the
 * module's code if the moment is right, stop the reader for as long as it takes
 * to end a process with many threads, and to free all that was theirs. Returns
 * what the reader was given; before gets what /proc showed before, and
 * helper a process that was started after that.
 */
char *read_while_ending(struct tasks *before, struct event *helper);

#endif /* CHECK_PROBE_H */
