// SPDX-License-Identifier: GPL-2.0
/*
 * What probe.c must do: get all that a sampler needs, and leave the giving back to the
 * kernel, when the device is unbound and when its probe fails half way.
 *
 * The board writes down what is switched on and off. Devices are bound and unbound by hand,
 * through sysfs, with plans and failures that are drawn.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "check_usage.h"

#define BOARD		"/sys/kernel/debug/board/"
#define DRIVER		"/sys/bus/platform/drivers/sampler/"

static const char *word(void)
{
	char *made = calloc(16, 1);

	ASSERT_NOTNULL(made);
	check_random_word(made, check_random_range(4, 16));
	return made;
}

/* A board of some samplers, and the driver; nothing is bound. */
FIXTURE(board) {
	unsigned int nr;
	int events;		/* a file of the board, or -1 */
};

/* The file stays open: each open() takes memory that the kernel gives back later. */
static int tell(int *fd, const char *file, const char *line)
{
	long long ret;

	if (*fd < 0)
		*fd = open(file, O_WRONLY | O_CLOEXEC);
	ret = libc_ret(write(*fd, line, strlen(line)));
	return ret < 0 ? ret : 0;
}

static int bind(unsigned int id)
{
	static int fd = -1;

	return tell(&fd, DRIVER "bind", text("sampler.%u", id));
}

static int unbind(unsigned int id)
{
	static int fd = -1;

	return tell(&fd, DRIVER "unbind", text("sampler.%u", id));
}

static bool is_bound(unsigned int id)
{
	return !access(text(DRIVER "sampler.%u", id), F_OK);
}

static void forget_events(void)
{
	ASSERT_OK(file_write(BOARD "events", "0"));
}

static void fail(const char *part, int number)
{
	ASSERT_OK(file_write(BOARD "fail", text("%s %d", part, number)));
}

static void plan(unsigned int id, const char *name, unsigned long channels, unsigned int order,
		 bool lamp)
{
	ASSERT_OK(file_write(BOARD "plan",
			     text("%u %s %lu %u %d", id, name, channels, order, lamp)));
}

static void plan_some(unsigned int id, bool lamp)
{
	plan(id, word(), check_random_range(1, 60), check_random_range(0, 3), lamp);
}

/* Of a bound device. */
static char *attribute(unsigned int id, const char *name)
{
	char *read = file_read(text(DRIVER "sampler.%u/%s", id, name));

	ASSERT_NOTNULL(read, "sampler.%u has no %s in sysfs: it is not bound.", id, name);
	read[strcspn(read, "\n")] = '\0';
	return read;
}

/* What happened, with the device's name cut off; each line must be of this device. */
static const char *events(unsigned int id)
{
	char *all = file_read(BOARD "events"), *line;
	const char *mark = text("sampler.%u ", id), *sum = "";

	ASSERT_NOTNULL(all);
	while ((line = strsep(&all, "\n"))) {
		if (!*line)
			continue;
		ASSERT_EQ(strncmp(line, mark, strlen(mark)), 0,
			  "%s, and only sampler.%u had anything done to it.", line, id);
		sum = text("%s%s%s", sum, *sum ? ", " : "", line + strlen(mark));
	}
	return sum;
}

FIXTURE_SETUP(board)
{
	self->events = -1;
	mod_unload("sampler");	/* left by a check that was stopped */
	mod_unload("board");
	self->nr = check_random_range(2, 6);
	ASSERT_OK(mod_load("board.ko", text("devices=%u", self->nr)));
	ASSERT_OK(mod_load("sampler.ko", NULL), "The driver was not loaded.");
	for (unsigned int id = 0; id < self->nr; id++)
		if (is_bound(id))
			ASSERT_OK(unbind(id));
	forget_events();
}

FIXTURE_TEARDOWN(board)
{
	file_write(BOARD "fail", "none 0");
	if (self->events >= 0)
		close(self->events);
	mod_unload("sampler");
	mod_unload("board");
}

CHECK_F(board, binds, .title = "Each sampler is taken, and has what its plan says")
{
	for (unsigned int id = 0; id < self->nr; id++) {
		bool lamp = check_random_range(0, 1);
		unsigned int channels = check_random_range(1, 60);
		const char *name = word();

		plan(id, name, channels, check_random_range(0, 3), lamp);
		ASSERT_OK(bind(id), "A device with a good plan was refused.");
		EXPECT_STREQ(attribute(id, "label"), text("%s-%u", name, id));
		EXPECT_EQ(atoi(attribute(id, "channels")), (int)channels);
		EXPECT_EQ(atoi(attribute(id, "lamp")), lamp);
		/* Each device has a table of its own. */
		ASSERT_OK(file_write(text(DRIVER "sampler.%u/gains", id), text("0 %u", 100 + id)));
	}
	for (unsigned int id = 0; id < self->nr; id++)
		EXPECT_EQ(atoi(attribute(id, "gains")), (int)(100 + id),
			  "The gain of sampler.%u is that of another device. One driver, many devices: nothing may be static.",
			  id);
}

#define ALL_ON		"power on, engine on, wire on, lamp on"
#define ALL_OFF		"lamp off, wire off, engine off, power off"

CHECK_F(board, reverse, .needs = "binds",
	.title = "When a device is unbound all of it goes, last things first")
{
	unsigned int id = check_random_range(0, self->nr - 1);

	for (unsigned int other = 0; other < self->nr; other++) {
		plan_some(other, true);
		if (other != id)
			ASSERT_OK(bind(other));
	}
	forget_events();
	ASSERT_OK(bind(id));
	ASSERT_STREQ(events(id), ALL_ON,
		     "It was bound once before, and unbound: what is on already should have gone off then.");
	forget_events();
	ASSERT_OK(unbind(id));
	EXPECT_STREQ(events(id), ALL_OFF,
		     "What a device got must go when it is unbound: in the reverse order, and of this device only.");
}

CHECK_F(board, without_lamp, .needs = "reverse",
	.title = "A sampler without a lamp keeps nothing of it")
{
	unsigned int id = check_random_range(0, self->nr - 1);

	plan_some(id, false);
	ASSERT_OK(bind(id), "The lamp is optional: -ENODEV says that there is none.");
	EXPECT_STREQ(events(id), "power on, engine on, wire on, wire off",
		     "There is no lamp: what was got for it must go, now, and nothing else.");
	EXPECT_EQ(atoi(attribute(id, "lamp")), 0);
	forget_events();
	ASSERT_OK(unbind(id));
	EXPECT_STREQ(events(id), "engine off, power off");
}

/* One way to fail, and what must be seen of it. */
static const struct {
	const char *part, *seen;
} steps[] = {
	{ "power", "" },
	{ "channels", "power on, power off" },
	{ "ring", "power on, power off" },
	{ "engine", "power on, power off" },
	{ "wire", "power on, engine on, engine off, power off" },
	{ "lamp", "power on, engine on, wire on, wire off, engine off, power off" },
};

static const int numbers[] = { EIO, EBUSY, ETIMEDOUT, EREMOTEIO, EPERM, ENOSPC };

/* The plan, or the board, lets step fail; the error that is to be seen. */
static int let_fail(unsigned int id, size_t step)
{
	int number = numbers[check_random_range(0, COUNT(numbers) - 1)];
	/* So many that their product with the size of one is small again. */
	unsigned long many = (1UL << 58) + check_random_range(1, 60);

	plan_some(id, true);
	if (!strcmp(steps[step].part, "channels")) {
		plan(id, word(), many, 0, true);
		return -ENOMEM;
	}
	if (!strcmp(steps[step].part, "ring")) {
		plan(id, word(), 3, check_random_range(12, 20), true);
		return -ENOMEM;
	}
	fail(steps[step].part, number);
	return -number;
}

CHECK_F(board, each_step_fails, .needs = "reverse",
	.title = "When a step of the probe fails, the steps before it are undone")
{
	size_t first = check_random_range(0, COUNT(steps) - 1);

	for (size_t i = 0; i < COUNT(steps); i++) {
		unsigned int id = check_random_range(0, self->nr - 1);
		size_t step = (first + i) % COUNT(steps);
		int error = let_fail(id, step);

		ASSERT_ERR(bind(id), -error, "The step that failed: %s. Its error is the probe's.",
			   steps[step].part);
		EXPECT_STREQ(events(id), steps[step].seen,
			     "The step that failed: %s. What was on before goes off, last things first, and what never was on does not.",
			     steps[step].part);
		EXPECT_FALSE(is_bound(id));
		fail("none", 0);
		plan_some(id, true);
		forget_events();
		ASSERT_OK(bind(id), "Nothing fails any more, and the device is refused.");
		EXPECT_STREQ(events(id), ALL_ON);
		ASSERT_OK(unbind(id));
		forget_events();
	}
}

/* ------------------------------------------------------------ the table --- */

static int resize(unsigned int id, unsigned long nr)
{
	return file_write(text(DRIVER "sampler.%u/channels", id), text("%lu", nr));
}

CHECK_F(board, resizes, .needs = "binds", .title = "A table can be replaced, and keeps its values")
{
	unsigned int id = check_random_range(0, self->nr - 1), nr = 20, now = nr;
	unsigned int gains[40] = { 0 };

	plan(id, word(), nr, 0, true);
	ASSERT_OK(bind(id));
	for (int round = 0; round < 30; round++) {
		unsigned int channel = check_random_range(0, now - 1);
		const char *sum = "";

		gains[channel] = check_random_range(1, 9999);
		ASSERT_OK(file_write(text(DRIVER "sampler.%u/gains", id),
				     text("%u %u", channel, gains[channel])));
		nr = check_random_range(1, 40);
		ASSERT_OK(resize(id, nr));
		for (unsigned int i = nr; i < COUNT(gains); i++)
			gains[i] = 0;
		now = nr;
		EXPECT_ERR(resize(id, (1UL << 58) + nr), ENOMEM,
			   "There is no such amount of memory, although the product of both numbers is small.");
		for (unsigned int i = 0; i < now; i++)
			sum = text("%s%u ", sum, gains[i]);
		ASSERT_STREQ(attribute(id, "gains"), sum,
			     "The table was made %u long, and then one that cannot be was asked for.",
			     now);
	}
}

/* -------------------------------------------------------------- leaks --- */

CHECK_F(board, resize_frees, .needs = "resizes",
	.title = "A table that was replaced goes at once, not at unbind")
{
	unsigned int id = check_random_range(0, self->nr - 1), rounds = 400;
	struct usage before;

	plan(id, word(), 25, 0, true);
	ASSERT_OK(bind(id));
	before = usage_now();
	for (unsigned int i = 0; i < rounds; i++)
		ASSERT_OK(resize(id, check_random_range(24, 26)));
	usage_compare(&before, rounds, "a table was replaced, and its device stayed bound");
}

CHECK_F(board, binds_again, .needs = "reverse", .deadline = 60,
	.title = "A device can be bound and unbound again and again")
{
	unsigned int rounds = check_random_range(200, 300);
	struct usage before;

	for (unsigned int id = 0; id < self->nr; id++)
		plan(id, word(), check_random_range(1, 60), 4, check_random_range(0, 1));
	before = usage_now();
	for (unsigned int i = 0; i < rounds; i++) {
		unsigned int id = check_random_range(0, self->nr - 1);

		ASSERT_OK(bind(id), "The device was bound and unbound, and is refused now.");
		ASSERT_OK(unbind(id));
		forget_events();
	}
	usage_compare(&before, rounds, "a device was bound and unbound");
}

CHECK_F(board, failures_keep_nothing, .needs = "each_step_fails", .deadline = 60,
	.title = "A probe that fails keeps no memory")
{
	unsigned int rounds = check_random_range(200, 300);
	struct usage before = usage_now();

	for (unsigned int i = 0; i < rounds; i++) {
		unsigned int id = check_random_range(0, self->nr - 1);
		/* At the power, or at what comes behind the ring. */
		size_t step = i % 4 ? 2 + i % 4 : 0;
		int error = let_fail(id, step);

		if (step)
			plan(id, word(), 60, 4, true);
		ASSERT_ERR(bind(id), -error);
		fail("none", 0);
		forget_events();
	}
	usage_compare(&before, rounds, "a probe failed");
}

CHECK_F(board, unload, .needs = "reverse",
	.title = "Unloading the driver unbinds what is bound")
{
	unsigned int id = check_random_range(0, self->nr - 1);

	plan_some(id, true);
	ASSERT_OK(bind(id));
	forget_events();
	ASSERT_OK(mod_unload("sampler"));
	EXPECT_STREQ(events(id), ALL_OFF);
	ASSERT_OK(mod_unload("board"), "A device of the board is still in use.");
}

/* In a round one allocation fails: what failed for it works when it is done again. */
static int bind_and_unbind(unsigned int id, int board_events)
{
	int ret = bind(id);
	const char *seen;
	bool undone;

	if (!ret) {
		while (unbind(id) == -ENOMEM)
			;
		return write(board_events, "0", 1) == 1 ? 0 : -EIO;
	}
	seen = events(id);
	forget_events();
	/* As when a step fails; and the last action may be one that cannot be entered. */
	undone = !strcmp(seen, ALL_ON ", " ALL_OFF);
	for (size_t i = 0; i < COUNT(steps); i++)
		undone = undone || !strcmp(seen, steps[i].seen);
	EXPECT_TRUE(undone,
		    "An allocation failed, the probe returned %d, and of the board was seen: %s. What was on must go off: devm_add_action() enters nothing when it fails, and leaves it to you.",
		    ret, *seen ? seen : "nothing");
	return undone ? ret : -EUCLEAN;
}

CHECK_F(board, each_allocation_fails, .needs = "each_step_fails", .deadline = 500,
	.title = "When an allocation of the probe fails, what came before it is undone")
{
	unsigned int id = check_random_range(0, self->nr - 1);

	plan_some(id, true);
	/* All files are opened now: that allocates, too. */
	self->events = libc_ret(open(BOARD "events", O_WRONLY | O_CLOEXEC));
	ASSERT_OK(self->events);
	ASSERT_OK(bind(id) ?: unbind(id));
	forget_events();
	EXPECT_GE(FAIL_EACH(bind_and_unbind(id, self->events)), 4,
		  "Four actions are entered, each with an allocation of its own.");
}
