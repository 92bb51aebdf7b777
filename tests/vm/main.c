// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - runs the tests that registered themselves, one after the other in a
 * process of its own, and looks after each of them at what it left behind.
 */
#include <getopt.h>
#include <sched.h>
#include <sys/wait.h>
#include <time.h>

#include "proc.h"
#include "term.h"
#include "vmlab.h"

#define DEADLINE_S	900	/* the machine may be busy: no test is timed */
#define SKIPPED		77

const char *test_dir;
bool vm_long;
static uint64_t seed;
static uint64_t state;

static struct test *first_test;
static struct test **last_test = &first_test;

void test_register(struct test *test)
{
	*last_test = test;
	last_test = &test->next;
}

/* splitmix64: small, and the same sequence everywhere. */
uint64_t test_random(void)
{
	uint64_t z = (state += 0x9e3779b97f4a7c15ULL);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t test_seed(void)
{
	return seed;
}

_Noreturn void test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	printf("  %s:%d: ", base_name(file), line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	_exit(1);
}

_Noreturn void test_skip(const char *fmt, ...)
{
	va_list ap;

	printf("  SKIPPED: ");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	_exit(SKIPPED);
}

/* The tests set what they need; what the caller has set must not decide. */
static void clean_environment(void)
{
	static const char *const names[] = {
		"LAB_ROOT", "LAB_QEMU", "LAB_ACCEL", "LAB_DOCTOR_ROOT",
		"NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "MAKEFLAGS",
		"MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "ARGS",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* A sanitizer's report must not be mistaken for one of our exits. */
	setenv("ASAN_OPTIONS", "exitcode=99:detect_leaks=1", 1);
	setenv("UBSAN_OPTIONS", "print_stacktrace=1", 1);
}

static _Noreturn void run_child(const struct test *test)
{
	/* Its own group: what a test forgets ends with it. */
	setpgid(0, 0);
	for (const char *c = test->name; *c; c++)
		state = state * 31 + *c;
	state ^= seed;
	/* What it mounts goes with it. */
	if (session_mounts() && unshare(CLONE_NEWNS))
		FAIL("unshare: %s", strerror(errno));
	if (chdir(test_dir))
		FAIL("chdir: %s", strerror(errno));
	test->run();
	fflush(stdout);
	_exit(0);
}

static int wait_for(pid_t pid)
{
	int64_t until = now_ms() + DEADLINE_S * 1000;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (now_ms() >= until) {
			printf("  took over %d s\n", DEADLINE_S);
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return 1;
		}
		sleep_ms(5);
	}
	kill(-pid, SIGKILL);
	if (WIFSIGNALED(status)) {
		printf("  ended by signal %d\n", WTERMSIG(status));
		return 1;
	}
	return WEXITSTATUS(status);
}

static int run_test(const struct test *test)
{
	char *dir = xasprintf("%s/work/%s", vm_dir, test->name);
	int64_t start = now_ms();
	char *left;
	int result;
	pid_t pid;

	if (mkdir_p(dir)) {
		perror(dir);
		exit(1);
	}
	test_dir = dir;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_child(test);
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	setpgid(pid, pid);
	result = wait_for(pid);
	left = leftovers();
	if (left) {
		printf("  left behind: %s\n", left);
		free(left);
		result = 1;
	}
	if (rm_rf(dir))
		printf("  note: %s could not be removed\n", dir);
	free(dir);
	printf("%s %s  %.1f s\n", result == 0 ? "ok  " : result == SKIPPED ? "skip" : "FAIL",
	       test->name, (now_ms() - start) / 1000.0);
	return result;
}

static bool parse_options(int argc, char **argv, const char **only, bool *list, bool *keep)
{
	static const struct option options[] = {
		{ "only", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "list", no_argument, NULL, 'l' },
		{ "long", no_argument, NULL, 'L' },
		{ "keep", no_argument, NULL, 'k' },
		{ 0 }
	};
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'o')
			*only = optarg;
		else if (opt == 'l')
			*list = true;
		else if (opt == 'L')
			vm_long = true;
		else if (opt == 'k')
			*keep = true;
		else if (opt != 's' || !parse_u64(optarg, 0, UINT64_MAX, &seed))
			return false;
	}
	return optind == argc;
}

int main(int argc, char **argv)
{
	unsigned int passed = 0, failed = 0, skipped = 0;
	bool list = false, keep = false;
	const char *only = "";

	seed = (uint64_t)time(NULL) * 1000003 + getpid();
	if (!parse_options(argc, argv, &only, &list, &keep))
		return 2;
	for (const struct test *test = first_test; test && list; test = test->next)
		puts(test->name);
	if (list)
		return 0;
	setvbuf(stdout, NULL, _IOLBF, 0);
	clean_environment();
	term_init();
	printf("seed %llu\n", (unsigned long long)seed);
	session_begin();
	for (const struct test *test = first_test; test; test = test->next) {
		int result;

		if (!strstr(test->name, only))
			continue;
		result = run_test(test);
		passed += result == 0;
		skipped += result == SKIPPED;
		failed += result != 0 && result != SKIPPED;
	}
	session_end(keep);
	if (skipped)
		printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	else
		printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
