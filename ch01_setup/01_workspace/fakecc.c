// SPDX-License-Identifier: GPL-2.0
/*
 * fakecc - stands for a compiler in the check, where there is none: it prints
 * what $FAKECC_SAYS says, and hangs if that begins with "hang"
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
	const char *says = getenv("FAKECC_SAYS");

	if (argc != 2 || strcmp(argv[1], "--version") || !says)
		return 1;
	if (!strncmp(says, "hang", 4))
		pause();
	puts(says);
	return 0;
}
