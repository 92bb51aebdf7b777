/* SPDX-License-Identifier: GPL-2.0 */
/*
 * check.h - how a lab says what must hold
 *
 * A check program is one or more CHECK()s and nothing else: no main(), no
 * list of them.  Each check runs in a process of its own, in the order of the
 * file, and counts as crashed until it has run to its end.  The result goes
 * to standard output as KTAP, the kernel's test format:
 *
 *	#include "check.h"
 *
 *	CHECK(loads, .title = "The module loads")
 *	{
 *		ASSERT_OK(mod_load("params.ko", NULL));
 *	}
 *
 *	CHECK(greets, .title = "It greets once", .needs = "loads")
 *	{
 *		EXPECT_EQ(mod_refcount("params"), 0, "Who still uses it?");
 *	}
 *
 * Run it:	./check [--list] [--only NAME[,NAME]...] [--seed N]
 * It exits with:	0 all passed or were skipped, 1 a check did not pass,
 *		2 wrong usage, 5 the check program or the machine is at fault.
 *
 * The macros' inner works are in check/machinery.h.
 */
#ifndef WB_CHECK_H
#define WB_CHECK_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned long long u64;

#include "check/machinery.h"

/* ------------------------------------------------------------- checks --- */

/**
 * CHECK() - define a check; its body, a function's, follows in braces
 * @name: a C identifier; the name in the report and for --only
 * @...: any of these, each optional:
 *	.title = "what it establishes, as a sentence"
 *	.deadline = seconds until it is killed with all it started (default 30)
 *	.needs = "name" of an earlier check; unless that one passed, this one is
 *		skipped.  --only runs what the chosen checks need as well.
 *
 * It passes when the body returns and no expectation failed.  exit(), a signal
 * or the deadline make it fail.  What it prints is shown as diagnostics.
 */
#define CHECK(name, ...)	CHECK_DEFINE_(check_##name, #name, __VA_ARGS__)

/**
 * FIXTURE() - what several checks find prepared: FIXTURE(door) { int fd; };
 * FIXTURE_SETUP() - its body runs before each CHECK_F(), with self-> zeroed
 * FIXTURE_TEARDOWN() - its body runs after each, however the check ended, save
 *	by a crash or the deadline; after a setup that failed half way, too
 * CHECK_F() - a CHECK() that uses the fixture through self->
 *
 * When the setup fails an expectation the check fails and its body is left out.
 */
#define FIXTURE(fx)		struct fixture_##fx
#define FIXTURE_SETUP(fx)	FIXTURE_PART_(fixture_##fx, fixture_##fx##_setup)
#define FIXTURE_TEARDOWN(fx) \
	FIXTURE_PART_(fixture_##fx, fixture_##fx##_teardown)
#define CHECK_F(fx, name, ...) \
	CHECK_F_DEFINE_(fixture_##fx, check_##name, #name, __VA_ARGS__)

/* check_note() - add a line, or several, to the report */
void check_note(const char *fmt, ...) CHECK_PRINTF_(1, 2);

/* check_skip() - end the check here as skipped, for this reason */
void check_skip(const char *fmt, ...) CHECK_PRINTF_(1, 2) CHECK_NORETURN_;

/* ------------------------------------------------------- expectations --- */

/**
 * EXPECT_x() - say what must hold; if it does not, the check fails but goes on
 * ASSERT_x() - the same, but the check ends there: its process runs the
 *	fixture's teardown and exits; nothing behind the ASSERT is executed
 *
 * Each argument is evaluated once, from left to right.  After the arguments may
 * stand a message as for printf(): the sentence that tells a beginner what is
 * wrong; it is evaluated only on failure and is printed first.  They work in
 * functions, threads and children of the check as well: there, too, a failure
 * fails the check (in a child, an ASSERT ends the child only).
 *
 * EQ NE LT LE GT GE compare integers of any type, or pointers, by their value
 * as numbers: -1 < 1u holds here.  BETWEEN includes both ends.  STREQ, STRNE,
 * MATCH and NOMATCH take strings; NULL as a string fails.  The regex is POSIX
 * extended; ^ and $ also match at line ends, "." matches no newline.
 * OK is for results that are negative on error: expr >= 0.  ERR wants exactly
 * -errno: EXPECT_ERR(mod_load("a.ko", "n=-1"), EINVAL).
 */
#define EXPECT_EQ(a, b, ...)	CHECK_CMP_(0, EQ, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_NE(a, b, ...)	CHECK_CMP_(0, NE, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_LT(a, b, ...)	CHECK_CMP_(0, LT, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_LE(a, b, ...)	CHECK_CMP_(0, LE, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_GT(a, b, ...)	CHECK_CMP_(0, GT, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_GE(a, b, ...)	CHECK_CMP_(0, GE, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_BETWEEN(x, lo, hi, ...) \
	CHECK_BETWEEN_(0, x, #x, lo, #lo, hi, #hi, __VA_ARGS__)
#define EXPECT_TRUE(x, ...)	CHECK_TRUTH_(0, TRUE, x, #x, __VA_ARGS__)
#define EXPECT_FALSE(x, ...)	CHECK_TRUTH_(0, FALSE, x, #x, __VA_ARGS__)
#define EXPECT_NULL(p, ...)	CHECK_PTR_(0, NULL, p, #p, __VA_ARGS__)
#define EXPECT_NOTNULL(p, ...)	CHECK_PTR_(0, NOTNULL, p, #p, __VA_ARGS__)
#define EXPECT_STREQ(a, b, ...)	CHECK_STR_(0, STREQ, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_STRNE(a, b, ...)	CHECK_STR_(0, STRNE, a, #a, b, #b, __VA_ARGS__)
#define EXPECT_MATCH(text, regex, ...) \
	CHECK_STR_(0, MATCH, text, #text, regex, #regex, __VA_ARGS__)
#define EXPECT_NOMATCH(text, regex, ...) \
	CHECK_STR_(0, NOMATCH, text, #text, regex, #regex, __VA_ARGS__)
#define EXPECT_OK(expr, ...)	CHECK_OK_(0, expr, #expr, __VA_ARGS__)
#define EXPECT_ERR(expr, errno_, ...) \
	CHECK_ERR_(0, expr, #expr, errno_, #errno_, __VA_ARGS__)
#define EXPECT_MEMEQ(a, b, len, ...) \
	CHECK_MEM_(0, a, #a, b, #b, len, __VA_ARGS__)

#define ASSERT_EQ(a, b, ...)	CHECK_CMP_(1, EQ, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_NE(a, b, ...)	CHECK_CMP_(1, NE, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_LT(a, b, ...)	CHECK_CMP_(1, LT, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_LE(a, b, ...)	CHECK_CMP_(1, LE, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_GT(a, b, ...)	CHECK_CMP_(1, GT, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_GE(a, b, ...)	CHECK_CMP_(1, GE, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_BETWEEN(x, lo, hi, ...) \
	CHECK_BETWEEN_(1, x, #x, lo, #lo, hi, #hi, __VA_ARGS__)
#define ASSERT_TRUE(x, ...)	CHECK_TRUTH_(1, TRUE, x, #x, __VA_ARGS__)
#define ASSERT_FALSE(x, ...)	CHECK_TRUTH_(1, FALSE, x, #x, __VA_ARGS__)
#define ASSERT_NULL(p, ...)	CHECK_PTR_(1, NULL, p, #p, __VA_ARGS__)
#define ASSERT_NOTNULL(p, ...)	CHECK_PTR_(1, NOTNULL, p, #p, __VA_ARGS__)
#define ASSERT_STREQ(a, b, ...)	CHECK_STR_(1, STREQ, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_STRNE(a, b, ...)	CHECK_STR_(1, STRNE, a, #a, b, #b, __VA_ARGS__)
#define ASSERT_MATCH(text, regex, ...) \
	CHECK_STR_(1, MATCH, text, #text, regex, #regex, __VA_ARGS__)
#define ASSERT_NOMATCH(text, regex, ...) \
	CHECK_STR_(1, NOMATCH, text, #text, regex, #regex, __VA_ARGS__)
#define ASSERT_OK(expr, ...)	CHECK_OK_(1, expr, #expr, __VA_ARGS__)
#define ASSERT_ERR(expr, errno_, ...) \
	CHECK_ERR_(1, expr, #expr, errno_, #errno_, __VA_ARGS__)
#define ASSERT_MEMEQ(a, b, len, ...) \
	CHECK_MEM_(1, a, #a, b, #b, len, __VA_ARGS__)

/*
 * libc_ret() - turn "-1 and errno", the C library's way, into -errno:
 *	EXPECT_ERR(libc_ret(write(fd, text, 3)), ENOSPC);
 */
long long libc_ret(long long ret);

/*
 * WAIT_UNTIL() - evaluate cond again and again until it holds or ms
 * milliseconds are over; true when it held.  Sleeps 10 ms between two tries.
 */
#define WAIT_UNTIL(cond, ms)	CHECK_WAIT_UNTIL_(cond, ms)

/**
 * FAIL_EACH() - do expr again and again, each time with another allocation failing
 * @expr: an operation; negative on error, as for EXPECT_OK()
 * @...: errnos that it may give besides ENOMEM when an allocation failed
 *
 * In round n the n-th allocation that the calling thread makes in the kernel
 * fails, until a round went through without a failure. If the failed one was
 * made below a module, the round must give one of the errors, lose no memory,
 * and draw no complaint from the kernel; else the check fails, and names the
 * allocation. When nothing fails expr must succeed; what a success leaves
 * behind expr undoes itself. Gives the number of such allocations.
 *
 * Where the kernel has no fault injection the check ends here as skipped: only
 * the lane memory has. Each round costs 6 s of that lane's clock, which jumps:
 * give the check a deadline of 10 s for each allocation.
 */
#define FAIL_EACH(expr, ...)	CHECK_FAIL_EACH_(expr, #expr, __VA_ARGS__)

/* ------------------------------------------------------------- random --- */

/*
 * Random numbers.  They follow from the seed (--seed, else $WB_SEED, else the
 * kernel draws one; printed as "# seed N") and the check's name: a check
 * draws the same alone or among others, and another seed draws others.
 */
u64 check_random(void);
u64 check_random_range(u64 lo, u64 hi);		/* both ends included */
void check_random_word(char *buf, size_t len);	/* len - 1 of a-z, then NUL */

/* ------------------------------------------------------------ modules --- */

/*
 * Modules.  Results are 0, or the count, or -errno.  Names may be written with
 * '-' or '_'.  params is "name=value name=value" or NULL.
 */
int mod_load(const char *file, const char *params);	/* finit_module(2) */
int mod_unload(const char *name);	/* never waits: -EWOULDBLOCK if in use */
bool mod_loaded(const char *name);	/* loaded and past its init function */
int mod_refcount(const char *name);	/* users; -ENOENT if it is not loaded */

/* /sys/module/MOD/parameters/PARAM; read: as file_read(), less one newline */
char *mod_param_read(const char *mod, const char *param);
int mod_param_write(const char *mod, const char *param, const char *text);

/* -------------------------------------------------------------- files --- */

/*
 * file_read() - a whole file, whatever its size, in malloc()ed memory with a
 * NUL behind it; NULL and errno on failure.
 * file_write() - put text into a file that exists, with one write(2), as sysfs
 * wants it; 0 or -errno, and -EIO when only a part was taken.
 */
char *file_read(const char *path);
int file_write(const char *path, const char *text);

/* --------------------------------------------------------- kernel log --- */

/*
 * kmsg_mark() - remember where the kernel log ends now
 * kmsg_since() - the messages after the mark, each a line "<level>text\n",
 *	malloc()ed.  A line "<lost>N messages ..." tells of ones the kernel
 *	overwrote before they could be read.
 * kmsg_wait() - wait up to ms for such a line to match; true when one does
 *
 * The level is the digit of KERN_*: 3 is pr_err(), 6 is pr_info().  A message
 * without "\n" at its end is not seen before the next one: the kernel keeps it
 * open for pr_cont().  If the log cannot be read at all, the check says so and
 * ends as "not ok", exit status 5.
 */
u64 kmsg_mark(void);
char *kmsg_since(u64 mark);
bool kmsg_wait(u64 mark, const char *regex, int ms);

/**
 * slab_counts_exact() - is memory that was freed at once free in /proc/slabinfo?
 *
 * Not under KASAN, which keeps it for a while (mm/kasan/quarantine.c): in the lane
 * memory.
 */
bool slab_counts_exact(void);

/* kernel_taint() - the bits of /proc/sys/kernel/tainted */
unsigned long kernel_taint(void);

/* ----------------------------------------------------------- programs --- */

/**
 * struct run_result - what became of a program
 * @error: errno why it could not be started, else 0
 * @status: its exit status, or -1 if it did not exit by itself
 * @signal: the signal that ended it, else 0
 * @timed_out: it was killed because its time was over
 * @truncated: it printed more than is kept: 16 MiB on each of out and err
 * @out: what it wrote to standard output, with a NUL behind it; never NULL
 * @err: the same of standard error
 * @out_len: bytes in @out, should NUL be among them
 * @err_len: bytes in @err
 */
struct run_result {
	int error;
	int status;
	int signal;
	bool timed_out;
	bool truncated;
	char *out;
	char *err;
	size_t out_len;
	size_t err_len;
};

/*
 * run_program() - run argv[0] with these arguments (NULL ends them) and an
 * empty standard input for at most so many seconds
 * run_result_free() - give back its memory, where a check runs very many
 */
struct run_result run_program(const char *const argv[], int seconds);
void run_result_free(struct run_result *result);

#endif /* WB_CHECK_H */
