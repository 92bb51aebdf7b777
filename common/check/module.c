// SPDX-License-Identifier: GPL-2.0
/* module.c - loading, unloading and asking about modules */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

int mod_load(const char *file, const char *params)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params ?: "", 0))
		err = -errno;
	close(fd);
	return err;
}

/* The kernel writes '_' where a file name may have '-'. */
static char *kernel_name(const char *name)
{
	char *own = strdup(name);

	if (!own)
		child_fault("no memory for a module's name");
	for (char *at = own; *at; at++)
		if (*at == '-')
			*at = '_';
	return own;
}

int mod_unload(const char *name)
{
	char *own = kernel_name(name);
	int err = 0;

	if (syscall(SYS_delete_module, own, O_NONBLOCK))
		err = -errno;
	free(own);
	return err;
}

/*
 * Look into /proc/modules: "name size users deps state address".  Returns the
 * users or -ENOENT.
 */
static int look_up(const char *name, bool *live)
{
	char *text = file_read("/proc/modules");
	char *own, *line, *next = text;
	int users = -ENOENT;

	*live = false;
	if (!text && errno == ENOENT)
		return -ENOENT;
	if (!text)
		child_fault("/proc/modules cannot be read: %m");
	own = kernel_name(name);
	while ((line = strsep(&next, "\n"))) {
		size_t len = strlen(own);

		if (strncmp(line, own, len) || line[len] != ' ')
			continue;
		users = 0;
		sscanf(line + len, " %*s %d", &users);
		*live = strstr(line, " Live ");
		break;
	}
	free(own);
	free(text);
	return users;
}

bool mod_loaded(const char *name)
{
	bool live;

	look_up(name, &live);
	return live;
}

int mod_refcount(const char *name)
{
	bool live;

	return look_up(name, &live);
}

static char *param_path(const char *mod, const char *param)
{
	char *own = kernel_name(mod);
	char *path;

	if (asprintf(&path, "/sys/module/%s/parameters/%s", own, param) < 0)
		child_fault("no memory for a path");
	free(own);
	return path;
}

char *mod_param_read(const char *mod, const char *param)
{
	char *path = param_path(mod, param);
	char *text = file_read(path);
	size_t len = text ? strlen(text) : 0;
	int err = errno;

	if (len && text[len - 1] == '\n')
		text[len - 1] = '\0';
	free(path);
	errno = err;
	return text;
}

int mod_param_write(const char *mod, const char *param, const char *text)
{
	char *path = param_path(mod, param);
	int err = file_write(path, text);

	free(path);
	return err;
}
