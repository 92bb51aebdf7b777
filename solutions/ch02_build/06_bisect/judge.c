// SPDX-License-Identifier: GPL-2.0
/*
 * Decides whether a revision of the box is good, for `git bisect run`
 *
 *	judge FILE [PARAMS]
 *
 * FILE is the module, as insmod takes it, PARAMS its parameters.  The exit status:
 *
 *	0	good: messages come out of the box as they went in
 *	1	bad: they do not
 *	125	this revision cannot be tested
 *	255	no revision can be: whoever called must mend something first
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GOOD	0
#define BAD	1
#define SKIP	125
#define STOP	255

#define BOX	"/proc/box"

/*
 * load() - load the module; 0 or -errno
 */
static int load(const char *file, const char *params)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params, 0))
		err = -errno;
	close(fd);
	return err;
}

/* TODO 1: what the result of load() means: go on (GOOD), SKIP or STOP? */
static int loaded(int err)
{
	switch (err) {
	case 0:
		return GOOD;
	case -EPERM:		/* we may load no module at all */
	case -EACCES:
	case -EEXIST:		/* somebody has left a box behind */
		return STOP;
	default:		/* not built, or its init function does not want to */
		return SKIP;
	}
}

/* END TODO 1 */

/* TODO 2: try the box; GOOD or BAD, SKIP when there is none to try */
#define ROUNDS		2000
#define MESSAGE_MAX	60	/* fits into every box */

/* A call may take or give less than it was asked for: that is no fault. */
static bool put_all(int fd, const char *message, size_t len)
{
	ssize_t n;

	for (; len; message += n, len -= n) {
		n = write(fd, message, len);
		if (n <= 0)
			return false;
	}
	return true;
}

static bool get_all(int fd, char *message, size_t len)
{
	ssize_t n;

	for (; len; message += n, len -= n) {
		n = read(fd, message, len);
		if (n <= 0)
			return false;
	}
	return true;
}

/* Of any length and bytes: the box may be wrong about few of them only. */
static bool try_message(int fd)
{
	char message[MESSAGE_MAX], answer[MESSAGE_MAX];
	size_t len = 1 + rand() % MESSAGE_MAX;

	for (size_t i = 0; i < len; i++)
		message[i] = rand();
	return put_all(fd, message, len) && get_all(fd, answer, len) &&
	       !memcmp(message, answer, len);
}

static int try_box(void)
{
	/* A box that has lost a message must not make us wait for it. */
	int fd = open(BOX, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int answer = GOOD;

	if (fd < 0)
		return SKIP;
	for (int i = 0; i < ROUNDS && answer == GOOD; i++)
		answer = try_message(fd) ? GOOD : BAD;
	close(fd);
	return answer;
}

/* END TODO 2 */

int main(int argc, char *argv[])
{
	int answer;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: judge FILE [PARAMS]\n");
		return STOP;
	}
	answer = loaded(load(argv[1], argc > 2 ? argv[2] : ""));
	if (answer != GOOD)
		return answer;
	answer = try_box();
	/* TODO 3: leave the machine as you found it, or say that you cannot */
	if (syscall(SYS_delete_module, "box", O_NONBLOCK)) {
		perror("judge: the box stays loaded");
		return STOP;
	}
	/* END TODO 3 */
	return answer;
}
