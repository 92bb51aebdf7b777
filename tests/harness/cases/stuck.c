// SPDX-License-Identifier: GPL-2.0
/*
 * A process that SIGKILL does not end, as if it hung in a driver: here it is
 * the signal that does not arrive (linked with --wrap=kill).
 */
#include "case.h"

int __wrap_kill(pid_t pid, int signal);

int __wrap_kill(pid_t pid, int signal)
{
	(void)pid;
	(void)signal;
	return 0;
}

CHECK(before)
{
}

CHECK(hangs, .deadline = 1)
{
	for (;;)
		pause();
}

CHECK(next)
{
}

CHECK(last, .needs = "hangs")
{
}
