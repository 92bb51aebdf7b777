// SPDX-License-Identifier: GPL-2.0
/*
 * What books.c must give back, on every way.
 *
 * The module has slab caches of its own, and /proc/slabinfo tells how many objects
 * of each are in use. The machine runs with slub_debug, so these numbers are exact. In
 * the lane memory they are not: KASAN keeps for a while what was freed. There kmemleak
 * looks for what is lost.
 * The module is loaded once, for all checks: a cache that has lost objects cannot be
 * made anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

#define FILE_NAME	"/proc/library"
#define SESSIONS_MOST	8
#define NAME_LONGEST	32

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

static const char *word(size_t len)
{
	char *made = calloc(len + 1, 1);

	ASSERT_NOTNULL(made);
	check_random_word(made, len + 1);
	return made;
}

/* Objects of a cache that are in use; always 0 where nobody can tell. */
static long in_use(const char *cache)
{
	char *next = file_read("/proc/slabinfo"), *line;
	const char *start = text("%s ", cache);
	long sum = 0;

	if (!slab_counts_exact())
		return 0;
	ASSERT_NOTNULL(next);
	while ((line = strsep(&next, "\n")))
		if (!strncmp(line, start, strlen(start)))
			sum += atol(line + strlen(start));
	return sum;
}

struct counts { long books, notes, sessions; };

static struct counts count_all(void)
{
	return (struct counts){
		in_use("library_book"), in_use("library_note"), in_use("library_session")
	};
}

static int session(void)
{
	return libc_ret(open(FILE_NAME, O_RDWR | O_CLOEXEC));
}

static int say(int fd, const char *what, const char *argument)
{
	const char *line = text("%s %s", what, argument);
	long long ret = libc_ret(write(fd, line, strlen(line)));

	return ret < 0 ? ret : 0;
}

/* The module is there, a session is open. Afterwards nobody has anything. */
FIXTURE(library) {
	int fd;
	struct counts before;
};

FIXTURE_SETUP(library)
{
	if (!mod_loaded("library"))
		ASSERT_OK(mod_load("library.ko", NULL), "The module was not loaded.");
	self->before = count_all();
	self->fd = session();
	ASSERT_OK(self->fd, "The file could not be opened, and nobody has it open.");
}

FIXTURE_TEARDOWN(library)
{
	if (self->fd >= 0)
		close(self->fd);
}

CHECK_F(library, works, .title = "Books are kept as long as somebody has them")
{
	const char *name = word(10), *note = word(20), *another = word(20);
	int second = session();

	ASSERT_OK(second);
	ASSERT_ERR(say(self->fd, "note", note), ENOENT);
	ASSERT_OK(say(self->fd, "choose", name));
	ASSERT_OK(say(second, "choose", name));
	ASSERT_OK(say(self->fd, "note", note));
	ASSERT_OK(say(second, "note", another));
	EXPECT_STREQ(file_read("/proc/books"),
		     text("%s: references 3, notes: %s %s\n", name, note, another));
	ASSERT_OK(say(self->fd, "forget", name));
	ASSERT_ERR(say(self->fd, "forget", name), ENOENT);
	EXPECT_STREQ(file_read("/proc/books"), "", "The book was forgotten, and is still listed.");
	EXPECT_OK(say(second, "note", note), "A session has lost the book that it had chosen.");
	close(second);
}

CHECK_F(library, error_path, .needs = "works",
	.title = "A name that is too long leaves nothing behind")
{
	unsigned int times = check_random_range(20, 60);

	for (unsigned int i = 0; i < times; i++)
		ASSERT_ERR(say(self->fd, "choose", word(NAME_LONGEST + check_random_range(1, 50))),
			   ENAMETOOLONG);
	EXPECT_EQ(in_use("library_book"), self->before.books,
		  "%u books could not be made because of their names, and books are left from that. What is taken before an error must be given back after it.",
		  times);
	ASSERT_OK(say(self->fd, "choose", word(NAME_LONGEST)),
		  "A name may have %d letters.", NAME_LONGEST);
}

CHECK_F(library, lost_reference, .needs = "works",
	.title = "Who chooses another book gives the first one back")
{
	unsigned int times = check_random_range(20, 60);
	const char *names[4];
	struct counts left;

	for (int i = 0; i < 4; i++)
		names[i] = word(8 + i);
	for (unsigned int i = 0; i < times; i++) {
		const char *name = names[check_random_range(0, 3)];

		ASSERT_OK(say(self->fd, "choose", name));
		/* Once more the same: that must not throw it away. */
		ASSERT_OK(say(self->fd, "choose", name));
		ASSERT_OK(say(self->fd, "note", "x"), "The book that was chosen is gone.");
		ASSERT_NOTNULL(strstr(file_read("/proc/books"), text("%s: references 2,", name)),
			       "One session has this book, and the list: that makes two references.");
	}
	close(self->fd);
	self->fd = session();
	ASSERT_OK(self->fd);
	for (int i = 0; i < 4; i++)
		say(self->fd, "forget", names[i]);
	left = count_all();
	EXPECT_EQ(left.books, self->before.books,
		  "The sessions are closed and the books are forgotten: they should be gone. A reference that nobody puts keeps a book for ever.");
	EXPECT_EQ(left.notes, self->before.notes, "The notes of these books are left.");
}

CHECK_F(library, list_teardown, .needs = "works",
	.title = "With a book go all its notes")
{
	enum { LEN = 3000, NOTES = 40 };
	unsigned int rounds = check_random_range(4, 6);
	long texts = in_use("kmalloc-4k");

	for (unsigned int i = 0; i < rounds; i++) {
		const char *name = word(12);

		ASSERT_OK(say(self->fd, "choose", name));
		for (int j = 0; j < NOTES; j++)
			ASSERT_OK(say(self->fd, "note", word(LEN)));
		ASSERT_OK(say(self->fd, "forget", name));
	}
	ASSERT_OK(say(self->fd, "choose", "another"));
	ASSERT_OK(say(self->fd, "forget", "another"));
	EXPECT_EQ(in_use("library_note"), self->before.notes,
		  "The books are gone, and notes of theirs are left.");
	EXPECT_LT(in_use("kmalloc-4k") - texts, NOTES / 2,
		  "%u books with %d notes each are gone, and so many pieces of memory of the size of their texts are left.",
		  rounds, NOTES);
}

CHECK_F(library, failed_open, .needs = "works",
	.title = "An open that fails leaves nothing behind")
{
	unsigned int times = check_random_range(20, 60);
	int fds[SESSIONS_MOST];

	for (int i = 1; i < SESSIONS_MOST; i++) {
		fds[i] = session();
		ASSERT_OK(fds[i], "%d sessions may be open at the same time.", SESSIONS_MOST);
	}
	for (unsigned int i = 0; i < times; i++)
		ASSERT_ERR(session(), EBUSY, "%d sessions are open: that is enough.",
			   SESSIONS_MOST);
	for (int i = 1; i < SESSIONS_MOST; i++)
		close(fds[i]);
	EXPECT_EQ(in_use("library_session"), self->before.sessions + slab_counts_exact(),
		  "%u times the file could not be opened, and sessions are left from that. Nobody closes what was not opened.",
		  times);
	fds[1] = session();
	EXPECT_OK(fds[1],
		  "All sessions but one were closed, and none can be opened: those that failed are counted.");
	close(fds[1]);
}

/* ------------------------------------- where each allocation of the kernel's can fail --- */

/* A book that nobody has, made and forgotten. In a round only one allocation fails. */
static int choose_another(int fd)
{
	const char *name = word(10);
	int ret = say(fd, "choose", name);

	if (ret) {
		EXPECT_NULL(strstr(file_read("/proc/books") ?: "", name),
			    "There was no memory for the book \"%s\", and it is listed.", name);
		return ret;
	}
	ret = say(fd, "forget", name);
	if (ret)
		ASSERT_OK(say(fd, "forget", name));
	return ret;
}

/* Into a book that goes each time, with all its notes. */
static int note_more(int fd)
{
	return say(fd, "note", word(20));
}

static int open_and_close(void)
{
	int fd = session();

	if (fd >= 0)
		close(fd);
	return fd;
}

CHECK_F(library, no_memory, .needs = "failed_open", .deadline = 400,
	.title = "Where there is no memory nothing is made, and nothing left behind")
{
	unsigned int i;
	int fds[SESSIONS_MOST];

	EXPECT_GE(FAIL_EACH(choose_another(self->fd)), 2, "A book, its name.");
	EXPECT_GE(FAIL_EACH(note_more(self->fd)), 2, "A note, its text.");
	EXPECT_GE(FAIL_EACH(open_and_close()), 1, "A session.");
	for (i = 1; i < SESSIONS_MOST; i++) {
		fds[i] = session();
		EXPECT_OK(fds[i],
			  "%u sessions are open, and no more can be: those for which there was no memory are counted.",
			  i);
	}
	while (--i)
		close(fds[i]);
}

CHECK(unload, .needs = "works", .title = "At unload nothing is left")
{
	u64 mark = kmsg_mark();
	int fd = session();

	for (int i = 0; i < 5 && fd >= 0; i++) {
		ASSERT_OK(say(fd, "choose", word(5 + i)));
		ASSERT_OK(say(fd, "note", word(50)));
	}
	close(fd);
	EXPECT_OK(mod_unload("library"), "The module was not unloaded.");
	EXPECT_FALSE(kmsg_wait(mark, "Objects remaining|still has objects", 0),
		     "The kernel found objects in a cache that was to be destroyed.");
	EXPECT_FALSE(kmsg_wait(mark, "refcount_t|already free|overwritten", 0),
		     "The kernel found the heap damaged: was something given back twice?");
}
