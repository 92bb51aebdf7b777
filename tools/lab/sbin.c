// SPDX-License-Identifier: GPL-2.0
/*
 * Programs of the administrator that need no root, such as modprobe with
 * --show-depends: Debian keeps their directories out of a user's PATH.
 */
#include <stdlib.h>
#include <unistd.h>

#include "kernel.h"
#include "proc.h"

const char *sbin_program(const char *name)
{
	static const char *const more[] = {
		"/usr/local/sbin", "/usr/sbin", "/sbin",
	};
	char *found = proc_find_program(name);
	const char *path = found ? strf("%s", found) : NULL;

	free(found);
	for (size_t i = 0; !path && i < ARRAY_SIZE(more); i++)
		if (!access(strf("%s/%s", more[i], name), X_OK))
			path = strf("%s/%s", more[i], name);
	return path ? path : name;
}
