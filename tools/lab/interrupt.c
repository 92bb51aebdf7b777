// SPDX-License-Identifier: GPL-2.0
/*
 * interrupt.c - Ctrl-C ends the program, but not in the middle of work that
 * must be tidied up first; declared in proc.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "proc.h"
#include "term.h"

static const int held_signals[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t holds;
static volatile sig_atomic_t noted;
static volatile sig_atomic_t repeats;
static int wake_pipe[2] = { -1, -1 };
static void (*last_words)(void);

static void die_by(int signo)
{
	progress_on_signal();
	if (last_words)
		last_words();
	signal(signo, SIG_DFL);
	raise(signo);
}

static void on_signal(int signo)
{
	int saved = errno;

	if (!holds || ++repeats >= 3) {
		/* Delivered when this handler returns, with its default. */
		die_by(signo);
	} else {
		noted = signo;
		/* Full pipe: somebody has been woken already. */
		if (wake_pipe[1] >= 0 && write(wake_pipe[1], "", 1) < 0)
			errno = 0;
	}
	errno = saved;
}

void interrupt_init(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction old;

	/* Without the pipe the poll() loops notice at their next timeout. */
	if (wake_pipe[0] < 0 && pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK))
		wake_pipe[0] = wake_pipe[1] = -1;
	for (size_t i = 0; i < ARRAY_SIZE(held_signals); i++) {
		/* nohup and the like chose to ignore it: so do we. */
		if (!sigaction(held_signals[i], NULL, &old) && old.sa_handler == SIG_IGN)
			continue;
		sigemptyset(&action.sa_mask);
		sigaction(held_signals[i], &action, NULL);
	}
}

void interrupt_hold(void)
{
	holds++;
}

void interrupt_release(void)
{
	int signo;

	if (holds > 1) {
		holds--;
		return;
	}
	holds = 0;
	signo = noted;
	if (signo)
		die_by(signo);
}

int interrupt_pending(void)
{
	return noted;
}

void interrupt_last_words(void (*say)(void))
{
	last_words = say;
}

int interrupt_fd(void)
{
	return wake_pipe[0];
}

void interrupt_forget(void)
{
	char byte;

	noted = 0;
	repeats = 0;
	while (wake_pipe[0] >= 0 && read(wake_pipe[0], &byte, 1) == 1)
		;
}
