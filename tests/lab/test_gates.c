// SPDX-License-Identifier: GPL-2.0
/* test_gates.c - which lines of a kernel's log are findings. */
#include "fixture.h"
#include "judge.h"

/* The gate that fires for a line, "" when none does. */
static const char *gate_for(const char *line)
{
	struct finding *findings = NULL;
	size_t count = 0;
	const char *gate;

	gates_read_log(line, NULL, &findings, &count);
	gate = count ? findings[0].gate : "";
	findings_free(findings, count);
	return gate;
}

TEST(gates_names)
{
	ASSERT_STR(gate_for("<3>[    1.5] kobject_add_internal failed for a with -EEXIST, don't try to"), "sysfs");
	ASSERT_STR(gate_for("<3>[    1.5] kobject_add_internal failed for a (error: -2 parent: b)"), "sysfs");
	ASSERT_STR(gate_for("<3>[    1.5] kobject_add_internal failed for a (error: -17 parent: b)"), "sysfs");
	ASSERT_STR(gate_for("<3>[    1.5] kobject_add_internal failed for a (error: -121 parent: b)"), "sysfs");
	/* No memory: it was a test that made it fail. */
	ASSERT_STR(gate_for("<3>[    1.5] kobject_add_internal failed for a (error: -12 parent: b)"), "");
	ASSERT_STR(gate_for("<6>[    1.5] hello: all is well"), "");
}
