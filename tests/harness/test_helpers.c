// SPDX-License-Identifier: GPL-2.0
/* test_helpers.c - files, programs, modules, the kernel log */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"

#define HEAD	"KTAP version 1\n# seed 1\n1..1\n"

/* Run one check of a case: these lines of it, and this status. */
static void helper(const char *program, const char *name, int status, char *lines)
{
	struct run run = run_case(program, "--seed", "1", "--only", name, NULL);

	hide_lines(run.out);
	same_text(run.out, HEAD "%s%s 1 %s\n", lines, status ? "not ok" : "ok",
		  name);
	same_text(run.err, "%s", "");
	same_number(run.status, status);
	free(lines);
}

static u64 sum(const char *text, size_t len)
{
	u64 hash = len;

	for (size_t i = 0; i < len; i++)
		hash = hash * 31 + (unsigned char)text[i];
	return hash;
}

TEST(file_read_sizes)
{
	size_t sizes[] = {
		0, 1, 4094, 4095, 4096, 4097, 8191, 8192, draw(2, 4000),
		draw(10000, 3000000),
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *text = malloc(sizes[i] + 1);

		for (size_t j = 0; j < sizes[i]; j++)
			text[j] = draw(1, 255);
		give("CASE_FILE", "%s", make_file("read", text, sizes[i]));
		helper("helpers", "reads", 0,
		       text_of("# %zu %llu\n", sizes[i], sum(text, sizes[i])));
		free(text);
	}
}

TEST(file_write)
{
	give("CASE_FILE", "%s", make_file("written", "old", 3));
	give("CASE_TEXT", "%llu", draw(0, 1000000));
	helper("helpers", "writes", 0, text_of("%s", ""));
}

TEST(kernel_taint)
{
	FILE *file = fopen("/proc/sys/kernel/tainted", "r");
	unsigned long taint;

	if (!file || fscanf(file, "%lu", &taint) != 1)
		return skip_test("/proc/sys/kernel/tainted cannot be read");
	fclose(file);
	helper("helpers", "taint", 0, text_of("# %lu\n", taint));
}

TEST(run_program)
{
	int status = draw(0, 255), word = draw(0, 1000000);
	char *kept = calloc(1, 16 << 20);
	struct run run;

	give("CASE_STATUS", "%d", status);
	give("CASE_TEXT", "%d", word);
	run = run_case("helpers", "--seed", "1", "--only", "runs", NULL);
	same_text(run.out, HEAD
		  "# %d [%d.two words..%d.] [wrong\n# ]\n"
		  "# error 2, status -1, signal 0, out 0 0, err 0 0\n"
		  "# error 2, status -1, signal 0, out 0 0, err 0 0\n"
		  "# error 0, status -1, signal 9, out 0 0, err 0 0\n"
		  "# error 0, status 0, signal 0, out 0 0, err 0 0\n"
		  "# error 0, status 0, signal 0, out 3 %llu, err 0 0\n"
		  "# error 0, status -1, signal 9, timed out, out 7 %llu, err 0 0\n"
		  "# error 0, status 0, signal 0, out 2 %llu, err 0 0\n"
		  "# error 0, status 0, signal 0, truncated, out 16777216 %llu, err 2 %llu\n"
		  "# error 0, status 0, signal 0, out 0 0, err 0 0\n"
		  "ok 1 runs\n", status, status, word,
		  sum("a\0b", 3), sum("before\n", 7),
		  sum("x\n", 2), sum(kept, 16 << 20),
		  sum("e\n", 2));
	same_number(run.status, 0);
	free(kept);
}

TEST(no_descriptor_leaks)
{
	helper("helpers", "leaks_no_descriptor", 0, text_of("%s", ""));
}

TEST(wait_until)
{
	helper("helpers", "waits", 0, text_of("%s", ""));
}

TEST(kernel_log)
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	char *seed = text_of("%llu", draw(0, ~0ULL));
	struct run run;

	if (fd < 0)
		return skip_test("/dev/kmsg cannot be opened; run as root");
	close(fd);
	run = run_case("helpers", "--only", "kernel_log", "--seed", seed, NULL);
	same_text(run.out, "KTAP version 1\n# seed %s\n1..1\nok 1 kernel_log\n", seed);
	same_number(run.status, 0);
}

TEST(module_calls)
{
	int err = draw(1, 100);

	give("CASE_FILE", "%s", make_file("a.ko", "content", 7));
	give("CASE_ERRNO", "0");
	helper("faked", "modules", 0,
	       text_of("# finit_module content, \"\", 0\n# 0\n# -2\n"
		       "# delete_module \"my_mod\", O_NONBLOCK\n# 0\n"));
	give("CASE_ERRNO", "%d", err);
	give("CASE_PARAMS", "count=%d name=x", err);
	helper("faked", "modules", 0,
	       text_of("# finit_module content, \"count=%d name=x\", 0\n# %d\n# -2\n"
		       "# delete_module \"my_mod\", O_NONBLOCK\n# %d\n",
		       err, -err, -err));
}

TEST(module_list)
{
	static const char form[] =
		"params2 16384 9 - Live 0x0 (OE)\n"
		"params 16384 %d my_mod,x, Live 0x0 (OE)\n"
		"my_mod 4096 %d - Live 0xffffffffc0000000 (OE)\n"
		"going 4096 0 - Unloading 0x0\n"
		"coming 4096 -1 - Loading 0x0\n"
		"dash 4096 - - Live 0x0\n";
	int users = draw(0, 1000), more = draw(0, 1000);
	char *text = text_of(form, users, more);

	give("CASE_MODULES", "%s", make_file("modules", text, strlen(text)));
	helper("faked", "listed", 0,
	       text_of("# params 1 %d\n# param 0 -2\n# my-mod 1 %d\n"
		       "# my_mod 1 %d\n# going 0 0\n# coming 0 -1\n# dash 1 0\n",
		       users, more, more));
	/* A kernel without modules has no list. */
	give("CASE_MODULES", "/no/such/file");
	helper("faked", "listed", 0,
	       text_of("# params 0 -2\n# param 0 -2\n# my-mod 0 -2\n"
		       "# my_mod 0 -2\n# going 0 -2\n# coming 0 -2\n# dash 0 -2\n"));
}

TEST(module_params)
{
	int value = draw(0, 1000000);
	char *text = text_of("%d\n", value);
	char *path = make_file("sys.my_mod.count", text, strlen(text));
	char got[32] = "";
	FILE *file;

	give("CASE_SYS", "%.*s", (int)(strstr(path, ".my_mod") - path), path);
	give("CASE_PARAMS", "%d", value + 1);
	helper("faked", "params", 0, text_of("# [%d]\n", value));
	file = fopen(path, "r");
	holds(file && fgets(got, sizeof(got), file));
	same_text(got, "%d", value + 1);
}

static void log_is(const char *script, u64 mark, const char *regex, char *lines)
{
	give("CASE_LOG", "%s", make_file("log", script, strlen(script)));
	give("CASE_MARK", "%llu", mark);
	give("CASE_REGEX", "%s", regex);
	helper("faked", "log", 0, lines);
}

TEST(log_records)
{
	/* Prefix 30 is facility 3, level 6; the text of a record may hold ';'. */
	static const char script[] =
		"6,100,1,-;old\n"
		"3,101,2,-;params: bad; worse\n"
		"30,102,3,-,caller=T1;from user space\t SUBSYSTEM=x\t DEVICE=y\n"
		"4,103,4,c;a\\x0ab \\x5cx41 \\x09 \\xc3\\xbc \\x00 \\xzz\n";

	log_is(script, 101, "^<3>params: .*worse$",
	       text_of("# 104\n# <3>params: bad; worse\n# <6>from user space\n"
		       "# <4>a\n# <4>b \\x41 \t \xc3\xbc \\x00 \\xzz\n# 1\n"));
	log_is(script, 104, "params", text_of("# 104\n# \n# 0\n"));
	log_is(script, 103, "params", text_of("# 104\n# <4>a\n# <4>b \\x41 \t \xc3\xbc \\x00 \\xzz\n# 0\n"));
	log_is("", 0, "x", text_of("# 0\n# \n# 0\n"));
	log_is("garbage\n6,7,1,-;x\n", 0, "^<6>x$",
	       text_of("# 8\n# <lost>7 messages were overwritten before they could be read\n# <6>x\n# 1\n"));
}

TEST(log_overwritten)
{
	unsigned int gap = draw(2, 100000);
	char *script = text_of("6,10,1,-;first\n!EPIPE\n!EPIPE\n6,%u,1,-;second\n6,%u,1,-;third\n",
			       10 + gap, 11 + gap);

	log_is(script, 10, "third",
	       text_of("# %u\n# <6>first\n"
		       "# <lost>%u messages were overwritten before they could be read\n"
		       "# <6>second\n# <6>third\n# 1\n", 12 + gap, gap - 1));
	/* What was lost before the mark does not count. */
	log_is(script, 10 + gap, "first",
	       text_of("# %u\n# <6>second\n# <6>third\n# 0\n", 12 + gap));
	/* The mark itself was overwritten. */
	log_is(script, 11, "<lost>",
	       text_of("# %u\n# <lost>%u messages were overwritten before they could be read\n"
		       "# <6>second\n# <6>third\n# 1\n", 12 + gap, gap - 1));
}

TEST(log_faults)
{
	give("CASE_LOG", "/no/such/file");
	helper("faked", "log", 5,
	       text_of("# The kernel log cannot be read: /dev/kmsg: No such file or directory. Run the check as root.\n"));
	give("CASE_LOG", "%s", make_file("log", "", 0));
	helper("faked", "log_bad_regex", 5,
	       text_of("# the regex \"(\" cannot be used: Unmatched ( or \\(\n"));
}
