/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long something took
 *
 * Part of workbook.h; include that one.
 *
 *	struct wb_timer t = wb_timer_start();
 *
 *	sort(table, n, sizeof(*table), cmp, NULL);
 *	wb_timer_stop(&t, "sorting");
 *
 * writes "demo: insmod-213 [001] .....: sorting took 1.204 ms".
 */
#ifndef WB_TIME_H
#define WB_TIME_H

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>

/* The longest text of wb_format_ns(), with room for its NUL. */
#define WB_NS_LEN	24

/**
 * wb_format_ns() - write a time in the unit that suits its size
 * @buf: where to
 * @len: bytes there are in @buf; WB_NS_LEN always suffices
 * @ns: nanoseconds
 *
 * What follows the third decimal is cut off, not rounded: "999.999 us" is
 * always less than a millisecond.
 *
 * Context: any.
 * Return: @buf: "850 ns", "12.345 us", "12.345 ms" or "12.345 s".
 */
static inline char *wb_format_ns(char *buf, size_t len, u64 ns)
{
	u64 unit = NSEC_PER_SEC;
	const char *name = "s";
	u64 whole;
	u64 rest;

	if (ns < NSEC_PER_USEC) {
		scnprintf(buf, len, "%llu ns", ns);
		return buf;
	}
	if (ns < NSEC_PER_MSEC) {
		unit = NSEC_PER_USEC;
		name = "us";
	} else if (ns < NSEC_PER_SEC) {
		unit = NSEC_PER_MSEC;
		name = "ms";
	}
	whole = div64_u64_rem(ns, unit, &rest);
	scnprintf(buf, len, "%llu.%03llu %s", whole,
		  div64_u64(rest, div_u64(unit, 1000)), name);
	return buf;
}

/* wb_format_ns() as an argument of printk(), with a buffer of its own. */
struct wb_ns_text {
	char text[WB_NS_LEN];
};

#define WB_NS(ns) \
	wb_format_ns(((struct wb_ns_text){ }).text, WB_NS_LEN, ns)

/**
 * struct wb_timer - a stopwatch
 * @start_ns: when it was started, nanoseconds of the monotonic clock
 */
struct wb_timer {
	u64 start_ns;
};

/**
 * wb_timer_start() - start a stopwatch
 *
 * The clock is CLOCK_MONOTONIC by its NMI-safe reader: it does not count the
 * time the machine was suspended, and follows NTP's slewing.
 *
 * Context: any, NMI included.
 * Return: the running stopwatch.
 * Source: ktime_get_mono_fast_ns() in kernel/time/timekeeping.c, exported to
 * GPL modules in 6.1 and 6.12. ktime_get(), the usual reader, may be called in
 * interrupts too, but not in an NMI.
 */
static inline struct wb_timer wb_timer_start(void)
{
	return (struct wb_timer){ .start_ns = ktime_get_mono_fast_ns() };
}

/**
 * wb_timer_ns() - read a stopwatch, which goes on running
 * @timer: a stopwatch
 *
 * Context: any, NMI included.
 * Return: nanoseconds since wb_timer_start(). A measurement of less than some
 * tens of nanoseconds is one of the clock, not of your code.
 */
static inline u64 wb_timer_ns(const struct wb_timer *timer)
{
	u64 now = ktime_get_mono_fast_ns();

	/*
	 * The fast reader may step back by a few nanoseconds when the clock is
	 * being adjusted at that very moment: never let that become 2^64.
	 */
	return now > timer->start_ns ? now - timer->start_ns : 0;
}

/**
 * wb_timer_stop() - read a stopwatch and log it
 * @timer: a stopwatch
 * @what: what was measured
 *
 * Context: any.
 * Return: nanoseconds since wb_timer_start(), without the logging.
 */
static inline u64 wb_timer_stop(const struct wb_timer *timer, const char *what)
{
	u64 ns = wb_timer_ns(timer);

	wb_info("%s took %s\n", what, WB_NS(ns));
	return ns;
}

#endif /* WB_TIME_H */
