// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - runs the tests that registered themselves; see test.h.
 */
#include <getopt.h>
#include <sys/wait.h>
#include <time.h>

#include "dirs.h"
#include "term.h"
#include "test.h"

#define DEADLINE_S	120
#define SKIPPED		77

const char *test_dir;
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

	printf("  skipped: ");
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
		"LAB_ROOT", "LAB_CACHE", "LAB_STATE", "LAB_DOCTOR_ROOT", "LAB_QEMU", "NO_COLOR",
		"CLICOLOR_FORCE", "COLUMNS", "XDG_CACHE_HOME", "XDG_STATE_HOME", "MAKEFLAGS",
		"MAKELEVEL", "MFLAGS",
	};
	char *cache;

	/* Where kernels may have been fetched to before; tests only read there. */
	cache = user_dir("LAB_CACHE", "XDG_CACHE_HOME", ".cache");
	setenv("TEST_CACHE", cache, 1);
	free(cache);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* A sanitizer's report must not be mistaken for one of our exits. */
	setenv("ASAN_OPTIONS", "exitcode=99:detect_leaks=1", 1);
	setenv("UBSAN_OPTIONS", "print_stacktrace=1", 1);
}

static _Noreturn void run_child(const struct test *test, const char *dir)
{
	/* Its own group: what a test forgets ends with it. */
	setpgid(0, 0);
	test_dir = dir;
	setenv("HOME", dir, 1);
	setenv("LAB_CACHE", strf("%s/cache", dir), 1);
	setenv("LAB_STATE", strf("%s/state", dir), 1);
	if (chdir(dir))
		FAIL("chdir: %s", strerror(errno));
	for (const char *c = test->name; *c; c++)
		state = state * 31 + *c;
	state ^= seed;
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
		sleep_ms(2);
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
	char dir[] = "/tmp/test-lab.XXXXXX";
	int result;
	pid_t pid;

	if (!mkdtemp(dir)) {
		perror("mkdtemp");
		exit(1);
	}
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_child(test, dir);
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	setpgid(pid, pid);
	result = wait_for(pid);
	if (rm_rf(dir))
		printf("  note: %s could not be removed\n", dir);
	printf("%s %s\n", result == 0 ? "ok  " : result == SKIPPED ? "skip" : "FAIL", test->name);
	return result;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "only", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ 0 }
	};
	unsigned int passed = 0, failed = 0, skipped = 0;
	const char *only = "";
	int opt;

	seed = (uint64_t)time(NULL) * 1000003 + getpid();
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'o')
			only = optarg;
		else if (opt != 's' || !parse_u64(optarg, 0, UINT64_MAX, &seed))
			return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	clean_environment();
	term_init();
	interrupt_init();
	printf("seed %llu\n", (unsigned long long)seed);
	for (const struct test *test = first_test; test; test = test->next) {
		int result;

		if (!strstr(test->name, only))
			continue;
		result = run_test(test);
		passed += result == 0;
		skipped += result == SKIPPED;
		failed += result != 0 && result != SKIPPED;
	}
	if (skipped)
		printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
	else
		printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
