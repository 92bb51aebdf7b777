/* SPDX-License-Identifier: GPL-2.0 */
/*
 * driver.h - tests of the check harness, from outside
 *
 * Each test runs a small check program (cases/NAME.c) and compares what it
 * prints and its exit status with what they must be.  The harness under test
 * takes no part in the judgement.
 */
#ifndef HARNESS_DRIVER_H
#define HARNESS_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned long long u64;

struct test {
	const char *name;
	void (*run)(void);
};

#define TEST(id)							\
	static void test_##id(void);					\
	static const struct test entry_##id = { #id, test_##id };	\
	static const struct test *listed_##id				\
	__attribute__((section("harness_tests"), used)) = &entry_##id;	\
	static void test_##id(void)

#define PRINTF(fmt, first)	__attribute__((format(printf, fmt, first)))

/* What a case program did; status is 128 + the signal that ended it. */
struct run {
	int status;
	char *out;
	char *err;
};

/* Set a variable for the case programs of this test. */
void give(const char *name, const char *fmt, ...) PRINTF(2, 3);

/* Run case NAME with arguments; NULL ends them. */
struct run run_case(const char *name, ...) __attribute__((sentinel));

/* The path of case NAME, for those who start it themselves. */
char *case_path(const char *name);

/* A file of this test's own, with this content; its path. */
char *make_file(const char *name, const void *content, size_t len);

/* "expect.c:42:" becomes "expect.c:N:", in place. */
void hide_lines(char *text);

/* printf() into malloc()ed memory. */
char *text_of(const char *fmt, ...) PRINTF(1, 2);

/* Random, from the seed that the driver prints. */
u64 draw(u64 lo, u64 hi);

/* A number as the harness shows it: in hex as well from 4096 on. */
char *shown(long long value);

/* Judge; a wrong one is printed and fails the test, which goes on. */
#define same_text(got, ...)	same_text_at(__LINE__, #got, got, text_of(__VA_ARGS__))
#define same_number(got, wanted) same_number_at(__LINE__, #got, got, wanted)
#define like(got, ...)		like_at(__LINE__, #got, got, text_of(__VA_ARGS__))
#define holds(cond)		holds_at(__LINE__, #cond, cond)

bool same_text_at(int line, const char *what, const char *got, char *wanted);
bool same_number_at(int line, const char *what, long long got, long long wanted);
bool like_at(int line, const char *what, const char *got, char *regex);
bool holds_at(int line, const char *what, bool cond);

/* How many were wrong in this test. */
extern unsigned int wrongs;

/* This test cannot be made here; it returns then. */
void skip_test(const char *why);

#endif /* HARNESS_DRIVER_H */
