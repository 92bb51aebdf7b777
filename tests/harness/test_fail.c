// SPDX-License-Identifier: GPL-2.0
/* test_fail.c - FAIL_EACH(): what it lets pass, and what it says of the rest */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "driver.h"

#define HEAD	"KTAP version 1\n# seed 1\n1..1\n"
#define AT	"# An allocation was made to fail: the one at second+0x20/0x40 [paper].\n" \
		"# failnth.c:N: FAIL_EACH(operation()): "

static void each(const char *how, int status, const char *lines)
{
	struct run run;

	give("CASE_HOW", "%s", how);
	run = run_case("failnth", "--seed", "1", NULL);
	hide_lines(run.out);
	same_text(run.out, "%s%s", HEAD, lines);
	same_number(run.status, status);
}

TEST(fail_each)
{
	each("well", 0, "ok 1 each\n");
	each("other", 0, "ok 1 each\n");
	each("-", 0, "ok 1 each # SKIP this kernel cannot make allocations fail\n");
	each("swallows", 1, AT "expected -ENOMEM, it gave 0\nnot ok 1 each\n");
	each("leaks", 1,
	     AT "96 bytes were lost that were got at take+0x1a/0x40 [paper]\nnot ok 1 each\n");
	each("complains", 1, AT "WARNING: CPU: 0 PID: 1 at paper.c:1\nnot ok 1 each\n");
	each("fails", 1,
	     "# failnth.c:N: FAIL_EACH(operation()): nothing failed any more, and it gave an error\nnot ok 1 each\n");
}
