// SPDX-License-Identifier: GPL-2.0
/*
 * A check program without the harness, which breaks its promises: how, is told
 * by the seed.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static int tell(const char *text, int status)
{
	fputs(text, stdout);
	return status;
}

static int noise(void)
{
	srand(1);
	for (int i = 0; i < 1 << 20; i++)
		putchar(rand() >> 8);
	return 0;
}

int main(void)
{
	const char *seed = getenv("WB_SEED");

	switch (seed ? atoi(seed) : 0) {
	case 1:
		return 0;
	case 2:
		return tell("KTAP version 1\n1..2\nok 1 first\n", 0);
	case 3:
		return tell("KTAP version 1\n1..1\nok 1 first\nok 2 second\n", 0);
	case 4:
		return tell("KTAP version 1\n1..1\nnot ok 1 first\n", 0);
	case 5:
		return tell("KTAP version 1\n1..1\nok 1 first\n", 1);
	case 6:
		return raise(SIGKILL);
	case 7:
		return noise();
	case 8:
		return tell("KTAP version 1\n1..4000000000\nok 1 first\n", 0);
	case 9:
		return tell("KTAP version 1\n1..1\n# half a", 0);
	case 10:
		return tell("KTAP version 1\n1..1\nok 1 \033[2J\033[31mfirst\n", 1);
	case 12:
		if (getenv("MOOD"))
			printf("KTAP version 1\n1..1\nnot ok 1 %s\n", getenv("MOOD"));
		else
			puts("KTAP version 1\n1..1\nok 1 first");
		return getenv("MOOD") != NULL;
	default:
		return tell("KTAP version 1\n1..1\nok 1 first\n", 0);
	}
}
