// SPDX-License-Identifier: GPL-2.0
/* test_input.c - what people name or write wrongly. */
#include <sys/stat.h>

#include "vmlab.h"

TEST(no_such_lab)
{
	const char *word = random_word();
	struct ran ran = run_lab("check", word);

	EXPECT(ran, 2, strf("there is no lab '%s'", word), "mend:", "./lab list");
	ran = run_lab("run", strf("%s/%s", test_dir, word));
	EXPECT(ran, 2, "there is no lab", "mend:");
}

TEST(no_makefile)
{
	struct ran ran;

	put_file(strf("%s/bare/bare.c", test_dir), "int a;\n");
	ran = run_lab("run", strf("%s/bare", test_dir));
	EXPECT(ran, 2, "has no Makefile and no Kbuild", "obj-m := NAME.o");
	put_file(strf("%s/lab/lab.ini", test_dir),
		 "[lab]\ntitle = T\nkind = D\npoints = 0\nminutes = 5\n");
	ran = run_lab("check", strf("%s/lab", test_dir));
	EXPECT(ran, 2, "has no Makefile", "mend:");
}

TEST(makefile_without_modules)
{
	struct ran ran;

	put_file(strf("%s/empty/Makefile", test_dir), "# nothing\n");
	ran = run_lab("run", strf("%s/empty", test_dir));
	EXPECT(ran, 1, "nothing was built", "obj-m := NAME.o");
}

/* The compiler's words, and only then ours. */
TEST(does_not_compile)
{
	const char *word = random_word();
	const char *dir = make_module("broken", strf("int init(void)\n{\n\treturn %s;\n}\n", word));
	const char *error, *ours;
	struct ran ran = run_lab("run", dir);

	EXPECT(ran, 1, "It does not compile", "read the first error first");
	error = strstr(ran.out, word);
	ours = strstr(ran.out, "It does not compile");
	ASSERT(error && error < ours);
}

TEST(lab_does_not_compile)
{
	const char *word = random_word();
	const char *dir = make_module("broken", strf("int init(void)\n{\n\treturn %s;\n}\n", word));
	struct ran ran;

	put_file(strf("%s/lab.ini", dir),
		 "[lab]\ntitle = T\nkind = D\npoints = 0\nminutes = 5\n");
	put_file(strf("%s/check.c", dir), "int main(void)\n{\n\treturn 0;\n}\n");
	put_file(strf("%s/Makefile", dir),
		 strf("obj-m := broken.o\ninclude %s/common/lab.mk\n", LAB_TOP));
	ran = run_lab("check", dir);
	EXPECT(ran, 1, "It does not compile", word, "broken.c:3:", "FAILED", "full log:");
	/* The file is the student's, not the copy that was built. */
	ASSERT_HAS_NOT(ran.out, "/student/broken/");
}

TEST(module_of_another_kernel)
{
	const char *dir = make_module("elder",
		"#include <linux/module.h>\n"
		"MODULE_INFO(vermagic, \"5.10.0-1-amd64 SMP mod_unload modversions \");\n"
		"static int __init here(void)\n{\n\treturn 0;\n}\n"
		"module_init(here);\nMODULE_LICENSE(\"GPL\");\n");
	struct ran ran = run_lab("run", dir);

	EXPECT(ran, 1, "cannot load elder.ko: Exec format error",
	       "it was built for another kernel", "version magic '5.10.0-1-amd64");
}

/* One that is really built for 6.12, brought along as data, and one of noise. */
TEST(foreign_binaries)
{
	const char *word, *dir = make_good_module("later", &word);
	struct strlist files = { 0 };
	struct ran ran = run_lab("run", dir, "--kernel", "6.12");
	const char *built = strf("%s/build/6.12/foreign%s/later.ko", getenv("LAB_CACHE"), dir);

	EXPECT(ran, 0, word, "loaded later.ko", "unloaded later");
	copy_file(built, strf("%s/later.bin", dir));
	put_file(strf("%s/noise.bin", dir), strf("\177ELF\2\1\1 %s", word));
	scribble(strf("%s/noise.bin", dir), 8, random_range(1, 20000));
	ran = run_lab("run", dir, "--", "rmmod later; insmod /lab/later.bin");
	EXPECT(ran, 1, "the command exited with status", "invalid module format",
	       "disagrees about version of symbol module_layout", "later was unloaded before");
	ran = run_lab("run", dir, "--", "insmod /lab/noise.bin");
	EXPECT(ran, 1, "the command exited with status");
	ran = run_lab("run", dir, "--", "rmmod later");
	EXPECT(ran, 0, "later was unloaded before");
	strlist_free(&files);
}

/* A script that came with the module is run as it is at home. */
TEST(foreign_programs)
{
	const char *word, *dir = make_good_module("helped", &word);
	const char *script = strf("%s/helper", dir);
	struct ran ran;

	put_file(script, strf("#!/bin/sh\necho \"helper says %s\"\n", word));
	ran = run_lab("run", dir, "--", "./helper");
	EXPECT(ran, 1, "Permission denied");
	if (chmod(script, 0755))
		FAIL("chmod: %m");
	ran = run_lab("run", dir, "--", "./helper");
	EXPECT(ran, 0, strf("helper says %s", word));
	if (chmod(script, 0644))
		FAIL("chmod: %m");
	ran = run_lab("run", dir, "--", "./helper");
	EXPECT(ran, 1, "Permission denied");
}

TEST(unknown_kernels)
{
	const char *word = random_word();
	struct ran ran = run_lab("run", MISBEHAVE, "--kernel", word);

	EXPECT(ran, 2, strf("there is no kernel named %s", word), "lab kernel list");
	ran = run_lab("check", MUTE, "--kernel", "../6.1");
	EXPECT(ran, 2, "there is no kernel named");
	ran = run_lab("run", MISBEHAVE, "--kernel", "6.1,6.12");
	EXPECT(ran, 2, "one kernel at a time");
	ran = run_lab("shell", "--kernel", "all");
	EXPECT(ran, 2, "one kernel at a time");
}

TEST(wrong_options)
{
	static const char *const wrong[][2] = {
		{ "--memory", "1" }, { "--cpus", "0" }, { "--timeout", "-1" },
		{ "--timeout", "" }, { "--cpus", "two" }, { "--memory", "99999999999999999999" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct ran ran = run_lab("run", MISBEHAVE, wrong[i][0], wrong[i][1]);

		EXPECT(ran, 2, "is no value for this option", "--help");
	}
}

/* make has its own ideas of blanks, and of colons. */
TEST(names_that_make_cannot_take)
{
	const char *word, *dir = make_good_module("odd", &word);
	const char *odd = xasprintf("%s/a b: %s ü%%", test_dir, word);
	struct ran ran;

	ASSERT_EQ(rename(dir, odd), 0);
	ran = run_lab("run", odd);
	EXPECT(ran, 0, word, "loaded odd.ko", "unloaded odd");
	setenv("LAB_CACHE", make_cache("a cache"), 1);
	ran = run_lab("run", odd);
	EXPECT(ran, 5, "make cannot build in the cache directory", "export LAB_CACHE=");
}

/* QEMU's options are lists with commas, and so are some of the compiler's. */
TEST(comma_in_the_cache)
{
	const char *const argv[] = { "sh", "-c", "echo exit | exec " LAB_PROGRAM " shell", NULL };
	struct ran ran;

	use_cache("ca,che");
	ran = run_program(argv);
	EXPECT(ran, 0, "~no saved state");
	ran = run_way("well");
	EXPECT(ran, 5, "make cannot build in the cache directory");
}

TEST(parameters_and_commands_arrive)
{
	const char *word = random_word();
	struct buf command = { 0 };
	struct ran ran;

	/* Longer than a page, in many lines, with what a shell takes apart. */
	for (int i = 0; i < 200; i++)
		buf_addf(&command, "echo \"%s  $((%d + 1))\" # '\n", word, i);
	ran = run_lab("run", MISBEHAVE, "--params", "how=hold path=/a/b.c,d=e",
		      "--", "cat /sys/module/misbehave/parameters/path\n", command.data);
	EXPECT(ran, 1, "/a/b.c,d=e", strf("%s  200", word), "cannot unload misbehave",
	       "something still uses it");
	ran = run_lab("run", MISBEHAVE, "--params", "path=/a/b.c", "--", "exit 7");
	EXPECT(ran, 1, "the command exited with status 7", "unloaded misbehave");
	buf_free(&command);
}

TEST(files_that_do_not_fit)
{
	const char *word, *dir = make_good_module("large", &word);
	const char *data = xasprintf("%s/data.bin", dir);
	struct ran ran;

	put_file(data, "");
	ASSERT_EQ(truncate(data, 150 << 20), 0);
	ran = run_lab("run", dir);
	EXPECT(ran, 2, "do not fit into", "--memory");
}
