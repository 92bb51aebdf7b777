// SPDX-License-Identifier: GPL-2.0
/* The compiler that the kernel was built with, and the one at hand. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "envreport.h"

/* The end of the group whose "(" is at text; NULL when nothing closes it. */
static const char *group_end(const char *text)
{
	int depth = 0;

	for (; *text; text++) {
		if (*text == '(')
			depth++;
		if (*text == ')' && !--depth)
			return text;
	}
	return NULL;
}

/*
 * From "Linux version RELEASE (USER@HOST) (COMPILER, LINKER) #1 …": COMPILER,
 * which may have commas and parentheses of its own, but in parentheses.
 */
static char *kernel_compiler(const char *version)
{
	const char *builder = strchr(version, '(');
	const char *end = builder ? group_end(builder) : NULL;
	const char *begin = end ? strchr(end, '(') : NULL;
	int depth = 0;

	end = begin ? group_end(begin) : NULL;
	if (!end)
		return NULL;
	for (const char *p = begin + 1; p < end; p++) {
		depth += (*p == '(') - (*p == ')');
		if (!depth && *p == ',')
			end = p;
	}
	while (end > begin + 1 && end[-1] == ' ')
		end--;
	return format("%.*s", (int)(end - begin - 1), begin + 1);
}

/* The first line that `PROGRAM --version` prints; NULL when it fails. */
static char *ask_compiler(const char *program)
{
	char *line = NULL;
	size_t size = 0;
	int ends[2], status;
	FILE *out;
	pid_t pid;

	fflush(stdout);
	pid = pipe(ends) ? -1 : fork();
	if (pid < 0)
		give_up("cannot start %s: %s", program, strerror(errno));
	if (!pid) {
		alarm(5);	/* survives exec: an end for one that hangs */
		if (dup2(ends[1], STDOUT_FILENO) >= 0 && !close(ends[0]) &&
		    !close(ends[1]))
			execlp(program, program, "--version", NULL);
		_exit(127);
	}
	close(ends[1]);
	out = fdopen(ends[0], "r");
	if (!out)
		give_up("no memory");
	if (getline(&line, &size, out) < 0) {
		free(line);
		line = NULL;
	}
	fclose(out);	/* one that goes on printing gets SIGPIPE */
	if (waitpid(pid, &status, 0) != pid || !line)
		return line;
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/*
 * The version number in "gcc-12 (Debian 12.2.0-14) 12.2.0": the first word
 * outside of parentheses that begins with a digit and has a point. A copy.
 */
static char *version_number(const char *text)
{
	int depth = 0;

	for (const char *p = text; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (!depth && isdigit((unsigned char)*p) &&
		    (p == text || p[-1] == ' ')) {
			size_t len = strspn(p, "0123456789.");

			if (memchr(p, '.', len))
				return format("%.*s", (int)len, p);
		}
	}
	return NULL;
}

static void compare(struct report *report, const char *a, const char *b)
{
	static const char name[] = "compilers";
	bool same_kind = !strstr(a, "clang") == !strstr(b, "clang");
	char *va = version_number(a), *vb = version_number(b);

	if (!va || !vb)
		add_fact(report, name, NULL, "the version of %s is unknown",
			 va ? "the compiler here" : "the kernel's compiler");
	else if (!same_kind)
		add_fact(report, name, "differ", "one is gcc, the other is clang");
	else if (!strcmp(va, vb))
		add_fact(report, name, "same", "both are %s", va);
	else if (strtoul(va, NULL, 10) == strtoul(vb, NULL, 10))
		add_fact(report, name, "similar", "%s and %s: fine for modules",
			 va, vb);
	else
		add_fact(report, name, "differ",
			 "%s and %s: kbuild will warn, options may be unknown",
			 va, vb);
	free(va);
	free(vb);
}

void probe_compilers(struct report *report)
{
	char *version = root_read_line(report, "proc/version");
	char *kernels = version ? kernel_compiler(version) : NULL;
	char *here = ask_compiler(report->cc);

	if (kernels)
		add_fact(report, "kernel_compiler", kernels, "/proc/version");
	else
		add_fact(report, "kernel_compiler", NULL, "/proc/version: %s",
			 version ? "names no compiler" : "cannot be read");
	if (here && *here)
		add_fact(report, "compiler_here", here, "%s --version",
			 report->cc);
	else
		add_fact(report, "compiler_here", NULL,
			 "%s does not run. Debian: sudo apt-get install gcc",
			 report->cc);
	compare(report, kernels ? kernels : "", here ? here : "");
	free(version);
	free(kernels);
	free(here);
}
