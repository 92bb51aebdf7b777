// SPDX-License-Identifier: GPL-2.0
/*
 * main.c - many verdicts in a row, each known beforehand. A wrong one, a process
 * that stays, a temporary file or a held lock ends the worker that met it.
 */
#include <getopt.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "proc.h"
#include "splitmix.h"
#include "term.h"
#include "vmlab.h"

#define WORKERS 2

static const struct kind {
	const char *name;
	int status;			/* of lab check */
	unsigned int weight;		/* how often it is drawn */
	const char *text;		/* in the output */
	const char *args[5];
} kinds[] = {
	{ "solution", 0, 12, "PASSED", { "ch04_lkm/01_hello", "--solution" } },
	{ "skeleton", 1, 8, "FAILED", { "ch04_lkm/01_hello" } },
	{ "panic", 3, 6, "the kernel panicked", { MISBEHAVE, "--only", "panics" } },
	{ "good_after_bad", 0, 6, "PASSED", { MISBEHAVE, "--only", "well" } },
	{ "oops", 3, 6, "the kernel panicked", { MISBEHAVE, "--only", "writes_to_null" } },
	{ "reset", 3, 4, "the machine was reset", { MISBEHAVE, "--only", "resets" } },
	{ "warning", 1, 6, "the kernel complained", { MISBEHAVE, "--only", "warns" } },
	{ "stays", 1, 4, "still-loaded", { MISBEHAVE, "--only", "holds" } },
	{ "dead_check", 1, 4, "CRASHED by signal 11", { MISBEHAVE, "--only", "dies" } },
	{ "sleeps", 4, 3, "TIMED OUT", { MISBEHAVE, "--only", "sleeps" } },
	{ "hang", 4, 1, "TIMED OUT", { MISBEHAVE, "--only", "hangs" } },
	{ "parameters", 0, 6, "PASSED", { "ch04_lkm/04_params", "--solution" } },
	{ "wrong_parameters", 1, 4, "FAILED", { "ch04_lkm/04_params" } },
	{ "two_files", 0, 4, "PASSED", { "ch08_alloc/06_slab_basics", "--solution" } },
	{ "no_such_check", 5, 2, "", { MISBEHAVE, "--only", "no_such_check" } },
};

/* Shared by the workers. */
static struct tally {
	unsigned int next, passed, failed;
} *tally;

const char *test_dir;
static uint64_t state, count;

void test_register(struct test *test)
{
	(void)test;
}

uint64_t test_seed(void)
{
	return state;
}

uint64_t test_random(void)
{
	return splitmix64(&state);
}

_Noreturn void test_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	printf("FAIL %s:%d: ", base_name(file), line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	_exit(1);
}

_Noreturn void test_skip(const char *fmt, ...)
{
	(void)fmt;
	_exit(0);
}

/* The n-th run's kind depends on the seed and on n, not on who does it. */
static const struct kind *draw(uint64_t seed, unsigned int n)
{
	unsigned int total = 0, ticket;

	if (!count)		/* the short form: each once, in their order */
		return &kinds[n];
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		total += kinds[i].weight;
	state = seed + n;
	ticket = test_random() % total;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (ticket < kinds[i].weight)
			return &kinds[i];
		ticket -= kinds[i].weight;
	}
	return kinds;
}

static const char *tail_of(const char *text)
{
	size_t len = strlen(text);

	return text + (len > 3000 ? len - 3000 : 0);
}

/* NULL: the verdict was right, and nothing is left. */
static char *run_one(const struct kind *kind, double *seconds)
{
	const char *argv[9] = { LAB_PROGRAM, "check" };
	int64_t begin = now_ms();
	char *wrong = NULL, *left;
	struct ran ran;

	for (size_t i = 0; i < ARRAY_SIZE(kind->args) && kind->args[i]; i++)
		argv[2 + i] = kind->args[i];
	ran = run_program(argv);
	*seconds = (now_ms() - begin) / 1000.0;
	if (ran.signal || ran.status != kind->status || !strstr(ran.out, kind->text))
		wrong = xasprintf("the verdict should be %d and say '%s', it is %d (signal %d):\n%s\n%s",
				  kind->status, kind->text, ran.status, ran.signal,
				  tail_of(ran.out), tail_of(ran.err));
	free(ran.out);
	free(ran.err);
	left = leftovers();
	if (left && !wrong)
		wrong = xasprintf("left behind: %s", left);
	free(left);
	return wrong;
}

static unsigned int number_of_runs(void)
{
	return count ? count : ARRAY_SIZE(kinds);
}

static void work(uint64_t seed)
{
	unsigned int n;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	interrupt_hold();
	session_begin();
	while (!interrupt_pending() &&
	       (n = __atomic_fetch_add(&tally->next, 1, __ATOMIC_SEQ_CST)) < number_of_runs()) {
		const struct kind *kind = draw(seed, n);
		double seconds;
		char *wrong = run_one(kind, &seconds);

		if (interrupt_pending())
			break;
		printf("%s %u %s  %.1f s%s%s\n", wrong ? "FAIL" : "ok  ", n + 1, kind->name,
		       seconds, wrong ? ": " : "", wrong ? wrong : "");
		fflush(stdout);
		__atomic_fetch_add(wrong ? &tally->failed : &tally->passed, 1, __ATOMIC_SEQ_CST);
		free(wrong);
	}
	session_end(false);
	exit(0);
}

static void clean_environment(void)
{
	static const char *const names[] = {
		"LAB_ROOT", "LAB_QEMU", "LAB_ACCEL", "LAB_BUILD", "NO_COLOR", "CLICOLOR_FORCE",
		"COLUMNS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "N", "SEED",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
	setenv("LAB_ROOT", LAB_TOP, 1);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ 0 }
	};
	uint64_t seed = time(NULL);
	int opt, status, bad = 0;
	pid_t pids[WORKERS];

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1)
		if ((opt != 'n' || !parse_u64(optarg, 1, 1000000, &count)) &&
		    (opt != 's' || !parse_u64(optarg, 0, UINT64_MAX, &seed)))
			return 2;
	clean_environment();
	term_init();
	interrupt_init();
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED) {
		perror("shared memory");
		return 1;
	}
	printf("seed %llu\n", (unsigned long long)seed);
	session_prepare();
	fflush(stdout);
	for (unsigned int w = 0; w < WORKERS; w++) {
		pids[w] = fork();
		if (!pids[w])
			work(seed);
	}
	for (unsigned int w = 0; w < WORKERS; w++)
		bad |= pids[w] < 0 || waitpid(pids[w], &status, 0) < 0 || status;
	printf("%u passed, %u failed\n", tally->passed, tally->failed);
	return bad || tally->failed || tally->passed != number_of_runs();
}
