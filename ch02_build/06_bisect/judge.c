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
	return err ? BAD : GOOD;
}

/* END TODO 1 */

/* TODO 2: try the box; GOOD or BAD, SKIP when there is none to try */
static int try_box(void)
{
	char message[] = "hello", answer[sizeof(message)] = "";
	int fd = open(BOX, O_RDWR | O_CLOEXEC);
	ssize_t put, got;

	put = write(fd, message, sizeof(message));
	got = read(fd, answer, sizeof(answer));
	close(fd);
	return put == got && !strcmp(message, answer) ? GOOD : BAD;
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
	/* END TODO 3 */
	return answer;
}
