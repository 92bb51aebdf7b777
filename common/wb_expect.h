/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Say what must hold, and see the values when it does not
 *
 * Part of workbook.h; include that one.
 *
 *	ret = cache_fill(cache, 7);
 *	if (!WB_EXPECT_EQ(ret, 0))
 *		goto err_free;
 *
 * writes, at KERN_ERR, when it does not hold:
 *
 *	demo: insmod-213 [001] .....: cache.c:42 cache_init(): expected ret == 0:
 *	ret is -12 (-ENOMEM)
 *
 * (on one line). Unlike BUG() and WARN() an expectation that fails neither
 * stops anything nor marks the kernel as tainted. It is for what you want to
 * see; what a user can cause is to be handled, not expected.
 */
#ifndef WB_EXPECT_H
#define WB_EXPECT_H

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ratelimit.h>
#include <linux/string.h>

/**
 * struct wb_site - a place in the source that expects something
 * @file: its file, with the directories the compiler was given
 * @line: its line
 * @func: its function
 * @left: the text of the left side
 * @op: the operator: "==", "<", ...
 * @right: the text of the right side
 */
struct wb_site {
	const char *file;
	int line;
	const char *func;
	const char *left;
	const char *op;
	const char *right;
};

/**
 * struct wb_value - an integer of any type
 * @bits: the value, a negative one as its two's complement in 64 bits
 * @negative: whether it is less than 0
 */
struct wb_value {
	u64 bits;
	bool negative;
};

static inline struct wb_value wb_value_of(u64 bits, bool has_sign)
{
	return (struct wb_value){
		.bits = bits, .negative = has_sign && (s64)bits < 0
	};
}

/* The longest text of wb_format_value(), with room for its NUL. */
#define WB_VALUE_LEN	48

static inline char *wb_format_value(char *buf, size_t len, struct wb_value v)
{
	s64 value = v.bits;

	if (v.negative && IS_ENABLED(CONFIG_SYMBOLIC_ERRNAME) &&
	    value >= -MAX_ERRNO)
		scnprintf(buf, len, "%lld (%pe)", value, ERR_PTR(value));
	else if (v.negative)
		scnprintf(buf, len, "%lld", value);
	else if (v.bits < 256)
		scnprintf(buf, len, "%llu", v.bits);
	else
		scnprintf(buf, len, "%llu (0x%llx)", v.bits, v.bits);
	return buf;
}

/* Less than, equal to or greater than 0: @a against @b, as numbers. */
static inline int wb_compare(struct wb_value a, struct wb_value b)
{
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	/* Two's complement keeps the order among values of one sign. */
	return a.bits < b.bits ? -1 : a.bits > b.bits;
}

/* The value of one side, unless its text says it already: "7 is 7". */
static inline void wb_format_side(char *buf, size_t len, const char *joint,
				  const char *text, struct wb_value v)
{
	char value[WB_VALUE_LEN];
	char plain[WB_VALUE_LEN];

	scnprintf(plain, sizeof(plain), v.negative ? "%lld" : "%llu", v.bits);
	if (!strncmp(plain, text, sizeof(plain)))
		*buf = '\0';
	else
		scnprintf(buf, len, "%s%s is %s", joint, text,
			  wb_format_value(value, sizeof(value), v));
}

#define WB_SIDE_LEN	128

static inline bool wb_expect_cmp(struct ratelimit_state *limit,
				 const struct wb_site *site, bool held,
				 struct wb_value a, struct wb_value b)
{
	char left[WB_SIDE_LEN];
	char right[WB_SIDE_LEN];

	if (likely(held))
		return true;
	if (!___ratelimit(limit, site->func))
		return false;
	wb_format_side(left, sizeof(left), ": ", site->left, a);
	wb_format_side(right, sizeof(right), *left ? ", " : ": ", site->right,
		       b);
	wb_err("%s:%d %s(): expected %s %s %s%s%s\n", kbasename(site->file),
	       site->line, site->func, site->left, site->op, site->right, left,
	       right);
	return false;
}

static inline bool wb_expect_ptr(struct ratelimit_state *limit,
				 const struct wb_site *site, const void *a,
				 const void *b)
{
	if (likely(a == b))
		return true;
	if (___ratelimit(limit, site->func))
		wb_err("%s:%d %s(): expected %s %s %s: %s is %pe, %s is %pe\n",
		       kbasename(site->file), site->line, site->func, site->left, site->op,
		       site->right, site->left, a, site->right, b);
	return false;
}

static inline bool wb_expect_true(struct ratelimit_state *limit,
				  const struct wb_site *site, bool held)
{
	if (likely(held))
		return true;
	if (___ratelimit(limit, site->func))
		wb_err("%s:%d %s(): expected %s: it does not hold\n",
		       kbasename(site->file), site->line, site->func, site->left);
	return false;
}

/*
 * One rate limit for each place in the source: ten lines in five seconds, as
 * printk_ratelimited() has it. A place that fails in a loop cannot flood the
 * log; "N callbacks suppressed" tells how much was left out.
 */
#define WB_SITE_DEFINE_(left_, op_, right_) \
	static DEFINE_RATELIMIT_STATE(wb_limit_, DEFAULT_RATELIMIT_INTERVAL, \
				      DEFAULT_RATELIMIT_BURST); \
	static const struct wb_site wb_site_ = { \
		.file = __FILE__, .line = __LINE__, \
		.func = __func__, .left = (left_), .op = (op_), \
		.right = (right_) \
	}

/*
 * Widened to 64 bits a value with a sign keeps it, and one without gets none:
 * only for types that have 64 bits already the type must be asked.
 */
#define WB_VALUE_OF_(type, x) \
	wb_value_of((__force u64)(x), sizeof(type) < sizeof(u64) || \
		    __builtin_types_compatible_p(type, long) || \
		    __builtin_types_compatible_p(type, long long))

#ifdef __CHECKER__	/* sparse does not know this builtin */
#define WB_IS_POINTER_(x)	(sizeof(x) == 0)
#else
#define WB_IS_POINTER_(x)	(__builtin_classify_type(x) == 5)
#endif

#define WB_EXPECT_CMP_(a, op, b) ({ \
	typeof(a) wb_a_ = (a); \
	typeof(b) wb_b_ = (b); \
	BUILD_BUG_ON_MSG(WB_IS_POINTER_(wb_a_) || WB_IS_POINTER_(wb_b_), \
			 "to expect pointers use WB_EXPECT_PTR_EQ()"); \
	struct wb_value wb_va_ = WB_VALUE_OF_(typeof(a), wb_a_); \
	struct wb_value wb_vb_ = WB_VALUE_OF_(typeof(b), wb_b_); \
	WB_SITE_DEFINE_(#a, #op, #b); \
	\
	wb_expect_cmp(&wb_limit_, &wb_site_, \
		      wb_compare(wb_va_, wb_vb_) op 0, wb_va_, wb_vb_); \
})

/**
 * WB_EXPECT_EQ() - expect two integers to be equal
 * @a: an integer of any type; not a bit-field: write "f + 0" for one
 * @b: another one
 *
 * Each argument is evaluated once, @a first. They are compared as numbers: -1 is
 * less than 1U here, where C would convert it to 4294967295 first. When the
 * expectation fails, the log tells the file, the line, the function, the text of
 * both arguments and their values: in hexadecimal too from 256 on, with the
 * name of the error from -1 to -4095 if the kernel knows it
 * (CONFIG_SYMBOLIC_ERRNAME).
 *
 * For pointers use WB_EXPECT_PTR_EQ(): this one would show their real values.
 *
 * WB_EXPECT_NE(), WB_EXPECT_LT(), WB_EXPECT_LE(), WB_EXPECT_GT(),
 * WB_EXPECT_GE(): the same for !=, <, <=, >, >=.
 *
 * Context: any: __ratelimit() only ever tries its lock, and goes on without a
 * line when another CPU holds it (lib/ratelimit.c, 6.1 and 6.12). At most ten
 * lines in five seconds come from one place in the source.
 * Return: true when it held, false otherwise, also when the line was left out.
 */
#define WB_EXPECT_EQ(a, b)	WB_EXPECT_CMP_(a, ==, b)
#define WB_EXPECT_NE(a, b)	WB_EXPECT_CMP_(a, !=, b)
#define WB_EXPECT_LT(a, b)	WB_EXPECT_CMP_(a, <, b)
#define WB_EXPECT_LE(a, b)	WB_EXPECT_CMP_(a, <=, b)
#define WB_EXPECT_GT(a, b)	WB_EXPECT_CMP_(a, >, b)
#define WB_EXPECT_GE(a, b)	WB_EXPECT_CMP_(a, >=, b)

/**
 * WB_EXPECT_PTR_EQ() - expect two pointers to be equal
 * @a: a pointer
 * @b: another one
 *
 * As WB_EXPECT_EQ(), but the log shows hashed addresses (see wb_show_alloc()),
 * and the name of the error for an error pointer.
 *
 * Context: any.
 * Return: true when they are equal.
 */
#define WB_EXPECT_PTR_EQ(a, b) ({ \
	const void *wb_a_ = (a); \
	const void *wb_b_ = (b); \
	WB_SITE_DEFINE_(#a, "==", #b); \
	\
	wb_expect_ptr(&wb_limit_, &wb_site_, wb_a_, wb_b_); \
})

/**
 * WB_EXPECT() - expect a condition to hold
 * @cond: the condition
 *
 * For what WB_EXPECT_EQ() and its like do not cover: this one can show the text
 * of the condition only, no values.
 *
 * Context: any.
 * Return: true when it held.
 */
#define WB_EXPECT(cond) ({ \
	bool wb_held_ = !!(cond); \
	WB_SITE_DEFINE_(#cond, "", ""); \
	\
	wb_expect_true(&wb_limit_, &wb_site_, wb_held_); \
})

#endif /* WB_EXPECT_H */
