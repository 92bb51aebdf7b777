// SPDX-License-Identifier: GPL-2.0
/*
 * What modview must tell about a module file.
 *
 * The files are a real module, modules that are made up with random fields and
 * symbols, and files that are cut, damaged, or made to deceive.
 */
#include <elf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "check_elf.h"

#define MADE	"made.ko"

static struct run_result view(const char *path)
{
	const char *const argv[] = { "./modview", path, NULL };
	struct run_result r = run_program(argv, 20);

	ASSERT_FALSE(r.timed_out, "With %s it does not come to an end.", path);
	ASSERT_EQ(r.signal, 0,
		  "With %s modview was killed by signal %d: it used memory that it should not. Ask of every number and pointer from the file whether it can be true.",
		  path, r.signal);
	return r;
}

static char *lines_of(struct run_result r, const char *key)
{
	char *found = calloc(1, r.out_len + 1), *at = found;
	size_t len = strlen(key);

	ASSERT_NOTNULL(found);
	for (char *line = strtok(strdup(r.out), "\n"); line; line = strtok(NULL, "\n"))
		if (!len || (!strncmp(line, key, len) && line[len] == ':'))
			at += sprintf(at, "%s\n", line);
	return found;
}

/* A value as modview shows it. */
static void show_value(char *to, const char *value)
{
	for (; *value; value++)
		if (*value < ' ' || *value == 0x7f || *value == '\\')
			to += sprintf(to, "\\%03o", *value);
		else
			*to++ = *value;
	*to = '\0';
}

static const char *random_value(void)
{
	static char value[40];
	size_t len = check_random_range(0, sizeof(value) - 1);

	for (size_t i = 0; i < len; i++)
		value[i] = check_random_range(0, 9) ? (char)check_random_range(' ', '~') :
			   "=\n\t\\=="[check_random_range(0, 5)];
	value[len] = '\0';
	return value;
}

CHECK(fields, .title = "It shows every field of .modinfo, in order")
{
	for (int round = 0; round < 10; round++) {
		unsigned int count = round ? check_random_range(1, 40) : 1;
		struct module m = { 0 };
		char *want = calloc(count, 300), *at = want;

		for (unsigned int i = 0; i < count; i++) {
			const char *value = random_value();
			char key[12], shown[200];

			check_random_word(key, check_random_range(2, sizeof(key)));
			module_field(&m, key, value);
			show_value(shown, value);
			at += sprintf(at, "%s: %s\n", key, shown);
			/* Compilers align strings: more NULs may follow. */
			bytes_add(&m.info, "\0\0\0\0\0\0", check_random_range(0, 5));
		}
		module_write(&m, MADE);
		ASSERT_STREQ(lines_of(view(MADE), ""), want,
			     "The %u fields of a made-up module are not all there, or not as they are: a value goes from the first = to the NUL.",
			     count);
	}
}

CHECK(needs, .title = "It lists the symbols that a module needs", .needs = "fields")
{
	for (int round = 0; round < 10; round++) {
		unsigned int count = check_random_range(1, 60);
		char *want = calloc(count + 1, 60), *at = want;
		struct module m = { 0 };

		module_field(&m, "license", "GPL");
		for (unsigned int i = 0; i < count; i++) {
			bool undefined = check_random() & 1;
			char name[24];

			check_random_word(name, check_random_range(2, sizeof(name)));
			module_symbol(&m, name, undefined);
			if (undefined)
				at += sprintf(at, "needs: %s\n", name);
		}
		module_write(&m, MADE);
		ASSERT_STREQ(lines_of(view(MADE), "needs"), want,
			     "Of %u symbols it must list those of section SHN_UNDEF that have a name, in the table's order.",
			     count);
	}
}

CHECK(release, .title = "It tells the kernel release out of vermagic", .needs = "fields")
{
	char word[20], want[80], value[60];
	struct module m = { 0 }, alone = { 0 };

	check_random_word(word, sizeof(word));
	snprintf(value, sizeof(value), "6.%llu.%llu-%s SMP mod_unload ",
		 check_random_range(0, 99), check_random_range(0, 999), word);
	snprintf(want, sizeof(want), "release: %.*s\n", (int)strcspn(value, " "), value);
	module_field(&m, "vermagic", value);
	module_write(&m, MADE);
	EXPECT_STREQ(lines_of(view(MADE), "release"), want, "vermagic was \"%s\".", value);
	module_field(&alone, "vermagic", word);
	module_write(&alone, MADE);
	snprintf(want, sizeof(want), "release: %s\n", word);
	EXPECT_STREQ(lines_of(view(MADE), "release"), want,
		     "A vermagic may have one word, with no blank behind it.");
}

CHECK(real_module, .title = "It reads a module that the kernel's build made", .needs = "release")
{
	struct run_result r = view("sample.ko");
	struct utsname uts;
	char want[100];

	ASSERT_EQ(r.status, 0, "%s", r.err);
	uname(&uts);
	snprintf(want, sizeof(want), "release: %s\n", uts.release);
	EXPECT_STREQ(lines_of(r, "release"), want);
	EXPECT_STREQ(lines_of(r, "license"), "license: GPL\n");
	EXPECT_STREQ(lines_of(r, "alias"), "alias: wb-sample\n");
	EXPECT_STREQ(lines_of(r, "parm"),
		     "parm: turns:how often, with = and\\012a newline in the text\n");
	EXPECT_MATCH(lines_of(r, "needs"), "^needs: kfree$");
	EXPECT_NOMATCH(lines_of(r, "needs"), "init_module", "That one is the module's own.");
}

/* ------------------------------------------------------------- bad files --- */

static void expect_refused(const char *path, const char *why)
{
	struct run_result r = view(path);

	EXPECT_EQ(r.status, 1, "%s: it must end with status 1.", why);
	EXPECT_STRNE(r.err, "", "%s: it must say what is wrong.", why);
	EXPECT_NULL(strstr(r.out, "SECRET"),
		    "%s: it showed what stands behind the section's end.", why);
}

CHECK(no_module, .title = "What is no module is refused", .needs = "fields")
{
	struct module nobits = { .nobits = true }, other = { .info_name = ".modinf" };
	struct module empty = { 0 };

	file_put(MADE, "", 0);
	expect_refused(MADE, "The file is empty");
	file_put(MADE, "#!/bin/sh\necho no module\n", 25);
	expect_refused(MADE, "The file is a shell script");
	expect_refused("/proc/self/nothing", "There is no such file");
	expect_refused("/tmp", "It is a directory");
	module_field(&nobits, "license", "GPL");
	module_write(&nobits, MADE);
	expect_refused(MADE, "The section .modinfo has no bytes in the file");
	module_field(&other, "license", "GPL");
	module_write(&other, MADE);
	expect_refused(MADE, "There is no section .modinfo, only .modinf");
	module_write(&empty, MADE);
	expect_refused(MADE, "The section .modinfo is empty");
}

CHECK(deceivers, .title = "It never reads behind a section's end", .needs = "needs")
{
	struct module open_end = { 0 }, no_equals = { 0 }, far = { 0 };

	module_field(&open_end, "license", "GPL");
	bytes_add(&open_end.info, "author=", 7);
	module_write(&open_end, MADE);
	expect_refused(MADE, "The last string of .modinfo has no NUL");
	module_field(&no_equals, "license", "GPL");
	bytes_add(&no_equals.info, "author", 7);
	module_field(&no_equals, "x", "y");
	module_write(&no_equals, MADE);
	expect_refused(MADE, "A string of .modinfo has no =");
	module_field(&far, "license", "GPL");
	module_symbol_at(&far, check_random_range(1000, 0xffffffff));
	module_write(&far, MADE);
	expect_refused(MADE, "The name of a symbol lies outside of its section");
}

CHECK(cut, .title = "A module that was cut anywhere is refused", .needs = "needs", .deadline = 60)
{
	size_t len;
	unsigned char *data = file_get("sample.ko", &len);

	for (int i = 0; i < 60; i++) {
		size_t keep = i < 20 ? check_random_range(0, 2000) : check_random_range(0, len - 1);

		file_put(MADE, data, keep);
		ASSERT_EQ(view(MADE).status, 1,
			  "The first %zu of %zu bytes of a module: its headers, at the end, are missing.",
			  keep, len);
	}
	free(data);
}

CHECK(damaged, .title = "A damaged module never crashes it", .needs = "needs", .deadline = 120)
{
	size_t len;
	unsigned char *data = file_get("sample.ko", &len);
	Elf64_Ehdr *header = (Elf64_Ehdr *)data;
	size_t headers = header->e_shoff;

	for (int i = 0; i < 150; i++) {
		size_t at = i % 4 ? check_random_range(headers, len - 1) :
				    check_random_range(4, sizeof(*header) - 1);
		unsigned char old = data[at];

		data[at] = check_random();
		file_put(MADE, data, len);
		view(MADE);
		/* Some damage stays, and adds up. */
		if (i % 3)
			data[at] = old;
	}
	free(data);
}
