// SPDX-License-Identifier: GPL-2.0
/*
 * The program, with the module's help.
 */
#include "check.h"
#include "check_kernel.h"

static char *run_live(const char *first, const char *second, int status)
{
	const char *const argv[] = { "./allocsel", "--rules", "yours", "--live",
				     "--size", first, second, NULL };
	struct run_result run = run_program(argv, 20);

	EXPECT_EQ(run.status, status, "It printed: %s%s", run.out, run.err);
	return run.status ? run.err : run.out;
}

CHECK(live, .title = "allocsel --live shows the proof", .needs = "performs")
{
	char *text;

	load_module("");
	text = run_live("40K", "--user-map", 0);
	EXPECT_MATCH(text, "^decision: vmalloc_user\\(\\) ");
	EXPECT_MATCH(text, "^proof: ([0-9]+) of \\1 properties hold$");
	EXPECT_MATCH(text, "^mapped: written and read by this program$");
	text = run_live("0", "--json", 0);
	EXPECT_MATCH(text, "\"errno\": ?\"EINVAL\"");
	unload_module();
	text = run_live("40K", NULL, 5);
	EXPECT_MATCH(text, "^  mend: sudo insmod allocsel.ko$");
}
