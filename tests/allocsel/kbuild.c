// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kbuild.h"
#include "tap.h"

#define MAX_KERNELS 8

const char *const *kbuild_kernels(void)
{
	static const char *kernels[MAX_KERNELS + 1] = {
		"6.1", "6.1-rt", "6.12",
	};
	const char *chosen = getenv("KERNELS");
	static char *words;
	char *word;
	int count = 0;

	if (!chosen || !*chosen || words)
		return kernels;
	words = strdup(chosen);
	for (word = words ? strtok(words, " ,") : NULL;
	     word && count < MAX_KERNELS; word = strtok(NULL, " ,"))
		kernels[count++] = word;
	kernels[count] = NULL;
	return kernels;
}

char *kbuild_output(const char *command, int *status)
{
	size_t len = 0, room = 1 << 16, n;
	char *text = malloc(room);
	FILE *pipe = popen(command, "r");

	if (!pipe || !text)
		tap_bail("cannot run %s: %s", command, strerror(errno));
	while ((n = fread(text + len, 1, room - len - 1, pipe)) > 0) {
		len += n;
		if (room - len > 1)
			continue;
		room *= 2;
		text = realloc(text, room);
		if (!text)
			tap_bail("no memory");
	}
	text[len] = '\0';
	*status = pclose(pipe);
	*status = WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
	return text;
}

static void run(const char *fmt, const char *a, const char *b)
{
	char *command, *text;
	int status;

	if (asprintf(&command, fmt, a, b) < 0)
		tap_bail("no memory");
	text = kbuild_output(command, &status);
	if (status)
		tap_bail("%s\n%s", command, text);
	free(text);
	free(command);
}

void kbuild_stage(const char *dir, const char *const *files)
{
	run("rm -rf '%s' && mkdir -p '%s' 2>&1", dir, dir);
	for (; *files; files++)
		run("cp '%s' '%s/' 2>&1", *files, dir);
}

const char *kbuild_lab(void)
{
	const char *lab = getenv("LAB");

	return lab && *lab ? lab : "../../lab";
}

/* The headers of a kernel; lab fetches them when they are not there. */
static char *headers_of(const char *kernel)
{
	char *command, *text, *end;
	int status;

	if (asprintf(&command, "%s kernel path %s", kbuild_lab(), kernel) < 0)
		tap_bail("no memory");
	text = kbuild_output(command, &status);
	end = strchr(text, '\n');
	if (status || !end)
		tap_bail("no headers of %s: %s ended with %d\n%s", kernel,
			 command, status, text);
	*end = '\0';
	free(command);
	return text;
}

char *kbuild_make(const char *kernel, const char *dir, const char *what,
		  bool *ok)
{
	char *headers = headers_of(kernel);
	char *command, *text;
	int status;

	if (asprintf(&command,
		     "env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL LC_ALL=C make -j2 -C '%s' M=\"$(realpath '%s')\" W=1 CONFIG_DEBUG_INFO_BTF_MODULES= --no-print-directory %s 2>&1",
		     headers, dir, what) < 0)
		tap_bail("no memory");
	text = kbuild_output(command, &status);
	*ok = !status && !strcasestr(text, "warning");
	free(command);
	free(headers);
	return text;
}

char *kbuild_run(const char *kernel, const char *options, const char *dir,
		 const char *guest, int *status)
{
	char *command, *text;

	if (asprintf(&command, "%s run -k %s %s '%s' -- '%s' 2>&1",
		     kbuild_lab(), kernel, options, dir, guest) < 0)
		tap_bail("no memory");
	text = kbuild_output(command, status);
	free(command);
	return text;
}
