// SPDX-License-Identifier: GPL-2.0
/* envreport's reading of compilers' names and of taints, with made-up ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "check_report.h"

FIXTURE_SETUP(tree)
{
	tree_make(self);
}

FIXTURE_TEARDOWN(tree)
{
	tree_end(self);
}

static void expect_compilers(const struct fixture_tree *tree, const char *kernels,
			     const char *here, const char *want)
{
	char version[512];

	snprintf(version, sizeof(version),
		 "Linux version 6.1.0 (me@(none)) (%s, GNU ld (GNU Binutils) 2.40) #1 SMP\n",
		 kernels);
	tree_file(tree, "proc/version", version);
	ASSERT_OK(libc_ret(setenv("FAKECC_SAYS", here, 1)));
	report_make(tree->root);
	EXPECT_STREQ(report_value("kernel_compiler"), kernels);
	EXPECT_STREQ(report_value("compiler_here"), strncmp(here, "hang", 4) ? here : "unknown");
	EXPECT_STREQ(report_value("compilers"), want, "%s and %s", kernels, here);
}

CHECK_F(tree, compiler_pairs, .title = "The kernel's compiler is compared with the one at hand",
	.deadline = 60)
{
	unsigned int major = check_random_range(5, 20);
	char a[64], b[64], c[64];

	snprintf(a, sizeof(a), "gcc-%u (Debian %u.2.0-14, a build) %u.2.0", major, major, major);
	snprintf(b, sizeof(b), "gcc (GCC) %u.3.1 20240101 (Red Hat)", major);
	snprintf(c, sizeof(c), "gcc version %u.2.0 (Ubuntu 1.2.3)", major + 1);
	ASSERT_OK(libc_ret(setenv("CC", "/lab/fakecc", 1)));
	expect_compilers(self, a, a, "same");
	expect_compilers(self, a, b, "similar");
	expect_compilers(self, b, c, "differ");
	snprintf(c, sizeof(c), "Debian clang version %u.2.0", major);
	expect_compilers(self, a, c, "differ");
	expect_compilers(self, c, c, "same");
	expect_compilers(self, a, "hang on", "unknown");
	expect_compilers(self, a, "no number", "unknown");
	tree_file(self, "proc/version",
		  "Linux version 4.4.0-1-Microsoft (M@M.com) (gcc version 5.4.0 (GCC) ) #1-Microsoft\n");
	report_make(self->root);
	EXPECT_STREQ(report_value("kernel_compiler"), "gcc version 5.4.0 (GCC)");
}

CHECK_F(tree, taint_letters, .title = "Each bit of a taint is named, unknown ones by number")
{
	u64 bits = check_random() | 1;
	char text[32];

	snprintf(text, sizeof(text), "%llu\n", bits);
	tree_file(self, "proc/sys/kernel/tainted", text);
	report_make(self->root);
	for (int i = 0; i < 64; i++) {
		static const char letters[] = "PFSRMBUDAWCIOELKXTN";
		char sign[32];

		if (i < 19)
			snprintf(sign, sizeof(sign), "(^|; )%c: ", letters[i]);
		else
			snprintf(sign, sizeof(sign), "(^|; )bit %d: ", i);
		if (bits >> i & 1)
			EXPECT_MATCH(report_why("taint"), sign);
		else
			EXPECT_NOMATCH(report_why("taint"), sign);
	}
}
