/* SPDX-License-Identifier: GPL-2.0 */
/* case.h - what the case programs share: values that the driver gives them */
#ifndef HARNESS_CASE_H
#define HARNESS_CASE_H

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static inline const char *given(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static inline long long given_number(const char *name)
{
	return strtoll(given(name), NULL, 10);
}

#endif /* HARNESS_CASE_H */
