/* SPDX-License-Identifier: GPL-2.0 */
/* answers.txt, as far as it is about one version of the kernel */
#ifndef ANSWERS_H
#define ANSWERS_H

#include <stdio.h>

struct answer {
	char id[32];
	char file[256];
	unsigned long line;
	char words[256];	/* what stands there, blanks joined; or "" */
};

struct answers {
	char name[128];		/* "" when none was written */
	size_t count;
	struct answer items[256];
};

/*
 * The name, and the answers below [version]. What cannot be understood is told in
 * the report, a line "fault\t…" each. 0, or -1 when the file cannot be read.
 */
int answers_read(const char *path, const char *version, struct answers *out,
		 FILE *report);

#endif
