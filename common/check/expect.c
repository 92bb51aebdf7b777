// SPDX-License-Identifier: GPL-2.0
/* expect.c - comparing, and explaining a failure */

#define _GNU_SOURCE
#include <errno.h>
#include <regex.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Of the expectation that failed last in this thread, till it is reported. */
static _Thread_local struct {
	char *text;
	size_t size;
	char *said;
	int saved_errno;
} failure;

/* Begin an explanation; explained() ends it. */
static FILE *explain(void)
{
	FILE *out;

	failure.saved_errno = errno;
	out = open_memstream(&failure.text, &failure.size);
	if (!out)
		child_fault("no memory to explain a failure");
	return out;
}

/* Always false, for "return explained(out)"; errno is as the check left it. */
static bool explained(FILE *out)
{
	if (fclose(out))
		child_fault("no memory to explain a failure");
	errno = failure.saved_errno;
	return false;
}

void check_say_(const char *fmt, ...)
{
	va_list args;

	errno = failure.saved_errno;		/* for %m */
	va_start(args, fmt);
	if (vasprintf(&failure.said, fmt, args) < 0)
		child_fault("no memory to explain a failure");
	va_end(args);
}

void check_failed_(const char *file, int line, bool ends)
{
	const char *base = strrchr(file, '/');
	char *text;

	if (asprintf(&text, "%s:%d: %s", base ? base + 1 : file, line,
		     failure.text) < 0)
		child_fault("no memory to explain a failure");
	child_failure(failure.said, text);
	free(text);
	free(failure.said);
	free(failure.text);
	failure.said = NULL;
	failure.text = NULL;
	if (ends)
		child_finish(1);
	errno = failure.saved_errno;
}

/* Less than, equal to or greater than 0, as numbers: -1 is less than 1u. */
static int compare(struct check_value a, struct check_value b)
{
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	return (a.bits > b.bits) - (a.bits < b.bits);
}

static bool order_holds(enum check_op op, int order)
{
	switch (op) {
	case CHECK_EQ_:
		return order == 0;
	case CHECK_NE_:
		return order != 0;
	case CHECK_LT_:
		return order < 0;
	case CHECK_LE_:
		return order <= 0;
	case CHECK_GT_:
		return order > 0;
	case CHECK_GE_:
		return order >= 0;
	default:
		return false;
	}
}

bool check_compare_(enum check_op op, struct check_value a, const char *a_text,
		    struct check_value b, const char *b_text)
{
	static const char *const signs[] = {
		[CHECK_EQ_] = "==", [CHECK_NE_] = "!=", [CHECK_LT_] = "<",
		[CHECK_LE_] = "<=", [CHECK_GT_] = ">", [CHECK_GE_] = ">=",
	};
	FILE *out;

	if (order_holds(op, compare(a, b)))
		return true;
	out = explain();
	fprintf(out, "expected %s %s %s\n", a_text, signs[op], b_text);
	value_describe(out, a_text, a);
	value_describe(out, b_text, b);
	return explained(out);
}

bool check_between_(struct check_value x, const char *x_text,
		    struct check_value lo, const char *lo_text,
		    struct check_value hi, const char *hi_text)
{
	FILE *out;

	if (compare(lo, x) <= 0 && compare(x, hi) <= 0)
		return true;
	out = explain();
	fprintf(out, "expected %s <= %s <= %s\n", lo_text, x_text, hi_text);
	value_describe(out, x_text, x);
	value_describe(out, lo_text, lo);
	value_describe(out, hi_text, hi);
	return explained(out);
}

bool check_truth_(enum check_op op, struct check_value x, const char *x_text)
{
	FILE *out;

	if ((x.bits != 0) == (op == CHECK_TRUE_))
		return true;
	out = explain();
	fprintf(out, "expected %s to be %s\n", x_text,
		op == CHECK_TRUE_ ? "true" : "false");
	value_describe(out, x_text, x);
	return explained(out);
}

bool check_is_null_(enum check_op op, const volatile void *p,
		    const char *p_text)
{
	FILE *out;

	if (!p == (op == CHECK_NULL_))
		return true;
	out = explain();
	fprintf(out, "expected %s %s NULL\n", p_text,
		op == CHECK_NULL_ ? "==" : "!=");
	value_describe(out, p_text, check_pointer_(p));
	return explained(out);
}

/* Does it match?  *at becomes the first character of what matched. */
static bool matches(const char *text, const char *regex, const char **at)
{
	regmatch_t found[1];
	char why[200];
	regex_t re;
	int err;

	err = regcomp(&re, regex, REG_EXTENDED | REG_NEWLINE);
	if (!err)
		err = regexec(&re, text, 1, found, 0);
	if (err && err != REG_NOMATCH) {
		regerror(err, &re, why, sizeof(why));
		child_fault("the regex \"%s\" cannot be used: %s", regex, why);
	}
	regfree(&re);
	if (!err)
		*at = text + found[0].rm_so;
	return !err;
}

static bool strings_hold(enum check_op op, const char *a, const char *b,
			 const char **at)
{
	if (!a || !b)
		return false;
	switch (op) {
	case CHECK_STREQ_:
		return !strcmp(a, b);
	case CHECK_STRNE_:
		return strcmp(a, b);
	case CHECK_MATCH_:
		return matches(a, b, at);
	default:
		return !matches(a, b, at);
	}
}

static void first_difference(FILE *out, const char *a, const char *b)
{
	size_t line = 1, i;

	for (i = 0; a[i] && a[i] == b[i]; i++)
		line += a[i] == '\n';
	fprintf(out, "  they differ from byte %zu on (line %zu), counted from 0",
		i, line);
	if (!a[i] || !b[i])
		fprintf(out, ": there the %s one ends", a[i] ? "second" : "first");
	fputc('\n', out);
}

bool check_strings_(enum check_op op, const char *a, const char *a_text,
		    const char *b, const char *b_text)
{
	static const char *const words[] = {
		[CHECK_STREQ_] = "to be the same text as",
		[CHECK_STRNE_] = "to be another text than",
		[CHECK_MATCH_] = "to match",
		[CHECK_NOMATCH_] = "not to match",
	};
	const char *at = NULL;
	FILE *out;

	if (strings_hold(op, a, b, &at))
		return true;
	out = explain();
	fprintf(out, "expected %s %s %s\n", a_text, words[op], b_text);
	string_describe(out, a_text, a);
	string_describe(out, b_text, b);
	if (op == CHECK_STREQ_ && a && b)
		first_difference(out, a, b);
	if (at)
		fprintf(out, "  it matches at: %.*s\n",
			(int)strcspn(at, "\n"), at);
	return explained(out);
}

long long libc_ret(long long ret)
{
	return ret == -1 ? -errno : ret;
}

/* "  expr is -22 (EINVAL: Invalid argument)" */
static void result_describe(FILE *out, const char *text, struct check_value x)
{
	fprintf(out, "  %s is ", text);
	value_print(out, x);
	if (x.negative) {
		fputs(" (", out);
		errno_print(out, -x.bits);
		fputc(')', out);
	}
	fputc('\n', out);
	if (x.negative && x.bits == -1ULL && failure.saved_errno &&
	    failure.saved_errno != EPERM) {
		fputs("  if it is a call of the C library, see errno: ", out);
		errno_print(out, failure.saved_errno);
		fputc('\n', out);
	}
}

bool check_ok_(struct check_value x, const char *x_text)
{
	FILE *out;

	if (!x.negative)
		return true;
	out = explain();
	fprintf(out, "expected %s to succeed\n", x_text);
	result_describe(out, x_text, x);
	return explained(out);
}

bool check_err_(struct check_value x, const char *x_text, int err,
		const char *err_text)
{
	FILE *out;

	if (x.negative && -x.bits == (u64)err)
		return true;
	out = explain();
	fprintf(out, "expected %s == -%s\n", x_text, err_text);
	result_describe(out, x_text, x);
	if (!x.negative)
		fputs("  that means success\n", out);
	return explained(out);
}

static void bytes_print(FILE *out, const char *text, const unsigned char *bytes,
			size_t from, size_t to)
{
	fprintf(out, "  %s, bytes %zu to %zu:", text, from, to - 1);
	for (size_t i = from; i < to; i++)
		fprintf(out, " %02x", bytes[i]);
	fputc('\n', out);
}

bool check_memory_(const void *a, const char *a_text, const void *b,
		   const char *b_text, size_t len)
{
	const unsigned char *x = a, *y = b;
	size_t at = 0, from, to;
	FILE *out;

	if (!len || (a && b && !memcmp(a, b, len)))
		return true;
	out = explain();
	fprintf(out, "expected %s and %s to hold the same %zu bytes\n",
		a_text, b_text, len);
	if (!a || !b) {
		fprintf(out, "  %s is NULL\n", a ? b_text : a_text);
		return explained(out);
	}
	while (x[at] == y[at])
		at++;
	from = at < 4 ? 0 : at - 4;
	to = len - from > 16 ? from + 16 : len;
	fprintf(out, "  they differ from byte %zu on, counted from 0\n", at);
	bytes_print(out, a_text, x, from, to);
	bytes_print(out, b_text, y, from, to);
	return explained(out);
}
