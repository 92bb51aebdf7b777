/* SPDX-License-Identifier: GPL-2.0 */
/*
 * machinery.h - what the macros of check.h expand to
 *
 * Not to be used directly; check.h is the manual.  A name that ends in '_' is
 * of the machinery.
 */
#ifndef WB_CHECK_MACHINERY_H
#define WB_CHECK_MACHINERY_H

#define CHECK_NORETURN_ __attribute__((noreturn))
#define CHECK_PRINTF_(fmt, first)	__attribute__((format(printf, fmt, first)))

/*
 * Whose work is judged, as a string; the build may give it.  Failures then
 * begin with "params.c's check: ".
 */
#ifndef CHECK_SUBJECT
#define CHECK_SUBJECT	NULL
#endif

/**
 * struct check_entry - one check, as CHECK() writes it down
 * @title: what it establishes
 * @deadline: seconds; 0 is the default
 * @needs: the earlier check that must have passed, or NULL
 * @name: for the report
 * @file: where it is defined
 * @line: where in @file
 * @unit: the source file that was compiled, which may include @file
 * @order: grows within @unit
 * @subject: whose work it judges, or NULL
 * @size: bytes of the fixture, 0 without one
 * @setup: the fixture's, or NULL
 * @body: what stands in the braces
 * @teardown: the fixture's, or NULL
 */
struct check_entry {
	const char *title;
	unsigned int deadline;
	const char *needs;
	const char *name;
	const char *file;
	int line;
	const char *unit;
	int order;
	const char *subject;
	size_t size;
	void (*setup)(void *self);
	void (*body)(void *self);
	void (*teardown)(void *self);
};

/*
 * Every check leaves a pointer in the section wb_checks.  The linker joins the
 * pieces of all files and defines __start_wb_checks and __stop_wb_checks, so
 * main() finds them without a list.
 */
#define CHECK_DEFINE_(id, text, ...)					\
	static void id##_body_(void *check_self_);			\
	static const struct check_entry id##_entry_ = {			\
		.name = text, .file = __FILE__, .line = __LINE__,	\
		.unit = __BASE_FILE__, .order = __COUNTER__,		\
		.subject = CHECK_SUBJECT, .body = id##_body_,		\
		__VA_ARGS__						\
	};								\
	static const struct check_entry *id##_listed_			\
	__attribute__((section("wb_checks"), used)) = &id##_entry_;	\
	static void id##_body_(void *check_self_ __attribute__((unused)))

#define FIXTURE_PART_(fixture, function)				\
	static void function(struct fixture *self __attribute__((unused)))

#define CHECK_F_DEFINE_(fixture, id, text, ...)				\
	static void id##_with_(struct fixture *self);			\
	static void id##_setup_(void *self) { fixture##_setup(self); }	\
	static void id##_teardown_(void *self) { fixture##_teardown(self); } \
	CHECK_DEFINE_(id, text, .size = sizeof(struct fixture),		\
		      .setup = id##_setup_, .teardown = id##_teardown_,	\
		      __VA_ARGS__)					\
	{								\
		id##_with_(check_self_);				\
	}								\
	FIXTURE_PART_(fixture, id##_with_)

/* An operand, whatever its type: bits is the value in two's complement. */
enum check_kind { CHECK_INTEGER_, CHECK_BOOL_, CHECK_CHAR_, CHECK_POINTER_ };

struct check_value {
	enum check_kind kind;
	bool negative;
	u64 bits;
};

struct check_value check_bool_(bool value);
struct check_value check_char_(char value);
struct check_value check_signed_(long long value);
struct check_value check_unsigned_(u64 value);
struct check_value check_pointer_(const volatile void *value);

/*
 * _Generic looks at the type only; the chosen function evaluates x, once.  A
 * bit-field has a type of its own, "unsigned char:3", that no case names: made
 * one with 0LL it becomes a long long, while a pointer stays a pointer.
 */
#define CHECK_VALUE_(x)							\
	_Generic((x),							\
		 bool: check_bool_,					\
		 char: check_char_,					\
		 signed char: check_signed_,				\
		 short: check_signed_,					\
		 int: check_signed_,					\
		 long: check_signed_,					\
		 long long: check_signed_,				\
		 unsigned char: check_unsigned_,			\
		 unsigned short: check_unsigned_,			\
		 unsigned int: check_unsigned_,				\
		 unsigned long: check_unsigned_,			\
		 unsigned long long: check_unsigned_,			\
		 default: _Generic(1 ? (x) : 0LL,			\
				   long long: check_signed_,		\
				   default: check_pointer_))(x)

/* A result that is negative on error; of another type it cannot be one. */
#define CHECK_RESULT_(x)						\
	_Generic((x),							\
		 signed char: check_signed_,				\
		 short: check_signed_,					\
		 int: check_signed_,					\
		 long: check_signed_,					\
		 long long: check_signed_)(x)

enum check_op {
	CHECK_EQ_, CHECK_NE_, CHECK_LT_, CHECK_LE_, CHECK_GT_, CHECK_GE_,
	CHECK_TRUE_, CHECK_FALSE_, CHECK_NULL_, CHECK_NOTNULL_,
	CHECK_STREQ_, CHECK_STRNE_, CHECK_MATCH_, CHECK_NOMATCH_,
};

/*
 * Each says whether the expectation holds.  If it does not, it keeps the
 * explanation until check_failed_() reports it.
 */
bool check_compare_(enum check_op op, struct check_value a, const char *a_text,
		    struct check_value b, const char *b_text);
bool check_between_(struct check_value x, const char *x_text,
		    struct check_value lo, const char *lo_text,
		    struct check_value hi, const char *hi_text);
bool check_truth_(enum check_op op, struct check_value x, const char *x_text);
bool check_is_null_(enum check_op op, const volatile void *p,
		    const char *p_text);
bool check_strings_(enum check_op op, const char *a, const char *a_text,
		    const char *b, const char *b_text);
bool check_ok_(struct check_value x, const char *x_text);
bool check_err_(struct check_value x, const char *x_text, int err,
		const char *err_text);
bool check_memory_(const void *a, const char *a_text, const void *b,
		   const char *b_text, size_t len);

/* The author's sentence, then the explanation; ends the check if it must. */
void check_say_(const char *fmt, ...) CHECK_PRINTF_(1, 2);
void check_failed_(const char *file, int line, bool ends);

#define CHECK_VERDICT_(ends, holds, ...)				\
	do {								\
		if (!(holds)) {						\
			__VA_OPT__(check_say_(__VA_ARGS__);)		\
			check_failed_(__FILE__, __LINE__, ends);	\
		}							\
	} while (0)

/* The variables give the operands an order, which arguments do not have. */
#define CHECK_CMP_(ends, op, a, a_text, b, b_text, ...)			\
	do {								\
		struct check_value check_a_ = CHECK_VALUE_(a);		\
		struct check_value check_b_ = CHECK_VALUE_(b);		\
		CHECK_VERDICT_(ends,					\
			       check_compare_(CHECK_##op##_,		\
					      check_a_, a_text,		\
					      check_b_, b_text),	\
			       __VA_ARGS__);				\
	} while (0)

#define CHECK_BETWEEN_(ends, x, x_text, lo, lo_text, hi, hi_text, ...)	\
	do {								\
		struct check_value check_x_ = CHECK_VALUE_(x);		\
		struct check_value check_lo_ = CHECK_VALUE_(lo);	\
		struct check_value check_hi_ = CHECK_VALUE_(hi);	\
		CHECK_VERDICT_(ends,					\
			       check_between_(check_x_, x_text,		\
					      check_lo_, lo_text,	\
					      check_hi_, hi_text),	\
			       __VA_ARGS__);				\
	} while (0)

#define CHECK_TRUTH_(ends, op, x, x_text, ...)				\
	CHECK_VERDICT_(ends,						\
		       check_truth_(CHECK_##op##_, CHECK_VALUE_(x), x_text), \
		       __VA_ARGS__)

#define CHECK_PTR_(ends, op, p, p_text, ...)				\
	CHECK_VERDICT_(ends, check_is_null_(CHECK_##op##_, p, p_text),	\
		       __VA_ARGS__)

#define CHECK_STR_(ends, op, a, a_text, b, b_text, ...)			\
	do {								\
		const char *check_a_ = (a);				\
		const char *check_b_ = (b);				\
		CHECK_VERDICT_(ends,					\
			       check_strings_(CHECK_##op##_,		\
					      check_a_, a_text,		\
					      check_b_, b_text),	\
			       __VA_ARGS__);				\
	} while (0)

#define CHECK_OK_(ends, x, x_text, ...)					\
	CHECK_VERDICT_(ends, check_ok_(CHECK_RESULT_(x), x_text), __VA_ARGS__)

#define CHECK_ERR_(ends, x, x_text, err, err_text, ...)			\
	do {								\
		struct check_value check_x_ = CHECK_RESULT_(x);		\
		CHECK_VERDICT_(ends,					\
			       check_err_(check_x_, x_text, err, err_text), \
			       __VA_ARGS__);				\
	} while (0)

#define CHECK_MEM_(ends, a, a_text, b, b_text, len, ...)		\
	do {								\
		const void *check_a_ = (a);				\
		const void *check_b_ = (b);				\
		CHECK_VERDICT_(ends,					\
			       check_memory_(check_a_, a_text, check_b_, \
					     b_text, len),		\
			       __VA_ARGS__);				\
	} while (0)

u64 check_clock_ms_(void);		/* since some point in the past */
bool check_sleep_before_(u64 end);	/* false, and no sleep, past the end */

#define CHECK_WAIT_UNTIL_(cond, ms)					\
	({								\
		u64 check_end_ = check_clock_ms_() + (u64)(ms);		\
		bool check_held_;					\
									\
		while (!(check_held_ = (cond)) &&			\
		       check_sleep_before_(check_end_))			\
			;						\
		check_held_;						\
	})

/**
 * struct check_fail - what FAIL_EACH() knows
 * @file: where it stands
 * @line: where in @file
 * @text: the operation
 * @errors: that it may give besides ENOMEM, and a 0
 * @count: allocations below a module that have failed, each counted once
 * @nth: which is to fail in this round
 * @kind: slabs, or pages
 * @passes: how often all of a kind have failed
 * @quiet: passes since one that saw a new place
 * @fd: of fail-nth
 * @mark: where the log of this round begins
 * @begun: the first round has been
 * @through: this pass has come to its end
 * @fresh: it saw a new place
 * @over: there is no other round
 * @site: places that have failed, how often in a pass, and in this one
 * @sites: how many
 * @leak: addresses that were lost already
 * @leaks: how many
 */
struct check_fail {
	const char *file;
	int line;
	const char *text;
	const int *errors;
	unsigned int count, nth, kind, passes, quiet;
	int fd;
	u64 mark;
	bool begun, through, fresh, over;
	struct { char place[128]; unsigned int most, now; } site[64];
	size_t sites;
	u64 leak[256];
	size_t leaks;
};

bool check_fail_next_(struct check_fail *fail);
void check_fail_done_(struct check_fail *fail, struct check_value result);

#define CHECK_FAIL_EACH_(expr, expr_text, ...)				\
	({								\
		struct check_fail check_fail_ = {			\
			.file = __FILE__, .line = __LINE__,		\
			.text = expr_text,				\
			.errors = (const int[]){ __VA_ARGS__ __VA_OPT__(,) 0 }, \
		};							\
									\
		while (check_fail_next_(&check_fail_))			\
			check_fail_done_(&check_fail_, CHECK_RESULT_(expr)); \
		check_fail_.count;					\
	})

#endif /* WB_CHECK_MACHINERY_H */
