// SPDX-License-Identifier: GPL-2.0
/*
 * runner.c - main() of tests that registered themselves: runs each in a process
 * of its own, and looks after each of them at what it left behind. Workers share
 * the tests; each has surroundings of its own, so that what one sees left behind
 * was its own. See test.h.
 */
#include <fcntl.h>
#include <getopt.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "proc.h"
#include "splitmix.h"
#include "term.h"
#include "test.h"
#include "until.h"

#ifndef DEADLINE_S
#define DEADLINE_S	900	/* the machine may be busy: no test is timed */
#endif
#define SKIPPED		77
#define JOBS_MAX	16

const char *test_dir;
bool test_long;
static uint64_t seed;
static uint64_t state;
static volatile sig_atomic_t stopping;

static struct shared {
	unsigned int next;		/* test, for whoever is free */
	unsigned int passed, failed, skipped;
	sem_t output;
} *shared;

static struct request {
	const char *only;
	unsigned int jobs;
	bool list, keep;
} request = { .only = "" };

static struct test *first_test;
static struct test **last_test = &first_test;

void test_register(struct test *test)
{
	*last_test = test;
	last_test = &test->next;
}

uint64_t test_random(void)
{
	return splitmix64(&state);
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

static void on_signal(int signo)
{
	stopping = signo;
}

static void set_signals(void (*handler)(int))
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &(struct sigaction){ .sa_handler = handler }, NULL);
}

static _Noreturn void run_child(const struct test *test, int output)
{
	/* Its own group: what a test forgets ends with it. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A shell starts what is in the background with SIGINT ignored. */
	set_signals(SIG_DFL);
	if (dup2(output, STDOUT_FILENO) < 0)
		_exit(1);
	for (const char *c = test->name; *c; c++)
		state = state * 31 + *c;
	state ^= seed;
	session_enter();
	if (chdir(test_dir))
		FAIL("chdir: %s", strerror(errno));
	test->run();
	fflush(stdout);
	_exit(0);
}

static int wait_for(pid_t pid, int output)
{
	int64_t until = now_ms() + DEADLINE_S * 1000;
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (now_ms() >= until || stopping) {
			dprintf(output, "  %s\n", stopping ? "interrupted" : "took far too long");
			kill(-pid, SIGKILL);
			waitpid(pid, &status, 0);
			return 1;
		}
		sleep_ms(5);
	}
	kill(-pid, SIGKILL);
	if (WIFSIGNALED(status)) {
		dprintf(output, "  ended by signal %d\n", WTERMSIG(status));
		return 1;
	}
	return WEXITSTATUS(status);
}

/* What a test wrote, whole, and then the line of its result. */
static void show(int output, const char *line)
{
	char chunk[4096];
	ssize_t got;

	lseek(output, 0, SEEK_SET);
	sem_wait(&shared->output);
	while ((got = read(output, chunk, sizeof(chunk))) > 0)
		fwrite(chunk, 1, got, stdout);
	puts(line);
	fflush(stdout);
	sem_post(&shared->output);
}

static int run_test(const struct test *test, const char *work)
{
	char *dir = xasprintf("%s/%s", work, test->name);
	int output = memfd_create("output", MFD_CLOEXEC), result;
	int64_t start = now_ms();
	char *left;
	pid_t pid;

	if (output < 0 || mkdir_p(dir)) {
		perror(dir);
		exit(1);
	}
	test_dir = dir;
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		run_child(test, output);
	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	setpgid(pid, pid);
	result = wait_for(pid, output);
	left = leftovers();
	if (left) {
		dprintf(output, "  left behind: %s\n", left);
		result = 1;
	}
	free(left);
	if (rm_rf(dir))
		dprintf(output, "  note: %s could not be removed\n", dir);
	free(dir);
	show(output, strf("%s %s  %.1f s", result == 0 ? "ok  " : result == SKIPPED ? "skip" : "FAIL",
			  test->name, (now_ms() - start) / 1000.0));
	close(output);
	return result;
}

static const struct test *nth_test(unsigned int n)
{
	const struct test *test = first_test;

	while (test && (!strstr(test->name, request.only) || n--))
		test = test->next;
	return test;
}

static int work(void)
{
	const struct test *test;
	const char *dir;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dir = session_begin();
	while (!stopping && !time_is_up() && (test = nth_test(__atomic_fetch_add(&shared->next, 1,
								__ATOMIC_SEQ_CST)))) {
		int result = run_test(test, dir);

		__atomic_fetch_add(result == 0 ? &shared->passed :
				   result == SKIPPED ? &shared->skipped : &shared->failed, 1,
				   __ATOMIC_SEQ_CST);
	}
	session_end(request.keep);
	return 0;
}

/* Each test that there was no time for is a skipped one. */
static void count_left_out(void)
{
	unsigned int left = 0;

	if (stopping || !time_is_up())
		return;
	while (nth_test(shared->next + left))
		left++;
	if (left)
		printf("skip the last %u tests: CHECK_MINUTES are over\n", left);
	shared->skipped += left;
}

/* Told to stop, they end their tests and tidy up. */
static int wait_for_workers(const pid_t *workers, unsigned int count)
{
	int result = 0;

	for (unsigned int i = 0; i < count; i++) {
		int status = 1;

		while (waitpid(workers[i], &status, 0) < 0 && errno == EINTR)
			for (unsigned int j = i; j < count; j++)
				kill(workers[j], SIGTERM);
		result |= status;
	}
	return result;
}

static bool parse_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "only", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "list", no_argument, NULL, 'l' },
		{ "long", no_argument, NULL, 'L' },
		{ "keep", no_argument, NULL, 'k' },
		{ 0 }
	};
	uint64_t jobs;
	int opt;

	while ((opt = getopt_long(argc, argv, "j:", options, NULL)) != -1) {
		if (opt == 'o')
			request.only = optarg;
		else if (opt == 'l')
			request.list = true;
		else if (opt == 'L')
			test_long = true;
		else if (opt == 'k')
			request.keep = true;
		else if (opt == 'j' && parse_u64(optarg, 1, JOBS_MAX, &jobs))
			request.jobs = jobs;
		else if (opt != 's' || !parse_u64(optarg, 0, UINT64_MAX, &seed))
			return false;
	}
	return optind == argc;
}

int main(int argc, char **argv)
{
	pid_t workers[JOBS_MAX];
	unsigned int count = 0;
	int result;

	seed = (uint64_t)time(NULL) * 1000003 + getpid();
	/* They wait more than they work: one more than there are processors. */
	request.jobs = sysconf(_SC_NPROCESSORS_ONLN) + 1;
	if (request.jobs > JOBS_MAX)
		request.jobs = JOBS_MAX;
	if (!parse_options(argc, argv))
		return 2;
	for (const struct test *test = first_test; test && request.list; test = test->next)
		puts(test->name);
	if (request.list)
		return 0;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED || sem_init(&shared->output, 1, 1)) {
		perror("shared memory");
		return 1;
	}
	clean_environment();
	term_init();
	printf("seed %llu\n", (unsigned long long)seed);
	session_prepare();
	set_signals(on_signal);
	fflush(stdout);
	for (; count < request.jobs && nth_test(count); count++) {
		workers[count] = fork();
		if (workers[count] == 0)
			exit(work());
		if (workers[count] < 0)
			break;
	}
	result = wait_for_workers(workers, count);
	count_left_out();
	if (shared->skipped)
		printf("%u passed, %u failed, %u skipped\n", shared->passed, shared->failed,
		       shared->skipped);
	else
		printf("%u passed, %u failed\n", shared->passed, shared->failed);
	return result || stopping || shared->failed || !shared->passed;
}
