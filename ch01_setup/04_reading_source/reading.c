// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's source and your answers
 *
 *	reading questions		prints your ten questions
 *	reading report SOURCE		prints what stands at the places in answers.txt
 *
 * A report has a line for each answer, its parts separated by tabs: "answer", the
 * question, the place, how it was found, what is around it, and the line.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "check_questions.h"
#include "place.h"

static struct answers answers;

/* "6.1", out of the source's Makefile. */
static int read_version(const char *source, char version[32])
{
	unsigned int major = 0, minor = 0;
	char *path, line[256];
	FILE *file;

	if (asprintf(&path, "%s/Makefile", source) < 0)
		return -1;
	file = fopen(path, "r");
	free(path);
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file) && !(major && minor)) {
		if (sscanf(line, "VERSION = %u", &major) != 1 &&
		    sscanf(line, "PATCHLEVEL = %u", &minor) != 1)
			continue;
	}
	fclose(file);
	snprintf(version, 32, "%u.%u", major, minor);
	return major ? 0 : -1;
}

static void report_answer(const char *source, const struct answer *a)
{
	static const char *const states[] = {
		[PLACE_FOUND] = "found", [PLACE_NO_FILE] = "no file",
		[PLACE_BEHIND_END] = "behind the end",
	};
	struct place place = { 0 };
	unsigned long line = a->line;
	enum place_state state = place_read(source, a->file, &line, a->words, &place);

	printf("answer\t%s\t%s\t%lu\t%s\t%s\t%s\n", a->id, a->file, line, states[state],
	       place.around ? place.around : "", place.line ? place.line : "");
	place_free(&place);
}

static int report(const char *source)
{
	char version[32];

	if (read_version(source, version)) {
		printf("no source\t%s\n", source);
		return 0;
	}
	printf("version\t%s\n", version);
	if (answers_read("answers.txt", version, &answers, stdout)) {
		fprintf(stderr, "reading: answers.txt: %s\n", strerror(errno));
		return 1;
	}
	printf("name\t%s\n", answers.name);
	for (size_t i = 0; i < answers.count; i++)
		report_answer(source, &answers.items[i]);
	printf("end\n");
	return 0;
}

static int ask(void)
{
	const struct question *mine[QUESTIONS_DRAWN];

	if (answers_read("answers.txt", "", &answers, stderr)) {
		fprintf(stderr, "reading: answers.txt: %s\n", strerror(errno));
		return 1;
	}
	if (!*answers.name) {
		fprintf(stderr,
			"reading: write your name into answers.txt first: it draws your questions\n");
		return 1;
	}
	questions_draw(answers.name, mine);
	for (size_t i = 0; i < QUESTIONS_DRAWN; i++)
		printf("%s: %s\n", mine[i]->id, mine[i]->text);
	return 0;
}

int main(int argc, char **argv)
{
	int status;

	if (argc == 2 && !strcmp(argv[1], "questions")) {
		status = ask();
	} else if (argc == 3 && !strcmp(argv[1], "report")) {
		status = report(argv[2]);
	} else {
		fprintf(stderr, "usage: reading questions | reading report SOURCE\n");
		return 2;
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "reading: cannot write: %s\n", strerror(errno));
		return 1;
	}
	return status;
}
