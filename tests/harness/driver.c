// SPDX-License-Identifier: GPL-2.0
/*
 * driver.c - runs the tests of the check harness
 *
 * Usage: driver DIR...   each DIR holds one build of the case programs.
 * Prints a line for each test and, last, the counts.  The inputs are drawn
 * anew each time; HARNESS_SEED repeats a run.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

extern const struct test *__start_harness_tests[];
extern const struct test *__stop_harness_tests[];

static const char *cases;		/* the directory of their build */
static char scratch[] = "/tmp/harness.XXXXXX";
static struct build {			/* in memory that its tests share */
	pid_t pid;
	FILE *output;
	unsigned int passed, failed, skipped;
} *build;				/* whose tests run */
static char *given[32];
static size_t given_count;
static const char *skip_reason;
static u64 state;

/* The tests leave their texts to the end of the process. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static _Noreturn void broken(const char *what)
{
	perror(what);
	exit(5);
}

char *text_of(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		broken("text_of");
	va_end(args);
	return text;
}

u64 draw(u64 lo, u64 hi)
{
	u64 x;

	/* xorshift64*: not what the harness uses. */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	x = state * 2685821657736338717ULL;
	return hi - lo == ~0ULL ? x : lo + x % (hi - lo + 1);
}

char *shown(long long value)
{
	if (value < 4096)
		return text_of("%lld", value);
	return text_of("%lld (0x%llx)", value, value);
}

void give(const char *name, const char *fmt, ...)
{
	va_list args;
	char *value;

	va_start(args, fmt);
	if (vasprintf(&value, fmt, args) < 0)
		broken("give");
	va_end(args);
	if (setenv(name, value, 1))
		broken("setenv");
	free(value);
	if (given_count < sizeof(given) / sizeof(given[0]))
		given[given_count++] = strdup(name);
}

char *case_path(const char *name)
{
	return text_of("%s/%s", cases, name);
}

char *make_file(const char *name, const void *content, size_t len)
{
	char *path = text_of("%s/%s", scratch, name);
	FILE *file = fopen(path, "w");

	if (!file || fwrite(content, 1, len, file) != len || fclose(file))
		broken(path);
	return path;
}

/* Both outputs to their end, so that neither blocks the program. */
static void read_both(int fds[2], char *texts[2])
{
	struct pollfd polled[2] = {
		{ .fd = fds[0], .events = POLLIN },
		{ .fd = fds[1], .events = POLLIN },
	};
	size_t len[2] = { 0, 0 };
	int open = 2;

	for (int i = 0; i < 2; i++)
		texts[i] = calloc(1, 1);
	while (open) {
		if (poll(polled, 2, -1) < 0)
			broken("poll");
		for (int i = 0; i < 2; i++) {
			char buf[65536];
			ssize_t n;

			if (!polled[i].revents)
				continue;
			n = read(fds[i], buf, sizeof(buf));
			if (n < 0)
				broken("read");
			if (!n) {
				polled[i].fd = -1;
				open--;
				continue;
			}
			texts[i] = realloc(texts[i], len[i] + n + 1);
			if (!texts[i])
				broken("realloc");
			memcpy(texts[i] + len[i], buf, n);
			len[i] += n;
			texts[i][len[i]] = '\0';
		}
	}
}

struct run run_case(const char *name, ...)
{
	char *argv[16] = { case_path(name) };
	int out[2], err[2], status;
	struct run run;
	char *texts[2];
	va_list args;
	pid_t pid;

	va_start(args, name);
	for (int i = 1; i < 15 && (argv[i] = va_arg(args, char *)); i++)
		;
	va_end(args);
	if (pipe(out) || pipe(err))
		broken("pipe");
	pid = fork();
	if (pid < 0)
		broken("fork");
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		for (int i = 0; i < 2; i++) {
			close(out[i]);
			close(err[i]);
		}
		execv(argv[0], argv);
		_exit(127);
	}
	close(out[1]);
	close(err[1]);
	read_both((int[]){ out[0], err[0] }, texts);
	close(out[0]);
	close(err[0]);
	if (waitpid(pid, &status, 0) != pid)
		broken("waitpid");
	run.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
					   WEXITSTATUS(status);
	run.out = texts[0];
	run.err = texts[1];
	free(argv[0]);
	return run;
}

void skip_test(const char *why)
{
	skip_reason = why;
}

static void choose_seed(void)
{
	const char *text = getenv("HARNESS_SEED");

	if (text)
		state = strtoull(text, NULL, 10);
	else if (getrandom(&state, sizeof(state), 0) != sizeof(state))
		broken("getrandom");
	state = state ?: 1;
	printf("seed %llu (again with HARNESS_SEED=%llu)\n", state, state);
}

static void run_tests(const char *dir)
{
	const char *base = strrchr(dir, '/');

	cases = dir;
	base = base ? base + 1 : dir;
	for (const struct test **t = __start_harness_tests;
	     t < __stop_harness_tests; t++) {
		wrongs = 0;
		skip_reason = NULL;
		(*t)->run();
		while (given_count) {
			unsetenv(given[--given_count]);
			free(given[given_count]);
		}
		if (wrongs) {
			build->failed++;
			printf("not ok %s %s\n", base, (*t)->name);
		} else if (skip_reason) {
			build->skipped++;
			printf("SKIPPED %s %s: %s\n", base, (*t)->name,
			       skip_reason);
		} else {
			build->passed++;
			printf("ok %s %s\n", base, (*t)->name);
		}
	}
}

/* Most of the time they wait: all builds at once, each told of in its turn. */
static void start_build(const char *dir)
{
	pid_t pid;

	build->output = tmpfile();
	if (!build->output)
		broken("tmpfile");
	pid = fork();
	if (pid < 0)
		broken("fork");
	if (pid) {
		build->pid = pid;
		return;
	}
	if (dup2(fileno(build->output), STDOUT_FILENO) < 0)
		broken("dup2");
	if (!mkdtemp(scratch))
		broken(scratch);
	run_tests(dir);
	if (system(text_of("rm -r %s", scratch)))
		broken(scratch);
	fflush(stdout);
	_exit(0);
}

static void end_build(const struct build *ended)
{
	int status, c;

	if (waitpid(ended->pid, &status, 0) != ended->pid)
		broken("waitpid");
	rewind(ended->output);
	while ((c = getc(ended->output)) != EOF)
		putchar(c);
	fclose(ended->output);
	if (status) {
		printf("the tests of a build ended with wait status %d\n", status);
		exit(5);
	}
}

int main(int argc, char **argv)
{
	unsigned int passed = 0, failed = 0, skipped = 0;
	struct build *builds;

	setvbuf(stdout, NULL, _IOLBF, 0);
	choose_seed();
	builds = mmap(NULL, argc * sizeof(*builds), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (builds == MAP_FAILED)
		broken("mmap");
	unsetenv("WB_SEED");
	/* A case that crashes on purpose is to die of the signal. */
	setenv("ASAN_OPTIONS", "handle_segv=0:handle_abort=0:handle_sigbus=0", 1);
	for (int i = 1; i < argc; i++) {
		build = &builds[i];
		start_build(argv[i]);
	}
	for (int i = 1; i < argc; i++) {
		end_build(&builds[i]);
		passed += builds[i].passed;
		failed += builds[i].failed;
		skipped += builds[i].skipped;
	}
	printf("%u passed, %u failed", passed, failed);
	if (skipped)
		printf(", %u skipped", skipped);
	putchar('\n');
	return failed || !passed;
}
