// SPDX-License-Identifier: GPL-2.0
/*
 * test_watch.c - lab watch with real verdicts, on the screen that tmux draws.
 * Keys, sizes and endings are in tests/lab/test_watch.c.
 */
#include "proc.h"
#include "vmlab.h"

#define WAIT_MS 300000

static const char failing[] =
	"// SPDX-License-Identifier: GPL-2.0\n"
	"#include <linux/module.h>\n\n"
	"static int __init answer_init(void)\n{\n"
	"\tpr_info(\"the answer is 41\\n\");\n\treturn 0;\n}\n\n"
	"static void __exit answer_exit(void)\n{\n}\n\n"
	"module_init(answer_init);\nmodule_exit(answer_exit);\nMODULE_LICENSE(\"GPL\");\n";

static const char check[] =
	"// SPDX-License-Identifier: GPL-2.0\n"
	"#include <stdlib.h>\n#include \"check.h\"\n\n"
	"CHECK(answers, .title = \"The module knows the answer\")\n{\n"
	"\tu64 mark = kmsg_mark();\n\tchar *log;\n\n"
	"\tASSERT_OK(mod_load(\"answer.ko\", \"\"));\n"
	"\tlog = kmsg_since(mark);\n"
	"\tEXPECT_OK(mod_unload(\"answer\"));\n"
	"\tEXPECT_MATCH(log, \"the answer is 42\", \"That is not the answer.\");\n"
	"\tfree(log);\n}\n";

static const char *source, *screen_of;

static void make_lab(void)
{
	const char *dir = xasprintf("%s/answer", test_dir);

	put_file(strf("%s/Makefile", dir),
		 strf("# SPDX-License-Identifier: GPL-2.0\nobj-m := answer.o\ninclude %s/common/lab.mk\n",
		      LAB_TOP));
	put_file(strf("%s/lab.ini", dir),
		 "[lab]\ntitle = The answer\nkind = E\npoints = 1\nfiles = answer.c\n"
		 "[hints]\n1 = It is a number.\n2 = It is above 41.\n3 = It is below 43.\n"
		 "[skeleton]\nfails = answers\n");
	put_file(strf("%s/README.md", dir), "# The answer\n");
	put_file(strf("%s/check.c", dir), check);
	source = xasprintf("%s/answer.c", dir);
	put_file(source, failing);
}

static void put_answer(const char *answer)
{
	char *text = xstrdup(failing);

	memcpy(strstr(text, "41"), answer, 2);
	put_file(source, text);
	free(text);
}

static struct ran tmux(const char *what, const char *a, const char *b, const char *c)
{
	const char *const argv[] = { "tmux", "-S", screen_of, what, a, b, c, NULL };

	return run_program(argv);
}

static struct ran screen(void)
{
	return tmux("capture-pane", "-p", NULL, NULL);
}

/* The screen as soon as text is on it. */
static struct ran see(const char *text)
{
	int64_t until = now_ms() + WAIT_MS;
	struct ran ran = screen();

	while (!strstr(ran.out, text)) {
		if (now_ms() > until) {
			tmux("kill-server", NULL, NULL, NULL);
			FAIL("never on the screen: %s\n%s", text, ran.out);
		}
		sleep_ms(200);
		ran = screen();
	}
	return ran;
}

static bool begin(const char *options)
{
	char *program = proc_find_program("tmux");
	const char *command = xasprintf("trap : INT; echo before; %s watch %s %s/answer; echo STATUS $?; "
					"stty -a | grep -o '[-]*icanon'; exec sleep 1000",
					LAB_PROGRAM, options, test_dir);
	const char *const argv[] = {
		"tmux", "-S", screen_of = xasprintf("%s/tmux", test_dir), "-f", "/dev/null",
		"new-session", "-d", "-x", "80", "-y", "24", command, NULL
	};
	struct ran ran;

	if (!program)
		return false;
	free(program);
	make_lab();
	ran = run_program(argv);
	EXPECT(ran, 0);
	return true;
}

TEST(watch_from_failed_to_passed)
{
	struct ran ran;

	if (!begin(""))
		test_skip("there is no tmux to draw a screen");
	ran = see("FAILED  0 of 1 checks");
	EXPECT(ran, 0, "✗ answers", "That is not the answer.", "The answer", "inotify", "q quit",
	       "~before");
	/* A save in the middle of a run: only the last one counts. */
	put_answer("17");
	see("judging");
	sleep_ms(700);
	put_answer("42");
	ran = see("PASSED  1 of 1 checks");
	EXPECT(ran, 0, "✓ answers", "s solution", "~That is not", "~judging");
	put_answer("xx");
	see("FAILED  0 of 1 checks");
	tmux("send-keys", "h", NULL, NULL);
	see("It is a number.");
	tmux("send-keys", "q", NULL, NULL);
	ran = see("STATUS");
	see("icanon");
	EXPECT(ran, 0, "before", "STATUS 1", "failed (0 of 1 checks", "~-icanon");
	tmux("kill-server", NULL, NULL, NULL);
}

/* Ended in the middle of a run, it leaves neither machine nor file behind. */
TEST(watch_ended_in_a_run)
{
	struct ran ran;

	if (!begin("--poll"))
		test_skip("there is no tmux to draw a screen");
	/* That stands there from a run's begin to its end; "checking" is gone soon. */
	see("judging");
	tmux("send-keys", "C-c", NULL, NULL);
	ran = see("STATUS 130");
	EXPECT(ran, 0, "before");
	tmux("kill-server", NULL, NULL, NULL);
}
