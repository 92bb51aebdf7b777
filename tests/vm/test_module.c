// SPDX-License-Identifier: GPL-2.0
/* test_module.c - modules that do what no module may do, in `lab run`. */
#include "vmlab.h"

/* Enough for people, and no flood on their terminal. */
#define OUTPUT_MAX (400 << 10)

static void try_way(const char *how, const char *kernel, const char *timeout, int status,
		    const char *text, const char *more)
{
	struct ran ran = run_way(how, "--kernel", kernel, "--timeout", timeout, "--", "true");

	EXPECT(ran, status, text, more);
	ASSERT_INT(strlen(ran.out), <, OUTPUT_MAX);
	for (const char *p = ran.out; *p; p++)
		if ((unsigned char)*p < ' ' && *p != '\n' && *p != '\t')
			FAIL("a control character (0x%02x) reached the terminal", *p);
}

static void try_kernels(const char *how, const char *timeout, int status, const char *text,
			const char *more)
{
	try_way(how, "6.1", timeout, status, text, more);
	if (!test_long)
		return;
	try_way(how, "6.1-rt", timeout, status, text, more);
	try_way(how, "6.12", timeout, status, text, more);
}

/* A way, seconds until it counts as hanging, exit status, texts of the output. */
#define WAY(name, how, timeout, status, text, more) \
	TEST(run_##name) \
	{ \
		try_kernels(how, timeout, status, text, more); \
	}

WAY(well, "well", "60", 0, "loaded misbehave.ko", "unloaded misbehave")
WAY(panic, "panic", "60", 3, "the kernel panicked", "Kernel panic - not syncing: misbehave")
WAY(null, "null", "60", 3, "the kernel panicked", "NULL pointer dereference")
WAY(bug, "bug", "60", 3, "the kernel panicked", "kernel BUG at")
WAY(triple, "triple", "60", 3, "the machine was reset", "")
WAY(restart, "restart", "60", 3, "the machine was reset", "")
WAY(poweroff, "poweroff", "60", 3, "the machine was switched off from inside", "")
WAY(memory, "memory", "60", 3, "the kernel panicked", "memory")
WAY(kill_init, "kill-init", "60", 3, "the kernel panicked", "Attempted to kill init")
WAY(hang, "hang", "3", 4, "no answer from the guest within 3 s", "something in it never returns")
WAY(sleep, "sleep", "3", 4, "no answer from the guest", "init sleeps for ever")
WAY(flood, "flood", "3", 4, "no answer from the guest", "as fast as it goes, and for ever")
WAY(flood_behind, "flood-behind", "60", 0, "unloaded misbehave", "the rest is left out")
WAY(hang_exit, "hang-exit", "60", 4, "cannot unload misbehave",
    "its exit function has not returned for 10 s")
WAY(hold, "hold", "60", 1, "cannot unload misbehave", "something still uses it")
WAY(forge, "forge", "3", 4, "no answer from the guest", "~passed")
WAY(escape, "escape", "60", 3, "the kernel panicked", "Kernel panic")
WAY(lie, "lie", "60", 0, "unloaded misbehave", "not at all")
WAY(chatter, "chatter", "60", 0, "| leave 1500", "unloaded misbehave")
WAY(warn, "warn", "60", 0, "WARNING: CPU:", "unloaded misbehave")
WAY(no_memory, "no-memory", "60", 1, "cannot load misbehave.ko: Cannot allocate memory",
    "its init function found no memory")
WAY(no_value, "no-value", "60", 1, "cannot load misbehave.ko: Invalid argument",
    "its init function or one of its parameters refused a value")
WAY(no_such_way, "nothing of the kind", "60", 1, "cannot load misbehave.ko", "refused a value")

TEST(run_without_exit)
{
	const char *dir = make_module("stays", "#include <linux/module.h>\n"
				      "static int __init here(void)\n{\n\treturn 0;\n}\n"
				      "module_init(here);\nMODULE_LICENSE(\"GPL\");\n");
	struct ran ran = run_lab("run", dir);

	EXPECT(ran, 1, "loaded stays.ko", "cannot unload stays", "it has no exit function");
}

/* The port on which the guest's init speaks to us is not believed any more. */
TEST(run_intruders)
{
	static const char *const words[] = {
		"line", "part", "frame", "ready", "huge", "minus", "noise",
	};
	size_t first = test_long ? 0 : random_range(0, ARRAY_SIZE(words) - 2);
	size_t last = test_long ? ARRAY_SIZE(words) - 1 : first + 1;

	for (size_t i = first; i <= last; i++) {
		struct ran ran = run_lab("run", MISBEHAVE, "--", "./intrude", words[i]);

		printf("  %s\n", words[i]);
		EXPECT(ran, 1, "something in the guest wrote to the result channel",
		       "~unloaded misbehave");
	}
}

TEST(run_on_the_other_kernels)
{
	try_way("well", "6.1-rt", "60", 0, "loaded misbehave.ko", "unloaded misbehave");
	try_way("well", "6.12", "60", 0, "loaded misbehave.ko", "unloaded misbehave");
	try_way("null", "6.1-rt", "60", 3, "the kernel panicked", "NULL pointer dereference");
	try_way("null", "6.12", "60", 3, "the kernel panicked", "NULL pointer dereference");
}
