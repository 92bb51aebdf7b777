// SPDX-License-Identifier: GPL-2.0
/* test_expect.c - every expectation: holds, fails and goes on, fails and ends */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "driver.h"

static long long a, b, c;
static char text[9], other[9];

/* a < b < c, on either side of 0 and of 4096; c - a fits. */
static void draw_values(void)
{
	long long base = (long long)draw(0, 20000) - 10000;

	a = base;
	b = a + draw(5000, 6000);
	c = b + draw(1, 1ULL << 62);
	for (int i = 0; i < 8; i++)
		text[i] = other[i] = 'a' + draw(0, 25);
	other[5] = text[5] == 'z' ? 'a' : text[5] + 1;
	give("CASE_A", "%lld", a);
	give("CASE_B", "%lld", b);
	give("CASE_C", "%lld", c);
	give("CASE_TEXT", "%s", text);
	give("CASE_OTHER", "%s", other);
}

/* details: the lines behind "expected ", each "# ..." and with its end. */
static void trio(const char *name, char *details)
{
	char *names = text_of("%s_holds,%s_expect,%s_assert", name, name, name);
	struct run run;

	run = run_case("expect", "--seed", "7", "--only", names, NULL);
	hide_lines(run.out);
	same_text(run.out,
		  "KTAP version 1\n# seed 7\n1..3\n"
		  "ok 1 %s_holds\n"
		  "# say %lld\n# expect.c:N: expected %s# went on\n"
		  "not ok 2 %s_expect\n"
		  "# say %lld\n# expect.c:N: expected %s"
		  "not ok 3 %s_assert\n",
		  name, a, details, name, a, details, name);
	same_text(run.err, "%s", "");
	same_number(run.status, 1);
	free(details);
	free(names);
}

TEST(expect_integers)
{
	draw_values();
	trio("eq", text_of("a == b\n#   a is %s\n#   b is %s\n", shown(a), shown(b)));
	trio("ne", text_of("a != a\n#   a is %s\n#   a is %s\n", shown(a), shown(a)));
	trio("lt", text_of("a < a\n#   a is %s\n#   a is %s\n", shown(a), shown(a)));
	trio("lt_swapped", text_of("b < a\n#   b is %s\n#   a is %s\n", shown(b), shown(a)));
	trio("le", text_of("b <= a\n#   b is %s\n#   a is %s\n", shown(b), shown(a)));
	trio("le_less", text_of("c <= b\n#   c is %s\n#   b is %s\n", shown(c), shown(b)));
	trio("gt", text_of("a > a\n#   a is %s\n#   a is %s\n", shown(a), shown(a)));
	trio("gt_swapped", text_of("a > b\n#   a is %s\n#   b is %s\n", shown(a), shown(b)));
	trio("ge", text_of("a >= b\n#   a is %s\n#   b is %s\n", shown(a), shown(b)));
	trio("ge_more", text_of("b >= c\n#   b is %s\n#   c is %s\n", shown(b), shown(c)));
	trio("between_low", text_of("b <= a <= c\n#   a is %s\n#   b is %s\n#   c is %s\n",
				    shown(a), shown(b), shown(c)));
	trio("between_high", text_of("a <= c <= b\n#   c is %s\n#   a is %s\n#   b is %s\n",
				     shown(c), shown(a), shown(b)));
}

TEST(expect_truth)
{
	draw_values();
	trio("true", text_of("b < a to be true\n#   b < a is 0\n"));
	trio("false", text_of("a < b to be false\n#   a < b is 1\n"));
	trio("false_number", text_of("b - a to be false\n#   b - a is %s\n", shown(b - a)));
	trio("notnull", text_of("none != NULL\n#   none is NULL\n"));
}

TEST(expect_null)
{
	struct run run;

	draw_values();
	run = run_case("expect", "--only", "null_holds,null_expect,null_assert", NULL);
	hide_lines(run.out);
	like(run.out, "^ok 1 null_holds\n# say %lld\n"
	     "# expect.c:N: expected given\\(\"CASE_TEXT\"\\) - a == NULL\n"
	     "#   given\\(\"CASE_TEXT\"\\) - a is 0x[0-9a-f]+\n# went on\nnot ok 2 null_expect\n"
	     "# say %lld\n.*\n.*\nnot ok 3 null_assert$", a, a);
	same_number(run.status, 1);
}

TEST(expect_strings)
{
	draw_values();
	trio("streq", text_of("text to be the same text as other\n"
			      "#   text is \"%s\"\n#   other is \"%s\"\n"
			      "#   they differ from byte 5 on (line 1), counted from 0\n",
			      text, other));
	trio("streq_null", text_of("none to be the same text as text\n"
				   "#   none is NULL\n#   text is \"%s\"\n", text));
	trio("strne", text_of("text to be another text than given(\"CASE_TEXT\")\n"
			      "#   text is \"%s\"\n#   given(\"CASE_TEXT\") is \"%s\"\n",
			      text, text));
	trio("strne_null", text_of("text to be another text than none\n"
				   "#   text is \"%s\"\n#   none is NULL\n", text));
	trio("match", text_of("text to match \"^[0-9]+$\"\n#   text is \"%s\"\n", text));
	trio("match_line", text_of("\"a\\nb\" to match \"a.b\"\n"));
	trio("nomatch", text_of("text not to match \"[a-z]+\"\n#   text is \"%s\"\n"
				"#   it matches at: %s\n", text, text));
}

TEST(expect_results)
{
	draw_values();
	trio("ok", text_of("a - b to succeed\n#   a - b is %lld (no error number)\n", a - b));
	trio("ok_zero", text_of("-invalid to succeed\n#   -invalid is -22 (EINVAL: Invalid argument)\n"));
	trio("err", text_of("-invalid == -no_device\n#   -invalid is -22 (EINVAL: Invalid argument)\n"));
	trio("err_success", text_of("a - a == -invalid\n#   a - a is 0\n#   that means success\n"));
	trio("err_positive", text_of("invalid == -invalid\n#   invalid is 22\n#   that means success\n"));
}

TEST(expect_memory)
{
	draw_values();
	trio("memeq", text_of("\"0123456789abcdefXYZ\" and \"0123456789ABCDEFxyz\" to hold the same 19 bytes\n"
			      "#   they differ from byte 10 on, counted from 0\n"
			      "#   \"0123456789abcdefXYZ\", bytes 6 to 18: 36 37 38 39 61 62 63 64 65 66 58 59 5a\n"
			      "#   \"0123456789ABCDEFxyz\", bytes 6 to 18: 36 37 38 39 41 42 43 44 45 46 78 79 7a\n"));
	trio("memeq_none", text_of("none and text to hold the same 3 bytes\n#   none is NULL\n"));
}
