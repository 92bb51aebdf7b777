// SPDX-License-Identifier: GPL-2.0
/*
 * What the program whereis must find out.
 *
 * check_draw.c draws an object file's tables and an oops in it, each time other
 * ones, in the words of Linux 6.1 or of 6.12.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "check_draw.h"

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

static const char *const command[] = {
	"./whereis", "drawn.log", "drawn.sym", "drawn.lines", NULL
};

static struct run_result ask(const struct drawn *d)
{
	drawn_write(d);
	return run_program(command, 10);
}

/* The line of its output that begins so. */
static const char *said(const struct run_result *r, const char *word)
{
	for (const char *at = r->out; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (!strncmp(at, word, strlen(word)) && at[strlen(word)] == ' ')
			return strndup(at, strcspn(at, "\n"));
	return "";
}

static const char *place(const char *how, const struct drawn_function *f, u64 offset)
{
	const struct drawn_row *row = drawn_row(f, offset);

	return text("%s %s %s:%u", how, f->name, row->file, row->line);
}

static void show(const char *path)
{
	check_note("%s:\n%s", path, file_read(path));
}

CHECK(place, .title = "The line is found in which the CPU was")
{
	static struct drawn d;

	for (int i = 0; i < 30; i++) {
		struct run_result r;

		do {
			draw_tables(&d);
			draw_oops(&d);
		} while (drawn_twin(&d, d.at));
		r = ask(&d);
		if (r.status || strcmp(said(&r, "at"), place("at", d.at, d.at_offset)))
			show("drawn.log");
		ASSERT_EQ(r.status, 0, "whereis failed on the log above. It said: %s",
			  r.err);
		ASSERT_STREQ(said(&r, "at"), place("at", d.at, d.at_offset),
			     "whereis found another place than \"RIP: 0010:\" of the log above. The function begins at 0x%llx of the object file.",
			     d.at->address);
	}
}

CHECK(twins, .title = "Two functions of the same name are told apart", .needs = "place")
{
	static struct drawn d;

	for (int i = 0; i < 10; i++) {
		struct drawn_function *one, *two;
		struct run_result r;

		draw_tables(&d);
		draw_oops(&d);
		/* The last one's span is not known from the table. */
		one = &d.functions[check_random_range(0, d.nr - 3)];
		two = &d.functions[d.nr - 2];
		if (one->span == two->span || drawn_twin(&d, one))
			continue;
		memcpy(two->name, one->name, sizeof(two->name));
		d.at = i % 2 ? one : two;
		d.at_offset %= d.at->size;
		r = ask(&d);
		ASSERT_EQ(r.status, 0, "whereis failed: %s", r.err);
		ASSERT_STREQ(said(&r, "at"), place("at", d.at, d.at_offset),
			     "The object file has two functions %s. From one to the next function it is 0x%llx bytes, from the other 0x%llx. The oops was in the one of 0x%llx: the number behind the slash.",
			     d.at->name, one->span, two->span, d.at->span);
	}
}

CHECK(caller, .title = "The call is found that led there", .needs = "twins", .deadline = 60)
{
	static struct drawn d;

	for (int i = 0; i < 25; i++) {
		struct run_result r;

		draw_tables(&d);
		draw_oops(&d);
		r = ask(&d);
		if (r.status || strcmp(said(&r, "from"), d.from ?
				       place("from", d.from, d.from_offset) : ""))
			show("drawn.log");
		ASSERT_EQ(r.status, 0, "whereis failed on the log above: %s", r.err);
		if (d.from)
			ASSERT_STREQ(said(&r, "from"),
				     place("from", d.from, d.from_offset),
				     "See \"Call Trace:\" of the log above. Lines with a ? are guesses, other modules have other tables, and the address is where the call returns to: the call itself lies before it.");
		else
			ASSERT_STREQ(said(&r, "from"), "",
				     "The trace of the log above has no place of [crash] that is sure.");
	}
}

CHECK(taint, .title = "The letters of the taint are explained", .needs = "place")
{
	static const char letters[] = "PFSRMBUDAWCIOELKXTN";
	static struct drawn d;

	for (int i = 0; i < 15; i++) {
		struct run_result r;

		draw_tables(&d);
		draw_oops(&d);
		r = ask(&d);
		for (const char *c = letters; *c; c++) {
			bool is = strchr(d.taint, *c);
			bool told = *said(&r, text("tainted %c", *c));

			if (is != told)
				show("drawn.log");
			if (is)
				ASSERT_TRUE(told,
					    "The kernel of the log above is tainted by %c, among others, and whereis does not say so.",
					    *c);
			else
				ASSERT_FALSE(told,
					     "The kernel of the log above is not tainted by %c. Is another letter of a line taken for one of the taint?",
					     *c);
		}
	}
}

CHECK(access, .title = "It is told what was tried, and where", .needs = "place")
{
	static struct drawn d;

	for (int i = 0; i < 5; i++) {
		struct run_result r;

		draw_tables(&d);
		draw_oops(&d);
		r = ask(&d);
		EXPECT_STREQ(said(&r, "access"),
			     text("access %s 0x%llx", d.write ? "write" : "read", d.address));
	}
}

CHECK(other_object, .title = "An object file of another build is noticed", .needs = "place")
{
	static struct drawn d;
	struct run_result r;

	/* Another one of its name may get the size that it had. */
	do {
		draw_tables(&d);
		draw_oops(&d);
		d.at = &d.functions[check_random_range(0, d.nr - 2)];
	} while (drawn_twin(&d, d.at));
	d.from = NULL;
	d.at_offset = 0;
	r = ask(&d);
	ASSERT_EQ(r.status, 0, "This was the right object file: %s", r.err);
	/* The log of this build with the tables of the next. */
	ASSERT_OK(libc_ret(rename("drawn.log", "old.log")));
	for (unsigned int i = 0; i < d.nr; i++)
		d.functions[i].address += 16 * i;
	drawn_write(&d);
	ASSERT_OK(libc_ret(rename("old.log", "drawn.log")));
	r = run_program(command, 10);
	EXPECT_EQ(r.status, 1,
		  "In this object file all functions have other sizes than in the oops: it was built from another source. A line from it would be wrong. whereis must refuse.");
}
