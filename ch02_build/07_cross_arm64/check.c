// SPDX-License-Identifier: GPL-2.0
/*
 * What the module crate must answer, on whichever architecture it was built for.
 *
 * This program was compiled for the same one: what it computes here, with its own
 * size of a page and its own clock, is what the module is held against.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define DIR		"/sys/kernel/debug/crate/"
#define HEAD		16
#define IMAGE_MAX	8192

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

static const char *machine(void)
{
	static struct utsname u;

	uname(&u);
	return u.machine;
}

/* Each check finds the module just loaded. */
FIXTURE(crate) {
	unsigned char image[IMAGE_MAX];
	size_t len;
};

FIXTURE_SETUP(crate)
{
	mod_unload("crate");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("crate.ko", NULL), "The module was not loaded on %s.", machine());
	self->len = 0;
}

FIXTURE_TEARDOWN(crate)
{
	(void)self;
	EXPECT_OK(mod_unload("crate"), "The module was not unloaded.");
}

static int write_image(const void *bytes, size_t len)
{
	int fd = open(DIR "image", O_WRONLY);
	int ret;

	ASSERT_OK(libc_ret(fd));
	ret = libc_ret(write(fd, bytes, len));
	close(fd);
	return ret < 0 ? ret : 0;
}

/* The answer's number. */
static u64 ask(const char *question)
{
	char *got;

	ASSERT_OK(file_write(DIR "ask", question), "\"%s\" was refused.", question);
	got = file_read(DIR "ask");
	ASSERT_NOTNULL(got);
	return strtoull(got, NULL, 10);
}

/* -------------------------------------------------------------- records --- */

struct drawn {
	unsigned int kind;
	u64 stamp;
	unsigned int value;
	int temperature;
	unsigned int hash;
};

static void put_bytes(unsigned char *at, u64 number, int count, bool most_first)
{
	for (int i = 0; i < count; i++)
		at[most_first ? count - 1 - i : i] = number >> 8 * i;
}

/* Draws a record and puts it at the image's end; false when there is no room. */
static bool add_record(struct fixture_crate *self, struct drawn *r)
{
	unsigned char *at = self->image + self->len;
	unsigned int n = check_random_range(0, 60);

	if (self->len + HEAD + n > sizeof(self->image))
		return false;
	*r = (struct drawn){
		.kind = check_random_range(0, 0xffff), .stamp = check_random(),
		.value = check_random(),
		.temperature = (int)check_random_range(0, 255) - 128,
	};
	at[0] = n;
	put_bytes(at + 1, r->kind, 2, false);
	put_bytes(at + 3, r->stamp, 8, true);
	put_bytes(at + 11, r->value, 4, false);
	at[15] = (unsigned int)r->temperature;
	for (unsigned int i = 0; i < n; i++) {
		at[HEAD + i] = check_random();
		r->hash = 31 * r->hash + at[HEAD + i];
	}
	self->len += HEAD + n;
	return true;
}

/* Many records, as they were drawn, against the lines of the file. */
static void compare(struct fixture_crate *self, bool hashes)
{
	static struct drawn drawn[IMAGE_MAX / HEAD];
	unsigned int count = check_random_range(20, 100), got = 0, i;
	char *lines, *line;

	for (i = 0; i < count && add_record(self, &drawn[i]); i++)
		;
	count = i;
	ASSERT_OK(write_image(self->image, self->len),
		  "A crate of %u whole records was refused. The first has a name of %u bytes.",
		  count, self->image[0]);
	lines = file_read(DIR "records");
	ASSERT_NOTNULL(lines);
	for (line = strtok(lines, "\n"); line && got < count; line = strtok(NULL, "\n"), got++) {
		const struct drawn *d = &drawn[got];
		unsigned int kind, value, hash;
		int temperature, fields;
		u64 stamp;

		fields = sscanf(line, "%u %llu %u %d %x", &kind, &stamp, &value, &temperature,
				&hash);
		ASSERT_EQ(fields, 5);
		if (hashes) {
			ASSERT_EQ(hash, d->hash,
				  "Record %u: this hash of its name is another one. Each byte counts from 0 to 255, and whether a plain char does depends on the architecture and on the kernel.",
				  got);
			continue;
		}
		ASSERT_EQ(kind, d->kind,
			  "Record %u, kind: bytes 1 and 2, the least significant first, wherever they lie.",
			  got);
		ASSERT_EQ(stamp, d->stamp,
			  "Record %u, stamp: bytes 3 to 10, the most significant first.", got);
		ASSERT_EQ(value, d->value,
			  "Record %u, value: bytes 11 to 14, the least significant first.", got);
		ASSERT_EQ(temperature, d->temperature,
			  "Record %u, temperature: byte 15, from -128 to 127. On %s a plain char has %s.",
			  got, machine(), strcmp(machine(), "aarch64") ?
			  "a sign, until Linux 6.2" : "no sign");
	}
	ASSERT_EQ(got, count, "A crate of %u records has another number of lines.", count);
}

CHECK_F(crate, records,
	.title = "Records are read, at whatever address they lie")
{
	compare(self, false);
}

CHECK_F(crate, names, .needs = "records",
	.title = "A name's hash is the same on every machine")
{
	compare(self, true);
}

CHECK_F(crate, cut, .needs = "records",
	.title = "A record that is cut short is refused")
{
	struct drawn r;

	for (int i = 0; i < 20; i++) {
		size_t before, at;

		self->len = 0;
		for (u64 n = check_random_range(1, 5); n; n--)
			add_record(self, &r);
		before = self->len;
		add_record(self, &r);
		/* One byte of it at least, and one less than all at most. */
		at = check_random_range(before + 1, self->len - 1);
		ASSERT_ERR(write_image(self->image, at), EINVAL,
			   "The last record has only %zu of its %zu bytes: look how many are left before you read them.",
			   at - before, self->len - before);
	}
}

/* ---------------------------------------------------------------- pages --- */

static void expect_pages(u64 start, u64 bytes)
{
	u64 page = sysconf(_SC_PAGESIZE), count = 0;

	if (bytes)
		count = (start + bytes - 1) / page - start / page + 1;
	ASSERT_EQ(ask(text("pages %llu %llu", start, bytes)), count,
		  "%llu bytes from %llu on lie in so many pages, for a page has %llu bytes on this machine. Count from the page of the first byte to that of the last.",
		  bytes, start, page);
}

CHECK_F(crate, pages,
	.title = "Pages are counted in this machine's size")
{
	u64 page = sysconf(_SC_PAGESIZE);

	(void)self;
	for (int i = 0; i < 40; i++) {
		expect_pages(check_random_range(0, 1ull << 40), check_random_range(1, 1 << 20));
		/* Close to where one page ends and the next begins. */
		expect_pages(page * check_random_range(1, 1 << 20) - check_random_range(1, 3),
			     check_random_range(0, 5));
	}
	expect_pages(page, page);
	expect_pages(page - 1, page + 2);
	expect_pages(check_random_range(0, page), 0);
}

/* ------------------------------------------------------------- duration --- */

static u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

CHECK_F(crate, duration,
	.title = "Time is told in nanoseconds")
{
	(void)self;
	for (int i = 0; i < 3; i++) {
		u64 ms = check_random_range(40, 150), begin = now_ns(), ns, all;

		ns = ask(text("nap %llu", ms));
		all = now_ns() - begin;
		/* One part in a hundred: a clock may be disciplined. */
		ASSERT_BETWEEN(ns, ms * 990000, all + all / 100,
			       "A nap of %llu ms, which took %llu ns with all around it, was told as %llu ns. A counter of the CPU counts at a rate of its own: on x86 at some GHz, on arm64 at some MHz.",
			       ms, all, ns);
	}
}

/* ---------------------------------------------------------------- ferry --- */

CHECK_F(crate, ferry, .deadline = 60,
	.title = "Numbers come to another CPU, all of them and in order")
{
	(void)self;
	for (int i = 0; i < 3; i++) {
		u64 count = check_random_range(i ? 2000 : 1, i ? 6000 : 7);

		ASSERT_EQ(ask(text("ferry %llu %llu", count, check_random())), count,
			  "%llu numbers were put, and only so many came in their order: then one was lost, or came twice, or none came any more. The ring has 8 slots: what was not taken yet must not be overwritten, and what was not put yet must not be taken.",
			  count);
	}
}
