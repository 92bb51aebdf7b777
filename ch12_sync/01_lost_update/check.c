// SPDX-License-Identifier: GPL-2.0
/*
 * What stats.c must do when several CPUs call it at the same time
 *
 * A lost update shows in most runs, not in all: each check repeats its run,
 * with other numbers, and ends at the first wrong one.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>

#include "check.h"
#include "check_meter.h"

FIXTURE(meter) { int unused; };

FIXTURE_SETUP(meter)
{
	mod_unload("meter");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("meter.ko", NULL));
}

FIXTURE_TEARDOWN(meter)
{
	EXPECT_OK(mod_unload("meter"));
}

static void expect_count(const char *what, u64 counted, u64 wanted)
{
	if (counted < wanted)
		EXPECT_EQ(counted, wanted,
			  "%llu of %llu %s are missing: updates were lost.",
			  wanted - counted, wanted, what);
	else
		EXPECT_EQ(counted, wanted,
			  "%llu %s too many: some were counted twice.",
			  counted - wanted, what);
}

/* False when something differs; the check has failed then. */
static bool expect_totals(struct totals got, struct totals want)
{
	expect_count("packets", got.packets, want.packets);
	expect_count("bytes", got.bytes, want.bytes);
	EXPECT_EQ(got.smallest, want.smallest,
		  "The smallest size is not that of the smallest packet.");
	EXPECT_EQ(got.largest, want.largest,
		  "The largest size is not that of the largest packet.");
	return !memcmp(&got, &want, sizeof(got));
}

/* All packets of the session have one size: this holds at every moment. */
static bool belongs_together(const struct plan *p, struct totals t)
{
	u64 size = t.packets ? p->low : 0;
	bool right = t.bytes == t.packets * p->low && t.smallest == size &&
		     t.largest == size;

	EXPECT_TRUE(right,
		    "A reader was given packets %llu, bytes %llu, smallest %llu, largest %llu. All packets have %u bytes, so this was not true at any moment: the reader saw an update half done.",
		    t.packets, t.bytes, t.smallest, t.largest, p->low);
	return right;
}

static bool look_at_totals(struct reader *r, struct totals t)
{
	EXPECT_GE(t.packets, r->sum.packets,
		  "The number of packets went back from one read to the next.");
	if (t.packets < r->sum.packets)
		return false;
	r->sum = t;
	return belongs_together(r->session->plan, t);
}

static bool look_at_drained(struct reader *r, struct totals t)
{
	r->sum.packets += t.packets;
	r->sum.bytes += t.bytes;
	return belongs_together(r->session->plan, t);
}

CHECK(loads, .title = "The module loads, begins at zero and unloads")
{
	struct totals zero = { 0 };

	ASSERT_OK(mod_load("meter.ko", NULL));
	EXPECT_TRUE(expect_totals(totals_read("/proc/meter/totals"), zero),
		    "Nothing was counted yet, so all totals are 0.");
	EXPECT_OK(mod_unload("meter"));
}

static bool is_over(pid_t pid, int *status)
{
	return waitpid(pid, status, WNOHANG) == pid;
}

/* Without the fixture: while a reader hangs, unloading would hang as well. */
CHECK(drain_returns, .title = "Reading and draining come to an end", .needs = "loads")
{
	int status = 0;
	pid_t pid;

	ASSERT_OK(mod_load("meter.ko", NULL));
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		for (int i = 0; i < 3; i++) {
			free(file_read("/proc/meter/totals"));
			free(file_read("/proc/meter/drain"));
		}
		_exit(0);
	}
	ASSERT_TRUE(WAIT_UNTIL(is_over(pid, &status), 10000),
		    "Reading /proc/meter/totals and drain does not end. Does a function wait for a lock that it holds itself?");
	EXPECT_EQ(status, 0);
	EXPECT_OK(mod_unload("meter"));
}

CHECK_F(meter, exact_on_one_cpu, .needs = "drain_returns", .deadline = 60,
	.title = "Queues that share one CPU are counted exactly")
{
	struct totals want = { 0 }, zero = { 0 };

	for (int i = 0; i < 3; i++) {
		struct plan p = plan_draw();
		struct report r;

		p.queues = check_random_range(1, CPUS);
		p.cpus = 1;
		r = plan_run(&p);
		plan_add(&p, &r, &want);
		ASSERT_EQ(r.dropped, 0,
			  "Packets found no slot, though there are %u slots for %u queues. Is every slot given back?",
			  p.slots, p.queues);
		if (!expect_totals(totals_read("/proc/meter/totals"), want))
			return;
	}
	expect_totals(totals_read("/proc/meter/drain"), want);
	EXPECT_TRUE(expect_totals(totals_read("/proc/meter/totals"), zero),
		    "drain must leave all totals at 0.");
}

CHECK_F(meter, exact_on_all_cpus, .needs = "exact_on_one_cpu", .deadline = 90,
	.title = "Queues on four CPUs are counted exactly, in every run")
{
	struct span span = span_begin();

	while (span_goes_on(&span)) {
		struct plan p = plan_draw();
		struct totals want = { 0 };
		struct report r = plan_run(&p);

		plan_add(&p, &r, &want);
		ASSERT_EQ(r.dropped, 0,
			  "Packets found no slot, though there are %u slots for %u queues: -EBUSY is for when all are taken.",
			  p.slots, p.queues);
		if (!expect_totals(totals_read("/proc/meter/drain"), want)) {
			check_note("That was run %u, with %llu packets from %u CPUs.",
				   span.runs, r.sent, p.cpus);
			return;
		}
	}
}

CHECK_F(meter, totals_belong_together, .needs = "exact_on_all_cpus",
	.deadline = 90,
	.title = "A reader never sees an update half done")
{
	struct plan p = plan_draw();
	struct session s = { .plan = &p };
	struct reader readers[2] = {
		{ .path = "/proc/meter/totals", .look = look_at_totals },
		{ .path = "/proc/meter/totals", .look = look_at_totals },
	};

	p.high = p.low;
	session_with_readers(&s, readers, 2);
	expect_count("packets", totals_read("/proc/meter/totals").packets,
		     s.sent);
}

CHECK_F(meter, drain_loses_nothing, .needs = "exact_on_all_cpus",
	.deadline = 90,
	.title = "Each packet is handed out by one drain, and by one only")
{
	struct plan p = plan_draw();
	struct session s = { .plan = &p };
	struct reader readers[2] = {
		{ .path = "/proc/meter/drain", .look = look_at_drained },
		{ .path = "/proc/meter/drain", .look = look_at_drained },
	};
	struct totals last;

	p.high = p.low;
	session_with_readers(&s, readers, 2);
	last = totals_read("/proc/meter/drain");
	belongs_together(&p, last);
	expect_count("packets", readers[0].sum.packets +
		     readers[1].sum.packets + last.packets, s.sent);
	expect_count("bytes", readers[0].sum.bytes + readers[1].sum.bytes +
		     last.bytes, s.sent * p.low);
}

CHECK_F(meter, slots_have_one_owner, .needs = "drain_returns", .deadline = 90,
	.title = "No two queues have the same slot, and none is lost")
{
	struct span span = span_begin();
	u64 peak = 0;

	while (span_goes_on(&span)) {
		struct plan p = plan_draw();
		struct report r;

		p.slots = span.runs % 2 ? CPUS : check_random_range(2, CPUS - 1);
		r = plan_run(&p);
		ASSERT_EQ(r.clashes, 0,
			  "Queues were given a slot that another queue still had, %llu times in %llu packets.",
			  r.clashes, r.sent);
		if (p.slots == CPUS)
			ASSERT_EQ(r.dropped, 0,
				  "There are as many slots as queues, and yet packets found none, %llu times. Is every slot given back? Does a queue give up while a slot is free?",
				  r.dropped);
		ASSERT_LT(r.dropped, r.sent, "No packet found a slot, ever.");
		peak = r.peak > peak ? r.peak : peak;
	}
	EXPECT_GE(peak, 2,
		  "Two queues never had a slot at the same time: something makes all but one wait from meter_slot_get() to meter_slot_put().");
}
