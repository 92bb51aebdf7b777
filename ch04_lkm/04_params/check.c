// SPDX-License-Identifier: GPL-2.0
/*
 * What the module params must do with its parameters.
 *
 * Each check loads it with values drawn at random and looks at three places:
 * whether it was loaded, what it reports in the kernel log, and what sysfs shows
 * under /sys/module/params/parameters/.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define LABEL_MAX	15
#define WEIGHTS_MAX	8
#define LEVEL_MIN	1
#define LEVEL_MAX	100

static const char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static const char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* Each check begins and ends without the module. */
FIXTURE(params) {
	u64 mark;		/* where the kernel log ended before the check */
};

FIXTURE_SETUP(params)
{
	self->mark = kmsg_mark();
}

FIXTURE_TEARDOWN(params)
{
	if (mod_loaded("params"))
		EXPECT_OK(mod_unload("params"), "The module was not unloaded.");
}

static int load(const char *values)
{
	return mod_load("params.ko", values);
}

/* It must load with these values, and know each of these parameters. */
static void load_good(const char *values)
{
	u64 mark = kmsg_mark();

	ASSERT_OK(load(values), "It was not loaded with good values: \"%s\"",
		  values);
	ASSERT_NOMATCH(kmsg_since(mark), "unknown parameter",
		       "The kernel ignored what is no parameter. A variable becomes one by module_param() or a relative of it.");
}

/* It must not load with these values. */
static void expect_refused(const char *values, const char *why)
{
	int result = load(values);

	ASSERT_NE(result, 0, "It was loaded with \"%s\": %s", values, why);
	ASSERT_TRUE(result == -EINVAL || result == -ERANGE,
		    "With \"%s\" the load failed with %d, not with -EINVAL: return that one. A bare -1 is -EPERM.",
		    values, result);
}

static void expect_report(const struct fixture_params *self, const char *part,
			  const char *why)
{
	ASSERT_MATCH(kmsg_since(self->mark), part, "%s", why);
}

static void expect_value(const char *param, const char *value)
{
	char *shown = mod_param_read("params", param);

	ASSERT_NOTNULL(shown,
		       "%s cannot be read in sysfs: it needs a mode that says so, and a .get function where it has callbacks.",
		       param);
	ASSERT_STREQ(shown, value, "sysfs does not show the value of %s.",
		     param);
}

static int random_int(void)
{
	return (int)check_random();
}

/* ------------------------------------------------------------- TODO 4 --- */

CHECK_F(params, needs_channel, .title = "It is not loaded without a channel")
{
	int result = load(NULL);
	char *log = kmsg_since(self->mark);

	ASSERT_NE(result, 0,
		  "It was loaded without a channel. Look in the init function whether one was given.");
	EXPECT_ERR(result, EINVAL,
		   "The right error for a missing parameter is -EINVAL. What the init function returns is what insmod reports.");
	EXPECT_MATCH(log, "^<3>params: .*channel",
		     "Tell with pr_err() what is missing: the user sees no more than \"Invalid argument\".");
	expect_refused(text("channel=-%llu", check_random_range(1, INT_MAX)),
		       "a channel below 0 is none.");
	ASSERT_OK(load("channel=0"),
		  "Channel 0 is a channel: only numbers below 0 are not.");
}

/* ------------------------------------------------------------- TODO 1 --- */

CHECK_F(params, types, .title = "Each parameter takes values of its type, and no others")
{
	unsigned int channel = check_random_range(1, INT_MAX);
	unsigned int seed = check_random_range(INT_MAX, UINT_MAX);
	char owner[9], label[LABEL_MAX + 1];

	check_random_word(owner, sizeof(owner));
	check_random_word(label, sizeof(label));
	load_good(text("channel=%u seed=%u owner=\"%s and %s\" label=%s",
		       channel, seed, owner, label, label));
	expect_report(self, text("loaded: channel %u,", channel),
		      "The value of channel did not arrive in the variable.");
	expect_report(self, text("owner %s and %s,", owner, label),
		      "The value of owner, a text with blanks, did not arrive.");
	expect_report(self, text("label %s,", label),
		      "The value of label did not arrive: 15 bytes must fit.");
	expect_report(self, text("seed %u,", seed),
		      "The value of seed, an unsigned number, did not arrive.");
	ASSERT_OK(mod_unload("params"));

	expect_refused("channel=many", "channel is to be a number.");
	expect_refused("channel=2147483648", "that does not fit into an int.");
	expect_refused("channel=1 seed=-1", "seed is to be unsigned.");
	expect_refused("channel=1 verbose=perhaps", "verbose is to be a bool.");
}

struct permission {
	const char *param;
	const char *mode;	/* of its file in sysfs */
};

static const struct permission permissions[] = {
	{ "channel", "0444" }, { "owner", "0444" }, { "weights", "0444" },
	{ "label", "0644" }, { "verbose", "0644" }, { "level", "0644" },
	{ "seed", "no file" },
};

CHECK_F(params, permissions, .title = "sysfs shows what may be seen")
{
	unsigned int channel = check_random_range(0, INT_MAX);
	char owner[9];

	check_random_word(owner, sizeof(owner));
	load_good(text("channel=%u owner=%s", channel, owner));
	for (size_t i = 0; i < sizeof(permissions) / sizeof(*permissions); i++) {
		const struct permission *p = &permissions[i];
		const char *mode = "no file";
		struct stat st;

		if (!stat(text("/sys/module/params/parameters/%s", p->param), &st))
			mode = text("%04o", st.st_mode & 07777);
		EXPECT_STREQ(mode, p->mode,
			     "The file of %s in sysfs is not as it should be: the last argument of module_param() is its mode, and 0 means no file.",
			     p->param);
	}
	expect_value("channel", text("%u", channel));
	expect_value("owner", owner);
	EXPECT_ERR(mod_param_write("params", "channel", "1"), EACCES,
		   "Once loaded, nobody may change the channel, not even root.");
	ASSERT_OK(mod_param_write("params", "verbose", "Y"));
	expect_value("verbose", "Y");
}

CHECK_F(params, label_bounded, .title = "A label that is too long is refused, at any time")
{
	char label[LABEL_MAX + 1], too_long[LABEL_MAX + 40], other[LABEL_MAX + 1];
	size_t excess = check_random_range(1, sizeof(too_long) - sizeof(label));

	check_random_word(label, sizeof(label));
	check_random_word(other, check_random_range(2, sizeof(other)));
	check_random_word(too_long, sizeof(label) + excess);
	load_good(text("channel=0 label=%s", label));
	EXPECT_NE(mod_param_write("params", "label", too_long), 0,
		  "sysfs took a label of %zu bytes. The buffer has 16, with one for the NUL: module_param_string() counts.",
		  strlen(too_long));
	expect_value("label", label);
	EXPECT_OK(mod_param_write("params", "label", other),
		  "A label of %zu bytes is good, but sysfs refused it.",
		  strlen(other));
	expect_value("label", other);
	ASSERT_OK(mod_unload("params"));
	expect_report(self, text("unloading: .*label %s,", other),
		      "At unload the module does not know the new label.");
	EXPECT_NE(load(text("channel=0 label=%s", too_long)), 0,
		  "It was loaded with a label of %zu bytes.", strlen(too_long));
}

/* ------------------------------------------------------------- TODO 2 --- */

/* Load it with n weights; all must arrive, in order. */
static void expect_weights(const struct fixture_params *self, unsigned int n)
{
	const char *list = "";
	int weights[WEIGHTS_MAX];
	char *log;

	for (unsigned int i = 0; i < n; i++) {
		weights[i] = random_int();
		list = text("%s%s%d", list, i ? "," : "", weights[i]);
	}
	load_good(text("channel=0 verbose weights=%s", list));
	log = kmsg_since(self->mark);
	ASSERT_MATCH(log, text("[^0-9]%u weights$", n),
		     "The module does not know that it got %u weights. The third argument of module_param_array() points to the variable that gets their number.",
		     n);
	for (unsigned int i = 0; i < n; i++)
		EXPECT_MATCH(log, text("weight %u is %d$", i, weights[i]),
			     "Weight number %u of %u did not arrive.", i, n);
	expect_value("weights", list);
	ASSERT_OK(mod_unload("params"));
}

CHECK_F(params, array, .title = "It takes up to 8 weights, and knows how many")
{
	expect_weights(self, check_random_range(2, WEIGHTS_MAX - 1));
	expect_weights(self, 1);
	expect_weights(self, WEIGHTS_MAX);
	expect_refused("channel=0 weights=1,2,3,4,5,6,7,8,9",
		       "that are 9 weights, and there is room for 8.");
	expect_refused("channel=0 weights=1,two,3", "a weight is a number.");
}

/* ------------------------------------------------------------- TODO 3 --- */

/* Texts that are no level. */
static const char *bad_level(unsigned int i)
{
	switch (i) {
	case 0:
		return text("%d", LEVEL_MIN - 1);
	case 1:
		return text("%d", LEVEL_MAX + 1);
	case 2:
		return text("%llu", check_random_range(LEVEL_MAX + 2, INT_MAX));
	case 3:
		return text("-%llu", check_random_range(1, INT_MAX));
	case 4:
		return "99999999999999";
	case 5:
		return text("%llux", check_random_range(LEVEL_MIN, LEVEL_MAX));
	case 6:
		return "loud";
	default:
		return NULL;
	}
}

CHECK_F(params, level_at_load, .title = "At load it takes a level from 1 to 100, and no other")
{
	int level = check_random_range(LEVEL_MIN + 1, LEVEL_MAX - 1);
	const int good[] = { LEVEL_MIN, level, LEVEL_MAX };
	const char *bad;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		u64 mark = kmsg_mark();

		load_good(text("channel=0 level=%d", good[i]));
		ASSERT_MATCH(kmsg_since(mark), text("level %d,", good[i]),
			     "The level %d was taken, but did not arrive in the variable.",
			     good[i]);
		ASSERT_OK(mod_unload("params"));
	}
	for (unsigned int i = 0; (bad = bad_level(i)); i++)
		expect_refused(text("channel=0 level=%s", bad),
			       "a level is a number from 1 to 100.");
}

CHECK_F(params, level_in_sysfs, .title = "Later, through sysfs, the same levels are taken")
{
	int level = check_random_range(LEVEL_MIN, LEVEL_MAX);
	int other = LEVEL_MIN + LEVEL_MAX - level;
	const int good[] = { LEVEL_MIN, LEVEL_MAX, other };
	const char *bad;

	load_good(text("channel=0 level=%d", level));
	expect_value("level", text("%d", level));
	for (unsigned int i = 0; (bad = bad_level(i)); i++) {
		int result = mod_param_write("params", "level", bad);

		ASSERT_NE(result, 0,
			  "sysfs took the level \"%s\". A test in the init function sees only the values at load: the callback .set sees them all.",
			  bad);
		ASSERT_TRUE(result == -EINVAL || result == -ERANGE,
			    "The level \"%s\" was refused with %d, not with -EINVAL. sysfs must let root write it, and .set must tell why not.",
			    bad, result);
		ASSERT_STREQ(mod_param_read("params", "level"),
			     text("%d", level),
			     "The level \"%s\" was refused, but the old one is gone. Test a value first, and store it then.",
			     bad);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ASSERT_OK(mod_param_write("params", "level",
					  text("%d\n", good[i])),
			  "The level %d is good, but sysfs refused it. (The text has a newline in the end, as echo writes it.)",
			  good[i]);
		expect_value("level", text("%d", good[i]));
	}
	ASSERT_OK(mod_unload("params"));
	expect_report(self, text("unloading: .*level %d,", other),
		      "At unload the module does not know the new level.");
}

/* ---------------------------------------------------------- all of them --- */

CHECK_F(params, described, .title = "modinfo explains each parameter")
{
	int fd = open("params.ko", O_RDONLY);
	const char *missing = "";
	struct stat st;
	char *file;

	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(fstat(fd, &st)));
	file = malloc(st.st_size);
	ASSERT_NOTNULL(file);
	ASSERT_EQ(read(fd, file, st.st_size), st.st_size);
	close(fd);
	for (size_t i = 0; i < sizeof(permissions) / sizeof(*permissions); i++) {
		const char *name = permissions[i].param;
		const char *entry = text("parm=%s:", name);
		char *at = memmem(file, st.st_size, entry, strlen(entry));

		if (!at || !at[strlen(entry)])
			missing = text("%s %s", missing, name);
	}
	EXPECT_STREQ(missing, "",
		     "modinfo does not explain all parameters. Use MODULE_PARM_DESC() for each.");
}
