// SPDX-License-Identifier: GPL-2.0
/*
 * check.c - what stats.c must do when several CPUs call it at the same time
 *
 * A lost update shows in most runs, not in all: each check repeats its run for
 * some time, with other numbers, and ends at the first wrong one.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define CPUS		4
#define MIN_RUNS	3
#define RUN_MS		1500	/* how long a check repeats its run */

struct totals {
	u64 packets, bytes, smallest, largest;
};

struct report {
	u64 sent, dropped, clashes, peak;
};

/* What one run is made of; see the parameters in queues.c. */
struct plan {
	unsigned int queues, cpus, slots, low, high, seed, packets;
};

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000ULL + t.tv_nsec / 1000000;
}

/* ----------------------------------------------------------- the module --- */

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

static bool totals_parse(const char *text, struct totals *t)
{
	return text && sscanf(text, "packets %llu\nbytes %llu\nsmallest %llu\n"
			      "largest %llu", &t->packets, &t->bytes,
			      &t->smallest, &t->largest) == 4;
}

/* One read of totals or of drain, through a descriptor that stays open. */
static struct totals totals_get(int fd)
{
	struct totals t = { 0 };
	char text[256];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	ASSERT_GE(n, 0, "Reading from /proc/meter failed: %s", strerror(errno));
	text[n] = '\0';
	ASSERT_TRUE(totals_parse(text, &t), "This is no list of totals: %s",
		    text);
	return t;
}

static int meter_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	ASSERT_GE(fd, 0, "%s cannot be opened: %s", path, strerror(errno));
	return fd;
}

static struct totals totals_read(const char *path)
{
	int fd = meter_open(path);
	struct totals t = totals_get(fd);

	close(fd);
	return t;
}

static struct report report_read(void)
{
	char *text = file_read("/proc/meter/run");
	struct report r = { 0 };

	ASSERT_NOTNULL(text);
	ASSERT_EQ(sscanf(text, "sent %llu\ndropped %llu\nclashes %llu\npeak %llu",
			 &r.sent, &r.dropped, &r.clashes, &r.peak), 4);
	free(text);
	return r;
}

static void param_set(const char *name, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	ASSERT_OK(mod_param_write("meter", name, text));
}

static void plan_set(const struct plan *p)
{
	param_set("queues", p->queues);
	param_set("cpus", p->cpus);
	param_set("slots", p->slots);
	param_set("low", p->low);
	param_set("high", p->high);
	param_set("seed", p->seed);
}

static void plan_run(const struct plan *p)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", p->packets);
	ASSERT_OK(file_write("/proc/meter/run", text));
}

static struct plan plan_draw(void)
{
	struct plan p = {
		.queues = CPUS, .cpus = CPUS, .slots = 64,
		.low = check_random_range(1, 1000),
		.seed = (unsigned int)check_random(),
		.packets = check_random_range(90000, 120000),
	};

	p.high = p.low + check_random_range(1, 30000);
	return p;
}

/* What a run adds to the totals: the same sizes as queues.c draws. */
static void plan_add(const struct plan *p, struct totals *t)
{
	for (unsigned int q = 0; q < p->queues; q++) {
		unsigned int x = p->seed + q, span = p->high - p->low + 1;

		for (unsigned int i = 0; i < p->packets; i++) {
			u64 size;

			x = x * 1664525 + 1013904223;
			size = p->low + (x >> 16) % span;
			if (!t->packets || size < t->smallest)
				t->smallest = size;
			if (size > t->largest)
				t->largest = size;
			t->packets++;
			t->bytes += size;
		}
	}
}

/* ---------------------------------------------------------- comparisons --- */

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

/* ---------------------------------------- a run, and readers meanwhile --- */

struct session {
	const struct plan *plan;
	u64 runs;
	atomic_bool over;
};

/* A reader's view: what it does with each set of totals, and what it sums. */
struct reader {
	const char *path;
	struct session *session;
	bool (*look)(struct reader *r, struct totals t);
	struct totals sum;
	u64 reads;
};

static void *session_run(void *arg)
{
	struct session *s = arg;
	u64 end = now_ms() + RUN_MS;

	do {
		plan_run(s->plan);
		s->runs++;
	} while (s->runs < MIN_RUNS || (now_ms() < end && !s->over));
	s->over = true;
	return NULL;
}

static void *reader_run(void *arg)
{
	struct reader *r = arg;
	int fd = meter_open(r->path);

	while (!r->session->over) {
		r->reads++;
		if (!r->look(r, totals_get(fd)))
			r->session->over = true;
	}
	close(fd);
	return NULL;
}

static void session_with_readers(struct session *s, struct reader *readers,
				 size_t count)
{
	pthread_t runner, thread[4];

	for (size_t i = 0; i < count; i++) {
		readers[i].session = s;
		ASSERT_EQ(pthread_create(&thread[i], NULL, reader_run,
					 &readers[i]), 0);
	}
	ASSERT_EQ(pthread_create(&runner, NULL, session_run, s), 0);
	pthread_join(runner, NULL);
	for (size_t i = 0; i < count; i++)
		pthread_join(thread[i], NULL);
}

/* All packets have one size: whatever moment it is, this must hold. */
static bool belongs_together(const struct plan *p, struct totals t)
{
	u64 size = t.packets ? p->low : 0;

	EXPECT_EQ(t.bytes, t.packets * p->low,
		  "%llu packets of %u bytes make %llu bytes, not %llu: a reader saw the totals half way through an update.",
		  t.packets, p->low, t.packets * p->low, t.bytes);
	EXPECT_EQ(t.smallest, size,
		  "A reader saw %llu packets, but not the size of the smallest.",
		  t.packets);
	EXPECT_EQ(t.largest, size,
		  "A reader saw %llu packets, but not the size of the largest.",
		  t.packets);
	return t.bytes == t.packets * p->low && t.smallest == size &&
	       t.largest == size;
}

static bool look_at_totals(struct reader *r, struct totals t)
{
	EXPECT_GE(t.packets, r->sum.packets,
		  "The number of packets went back.");
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

/* --------------------------------------------------------------- checks --- */

CHECK(loads, .title = "The module loads, begins at zero and unloads")
{
	struct totals t;

	ASSERT_OK(mod_load("meter.ko", NULL));
	t = totals_read("/proc/meter/totals");
	EXPECT_EQ(t.packets | t.bytes | t.smallest | t.largest, 0,
		  "Nothing was counted yet, so all totals are 0.");
	EXPECT_OK(mod_unload("meter"));
}

CHECK_F(meter, exact_on_one_cpu, .needs = "loads", .deadline = 60,
	.title = "Queues that share one CPU are counted exactly")
{
	struct totals want = { 0 }, zero = { 0 };

	for (int i = 0; i < MIN_RUNS; i++) {
		struct plan p = plan_draw();

		p.queues = check_random_range(1, CPUS);
		p.cpus = 1;
		plan_set(&p);
		plan_run(&p);
		plan_add(&p, &want);
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
	u64 end = now_ms() + RUN_MS;

	for (int i = 0; i < MIN_RUNS || now_ms() < end; i++) {
		struct plan p = plan_draw();
		struct totals want = { 0 };

		plan_set(&p);
		plan_run(&p);
		plan_add(&p, &want);
		EXPECT_EQ(report_read().dropped, 0,
			  "There are slots enough for all queues.");
		if (!expect_totals(totals_read("/proc/meter/drain"), want)) {
			check_note("That was run %d, %u packets on each of %u CPUs.",
				   i + 1, p.packets, p.cpus);
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
	plan_set(&p);
	session_with_readers(&s, readers, 2);
	expect_count("packets", totals_read("/proc/meter/totals").packets,
		     s.runs * p.queues * p.packets);
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
	u64 sent;

	p.high = p.low;
	plan_set(&p);
	session_with_readers(&s, readers, 2);
	last = totals_read("/proc/meter/drain");
	belongs_together(&p, last);
	sent = s.runs * p.queues * p.packets;
	expect_count("packets", readers[0].sum.packets +
		     readers[1].sum.packets + last.packets, sent);
	expect_count("bytes", readers[0].sum.bytes + readers[1].sum.bytes +
		     last.bytes, sent * p.low);
}

CHECK_F(meter, slots_have_one_owner, .needs = "loads", .deadline = 90,
	.title = "No two queues have the same slot, and none is lost")
{
	u64 end = now_ms() + RUN_MS, peak = 0;

	for (int i = 0; i < MIN_RUNS || now_ms() < end; i++) {
		struct plan p = plan_draw();
		struct report r;

		p.slots = i % 2 ? check_random_range(2, CPUS - 1) : CPUS;
		plan_set(&p);
		plan_run(&p);
		r = report_read();
		EXPECT_EQ(r.clashes, 0,
			  "%llu times a queue was given a slot that another queue still had.",
			  r.clashes);
		if (p.slots == CPUS)
			EXPECT_EQ(r.dropped, 0,
				  "%u slots are enough for %u queues, but %llu times there was none: were some never given back?",
				  p.slots, p.queues, r.dropped);
		else
			EXPECT_LT(r.dropped, r.sent,
				  "No queue found a slot, ever.");
		if (r.clashes || (p.slots == CPUS && r.dropped))
			return;
		peak = r.peak > peak ? r.peak : peak;
	}
	EXPECT_GE(peak, 2,
		  "Two queues never had a slot at the same time: something keeps all but one CPU waiting from meter_slot_get() to meter_slot_put().");
}
