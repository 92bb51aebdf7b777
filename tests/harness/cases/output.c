// SPDX-License-Identifier: GPL-2.0
/* Checks that print: lies, too much, and what is no text. */
#include "case.h"

CHECK(forges)
{
	printf("ok 1 forges\nKTAP version 1\n1..1\r\nok 1 forges\rok 1 forges\n");
	printf("\x0bok 1 forges\n\x0cok\n\xc2\x85ok\xe2\x80\xa8ok\n");
	fprintf(stderr, "ok 1 forges # on standard error\n");
	check_note("ok 1 forges\nok 2 forges\rok 3");
	EXPECT_EQ(1, 2, "ok 1\nnot ok 2\rok 3");
	EXPECT_STREQ("ok 1 forges\nok 2 forges\n\x1b[31m", given("CASE_NOTHING"));
	printf("ok 1 forges # without an end of line");
}

CHECK(floods)
{
	long long lines = given_number("CASE_LINES");

	for (long long i = 0; i < lines; i++)
		printf("ok 1 line %lld\n", i);
}

CHECK(notes_much)
{
	long long lines = given_number("CASE_LINES");

	for (long long i = 0; i < lines; i++)
		EXPECT_EQ(i, -1);
}

CHECK(notes_long)
{
	check_note("%s", given("CASE_LONG"));
}

CHECK(prints_bytes)
{
	for (int i = 0; i < 256; i++)
		if (i != '\n')
			putchar(i);
	putchar('\n');
	printf("Gr\xc3\xbc\xc3\x9f" "e \xe2\x82\xac \xf0\x9f\x90\xa7\n");
	printf("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82");
}

CHECK(unfinished)
{
	printf("a\n\nb\n");
	fputs("c", stderr);
}
