// SPDX-License-Identifier: GPL-2.0
/* Each expectation where it holds and where it does not. */
#include "case.h"

/*
 * NAME_holds passes; NAME_expect fails and goes on; NAME_assert fails and must
 * not go on.  The driver gives a < b < c, and the texts.
 */
#define TRIO(name, which, good, bad)					\
	CHECK(name##_holds) { VALUES; EXPECT_##which good; ASSERT_##which good; } \
	CHECK(name##_expect) { VALUES; EXPECT_##which bad; check_note("went on"); } \
	CHECK(name##_assert) { VALUES; ASSERT_##which bad; check_note("went on"); }

#define VALUES								\
	long long a = given_number("CASE_A"), b = given_number("CASE_B"); \
	long long c = given_number("CASE_C");				\
	const char *text = given("CASE_TEXT"), *other = given("CASE_OTHER"); \
	const char *none = NULL;					\
	enum { invalid = EINVAL, no_device = ENODEV };			\
	(void)a, (void)b, (void)c, (void)text, (void)other, (void)none

TRIO(eq, EQ, (a, a, "say %lld", a), (a, b, "say %lld", a))
TRIO(ne, NE, (a, b, "say %lld", a), (a, a, "say %lld", a))
TRIO(lt, LT, (a, b, "say %lld", a), (a, a, "say %lld", a))
TRIO(lt_swapped, LT, (b, c, "say %lld", a), (b, a, "say %lld", a))
TRIO(le, LE, (a, a, "say %lld", a), (b, a, "say %lld", a))
TRIO(le_less, LE, (a, b), (c, b, "say %lld", a))
TRIO(gt, GT, (b, a, "say %lld", a), (a, a, "say %lld", a))
TRIO(gt_swapped, GT, (c, b), (a, b, "say %lld", a))
TRIO(ge, GE, (a, a, "say %lld", a), (a, b, "say %lld", a))
TRIO(ge_more, GE, (b, a), (b, c, "say %lld", a))
TRIO(between_low, BETWEEN, (a, a, b), (a, b, c, "say %lld", a))
TRIO(between_high, BETWEEN, (b, a, b), (c, a, b, "say %lld", a))
TRIO(true, TRUE, (a < b), (b < a, "say %lld", a))
TRIO(false, FALSE, (b < a), (a < b, "say %lld", a))
TRIO(false_number, FALSE, (a - a), (b - a, "say %lld", a))
TRIO(null, NULL, (none), (given("CASE_TEXT") - a, "say %lld", a))
TRIO(notnull, NOTNULL, (text), (none, "say %lld", a))
TRIO(streq, STREQ, (text, given("CASE_TEXT")), (text, other, "say %lld", a))
TRIO(streq_null, STREQ, (text, text), (none, text, "say %lld", a))
TRIO(strne, STRNE, (text, other), (text, given("CASE_TEXT"), "say %lld", a))
TRIO(strne_null, STRNE, (text, ""), (text, none, "say %lld", a))
TRIO(match, MATCH, (text, "^[a-z]+$"), (text, "^[0-9]+$", "say %lld", a))
TRIO(match_line, MATCH, ("one\ntwo\nthree", "^t.o$"), ("a\nb", "a.b", "say %lld", a))
TRIO(nomatch, NOMATCH, (text, "^[0-9]+$"), (text, "[a-z]+", "say %lld", a))
TRIO(ok, OK, (b - a), (a - b, "say %lld", a))
TRIO(ok_zero, OK, (a - a), (-invalid, "say %lld", a))
TRIO(err, ERR, (-no_device, no_device), (-invalid, no_device, "say %lld", a))
TRIO(err_success, ERR, (-no_device, no_device), (a - a, invalid, "say %lld", a))
TRIO(err_positive, ERR, (-invalid, invalid), (invalid, invalid, "say %lld", a))
TRIO(memeq, MEMEQ, (text, text, 5), ("0123456789abcdefXYZ", "0123456789ABCDEFxyz", 19, "say %lld", a))
TRIO(memeq_none, MEMEQ, (NULL, text, 0), (none, text, 3, "say %lld", a))
