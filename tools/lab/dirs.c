// SPDX-License-Identifier: GPL-2.0
/*
 * dirs.c - where the user's things are, and where the workbook is; see dirs.h
 * and root.h.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dirs.h"
#include "root.h"

char *absolute(const char *path)
{
	char *here, *full;

	if (*path == '/')
		return xstrdup(path);
	here = getcwd(NULL, 0);
	if (!here)
		return xstrdup(path);
	full = xasprintf("%s/%s", here, path);
	free(here);
	return full;
}

static const char *home(void)
{
	const char *dir = getenv("HOME");
	const struct passwd *user;

	if (dir && *dir == '/')
		return dir;
	user = getpwuid(geteuid());
	/* A service without a home: its own corner of /tmp. */
	return user && user->pw_dir && *user->pw_dir == '/' ? user->pw_dir :
	       strf("/tmp/lab-%u", (unsigned int)geteuid());
}

char *user_dir(const char *override, const char *xdg, const char *home_tail)
{
	const char *value = getenv(override);

	if (value && *value)
		return absolute(value);
	value = getenv(xdg);
	if (value && *value == '/')
		return xasprintf("%s/lkp-workbook", value);
	return xasprintf("%s/%s/lkp-workbook", home(), home_tail);
}

static bool is_root(const char *dir)
{
	char *mark = xasprintf("%s/common/lab.mk", dir);
	bool found = is_file(mark);

	free(mark);
	return found;
}

/* dir or the nearest one above it that is a workbook's top, malloc'd. */
static char *search_up(const char *dir)
{
	char *at = xstrdup(dir);

	while (!is_root(at)) {
		char *slash = strrchr(at, '/');

		if (!slash || !strcmp(at, "/")) {
			free(at);
			return NULL;
		}
		slash[slash == at] = '\0';
	}
	return at;
}

static char *search(void)
{
	const char *given = getenv("LAB_ROOT");
	char *found = NULL;
	char *path;

	if (given && *given) {
		path = realpath(given, NULL);
		if (path && is_root(path))
			return path;
		complain(strf("LAB_ROOT is %s, which is not the top of a workbook", given),
			 path ? "there is no common/lab.mk in it" : errno_text(errno),
			 "unset LAB_ROOT, and run the script lab that stands at the top");
		free(path);
		return NULL;
	}
	path = realpath("/proc/self/exe", NULL);
	if (path)
		found = search_up(path);
	free(path);
	if (!found) {
		path = getcwd(NULL, 0);
		if (path)
			found = search_up(path);
		free(path);
	}
	if (!found)
		complain("this is not inside the workbook",
			 "no directory from here upward has a file common/lab.mk",
			 "change to the directory that you cloned the workbook into, then: ./lab");
	return found;
}

const char *root_dir(void)
{
	static char *root;
	static bool searched;

	if (!searched)
		root = search();
	searched = true;
	return root;
}

char *root_path(const char *fmt, ...)
{
	va_list ap;
	char *tail, *path;

	va_start(ap, fmt);
	tail = xvasprintf(fmt, ap);
	va_end(ap);
	path = xasprintf("%s/%s", root_dir() ? root_dir() : "", tail);
	free(tail);
	return path;
}
