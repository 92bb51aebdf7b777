// SPDX-License-Identifier: GPL-2.0
/*
 * What the module gauge must do when a step of its init function fails.
 *
 * Each check makes one step fail for a real reason: ports, numbers and names that
 * somebody else has. Then it looks whether the kernel is as it was before.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define SAMPLES_A_PAGE	(4096 / 16)

/* Ports of the PC's interrupt controllers and timer: taken on every machine. */
static const unsigned int taken_ports[] = { 0x20, 0x40, 0xa0 };

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

static char *whole(const char *path)
{
	char *content = file_read(path);

	ASSERT_NOTNULL(content, "%s cannot be read.", path);
	return content;
}

/* Good values for all five steps, and what the kernel looked like before. */
FIXTURE(gauge) {
	unsigned int pages;	/* of the table: a number that nobody else has */
	unsigned int port;
	unsigned int major;
	unsigned int users;	/* of the digest */
};

/* Areas of vmalloc() of so many pages. */
static unsigned int areas(unsigned int pages)
{
	char *list = whole("/proc/vmallocinfo");
	const char *wanted = text(" pages=%u ", pages);
	unsigned int count = 0;

	for (const char *at = list; (at = strstr(at, wanted)); at++)
		count++;
	free(list);
	return count;
}

static bool major_is_taken(unsigned int major)
{
	char *list = whole("/proc/devices");
	bool taken = strstr(list, text("\n%3u ", major));

	free(list);
	return taken;
}

/* How many use sha256, in the kernel's own count. */
static unsigned int digest_users(void)
{
	char *list = whole("/proc/crypto"), *entry, *users;
	unsigned int count = 0;

	for (entry = list; (entry = strstr(entry, "name         : sha256\n")); entry++) {
		users = strstr(entry, "refcnt       : ");
		ASSERT_NOTNULL(users);
		count += atoi(users + strlen("refcnt       : "));
	}
	free(list);
	ASSERT_GT(count, 0, "This kernel has no sha256.");
	return count;
}

static bool has_device(void)
{
	char *list = whole("/proc/misc");
	bool has = strstr(list, " gauge\n");

	free(list);
	return has;
}

FIXTURE_SETUP(gauge)
{
	ASSERT_FALSE(mod_loaded("gauge"),
		     "It is still loaded, since a check that failed above.");
	do {
		self->pages = check_random_range(300, 900);
	} while (areas(self->pages));
	/* Nobody has these, and each check has others. */
	self->port = 0x2000 + 8 * check_random_range(0, 0x400);
	do {
		self->major = check_random_range(300, 500);
	} while (major_is_taken(self->major));
	self->users = digest_users();
}

FIXTURE_TEARDOWN(gauge)
{
	/* Loaded without its device it has undone itself: unloading would crash. */
	if (mod_loaded("gauge") && has_device())
		EXPECT_OK(mod_unload("gauge"), "The module was not unloaded.");
}

/* Good values, then those that this check is about: the last one counts. */
static int load(const struct fixture_gauge *self, const char *other)
{
	return mod_load("gauge.ko", text("samples=%u port=%u major=%u %s",
					 self->pages * SAMPLES_A_PAGE, self->port,
					 self->major, other));
}

static void expect_nothing_left(const struct fixture_gauge *self, const char *when)
{
	EXPECT_EQ(areas(self->pages), 0,
		  "%s, the table's memory was not given back: vfree() was not called.",
		  when);
	EXPECT_FALSE(major_is_taken(self->major),
		     "%s, the device numbers are still taken: unregister_chrdev_region() was not called.",
		     when);
	EXPECT_EQ(digest_users(), self->users,
		  "%s, the digest is still in use: crypto_free_shash() was not called, or too often.",
		  when);
	EXPECT_NOMATCH(whole("/proc/misc"), " gauge$",
		       "%s, /dev/gauge is still there.", when);
}

/*
 * It must be refused with this error, and leave nothing behind. Ports have no
 * list that can be trusted after a leak: who takes them again finds out.
 */
static void expect_refused(const struct fixture_gauge *self, const char *other,
			   int error, const char *what)
{
	const char *when = text("After a load that failed because %s", what);
	int result = load(self, other);

	ASSERT_TRUE(result || has_device(),
		    "The init function gave up because %s, undid its steps, and returned 0: for the kernel that is success. Return what the step returned.",
		    what);
	ASSERT_NE(result, 0,
		  "It was loaded, though %s. Every step can fail, and says so in its own way.",
		  what);
	EXPECT_EQ(result, -error,
		  "The load failed because %s, and so with the wrong number: it is for the step that failed to say why.",
		  what);
	expect_nothing_left(self, when);
	ASSERT_OK(load(self, ""),
		  "%s, the same load with good values fails: something was not given back. Is it the ports? release_region()",
		  when);
	EXPECT_OK(mod_unload("gauge"));
}

/* ------------------------------------------------------- it works, once --- */

CHECK_F(gauge, works, .title = "With good values it is loaded, and /dev/gauge can be read")
{
	char line[80] = "";
	int fd;

	ASSERT_OK(load(self, ""), "It was not loaded with good values.");
	EXPECT_EQ(areas(self->pages), 1, "It has no table for its samples.");
	EXPECT_TRUE(major_is_taken(self->major), "It has no device numbers.");
	/* Later it cannot be read safely: what leaked has a name in freed memory. */
	EXPECT_MATCH(whole("/proc/ioports"),
		     text("%04x-%04x : gauge", self->port, self->port + 3),
		     "It did not take its ports with request_region().");
	EXPECT_EQ(digest_users(), self->users + 1, "It has no digest.");
	EXPECT_MATCH(whole("/proc/misc"), " gauge$", "There is no /dev/gauge.");
	fd = open("/dev/gauge", O_RDONLY);
	ASSERT_OK(libc_ret(fd));
	ASSERT_OK(libc_ret(read(fd, line, sizeof(line) - 1)));
	close(fd);
	EXPECT_STREQ(line, text("%u samples, 32 bytes of digest\n",
				self->pages * SAMPLES_A_PAGE));
}

/* ----------------------------------------------------- five steps, TODO 1 --- */

CHECK_F(gauge, no_memory, .title = "Step 1 fails: there is not so much memory")
{
	expect_refused(self, "samples=1152921504606846977", ENOMEM,
		       "there is no memory for so many samples");
}

CHECK_F(gauge, ports_taken, .title = "Step 2 fails: the ports are somebody else's")
{
	unsigned int i = check_random_range(0, 2);

	expect_refused(self, text("port=%u", taken_ports[i]), EBUSY,
		       text("the port 0x%x is somebody else's", taken_ports[i]));
}

CHECK_F(gauge, numbers_taken, .title = "Step 3 fails: the device numbers are somebody else's")
{
	/* Those of /dev/null and its like. */
	expect_refused(self, "major=1", EBUSY, "the major number 1 is somebody else's");
}

CHECK_F(gauge, numbers_out_of_range, .title = "Step 3 fails: there are no such device numbers")
{
	unsigned int major = check_random_range(512, 4000);

	expect_refused(self, text("major=%u", major), EINVAL,
		       text("there is no major number %u", major));
}

CHECK_F(gauge, unknown_digest, .title = "Step 4 fails: there is no such digest")
{
	char name[13];

	check_random_word(name, sizeof(name));
	expect_refused(self, text("digest=%s", name), ENOENT,
		       text("there is no digest \"%s\"", name));
}

/* A minor number of /proc/misc, drawn among them. */
static unsigned int taken_minor(void)
{
	char *list = whole("/proc/misc");
	unsigned int minors[256], count = 0;

	for (char *line = strtok(list, "\n"); line && count < 256; line = strtok(NULL, "\n"))
		if (atoi(line) != 255)
			minors[count++] = atoi(line);
	free(list);
	ASSERT_GT(count, 0, "/proc/misc is empty.");
	return minors[check_random_range(0, count - 1)];
}

CHECK_F(gauge, minor_taken, .title = "Step 5 fails: the minor number is somebody else's")
{
	unsigned int minor = taken_minor();

	expect_refused(self, text("minor=%u", minor), EBUSY,
		       text("the minor number %u is somebody else's", minor));
}

/* --------------------------------------------------------- exit, TODO 2 --- */

CHECK_F(gauge, unloads_clean, .title = "Unloading gives all of it back, as often as you like")
{
	for (int i = 0; i < 5; i++) {
		ASSERT_OK(load(self, ""),
			  "Load number %d with the same values fails: the exit function has not given everything back.",
			  i + 1);
		ASSERT_OK(mod_unload("gauge"));
		expect_nothing_left(self, "After the unload");
	}
}
