// SPDX-License-Identifier: GPL-2.0
/* See intake.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intake.h"

static const char *const allowed[] = {
	"drivers/misc/Kconfig", "drivers/misc/Makefile", "drivers/misc/fingerprint.c",
};

void die(const char *what)
{
	fprintf(stderr, "maintainer: %s: %s\n", what,
		errno ? strerror(errno) : "it failed");
	exit(1);
}

void clean_environment(void)
{
	static const char *const gone[] = {
		"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "GIT_DIR",
		"GIT_WORK_TREE", "GIT_INDEX_FILE",
	};
	static const char *const set[][2] = {
		{ "GIT_CONFIG_GLOBAL", "/dev/null" }, { "GIT_CONFIG_NOSYSTEM", "1" },
		{ "GIT_AUTHOR_NAME", "The maintainer" },
		{ "GIT_AUTHOR_EMAIL", "maintainer@example.org" },
		{ "GIT_COMMITTER_NAME", "The maintainer" },
		{ "GIT_COMMITTER_EMAIL", "maintainer@example.org" },
		{ "LC_ALL", "C" },
	};

	for (size_t i = 0; i < sizeof(gone) / sizeof(*gone); i++)
		unsetenv(gone[i]);
	for (size_t i = 0; i < sizeof(set) / sizeof(*set); i++)
		if (setenv(set[i][0], set[i][1], 1))
			die("setenv");
}

int run_argv(const char *out, const char *const argv[])
{
	pid_t pid = fork();
	int status, fd, in;

	if (pid < 0)
		die("fork");
	if (!pid) {
		in = open("/dev/null", O_RDONLY);
		fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0666);
		if (in < 0 || dup2(in, 0) < 0 || fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
			_exit(127);
		execvp(argv[0], (char *const *)argv);
		dprintf(2, "%s cannot be started: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	errno = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

/* The next line of a text, without its newline; NULL behind the last. */
static char *next_line(const char **text)
{
	size_t len = strcspn(*text, "\n");
	char *line;

	if (!**text)
		return NULL;
	line = strndup(*text, len);
	if (!line)
		die("strndup");
	*text += len + ((*text)[len] == '\n');
	return line;
}

bool paths_allowed(const char *numstat, char *why, size_t len)
{
	char *line;

	while ((line = next_line(&numstat))) {
		const char *tab = strrchr(line, '\t'), *path = tab ? tab + 1 : line;
		bool known = false;

		for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
			known |= !strcmp(path, allowed[i]);
		if (!known) {
			snprintf(why, len, "It is not about drivers/misc alone: %.200s", path);
			free(line);
			return false;
		}
		free(line);
	}
	return true;
}

bool regular_files(const char *dir, char *why, size_t len)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++) {
		const char *name = strrchr(allowed[i], '/');
		char path[4096];
		struct stat st;

		snprintf(path, sizeof(path), "%s%s", dir, name);
		if (!lstat(path, &st) && !S_ISREG(st.st_mode)) {
			snprintf(why, len, "%s is no regular file any more.", allowed[i]);
			return false;
		}
	}
	return true;
}

/* Only added lines, and each of them fits; the head of a diff is passed over. */
static bool each_added(const char *diff, bool (*fits)(const char *line), const char *file,
		       char *why, size_t len)
{
	bool body = false, good = true;
	char *line;

	while (good && (line = next_line(&diff))) {
		body |= *line == '@';
		good = !body || *line == '@' || *line == '\\' ||
		       (*line == '+' && fits(line + 1));
		if (!good && *line == '-')
			snprintf(why, len, "It takes a line of others away from %s: %.200s", file,
				 line + 1);
		else if (!good)
			snprintf(why, len, "More than is wanted in %s: %.200s", file, line + 1);
		free(line);
	}
	return good;
}

static bool makefile_line(const char *line)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

	if (!*line || *line == '#')
		return true;
	if (strncmp(line, "obj-", 4) && strncmp(line, "fingerprint-", 12))
		return false;
	for (; *line; line++) {
		if (*line == '$') {
			if (strncmp(line, "$(CONFIG_", 9))
				return false;
			line += 9;
			line += strspn(line, letters);
			if (*line != ')')
				return false;
		} else if (!strchr(letters, *line) && !strchr(" \t+:=-.", *line)) {
			return false;
		}
	}
	return true;
}

bool makefile_allowed(const char *diff, char *why, size_t len)
{
	return each_added(diff, makefile_line, "drivers/misc/Makefile", why, len);
}

/* $(shell,...) runs a program, source reads another file. */
static bool kconfig_line(const char *line)
{
	const char *word = line + strspn(line, " \t");

	return !strchr(line, '$') &&
	       (strncmp(word, "source", 6) || !strchr(" \t\"'", word[6]));
}

bool kconfig_allowed(const char *diff, char *why, size_t len)
{
	return each_added(diff, kconfig_line, "drivers/misc/Kconfig", why, len);
}

char *added_lines(const char *diff)
{
	char *all = NULL, *line;
	size_t len;
	FILE *out = open_memstream(&all, &len);
	bool body = false;

	if (!out)
		die("open_memstream");
	while ((line = next_line(&diff))) {
		body |= *line == '@';
		if (body && *line == '+')
			fprintf(out, "%s\n", line + 1);
		free(line);
	}
	if (fclose(out))
		die("open_memstream");
	return all;
}
