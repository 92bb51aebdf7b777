// SPDX-License-Identifier: GPL-2.0
/*
 * What /proc/sysinfo must say.
 *
 * The facts are compared with what this program finds out by itself. The notes
 * are as many and as long as was drawn at random, so that they fill many pages.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define FACTS	"/proc/sysinfo/facts"
#define NOTES	"/proc/sysinfo/notes"
#define CPU1	"/sys/devices/system/cpu/cpu1/online"

static char *text(const char *format, ...) CHECK_PRINTF_(1, 2);
static char *text(const char *format, ...)
{
	va_list args;
	char *made;

	va_start(args, format);
	ASSERT_OK(vasprintf(&made, format, args));
	va_end(args);
	return made;
}

/* Each check finds the module just loaded. */
FIXTURE(sysinfo) {
	char *model;		/* what notes must show */
	size_t len;
	unsigned int notes;
	u64 mark;		/* where the kernel log ended before the check */
};

FIXTURE_SETUP(sysinfo)
{
	mod_unload("sysinfo");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("sysinfo.ko", NULL), "The module was not loaded.");
	self->model = calloc(1, 1);
	self->mark = kmsg_mark();
}

FIXTURE_TEARDOWN(sysinfo)
{
	free(self->model);
	file_write(CPU1, "1");
	EXPECT_OK(mod_unload("sysinfo"), "The module was not unloaded.");
	EXPECT_NOMATCH(kmsg_since(self->mark), "buggy .next",
		       "The kernel noticed that next() leaves *pos as it was. It must count it up, also behind the last note.");
}

/* ---------------------------------------------------------------- facts --- */

static void expect_fact(const char *name, const char *value)
{
	EXPECT_MATCH(file_read(FACTS), text("^%s: %s$", name, value),
		     "%s differs from what a program finds out: it should be %s.",
		     name, value);
}

CHECK_F(sysinfo, facts,
	.title = "The facts agree with what a program finds out")
{
	const union {
		unsigned int number;
		unsigned char byte;
	} one = { 1 };
	const char *ram = strstr(file_read("/proc/meminfo"), "MemTotal:");

	ASSERT_NOTNULL(ram);
	expect_fact("word_bits", text("%zu", sizeof(long) * CHAR_BIT));
	expect_fact("endian", one.byte ? "little" : "big");
	expect_fact("page_bytes", text("%ld", sysconf(_SC_PAGESIZE)));
	expect_fact("ulong_max", text("%lu", ULONG_MAX));
	expect_fact("path_max", text("%ld", pathconf("/", _PC_PATH_MAX)));
	expect_fact("ram_kib", text("%ld", strtol(ram + strlen("MemTotal:"), NULL, 10)));
}

CHECK_F(sysinfo, cpus, .needs = "facts",
	.title = "The CPUs are counted at each reading")
{
	expect_fact("cpus_online", "2");
	ASSERT_OK(file_write(CPU1, "0"));
	expect_fact("cpus_online", "1");
	ASSERT_OK(file_write(CPU1, "1"));
	expect_fact("cpus_online", "2");
}

CHECK_F(sysinfo, node, .needs = "facts",
	.title = "The machine has the name that its reader knows")
{
	char word[9];

	check_random_word(word, sizeof(word));
	ASSERT_OK(libc_ret(unshare(CLONE_NEWUTS)));
	ASSERT_OK(libc_ret(sethostname(word, strlen(word))));
	EXPECT_MATCH(file_read(FACTS), text("^node: %s$", word),
		     "In a container a machine may have another name, here \"%s\". Ask utsname(), which looks into the namespace of whoever reads.",
		     word);
}

/* ---------------------------------------------------------------- notes --- */

static int note(const char *bytes)
{
	return file_write(NOTES, bytes);
}

/* A note of random letters, some of them to be escaped; and in the model. */
static void add_note(struct fixture_sysinfo *self, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz 0123456789\n\\%";
	char *bytes = calloc(1, len + 1);
	size_t room = self->len + 4 * len + 16;
	char *at;

	self->model = realloc(self->model, room);
	at = self->model + self->len + sprintf(self->model + self->len, "%u ",
					       ++self->notes);
	for (size_t i = 0; i < len; i++) {
		bytes[i] = letters[check_random_range(0, sizeof(letters) - 2)];
		if (bytes[i] == '\n' || bytes[i] == '\\')
			at += sprintf(at, "\\%03o", bytes[i]);
		else
			*at++ = bytes[i];
	}
	*at++ = '\n';
	self->len = at - self->model;
	ASSERT_OK(note(bytes), "A note of %zu bytes was refused.", len);
	free(bytes);
}

CHECK_F(sysinfo, unlocked,
	.title = "Who has read keeps nobody from writing")
{
	int status;
	pid_t writer;

	ASSERT_STREQ(file_read(NOTES), "", "There are no notes yet.");
	writer = fork();
	if (!writer)
		_exit(note("first") ? 1 : 0);
	if (!WAIT_UNTIL(waitpid(writer, &status, WNOHANG) == writer, 4000)) {
		kill(writer, SIGKILL);
		ASSERT_TRUE(false,
			    "The notes were read, and now nobody can write: the lock is still held. stop() must give back what start() took, also when start() found nothing.");
	}
	EXPECT_EQ(status, 0, "A note was refused.");
}

CHECK_F(sysinfo, one_note, .needs = "unlocked",
	.title = "One note is shown with its number")
{
	char word[20];

	check_random_word(word, sizeof(word));
	ASSERT_OK(note(word));
	ASSERT_STREQ(file_read(NOTES), text("1 %s\n", word),
		     "One note was written. Its line is its number, a blank, its text.");
	ASSERT_OK(note("second"));
	EXPECT_STREQ(file_read(NOTES), text("1 %s\n2 second\n", word),
		     "Two notes were written. Does next() go on? Does show() print the note's own number?");
}

CHECK_F(sysinfo, one_line, .needs = "one_note",
	.title = "A note stays in its line, whatever it says")
{
	ASSERT_OK(note("a\n2 b\\c%s"));
	EXPECT_STREQ(file_read(NOTES), "1 a\\0122 b\\134c%s\n",
		     "The note is \"a\", a newline, \"2 b\\c%%s\". Unless newlines and backslashes are escaped, a note can pretend to be two.");
}

/* Read all, by calls of at most so many bytes; expect the model. */
static void expect_model(struct fixture_sysinfo *self, size_t most)
{
	char *got = calloc(1, self->len + 1);
	int fd = open(NOTES, O_RDONLY);
	size_t have = 0;
	ssize_t n = 1;

	ASSERT_OK(libc_ret(fd));
	while (n > 0 && have < self->len) {
		size_t want = check_random_range(1, most);

		if (want > self->len - have)
			want = self->len - have;
		n = read(fd, got + have, want);
		have += n > 0 ? n : 0;
	}
	ASSERT_OK(n);
	ASSERT_EQ(have, self->len,
		  "%u notes have %zu bytes, and fewer were read. Is all of it shown, also what does not fit into one page?",
		  self->notes, self->len);
	ASSERT_MEMEQ(got, self->model, have,
		     "Read by calls of up to %zu bytes, the %u notes are not what was written. start() must find the place by *pos alone; show() may be called twice for a note.",
		     most, self->notes);
	ASSERT_EQ(libc_ret(read(fd, got, 1)), 0,
		  "Behind the last of %u notes there is more.", self->notes);
	close(fd);
	free(got);
}

CHECK_F(sysinfo, many_pages, .needs = "one_line", .deadline = 60,
	.title = "Many notes, and long ones, are shown whole")
{
	unsigned int n = check_random_range(300, 600);

	for (unsigned int i = 0; i < n; i++)
		add_note(self, check_random_range(1, i % 50 ? 100 : 9000));
	for (unsigned int most = 1 << 20; most > 500; most /= 8)
		expect_model(self, most);
}

CHECK_F(sysinfo, seek, .needs = "many_pages",
	.title = "pread() finds any place")
{
	for (unsigned int i = 0; i < 200; i++)
		add_note(self, check_random_range(1, 300));
	for (unsigned int i = 0; i < 30; i++) {
		size_t at = check_random_range(0, self->len - 100);
		int fd = open(NOTES, O_RDONLY);
		char got[100];

		ASSERT_EQ(libc_ret(pread(fd, got, 100, at)), 100);
		ASSERT_MEMEQ(got, self->model + at, 100,
			     "100 bytes from %zu on are other ones than when all is read.",
			     at);
		close(fd);
	}
}

/* Whether what was read begins as the model does, and ends with a line. */
static bool is_part(struct fixture_sysinfo *self, const char *got, size_t least)
{
	size_t len = strlen(got);

	return len >= least && len <= self->len &&
	       !memcmp(got, self->model, len) && got[len - 1] == '\n';
}

CHECK_F(sysinfo, many_readers, .needs = "many_pages", .deadline = 60,
	.title = "Many may read while one writes")
{
	struct fixture_sysinfo all = { .model = calloc(1, 1) };
	unsigned int i, bad = 0;
	size_t least, at = 0;
	pid_t pids[4];
	int status;

	for (i = 0; i < 150; i++)
		add_note(self, check_random_range(1, 400));
	least = self->len;
	/* What will be written is known before. */
	all.model = realloc(all.model, self->len + 200 * 20);
	memcpy(all.model, self->model, self->len);
	all.len = self->len;
	for (i = 1; i <= 200; i++)
		all.len += sprintf(all.model + all.len, "%u more\n", self->notes + i);
	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		if (!pids[i]) {
			for (int j = 0; j < 60; j++)
				if (!is_part(&all, file_read(NOTES), least))
					_exit(1);
			_exit(0);
		}
	}
	for (i = 0; i < 200; i++)
		at += !note("more");
	for (i = 0; i < 4; i++)
		bad += waitpid(pids[i], &status, 0) != pids[i] || status;
	EXPECT_EQ(at, 200);
	EXPECT_EQ(bad, 0,
		  "Of 4 programs that read at once, so many did not see the notes that were there, in their order, each once. Is something shared between the readers, a static variable?");
	EXPECT_STREQ(file_read(NOTES), all.model);
}
