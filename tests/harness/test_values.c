// SPDX-License-Identifier: GPL-2.0
/* test_values.c - integers of every type and texts of every kind */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "driver.h"

TEST(values_grid)
{
	char *seed = text_of("%llu", draw(0, ~0ULL));
	struct run run = run_case("values", "--only", "grid", "--seed", seed, NULL);

	/* 12 types, 13 values, 6 relations. */
	same_text(run.out, "KTAP version 1\n# seed %s\n1..1\n"
		  "# %d comparisons, 0 wrong\nok 1 grid\n",
		  seed, 12 * 12 * 13 * 13 * 6);
	same_number(run.status, 0);
}

TEST(values_shown)
{
	struct run run = run_case("values", "--only", "shown", "--seed", "0", NULL);

	hide_lines(run.out);
	same_text(run.out, "KTAP version 1\n# seed 0\n1..1\n"
		  "# values.c:N: expected minus == most\n"
		  "#   minus is -1\n#   most is 4294967295 (0xffffffff)\n"
		  "# values.c:N: expected minus > most\n"
		  "#   minus is -1\n#   most is 4294967295 (0xffffffff)\n"
		  "# values.c:N: expected color == RED\n"
		  "#   color is 1\n#   RED is 0\n"
		  "# values.c:N: expected flags.low == flags.sign\n"
		  "#   flags.low is 5\n#   flags.sign is -3\n"
		  "# values.c:N: expected least == big\n"
		  "#   least is -9223372036854775808\n"
		  "#   big is 18446744073709551615 (0xffffffffffffffff)\n"
		  "# values.c:N: expected yes == false\n"
		  "#   yes is true\n"
		  "# values.c:N: expected letter == quote\n"
		  "#   letter is 120 'x'\n#   quote is 39 '\\''\n"
		  "# values.c:N: expected newline != 10u\n"
		  "#   newline is 10 '\\n'\n#   10u is 10\n"
		  "# values.c:N: expected near == at\n"
		  "#   near is 4095\n#   at is 4096 (0x1000)\n"
		  "# values.c:N: expected where == nowhere\n"
		  "#   where is 0x1000\n#   nowhere is NULL\n"
		  "# values.c:N: expected 1 == 2\n"
		  "# values.c:N: expected sizeof(int) == 010\n"
		  "#   sizeof(int) is 4\n#   010 is 8\n"
		  "# values.c:N: expected -EINVAL == -ENODEV\n"
		  "#   -EINVAL is -22 (EINVAL: Invalid argument)\n"
		  "# values.c:N: expected -512 to succeed\n"
		  "#   -512 is -512 (ERESTARTSYS: for use inside the kernel only)\n"
		  "# values.c:N: expected (short)-1 == (unsigned short)-1\n"
		  "#   (short)-1 is -1\n#   (unsigned short)-1 is 65535 (0xffff)\n"
		  "not ok 1 shown\n");
	same_number(run.status, 1);
}

TEST(values_evaluated_once)
{
	struct run run = run_case("values", "--only", "once", "--seed", "0", NULL);

	same_text(run.out, "KTAP version 1\n# seed 0\n1..1\nok 1 once\n");
	same_number(run.status, 0);
}

TEST(values_line_number)
{
	struct run run = run_case("values", "--only", "lines", "--seed", "0", NULL);
	char *line = strstr(run.out, "# line ");

	if (holds(line != NULL))
		same_text(run.out, "KTAP version 1\n# seed 0\n1..1\n"
			  "# line %d\n# values.c:%d: expected 1 == 2\n"
			  "not ok 1 lines\n", atoi(line + 7), atoi(line + 7));
}

TEST(values_texts)
{
	size_t len = draw(1001, 60000);
	char *text = malloc(len + 1);
	struct run run;

	memset(text, 'a' + draw(0, 25), len);
	text[len] = '\0';
	give("CASE_LONG", "%s", text);
	run = run_case("values", "--only", "texts", "--seed", "0", NULL);
	hide_lines(run.out);
	same_text(run.out, "KTAP version 1\n# seed 0\n1..1\n"
		  "# The title stands in for a missing message, once\n"
		  "# values.c:N: expected control to be the same text as \"\"\n"
		  "#   control is \"tab\\t\\\"quoted\\\" back\\\\slash\\r\\x01\\n\"\n"
		  "#   they differ from byte 0 on (line 1), counted from 0: there the second one ends\n"
		  "# values.c:N: expected several to match \"five\"\n"
		  "#   several is 13 bytes:\n"
		  "#     | one\n#     | two\n#     | \n#     | four\n"
		  "# values.c:N: expected several to be the same text as \"one\\ntwo\\n\\nfou\"\n"
		  "#   several is 13 bytes:\n"
		  "#     | one\n#     | two\n#     | \n#     | four\n"
		  "#   they differ from byte 12 on (line 4), counted from 0: there the second one ends\n"
		  "# values.c:N: expected long_one to be the same text as \"\"\n"
		  "#   long_one is \"%.1000s\"...\n"
		  "#   they differ from byte 0 on (line 1), counted from 0: there the second one ends\n"
		  "# errno is kept for the message: No such file or directory\n"
		  "# values.c:N: expected -1 to succeed\n"
		  "#   -1 is -1 (EPERM: Operation not permitted)\n"
		  "#   if it is a call of the C library, see errno: ENOENT: No such file or directory\n"
		  "not ok 1 texts\n", text);
}
