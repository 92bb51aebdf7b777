// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - lab VERB: the table of verbs, and what surrounds each of them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db.h"
#include "overview.h"
#include "proc.h"
#include "root.h"
#include "term.h"
#include "verbs.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *brief;
} verbs[] = {
	{ "list", verb_list, "the labs, by chapter, and what you have solved" },
	{ "show", verb_show, "read a lab's text here in the terminal" },
	{ "hint", verb_hint, "the next hint for a lab, one at a time" },
	{ "check", verb_check, "judge your file in a virtual machine" },
	{ "watch", verb_watch, "judge at each save, the verdict in place; keys for hints and more" },
	{ "run", verb_run, "build any module directory, load it, show its messages" },
	{ "shell", verb_shell, "a shell in the virtual machine, your module beside you" },
	{ "reset", verb_reset, "put the untouched file back; yours is kept under another name" },
	{ "progress", verb_progress, "how far you are, by chapter" },
	{ "doctor", verb_doctor, "what is missing or in the way, and the command that mends it" },
	{ "setup", verb_setup, "install and fetch what is missing; says what and why first" },
	{ "kernel", verb_kernel, "the kernels to test on: list, fetch, import, remove" },
	{ "new", verb_new, "make a lab of your own" },
	{ "grade", verb_grade, "judge what a class handed in: a grade book, marks, feedback" },
};

static void print_help(void)
{
	printf("Usage: lab VERB [options] [arguments]\n"
	       "       lab                   chapters, progress and the next step\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		char *name = xasprintf("  %-10s ", verbs[i].name);

		term_wrap(stdout, name, "             ", verbs[i].brief);
		free(name);
	}
	printf("\n");
	term_wrap(stdout, "", "", "Each verb has --help. A LAB is named by its id, ch04_lkm/01_hello, "
		  "or any part of it that only one lab has; inside a lab's directory it can be left "
		  "out.");
	printf("\nExit status: 0 passed, 1 the submission failed, 2 wrong usage,\n"
	       "3 the virtual machine's kernel crashed, 4 out of time, 5 our own or the\n"
	       "machine's fault.\n");
}

static int unknown_verb(const char *name)
{
	const char *nearest = NULL;
	unsigned int best = 3;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		unsigned int distance = str_distance(name, verbs[i].name);

		if (distance < best) {
			best = distance;
			nearest = verbs[i].name;
		}
	}
	complain(strf("there is no verb '%s'", name),
		 nearest ? strf("did you mean '%s'?", nearest) : NULL,
		 "see them all: ./lab --help");
	return LAB_USAGE;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	char *name = xasprintf("lab %s", verb->name);
	int result;

	/* getopt_long() puts argv[0] in front of its messages. */
	argv[0] = name;
	result = verb->run(argc, argv);
	free(name);
	return result;
}

static int dispatch(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name)
		return show_overview();
	if (!strcmp(name, "--version")) {
		printf("lab %s\n", LAB_VERSION);
		return LAB_PASSED;
	}
	if (!strcmp(name, "-h") || !strcmp(name, "--help") ||
	    (!strcmp(name, "help") && argc == 2)) {
		print_help();
		return LAB_PASSED;
	}
	if (!strcmp(name, "help")) {
		/* lab help check: as lab check --help */
		argv[1] = argv[2];
		argv[2] = (char *)"--help";
		argc = 3;
		name = argv[1];
	}
	if (*name == '-')
		return usage_error("lab", "there is no option '%s' before a verb", name);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(name, verbs[i].name))
			return run_verb(&verbs[i], argc - 1, argv + 1);
	return unknown_verb(name);
}

int main(int argc, char **argv)
{
	int result;

	term_init();
	interrupt_init();
	atexit(progress_on_signal);
	atexit(db_close);
	result = dispatch(argc, argv);
	/* A full disk behind stdout must not look like success. */
	if (fflush(stdout) && errno != EBADF) {
		complain("the output could not be written", errno_text(errno), NULL);
		if (result == LAB_PASSED)
			result = LAB_FAULT;
	}
	return result;
}
