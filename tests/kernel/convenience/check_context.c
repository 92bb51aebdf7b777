// SPDX-License-Identifier: GPL-2.0
/*
 * The five letters: as expected in each context, and as ftrace has them
 */
#include "check_util.h"

/* What letter 2 may be where it is not what is tried: someone wants the CPU. */
#define ANY	"[.nNlLbBp]"

/*
 * Letters 3 to 5 in a hard interrupt over a task that disabled preemption so
 * often; or, as may happen, over a softirq on top of it, which may hold locks.
 */
#define OVER_TASK(depth)	"(h" depth "|H[1-9])\\."

struct context {
	const char *name;
	int number;
	const char *stock;
	const char *rt;		/* NULL: the same */
	const char *words;	/* of wb_here(), after "file:line: " */
	int comm_is_ours;
};

static const struct context context[] = {
	{ "preempt", 0, "\\." ANY "\\.\\.\\.", NULL, "task$", 1 },
	{ "preempt", 1, "\\." ANY "\\.1\\.", NULL,
	  "task, preemption off, must not sleep$", 1 },
	{ "preempt", 15, "\\." ANY "\\.f\\.", NULL,
	  "task, preemption off, must not sleep$", 1 },
	{ "preempt", 29, "\\." ANY "\\.f\\.", NULL,
	  "task, preemption off, must not sleep$", 1 },
	{ "migrate", 1, "\\." ANY "\\.\\.1", NULL, "task, migration off$", 1 },
	{ "irqs", 0, "d" ANY "\\.\\.\\.", NULL,
	  "task, interrupts off, must not sleep$", 1 },
	{ "irqs", 2, "d" ANY "\\.2\\.", NULL,
	  "task, interrupts off, preemption off, must not sleep$", 1 },
	{ "bh", 0, "b" ANY "\\.\\.\\.", "b" ANY "\\.\\.[1-9]",
	  "task, bottom halves off,( migration off,)? must not sleep$", 1 },
	{ "bh", 1, "D" ANY "\\.\\.\\.", "D" ANY "\\.\\.[1-9]",
	  "task, interrupts off, bottom halves off,( migration off,)? must not sleep$",
	  1 },
	{ "spin", 0, "\\." ANY "\\.1\\.", "\\." ANY "\\.\\.1",
	  "task, (preemption off, must not sleep|migration off)$", 1 },
	{ "spin_irq", 0, "d" ANY "\\.1\\.", "\\." ANY "\\.\\.1",
	  "task, (interrupts off, preemption off, must not sleep|migration off)$",
	  1 },
	{ "raw_spin_irq", 0, "d" ANY "\\.1\\.", NULL,
	  "task, interrupts off, preemption off, must not sleep$", 1 },
	{ "hardirq", 1, "d" ANY OVER_TASK("1"), NULL,
	  "hard interrupt, interrupts off, preemption off, must not sleep$", 1 },
	{ "hardirq", 7, "d" ANY OVER_TASK("7"), NULL,
	  "hard interrupt, interrupts off, preemption off, must not sleep$", 1 },
	{ "softirq", 0, "\\." ANY "s[.1-9]\\.", "\\." ANY "s\\.[1-9]",
	  "softirq,( preemption off,)?( migration off,)? must not sleep$", 0 },
	{ "softirq", 1, "d" ANY "s[.1-9]\\.", "d" ANY "s\\.[1-9]",
	  "softirq, interrupts off,( preemption off,)?( migration off,)? must not sleep$",
	  0 },
	{ "softirq", 2, "d" ANY "H[1-9]\\.", "d" ANY "H1[1-9]",
	  "hard interrupt, interrupts off, preemption off,( migration off,)? must not sleep$",
	  0 },
	{ "kthread", 0, "\\." ANY "\\.\\.\\.", NULL, "task$", 0 },
	{ "work", 0, "\\." ANY "\\.\\.\\.", NULL, "task$", 0 },
};

#define N_CONTEXTS	(sizeof(context) / sizeof(*context))

static const char *letters_of(const struct context *c)
{
	return is_rt() && c->rt ? c->rt : c->stock;
}

static void try_context(const struct context *c)
{
	int cpu = check_random_range(0, 1);
	char regex[256];
	char who[64];
	char *log;
	char *answer;
	u64 mark;

	stay_on(cpu);
	mark = kmsg_mark();
	answer = ask("sample %s %d", c->name, c->number);
	log = kmsg_since(mark);

	if (c->comm_is_ours)
		snprintf(who, sizeof(who), "%.15s-%d \\[%03d\\]",
			 program_invocation_short_name, getpid(), cpu);
	else if (!strcmp(c->name, "kthread"))
		snprintf(who, sizeof(who), "wb_sampler-[0-9]+ \\[000\\]");
	else if (!strcmp(c->name, "work"))
		snprintf(who, sizeof(who), "kworker/0:[0-9]+H?-[0-9]+ \\[000\\]");
	else
		snprintf(who, sizeof(who), "[^ ]+-[0-9]+ \\[%03d\\]", cpu);
	snprintf(regex, sizeof(regex), "^%s %s timer=", who, letters_of(c));
	EXPECT_MATCH(answer, regex, "In the context \"%s %d\".", c->name,
		     c->number);
	snprintf(regex, sizeof(regex), "^<6>convenience: %s %s: sample$", who,
		 letters_of(c));
	EXPECT_MATCH(log, regex, "In the context \"%s %d\".", c->name, c->number);
	snprintf(regex, sizeof(regex), ": here: take\\(\\) context\\.c:[0-9]+: %s",
		 c->words);
	EXPECT_MATCH(log, regex, "In the context \"%s %d\".", c->name, c->number);
}

CHECK(letters, .title = "The five letters are right in every context",
	.needs = "loads", .deadline = 60)
{
	size_t i;

	for (i = 0; i < N_CONTEXTS; i++)
		try_context(&context[i]);
}

CHECK(depths, .title = "The depths are counted, up to f", .needs = "loads")
{
	int i;

	for (i = 0; i < 10; i++) {
		int depth = check_random_range(1, 29);
		char regex[64];

		stay_on(check_random_range(0, 1));
		snprintf(regex, sizeof(regex), " \\." ANY "\\.%x\\. timer",
			 depth > 15 ? 15 : depth);
		EXPECT_MATCH(ask("sample preempt %d", depth), regex);
		snprintf(regex, sizeof(regex), " \\." ANY "\\.\\.%x timer",
			 depth > 15 ? 15 : depth);
		EXPECT_MATCH(ask("sample migrate %d", depth), regex);
	}
}

CHECK(need_resched, .title = "Letter 2 tells how the CPU is wanted",
	.needs = "loads")
{
	/* bits: the counter's, the flag, the lazy flag of PREEMPT_RT */
	static const char stock[] = ".pnN.pnN";
	static const char rt[] = ".pnNlLbB";
	const char *want = is_rt() ? rt : stock;
	int bits, tries;

	for (bits = 0; bits < 8; bits++) {
		char regex[64];
		char *answer;

		/* Another CPU may set the flag at that very moment. */
		for (tries = 0; tries < 5; tries++) {
			snprintf(regex, sizeof(regex), " d[%c]\\.\\.\\. timer",
				 want[bits]);
			answer = ask("sample need_resched %d", bits);
			if (answer[strcspn(answer, "]") + 3] == want[bits])
				break;
		}
		EXPECT_MATCH(answer, regex, "With the bits %d set.", bits);
	}
}

/* The line with this number and level stands in the log, or does not. */
static void expect_level(const char *log, int number, int level)
{
	char regex[128];

	snprintf(regex, sizeof(regex),
		 "^<%d>convenience: [^ ]+-%d \\[00[01]\\] [^ ]{5}: line %d$",
		 level, getpid(), number);
	EXPECT_MATCH(log, regex);
}

CHECK(levels, .title = "Each function has its level; wb_debug() is off until asked for",
	.needs = "loads")
{
	u64 mark = kmsg_mark();
	char *log;

	EXPECT_STREQ(ask("levels"), "4");
	log = kmsg_since(mark);
	expect_level(log, 1, 6);
	expect_level(log, 2, 5);
	expect_level(log, 3, 4);
	expect_level(log, 4, 3);
	EXPECT_MATCH(log, "^<6>convenience: [^ ]+ \\[00[01]\\] [^ ]{5}: no values$");
	EXPECT_NOMATCH(log, "^<7>");

	ASSERT_OK(file_write("/sys/kernel/debug/dynamic_debug/control",
			     "module convenience +p"));
	mark = kmsg_mark();
	EXPECT_STREQ(ask("levels"), "5");
	expect_level(kmsg_since(mark), 1, 7);
	ASSERT_OK(file_write("/sys/kernel/debug/dynamic_debug/control",
			     "module convenience -p"));
}

/* ------------------------------------------------------------ ftrace --- */

#define EVENT	"/sys/kernel/tracing/events/timer/timer_init/"
#define TRACE	"/sys/kernel/tracing/trace"

FIXTURE(tracer) {
	char *timer;
};

FIXTURE_SETUP(tracer)
{
	char filter[64];

	self->timer = strstr(ask("sample preempt 0"), "timer=0x");
	ASSERT_NOTNULL(self->timer);
	snprintf(filter, sizeof(filter), "timer == %.18s", self->timer + 6);
	ASSERT_OK(file_write(EVENT "filter", filter));
	ASSERT_OK(file_write(EVENT "enable", "1"));
	ASSERT_OK(file_write("/sys/kernel/tracing/tracing_on", "1"));
}

FIXTURE_TEARDOWN(tracer)
{
	file_write(EVENT "enable", "0");
	file_write(EVENT "filter", "0");
}

/* Five letters from ftrace's five, or from the seven of 6.1-rt. */
static void fold_letters(const char *traced, char *five)
{
	if (strlen(traced) == 5) {
		memcpy(five, traced, 6);
		return;
	}
	ASSERT_EQ(strlen(traced), 7, "The letters of ftrace are \"%s\".", traced);
	five[0] = traced[0];
	five[1] = traced[1];	/* and traced[2], the lazy flag */
	five[2] = traced[3];
	five[3] = traced[4];	/* and traced[5], the lazy depth */
	five[4] = traced[6];
	five[5] = '\0';
}

static void compare(const struct context *c)
{
	char *answer, *line, *next, *bracket;
	char ours[16], traced[16], five[6];
	int our_cpu, our_pid, cpu, pid;
	char *trace;

	stay_on(check_random_range(0, 1));
	ASSERT_OK(file_write(TRACE, ""));
	answer = ask("sample %s %d", c->name, c->number);
	trace = file_read(TRACE);
	ASSERT_NOTNULL(trace);

	/* The last line: the sample may have been taken several times. */
	line = trace;
	while ((next = strstr(line + 1, "timer_init: ")))
		line = next;
	ASSERT_NE(line, trace, "The tracer saw no sample.");
	while (line > trace && line[-1] != '\n')
		line--;

	/* "comm-pid [cpu] letters": the comm may hold blanks and dashes. */
	bracket = strchr(line, '[');
	ASSERT_NOTNULL(bracket);
	ASSERT_EQ(sscanf(bracket, "[%d] %15s", &cpu, traced), 2);
	while (bracket > line && bracket[-1] != '-')
		bracket--;
	pid = atoi(bracket);
	bracket = strchr(answer, '[');
	ASSERT_NOTNULL(bracket);
	ASSERT_EQ(sscanf(bracket, "[%d] %15s", &our_cpu, ours), 2);
	while (bracket > answer && bracket[-1] != '-')
		bracket--;
	our_pid = atoi(bracket);

	fold_letters(traced, five);
	if (is_rt()) {
		/* The bit in the counter it does not show, a lazy wish apart. */
		five[1] = '.';
		ours[1] = '.';
	}
	/* ftrace cuts at 15 first, and then takes its own 1 away. */
	if (ours[3] == 'f' && five[3] == 'e')
		five[3] = 'f';
	EXPECT_STREQ(ours, five, "In the context \"%s %d\".", c->name, c->number);
	EXPECT_EQ(our_cpu, cpu);
	EXPECT_EQ(our_pid, pid);
}

CHECK_F(tracer, ftrace_agrees, .needs = "letters", .deadline = 60,
	.title = "ftrace writes the same letters, CPU and process id")
{
	size_t i;

	for (i = 0; i < N_CONTEXTS; i++)
		compare(&context[i]);
}

/* ----------------------------------------------- all in an interrupt --- */

CHECK(hard_interrupt, .title = "All the other pieces work in a hard interrupt",
	.needs = "loads")
{
	u64 mark = kmsg_mark();
	char *log;

	stay_on(0);
	EXPECT_STREQ(ask("interrupt"), "slab, vmalloc, 3 pages, failed");
	log = kmsg_since(mark);
	EXPECT_MATCH(log, " d" ANY OVER_TASK("1") ": slab: 100 B at [^ ]+, slab, aligned to ");
	EXPECT_MATCH(log, " d" ANY OVER_TASK("1") ": area: 3 pages in [1-3] physically contiguous runs?, ");
	EXPECT_MATCH(log, " d" ANY OVER_TASK("1") ": slab: 100 B in slab, 16 B shown from 0x0, 0 B before and 84 B after left out$");
	EXPECT_MATCH(log, "^<6>convenience: slab 00000000: 00( 00){15}  \\.{16}$");
	EXPECT_MATCH(log, "^<3>convenience: [^ ]+ \\[000\\] d" ANY OVER_TASK("1") ": context\\.c:[0-9]+ all_pieces\\(\\): expected contig\\.pages == 4: contig\\.pages is 3$");
	EXPECT_MATCH(log, " d" ANY OVER_TASK("1") ": all of it took ");
}
