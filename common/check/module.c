// SPDX-License-Identifier: GPL-2.0
/* module.c - loading, unloading and asking about modules */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "internal.h"

/*
 * Where the module's code stands, for whoever decodes the kernel's reports: a
 * line "NAME SECTION ADDRESS" each in .sections.
 */
static void note_sections(const char *file)
{
	static const char *const sections[] = {
		".text", ".init.text", ".exit.text"
	};
	const char *slash = strrchr(file, '/');
	char name[256], path[512], address[32];
	int out = open("/lab/.sections", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
		       0600);

	snprintf(name, sizeof(name), "%s", slash ? slash + 1 : file);
	name[strcspn(name, ".")] = '\0';
	for (char *at = name; *at; at++)
		if (*at == '-')
			*at = '_';
	for (size_t i = 0; out >= 0 && i < sizeof(sections) / sizeof(*sections); i++) {
		ssize_t n;
		int fd;

		snprintf(path, sizeof(path), "/sys/module/%s/sections/%s", name,
			 sections[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		n = fd < 0 ? 0 : read(fd, address, sizeof(address) - 1);
		if (fd >= 0)
			close(fd);
		if (n > 0)
			dprintf(out, "%s %s %.*s", name, sections[i], (int)n,
				address);
	}
	if (out >= 0)
		close(out);
}

int mod_load(const char *file, const char *params)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (syscall(SYS_finit_module, fd, params ?: "", 0))
		err = -errno;
	else
		note_sections(file);
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
