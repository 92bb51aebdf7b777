// SPDX-License-Identifier: GPL-2.0
/* test_term.c - colour, width, the progress line, on a terminal and without. */
#include <sys/wait.h>

#include "fixture.h"
#include "md.h"
#include "term.h"

#define LONG_TITLE "A title that goes on and on so that no terminal of usual width can hold it in a line"

static void make_labs(void)
{
	make_root();
	add_lab("ch04_lkm/01_hello", GOOD_INI);
	add_lab("ch04_lkm/02_other",
		"[lab]\ntitle = " LONG_TITLE "\nkind = E B U\npoints = 1000\nminutes = 9\nfiles = a.c\n"
		"[hints]\n1 = " LONG_TITLE " " LONG_TITLE " " LONG_TITLE " `code`\n");
	write_file(in_root("ch04_lkm/README.md"), "# " LONG_TITLE "\n");
	write_file(in_root("ch04_lkm/02_other/README.md"),
		   "# " LONG_TITLE "\n\n" LONG_TITLE " **bold** `a b c` " LONG_TITLE "\n\n- " LONG_TITLE "\n\n"
		   "> " LONG_TITLE "\n\n| a | b |\n|---|---|\n| " LONG_TITLE " | " LONG_TITLE " |\n");
}

static const char *const verbs[][3] = {
	{ NULL }, { "list" }, { "progress" }, { "show", "02_other" }, { "hint", "02_other" },
	{ "--help" }, { "show", "01_hello" }, { "hint", "--all", "hello" },
};

static struct ran run_verb(size_t i)
{
	return run_lab_((const char *const[]){ verbs[i][0], verbs[i][1], verbs[i][2], NULL });
}

TEST(term_plain_when_not_a_terminal)
{
	make_labs();
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		struct ran ran = run_verb(i);

		ASSERT_EQ(ran.status, LAB_PASSED);
		ASSERT_HAS_NOT(ran.out, "\033");
		ASSERT_HAS_NOT(ran.err, "\033");
		ASSERT_HAS_NOT(ran.out, "\037");
	}
}

TEST(term_colour_on_a_terminal_unless_told_not_to)
{
	struct ran ran;

	make_labs();
	ran = run_on_tty(80, NULL, "list");
	ASSERT_HAS(ran.out, "\033[");
	setenv("NO_COLOR", "1", 1);
	ran = run_on_tty(80, NULL, "list");
	ASSERT_HAS_NOT(ran.out, "\033");
	ASSERT_HAS(ran.out, "01_hello");
	/* Set, but empty: as if it were not there. */
	setenv("NO_COLOR", "", 1);
	ran = run_on_tty(80, NULL, "list");
	ASSERT_HAS(ran.out, "\033[");
	setenv("TERM", "dumb", 1);
	ran = run_on_tty(80, NULL, "list");
	ASSERT_HAS_NOT(ran.out, "\033");
	setenv("CLICOLOR_FORCE", "1", 1);
	ran = run_lab("list");
	ASSERT_HAS(ran.out, "\033[");
	setenv("CLICOLOR_FORCE", "0", 1);
	ran = run_lab("list");
	ASSERT_HAS_NOT(ran.out, "\033");
	setenv("CLICOLOR_FORCE", "1", 1);
	setenv("NO_COLOR", "1", 1);
	ran = run_lab("list");
	ASSERT_HAS_NOT(ran.out, "\033");
}

TEST(term_lines_fit)
{
	static const int widths[] = { 80, 60, 132 };

	make_labs();
	for (size_t w = 0; w < ARRAY_SIZE(widths); w++) {
		for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
			struct ran ran;

			setenv("COLUMNS", strf("%d", widths[w]), 1);
			ran = run_verb(i);
			if (widths[w] >= 80 && widest(ran.out) > widths[w])
				FAIL("%s is %d columns wide of %d:\n%s", verbs[i][0], widest(ran.out),
				     widths[w], ran.out);
			/* A heading is one line, the rest is wrapped. */
			if (widths[w] < 80 && verbs[i][0] && !strcmp(verbs[i][0], "hint"))
				ASSERT_INT(widest(ran.out), <=, widths[w]);
		}
	}
	unsetenv("COLUMNS");
	struct ran ran = run_on_tty(50, NULL, "hint", "02_other");

	ASSERT_INT(widest(ran.out), <=, 50);
	/* Without a terminal: 80. */
	ran = run_lab("hint", "02_other");
	ASSERT_INT(widest(ran.out), >, 60);
	ASSERT_INT(widest(ran.out), <=, 80);
}

TEST(term_marks_follow_the_locale)
{
	struct ran ran;

	make_labs();
	ran = run_lab("list");
	ASSERT_HAS(ran.out, "✓ solved");
	setenv("LC_ALL", "C", 1);
	ran = run_lab("list");
	ASSERT_HAS(ran.out, "+ solved");
	for (const char *at = ran.out; *at; at++)
		ASSERT_INT((unsigned char)*at, <, 0x80);
}

TEST(term_columns_of_text)
{
	ASSERT_EQ(term_columns("abc"), 3);
	ASSERT_EQ(term_columns("\033[1;31mabc\033[0m"), 3);
	ASSERT_EQ(term_columns("é✓"), 2);
	ASSERT_EQ(term_columns("漢字"), 4);
	ASSERT_EQ(term_columns("\xff\xfe"), 2);
	ASSERT_EQ(term_columns("\033["), 0);
	ASSERT_STR(term_clip("abcdef", 3), "abc");
	ASSERT_STR(term_clip("漢字", 3), "漢");
	ASSERT_STR(term_clip("a\tb\n\nc\033[31md", 10), "a b cd");
	ASSERT_STR(term_clip("abc", 0), "");
}

static char *printed(const char *markdown)
{
	char *text;
	FILE *file = fopen("printed", "w");

	ASSERT(file);
	md_print(file, markdown);
	ASSERT_EQ(fclose(file), 0);
	text = read_whole("printed", NULL);
	ASSERT(text);
	return text;
}

TEST(markdown_is_readable)
{
	ASSERT_STR(printed("# Title\n\nOne\ntwo **bold** and *em*.\n"),
		   "Title\n─────\n\nOne two bold and em.\n");
	ASSERT_STR(printed("snake_case_name 2 * 3 * 4 \\*x\\* `a * b`\n"),
		   "snake_case_name 2 * 3 * 4 *x* `a * b`\n");
	ASSERT_STR(printed("see [the text](a.html) and [a.html](a.html) ![shot](a.svg)"),
		   "see the text (a.html) and a.html [picture: shot]\n");
	ASSERT_STR(printed("- one\n  more\n- two\n\n1. a\n2. b\n"),
		   "  • one more\n  • two\n  1. a\n  2. b\n");
	ASSERT_STR(printed("```c\nint  a;\n\tb\n```\nafter\n"), "    int  a;\n            b\n\nafter\n");
	ASSERT_STR(printed("| a | b |\n|---|:-:|\n| `x|y` | c |\n"), "  a      b\n  `x|y`  c\n");
	/* Too wide for columns: a row becomes a list, without its empty cells. */
	ASSERT_STR(printed("| a | b | c |\n|---|---|---|\n| one | | " LONG_TITLE " |\n"),
		   "  one\n    c: A title that goes on and on so that no terminal of usual width can hold\n"
		   "      it in a line\n");
	ASSERT_STR(printed("a\n<!-- hidden\nhidden -->\nb\n"), "a\n\nb\n");
	ASSERT_STR(printed("\033[31mred\a\r\n"), "[31mred\n");
	ASSERT_STR(printed(""), "");
}

TEST(markdown_fuzz)
{
	static const char *const pieces[] = {
		"# ", "## ", "\n", "\n\n", "- ", "1. ", "> ", "| a | b |\n", "|---|---|\n", "```\n", "~~~",
		"    ", "\t", "`", "``", "*", "**", "_", "[", "](", ")", "![", "<!--", "-->", "\\", "word",
		" ", "é", "\xff", "\033[", "---\n", "|", "(", "x_y",
	};

	for (int i = 0; i < 3000; i++) {
		struct buf text = { 0 };

		for (size_t j = test_random() % 60; j; j--)
			buf_adds(&text, pieces[test_random() % ARRAY_SIZE(pieces)]);
		buf_add(&text, "", 0);
		free(printed(text.data));
		buf_free(&text);
	}
}

/* What a progress of ms milliseconds writes to a stderr that is a file. */
static char *progress_of(int ms, bool ok)
{
	pid_t pid;
	int status;

	pid = fork();
	if (pid == 0) {
		struct progress *p;

		ASSERT(freopen("notes", "w", stderr));
		p = progress_begin("Building for %s", "6.1");
		progress_note(p, "first");
		sleep_ms(ms / 2);
		progress_note(p, "file\033[31m %d", 2);
		sleep_ms(ms / 2);
		progress_end(p, ok);
		fflush(stderr);
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT_EQ(status, 0);
	return read_whole("notes", NULL);
}

TEST(progress_without_a_terminal)
{
	char *text = progress_of(20, true);

	/* Short work: one line. */
	ASSERT(str_starts(text, "✓ Building for 6.1 (0."));
	ASSERT_EQ(strchr(text, '\n') - text, strlen(text) - 1);

	text = progress_of(5000, false);
	ASSERT_HAS(text, "Building for 6.1: 1.9 s, first\n");
	ASSERT_HAS(text, "Building for 6.1: 3.8 s, file 2\n");
	ASSERT_HAS(text, "✗ Building for 6.1 (5.");
	ASSERT_HAS_NOT(text, "\033");
	ASSERT_HAS_NOT(text, "\r");
}

TEST(progress_and_other_lines_do_not_mix)
{
	struct progress *outer, *inner;
	char *text;

	fflush(stdout);
	ASSERT(freopen("notes", "w", stderr));
	outer = progress_begin("Outer");
	inner = progress_begin("Inner");
	complain("what", "why", "mend\nmore");
	note("a %s", "note");
	progress_end(inner, true);
	progress_drop(outer);
	outer = progress_begin("Second");
	progress_end(outer, true);
	progress_silence();
	outer = progress_begin("Silent");
	progress_end(outer, false);
	fflush(stderr);
	text = read_whole("notes", NULL);
	ASSERT(str_starts(text, "lab: what\n  why: why\n  mend: mend\n       more\nlab: note: a note\n✓ Second (0."));
	ASSERT_HAS_NOT(text, "Outer");
	ASSERT_HAS_NOT(text, "Inner");
	ASSERT_HAS_NOT(text, "Silent");
}

TEST(progress_on_a_terminal_is_one_line)
{
	struct ran ran;
	const char *end;

	/* The doctor shows one while it looks. */
	make_labs();
	ran = run_on_tty(40, NULL, "doctor");
	ASSERT_HAS(ran.out, "\r\033[K");
	ASSERT_HAS(ran.out, "Looking at this machine");
	/* Cleared, then what was found. */
	end = strstr(ran.out, "\r\033[K\033[32m✓");
	ASSERT(end);
	ASSERT_HAS_NOT(end, "Looking at this machine");
	for (const char *at = ran.out; at < end && (at = strstr(at, "Looking")); at++) {
		char *line = xstrndup(at, strcspn(at, "\r"));

		ASSERT_HAS_NOT(line, "\n");
		ASSERT_INT(term_columns(line), <=, 38);
		free(line);
	}
}
