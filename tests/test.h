/* SPDX-License-Identifier: GPL-2.0 */
/*
 * test.h - tests that register themselves. Each runs in a process of its own,
 * in a new directory that is removed after it, and ends at the first failed
 * ASSERT. A test that crashes, takes longer than DEADLINE_S or leaves something
 * behind has failed.
 */
#ifndef TEST_H
#define TEST_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc.h"
#include "util.h"

struct test {
	const char *name;
	void (*run)(void);
	struct test *next;
};

void test_register(struct test *test);

#define TEST(name_) \
	static void test_##name_(void); \
	static void __attribute__((constructor)) test_register_##name_(void) \
	{ \
		static struct test test = { .name = #name_, .run = test_##name_ }; \
		test_register(&test); \
	} \
	static void test_##name_(void)

/* Of the test that runs: its directory, and a random number from the seed. */
extern const char *test_dir;
extern bool test_long;		/* --long */
uint64_t test_random(void);
uint64_t test_seed(void);

_Noreturn void test_fail(const char *file, int line, const char *fmt, ...) PRINTF(3, 4);
_Noreturn void test_skip(const char *fmt, ...) PRINTF(1, 2);

#define FAIL(...)	test_fail(__FILE__, __LINE__, __VA_ARGS__)

#define ASSERT(cond) do { \
	if (!(cond)) \
		FAIL("expected %s", #cond); \
} while (0)

#define ASSERT_INT(a, op, b) do { \
	long long a_ = (long long)(a), b_ = (long long)(b); \
	if (!(a_ op b_)) \
		FAIL("expected %s %s %s\n    left is %lld\n    right is %lld", #a, #op, #b, a_, b_); \
} while (0)
#define ASSERT_EQ(a, b)	ASSERT_INT(a, ==, b)

#define ASSERT_STR(a, b) do { \
	const char *a_ = (a), *b_ = (b); \
	if (!a_ || !b_ || strcmp(a_, b_)) \
		FAIL("expected %s to be %s\n    left is \"%s\"\n    right is \"%s\"", #a, #b, \
		     a_ ? a_ : "(null)", b_ ? b_ : "(null)"); \
} while (0)

#define ASSERT_HAS(text, part) do { \
	const char *t_ = (text), *p_ = (part); \
	if (!t_ || !strstr(t_, p_)) \
		FAIL("expected %s to contain \"%s\"\n    it is:\n%s", #text, p_, t_ ? t_ : "(null)"); \
} while (0)

#define ASSERT_HAS_NOT(text, part) do { \
	const char *t_ = (text), *p_ = (part); \
	if (!t_ || strstr(t_, p_)) \
		FAIL("expected %s not to contain \"%s\"\n    it is:\n%s", #text, p_, t_ ? t_ : "(null)"); \
} while (0)

/*
 * The surroundings of the tests, one file for each program. Before the first
 * test of all; in each worker before its first and after its last, where begin
 * returns the directory of their directories; in a test's own process; and what
 * a test left behind, malloc'd, or NULL.
 */
void session_prepare(void);
const char *session_begin(void);
void session_end(bool keep);
void session_enter(void);
char *leftovers(void);

#endif
