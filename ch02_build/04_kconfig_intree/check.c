// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold of the patch in driver.patch. maintainer.c has taken it in, kbuild,
 * checkpatch and Kconfig have run; their reports are beside this program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "check_intree.h"

#define NUMBER	"/sys/kernel/debug/fingerprint/number"

CHECK(applies, .title = "The mail holds a patch that applies, to files of drivers/misc alone")
{
	char *report = from_build("intake.report");

	EXPECT_TRUE(!strncmp(report, "taken\n", 6), "The patch was not taken. %s", report);
}

CHECK(letter, .title = "The mail says where, what, and who vouches for it", .needs = "applies")
{
	char *message = from_build("message"), *author, *subject, *body;
	char *sign;

	author = next_part(&message);
	subject = next_part(&message);
	body = message;
	EXPECT_MATCH(subject, "^(drivers: )?misc: .*[^ ]",
		     "The subject begins with the part of the kernel that it is about, as in \"misc: Add ...\": %s",
		     subject);
	sign = strstr(body, "Signed-off-by: ");
	ASSERT_NOTNULL(sign, "Nobody has signed it off. git commit -s does.");
	EXPECT_TRUE(sign > body + strspn(body, "\n "),
		    "The mail has a subject, and no text: say why the kernel should have this.");
	EXPECT_TRUE(!strncmp(sign + strlen("Signed-off-by: "), author, strlen(author)),
		    "The author %s is another than who signs first: %s", author, sign);
}

CHECK(checkpatch, .title = "checkpatch --strict has nothing to say of the mail")
{
	char *report = from_build("checkpatch.report");

	EXPECT_STREQ(report, "", "checkpatch.pl --strict says:\n%s", report);
}

/* ---- the option --- */

CHECK(symbol, .title = "FINGERPRINT is in the menu, n by itself, and explained", .needs = "applies")
{
	ASSERT_STREQ(fact("type", 0), "tristate",
		     "Kconfig must know FINGERPRINT as an option of y, m and n. It knows it as: %s\n%s",
		     fact("type", 0), from_build("kconfig.report"));
	EXPECT_STREQ(fact("questions", 0), "1",
		     "A person is asked about it once: the text behind tristate.");
	EXPECT_GE(atoi(fact("help", 0)), 3,
		  "The help text is missing, or says too little to decide by it.");
	EXPECT_STREQ(fact("default", 0), "n",
		     "Nobody has asked for it, DEBUG_FS is y, and it is on: a driver that not every machine needs is n by default.");
	EXPECT_STREQ(fact("y", 0), "y", "It cannot be set to y, though DEBUG_FS is y.");
	EXPECT_STREQ(fact("m", 0), "m", "It cannot be set to m, though MODULES is y.");
	EXPECT_STREQ(fact("n", 0), "n", "It cannot be set to n.");
}

CHECK(depends, .title = "Without DEBUG_FS it is not there, nor forces it", .needs = "symbol")
{
	EXPECT_STREQ(fact("without", 1), "n",
		     "DEBUG_FS was n, and FINGERPRINT switched it on. A person decides on DEBUG_FS: depend on it, do not select it.");
	EXPECT_STREQ(fact("without", 0), "n",
		     "DEBUG_FS is n, and FINGERPRINT can be chosen: it would do nothing.");
}

CHECK(library, .title = "It brings the CRC-32 functions that it calls", .needs = "symbol")
{
	ASSERT_STREQ(fact("n", 1), "n",
		     "CRC32 must be off without FINGERPRINT: has it become a default?");
	EXPECT_STREQ(fact("y", 1), "y",
		     "FINGERPRINT is y and CRC32 is not: vmlinux could not be linked. Nobody is to know that library by name: the option that needs it selects it.");
	EXPECT_STRNE(fact("m", 1), "n",
		     "FINGERPRINT is m and CRC32 is n: the module could not be loaded.");
}

/* ---- the build --- */

CHECK(lists, .title = "The makefile builds it in, as a module, or not at all", .needs = "applies")
{
	char *lists = from_build("lists");

	EXPECT_MATCH(lists, "^y y:fingerprint\\.o m:$",
		     "With y the driver must be in obj-y, and there alone.\n%s", lists);
	EXPECT_MATCH(lists, "^m y: m:fingerprint\\.o$",
		     "With m it must be in obj-m, and there alone.\n%s", lists);
	EXPECT_MATCH(lists, "^n y: m:$", "With n nothing is to be built.\n%s", lists);
}

/* The compiler's and modpost's words, not make's progress. */
static void expect_silent(const char *report)
{
	char *text = from_build(report);

	EXPECT_NOMATCH(text, "warning:|error:|WARNING:|ERROR:|\\*\\*\\*",
		       "The build with W=1 is not silent:\n%s", text);
}

static long size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_size;
}

CHECK(module, .title = "With m kbuild makes fingerprint.ko, without a warning", .needs = "lists")
{
	expect_silent("module.report");
	EXPECT_GT(size_of("fingerprint.ko"), 0, "There is no fingerprint.ko.\n%s",
		  from_build("module.report"));
}

CHECK(builtin, .title = "With y the kernel starts it at boot", .needs = "lists")
{
	expect_silent("builtin.report");
	ASSERT_GT(size_of("builtin.object"), 0, "There is no fingerprint.o.\n%s",
		  from_build("builtin.report"));
	EXPECT_TRUE(has_initcall("builtin.object"),
		    "No section .initcall*.init is in the built-in object: the kernel calls no function of it, ever. A function named init_module() is called in a module only; module_init() serves both.");
}

/* CRC-32 as of IEEE 802.3, a bit at a time. */
static unsigned int crc_of(u64 number)
{
	unsigned int crc = ~0u;

	for (int i = 0; i < 64; i++) {
		crc ^= number >> i & 1;
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

CHECK(works, .title = "Loaded, it gives the CRC-32 of each number", .needs = "module")
{
	ASSERT_OK(mod_load("fingerprint.ko", NULL));
	for (int i = 0; i < 32; i++) {
		u64 number = check_random() >> check_random_range(0, 63);
		char text[32], want[32], *got;

		snprintf(text, sizeof(text), "%llu", number);
		snprintf(want, sizeof(want), "0x%08x\n", crc_of(number));
		ASSERT_OK(file_write(NUMBER, text), "%s cannot be written.", NUMBER);
		got = file_read(NUMBER);
		ASSERT_NOTNULL(got, "%s cannot be read.", NUMBER);
		ASSERT_STREQ(got, want, "This is not the CRC-32 of %llu.", number);
	}
	ASSERT_OK(mod_unload("fingerprint"));
	EXPECT_ERR(libc_ret(access("/sys/kernel/debug/fingerprint", F_OK)), ENOENT,
		   "The module is gone, and its directory in debugfs is still there.");
}
