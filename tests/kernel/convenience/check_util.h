/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the checks of the convenience headers share
 */
#ifndef CHECK_UTIL_H
#define CHECK_UTIL_H

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

/* Write a command to the module, and give its answer; "" when it failed. */
__attribute__((format(printf, 1, 2)))
static inline char *ask(const char *fmt, ...)
{
	char *command = NULL;
	char *answer;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vasprintf(&command, fmt, args);
	va_end(args);
	ASSERT_GE(length, 0, "There is no memory for a command.");
	ASSERT_OK(mod_param_write("convenience", "run", command),
		  "The module refused the command \"%.60s\".", command);
	answer = mod_param_read("convenience", "run");
	ASSERT_NOTNULL(answer);
	free(command);
	return answer;
}

static inline int is_rt(void)
{
	const char *kernel = getenv("WB_KERNEL");

	return kernel && strstr(kernel, "rt");
}

/* Stay on one CPU, so that a line of the log tells where it came from. */
static inline void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ASSERT_OK(libc_ret(sched_setaffinity(0, sizeof(set), &set)),
		  "There is no CPU %d.", cpu);
}

#endif /* CHECK_UTIL_H */
