// SPDX-License-Identifier: GPL-2.0
/*
 * What the module pump must show in debugfs, and what may be left of it.
 *
 * The machine is started with init_on_free=1: memory that was given back reads
 * as zero.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define TOP	"/sys/kernel/debug/pump"
#define MAX	16

static const struct {
	const char *name;
	unsigned int mode;
} files[] = {
	{ "faults", 0644 }, { "history", 0444 }, { "level", 0644 },
	{ "limit", 0644 }, { "nameplate", 0400 }, { "running", 0444 },
	{ "stop", 0200 },
};

#define FILES	(sizeof(files) / sizeof(*files))

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

/* Each check begins without the module. */
FIXTURE(pump) {
	unsigned int pumps;	/* how many there are */
	unsigned int one;	/* one of them, not the first */
	unsigned int other;	/* and another */
	unsigned int plate;	/* bytes on the nameplate of pump 0 */
};

FIXTURE_SETUP(pump)
{
	mod_unload("pump");	/* left by a check that was stopped */
	self->pumps = check_random_range(3, MAX);
	self->one = check_random_range(1, self->pumps - 1);
	self->other = (self->one + check_random_range(1, self->pumps - 1)) %
		      self->pumps;
	self->plate = check_random_range(300, 6000);
}

FIXTURE_TEARDOWN(pump)
{
	if (mod_loaded("pump"))
		EXPECT_OK(mod_unload("pump"), "The module was not unloaded.");
}

static int load(unsigned int pumps, int broken, unsigned int plate)
{
	return mod_load("pump.ko", text("pumps=%u broken=%d plate_bytes=%u", pumps,
					broken, plate));
}

static void load_good(unsigned int pumps, unsigned int plate)
{
	ASSERT_OK(load(pumps, -1, plate), "The module was not loaded.");
}

static const char *path(unsigned int id, const char *name)
{
	return text(TOP "/%u/%s", id, name);
}

static const char *get(unsigned int id, const char *name)
{
	const char *got = file_read(path(id, name));

	ASSERT_NOTNULL(got, "%s cannot be read.", path(id, name));
	return got;
}

static int set(unsigned int id, const char *name, u64 val)
{
	return file_write(path(id, name), text("%llu", val));
}

/* How many names a directory has, or -errno. */
static int count(const char *dir)
{
	struct dirent **list;
	int n = scandir(dir, &list, NULL, NULL);

	return n < 0 ? -errno : n - 2;
}

CHECK_F(pump, files,
	.title = "Each pump has its files, with the right modes")
{
	load_good(self->pumps, self->plate);
	ASSERT_OK(count(TOP), "There is no directory " TOP ".");
	ASSERT_EQ(count(TOP), self->pumps,
		  "There are %u pumps, and each has a directory.", self->pumps);
	for (unsigned int id = 0; id < self->pumps; id++) {
		ASSERT_OK(count(text(TOP "/%u", id)),
			  "Pump %u has no directory: it is called \"%u\".", id, id);
		for (size_t i = 0; i < FILES; i++) {
			struct stat st;

			ASSERT_OK(libc_ret(stat(path(id, files[i].name), &st)),
				  "%s is missing.", path(id, files[i].name));
			EXPECT_EQ(st.st_mode & 07777, files[i].mode,
				  "%s has not the mode %04o (the numbers here are decimal).",
				  files[i].name, files[i].mode);
		}
		EXPECT_EQ(count(text(TOP "/%u", id)), FILES,
			  "Pump %u has files that nobody asked for.", id);
	}
}

CHECK_F(pump, variables, .needs = "files",
	.title = "Plain variables are read and written")
{
	u64 limit = check_random_range(1000, 4000000000u);
	u64 faults = check_random_range(0x10, 0xffffff);

	load_good(self->pumps, self->plate);
	EXPECT_STREQ(get(self->one, "running"), "N\n",
		     "A pump at level 0 does not run: debugfs_create_bool() shows N.");
	ASSERT_OK(set(self->one, "limit", limit));
	EXPECT_STREQ(get(self->one, "limit"), text("%llu\n", limit),
		     "%llu was written to limit. It must read so: decimal, all 32 bits.",
		     limit);
	ASSERT_OK(set(self->one, "faults", faults));
	EXPECT_STREQ(get(self->one, "faults"), text("0x%08llx\n", faults),
		     "Faults are bits: show them in hexadecimal, by debugfs_create_x32().");
	EXPECT_STREQ(get(self->other, "limit"), "100\n",
		     "The limit of pump %u was set, and pump %u has another one than before.",
		     self->one, self->other);
}

CHECK_F(pump, level, .needs = "variables",
	.title = "A level above the limit is refused")
{
	u64 limit = check_random_range(200, 4000000000u);
	u64 level = check_random_range(1, limit);

	load_good(self->pumps, self->plate);
	ASSERT_OK(set(self->one, "limit", limit));
	ASSERT_OK(set(self->one, "level", level),
		  "The level %llu is within the limit of %llu.", level, limit);
	EXPECT_STREQ(get(self->one, "level"), text("%llu\n", level),
		     "The level that was written does not read back.");
	EXPECT_STREQ(get(self->one, "running"), "Y\n",
		     "The level is above 0. Does the file show the pump's own variable?");
	EXPECT_STREQ(get(self->other, "level"), "0\n",
		     "Pump %u was set, and pump %u shows it.", self->one, self->other);
	EXPECT_STREQ(get(self->one, "faults"), "0x00000000\n");
	EXPECT_ERR(set(self->one, "level", limit + 1), ERANGE,
		   "A level above the limit: the writer must get what pump_set_level() returned.");
	EXPECT_ERR(set(self->one, "level", (1ull << 32) + level), ERANGE,
		   "This level needs more than 32 bits. Was it cut before it was compared?");
	EXPECT_ERR(file_write(path(self->one, "level"), "much"), EINVAL,
		   "That is no number.");
	EXPECT_STREQ(get(self->one, "faults"), "0x00000001\n");
	EXPECT_STREQ(get(self->one, "level"), text("%llu\n", level),
		     "A level that was refused has changed it.");
}

CHECK_F(pump, stop, .needs = "level",
	.title = "stop is written, and not read")
{
	char c;
	int fd;

	load_good(self->pumps, self->plate);
	for (unsigned int i = 0; i < 2; i++)
		ASSERT_OK(set(i ? self->other : self->one, "level",
			      check_random_range(1, 100)));
	ASSERT_OK(set(self->one, "stop", check_random()),
		  "Any number stops the pump.");
	EXPECT_STREQ(get(self->one, "level"), "0\n", "The pump was stopped.");
	EXPECT_STRNE(get(self->other, "level"), "0\n", "Another pump was stopped.");
	fd = open(path(self->one, "stop"), O_RDWR);
	ASSERT_OK(libc_ret(fd));
	EXPECT_ERR(libc_ret(read(fd, &c, 1)), EACCES,
		   "Root may open any file, but stop has nothing to read: leave its get function out.");
	close(fd);
}

CHECK_F(pump, history, .needs = "level",
	.title = "The history has all levels, oldest first")
{
	unsigned int n = check_random_range(5, 31);
	const char *model = "0\n";

	load_good(self->pumps, self->plate);
	ASSERT_OK(set(self->one, "limit", 4000000000u));
	for (unsigned int i = 0; i < n; i++) {
		u64 level = check_random_range(0, 4000000000u);

		ASSERT_OK(set(self->one, "level", level));
		model = text("%s%llu\n", model, level);
		set(self->one, "level", 5000000000ull);	/* refused */
	}
	EXPECT_STREQ(get(self->one, "history"), model,
		     "These levels belong into the history in this order, one a line.");
	EXPECT_STREQ(get(self->other, "history"), "0\n",
		     "Each pump has a history of its own.");
}

/* The plate is made so in pump_start(). */
static bool right_plate(const unsigned char *bytes, size_t len, unsigned int id)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] != (unsigned char)(i * 29 + id))
			return false;
	return true;
}

CHECK_F(pump, nameplate, .needs = "files",
	.title = "The nameplate is shown byte for byte")
{
	load_good(self->pumps, self->plate);
	for (unsigned int id = 0; id < self->pumps; id++) {
		size_t len = self->plate + id;
		unsigned char bytes[8192];
		int fd = open(path(id, "nameplate"), O_RDONLY);

		ASSERT_OK(libc_ret(fd));
		ASSERT_EQ(read(fd, bytes, sizeof(bytes)), len,
			  "The plate of pump %u has %zu bytes, some of them 0.", id,
			  len);
		ASSERT_TRUE(right_plate(bytes, len, id),
			    "The file does not have the bytes of pump %u's plate.", id);
		close(fd);
	}
}

/* ------------------------------------------------------------- the end --- */

static void expect_nothing(const char *when)
{
	ASSERT_EQ(count(TOP), -ENOENT,
		  "%s the directory is still there. What is left in debugfs points into memory that others use by now.",
		  when);
}

CHECK_F(pump, nothing_left, .needs = "files",
	.title = "After unloading nothing is left")
{
	int fd;

	for (int round = 0; round < 5; round++) {
		load_good(self->pumps, self->plate);
		ASSERT_EQ(count(TOP), self->pumps,
			  "Loaded for another time, the module has not its directories.");
		fd = open(path(self->one, "limit"), O_RDONLY);
		ASSERT_OK(mod_unload("pump"), "The module was not unloaded.");
		expect_nothing("After unloading,");
		EXPECT_ERR(libc_ret(read(fd, &(char){ 0 }, 1)), EIO,
			   "A file that was open while the module went must read as gone.");
		close(fd);
	}
}

CHECK_F(pump, failed_init, .needs = "nothing_left",
	.title = "After a failed init nothing is left")
{
	for (int round = 0; round < 4; round++) {
		unsigned int last = self->pumps - 1;
		unsigned int broken = round ? check_random_range(0, last) : last;

		ASSERT_ERR(load(self->pumps, broken, self->plate), EIO,
			   "Pump %u of %u does not start: loading must fail with what pump_start() returned.",
			   broken, self->pumps);
		expect_nothing(text("After pump %u failed,", broken));
	}
	load_good(self->pumps, self->plate);
	EXPECT_EQ(count(TOP), self->pumps);
}

static long free_kib(void)
{
	const char *at = strstr(file_read("/proc/meminfo"), "MemFree:");

	ASSERT_NOTNULL(at);
	return strtol(at + strlen("MemFree:"), NULL, 10);
}

CHECK_F(pump, no_leak, .needs = "failed_init",
	.title = "No memory is lost, neither by unloading nor by a failed init")
{
	for (int fails = 0; fails < 2; fails++) {
		long before = 0, lost;

		for (int i = 0; i < 9; i++) {
			if (i == 1)	/* the first one warms up */
				before = free_kib();
			if (load(6, fails ? 5 : -1, 1000000) == 0)
				ASSERT_OK(mod_unload("pump"));
		}
		lost = before - free_kib();
		EXPECT_LT(lost, 20000,
			  "%s 8 times: so many KiB are gone. The pumps' plates have to be freed, too.",
			  fails ? "An init that failed" : "Loaded and unloaded");
	}
}

CHECK_F(pump, reader_at_unload, .needs = "nothing_left",
	.title = "A reader is never shown memory that was given back")
{
	static unsigned char bytes[1000000];

	for (int round = 0; round < 3; round++) {
		pid_t reader;
		int status, fd;

		ASSERT_OK(load(MAX, -1, sizeof(bytes)));
		fd = open(path(0, "nameplate"), O_RDONLY);
		ASSERT_OK(libc_ret(fd));
		reader = fork();
		if (!reader) {
			while (pread(fd, bytes, sizeof(bytes), 0) > 0)
				if (!right_plate(bytes, sizeof(bytes), 0))
					_exit(1);
			_exit(0);
		}
		usleep(100000);
		ASSERT_OK(mod_unload("pump"));
		ASSERT_EQ(waitpid(reader, &status, 0), reader);
		ASSERT_EQ(status, 0,
			  "While the module was unloaded, a program read its nameplate, and got bytes of memory that was free by then. First remove the files, which waits for the readers. Then free what they show.");
		close(fd);
	}
}
