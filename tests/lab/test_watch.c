// SPDX-License-Identifier: GPL-2.0
/* test_watch.c - lab watch: saves, keys, the screen, and how it ends. */
#include <fcntl.h>
#include <sys/wait.h>

#include "db.h"
#include "term.h"
#include "watch.h"
#include "watcher.h"

static struct watcher w;

static void save(const char *id, const char *text)
{
	write_file(in_root("%s/a.c", id), text);
}

/* Without another name in between. */
static void save_in_place(const char *id, const char *text)
{
	int fd = open(in_root("%s/a.c", id), O_WRONLY | O_TRUNC);

	ASSERT_INT(fd, >=, 0);
	ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void begin(void)
{
	watcher_world();
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "FAILED");
}

/* Long enough for a run to have begun, if one was to begin. */
static void nothing_begins(unsigned int so_far)
{
	watcher_read(&w, 700);
	ASSERT_EQ(watcher_log("began"), so_far);
}

TEST(watch_judges_the_next_lab_at_each_save)
{
	begin();
	watcher_see(&w, "ch04_lkm/01_hello  A title");
	watcher_see(&w, "verdict one");
	watcher_see(&w, "1 of 3");
	watcher_see(&w, "watched by inotify");
	ASSERT_EQ(watcher_log("began 01_hello"), 1);
	save_in_place("ch04_lkm/01_hello", "verdict two exit 1\n");
	watcher_see(&w, "verdict two");
	watcher_see(&w, "a.c saved");
	watcher_see_not(&w, "verdict one");
	/* Renamed over it, as most editors do. */
	save("ch04_lkm/01_hello", "verdict three\n");
	watcher_see(&w, "verdict three");
	watcher_see(&w, "PASSED");
	ASSERT_EQ(watcher_log("began"), 3);
	watcher_quit(&w, 0);
	ASSERT_HAS(w.raw.data, "ch04_lkm/01_hello: ");
}

TEST(watch_waits_for_the_end_of_a_burst)
{
	begin();
	for (int i = 0; i < 8; i++) {
		save("ch04_lkm/01_hello", strf("verdict burst%d exit 1\n", i));
		write_file(in_root("ch04_lkm/01_hello/b%d.h", i), "");
		sleep_ms(20);
	}
	watcher_see(&w, "verdict burst7");
	watcher_see(&w, "and 8 more saved");
	ASSERT_EQ(watcher_log("began"), 2);
	/* The old file is moved away first, the new one comes later. */
	ASSERT_EQ(rename(in_root("ch04_lkm/01_hello/a.c"), in_root("ch04_lkm/01_hello/a.c~")), 0);
	watcher_read(&w, 400);
	save("ch04_lkm/01_hello", "verdict late\n");
	watcher_see(&w, "verdict late");
	ASSERT_EQ(watcher_log("began"), 3);
	watcher_quit(&w, 0);
}

TEST(watch_ignores_what_is_no_source)
{
	begin();
	write_file(in_root("ch04_lkm/01_hello/a.o"), "x");
	write_file(in_root("ch04_lkm/01_hello/a.mod.c"), "x");
	write_file(in_root("ch04_lkm/01_hello/.a.c.swp"), "x");
	write_file(in_root("ch04_lkm/01_hello/.#a.c"), "x");
	write_file(in_root("ch04_lkm/01_hello/4913"), "x");
	write_file(in_root("ch04_lkm/02_more/a.c"), "another lab's\n");
	must_run("touch", in_root("ch04_lkm/01_hello/a.o"));
	nothing_begins(1);
	must_run("touch", in_root("ch04_lkm/01_hello/a.c"));
	watcher_await_log(&w, "finished", 2);
	write_file(in_root("ch04_lkm/01_hello/Makefile"), "obj-m := a.o\n#\n");
	watcher_see(&w, "Makefile saved");
	watcher_quit(&w, 1);
}

TEST(watch_ends_a_run_at_a_save)
{
	begin();
	save("ch04_lkm/01_hello", "sleep\n");
	watcher_await_log(&w, "asleep", 1);
	watcher_see(&w, "judging");
	save("ch04_lkm/01_hello", "verdict after\n");
	watcher_see(&w, "verdict after");
	ASSERT_EQ(watcher_log("ended"), 1);
	ASSERT_EQ(watcher_log("began"), 3);
	ASSERT(!watcher_has(&w, "half a verdict"));
	/* r does the same. */
	save("ch04_lkm/01_hello", "sleep\n");
	watcher_await_log(&w, "asleep", 2);
	watcher_type(&w, "r");
	watcher_await_log(&w, "asleep", 3);
	ASSERT_EQ(watcher_log("ended"), 2);
	/* And so does leaving: what ran is ended before we are. */
	watcher_quit(&w, 0);
	ASSERT_EQ(watcher_log("ended"), 3);
}

TEST(watch_ends_a_run_that_does_not_listen)
{
	begin();
	save("ch04_lkm/01_hello", "deaf\n");
	watcher_await_log(&w, "began", 2);
	watcher_read(&w, 300);
	save("ch04_lkm/01_hello", "verdict after\n");
	watcher_see(&w, "ending the run in hand");
	watcher_see(&w, "verdict after");
	watcher_quit(&w, 0);
}

TEST(watch_polls_where_it_must)
{
	watcher_world();
	watcher_begin(&w, 24, 100, "--poll");
	watcher_see(&w, "polling twice a second (as you asked for)");
	watcher_see(&w, "FAILED");
	save("ch04_lkm/01_hello", "verdict two exit 1\n");
	watcher_see(&w, "verdict two");
	save_in_place("ch04_lkm/01_hello", "verdict drei exit 1\n");
	watcher_see(&w, "verdict drei");
	ASSERT_EQ(watcher_log("began"), 3);
	watcher_quit(&w, 1);
	ASSERT_HAS(eyes_blind(0x6969), "NFS");
	ASSERT_HAS(eyes_blind(0x01021997), "9p");
	ASSERT_HAS(eyes_blind((unsigned long)(int)0xff534d42), "SMB");
	ASSERT_HAS(eyes_blind(0xff534d42), "SMB");
	ASSERT_HAS(eyes_blind(0x65735546), "FUSE");
	ASSERT(!eyes_blind(0xef53));
	ASSERT(!eyes_blind(0x01021994));
	ASSERT(!eyes_blind(0x9123683e));
}

TEST(watch_finds_a_directory_that_was_replaced)
{
	begin();
	ASSERT_EQ(rename(in_root("ch04_lkm/01_hello"), in_root("ch04_lkm/99_old")), 0);
	add_lab("ch04_lkm/01_hello", GOOD_INI);
	save("ch04_lkm/01_hello", "verdict new exit 1\n");
	watcher_see(&w, "verdict new");
	watcher_read(&w, 1000);
	save("ch04_lkm/01_hello", "verdict newer exit 1\n");
	watcher_see(&w, "verdict newer");
	watcher_quit(&w, 1);
}

TEST(watch_keys)
{
	begin();
	watcher_type(&w, "s");
	watcher_see(&w, "The solution is shown when yours has passed");
	ASSERT(!watcher_has(&w, "s solution"));
	watcher_type(&w, "h");
	watcher_see(&w, "the hint");
	watcher_see_not(&w, "verdict one");
	watcher_type(&w, "\033");
	watcher_see(&w, "verdict one");
	save("ch04_lkm/01_hello", "fine\n");
	watcher_see(&w, "PASSED");
	watcher_see(&w, "s solution");
	watcher_type(&w, "s");
	watcher_see(&w, "our     solution");
	watcher_see(&w, "solutions/ch04_lkm/01_hello/a.c");
	/* 02_more is solved already; after the last comes the first. */
	watcher_type(&w, "n");
	watcher_see(&w, "ch04_lkm/03_last  A title");
	watcher_see(&w, "FAILED");
	watcher_type(&w, "s");
	watcher_see(&w, "The solution is shown when yours has passed");
	watcher_type(&w, "n");
	watcher_see(&w, "ch12_sync/01_locks  A title");
	watcher_type(&w, "n");
	watcher_see(&w, "ch04_lkm/01_hello  A title");
	watcher_see(&w, "PASSED");
	watcher_type(&w, "l");
	watcher_see(&w, "> ");
	watcher_type(&w, "\033[B\033OB\r");
	watcher_see(&w, "ch04_lkm/03_last  A title");
	watcher_see(&w, "FAILED");
	watcher_quit(&w, 1);
}

TEST(watch_next_when_all_is_solved)
{
	static const char *const ids[] = {
		"ch04_lkm/01_hello", "ch04_lkm/03_last", "ch12_sync/01_locks",
	};

	watcher_world();
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		db_record_attempt(&(struct attempt){ .lab = ids[i], .kernel = "6.1", .passed = 1 });
	db_close();
	watcher_begin(&w, 24, 80, "last");
	watcher_see(&w, "workbook");
	watcher_see(&w, "4 of 4");
	watcher_type(&w, "n");
	watcher_see(&w, "All labs are solved");
	watcher_see(&w, "FAILED");
	watcher_quit(&w, 1);
	watcher_begin(&w, 24, 80);
	watcher_end(&w);
	ASSERT_EQ(w.status, LAB_USAGE);
	ASSERT_HAS(w.raw.data, "all labs are solved");
}

TEST(watch_long_verdicts_scroll)
{
	struct buf text = { 0 };

	watcher_world();
	for (int i = 1; i <= 60; i++)
		buf_addf(&text, "line %d.\n", i);
	buf_adds(&text, "exit 1\n");
	save("ch04_lkm/01_hello", text.data);
	buf_free(&text);
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "line 18.");
	watcher_see(&w, "FAILED");
	ASSERT(!watcher_has(&w, "line 19."));
	watcher_type(&w, "j");
	watcher_see(&w, "line 19.");
	watcher_see_not(&w, "line 1.");
	watcher_type(&w, "\033[6~");
	watcher_see(&w, "line 36.");
	watcher_type(&w, "G");
	watcher_see(&w, "line 60.");
	watcher_type(&w, "\033[B\033[B\033[A");
	watcher_see(&w, "line 43.");
	ASSERT(!watcher_has(&w, "exit 1"));
	watcher_type(&w, "g");
	watcher_see(&w, "line 1.");
	watcher_quit(&w, 1);
}

TEST(watch_exit_status_is_the_verdict)
{
	static const int codes[] = { 0, 1, 3, 4, 5 };
	static const char *const words[] = { "PASSED", "FAILED", "CRASHED", "TIMED OUT", "NO VERDICT" };

	watcher_world();
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		save("ch04_lkm/01_hello", strf("verdict exit %d\n", codes[i]));
		watcher_begin(&w, 24, 80);
		watcher_see(&w, words[i]);
		watcher_quit(&w, codes[i]);
	}
}

TEST(watch_survives_its_child)
{
	begin();
	save("ch04_lkm/01_hello", "die\n");
	watcher_see(&w, "The check was ended by SIGKILL");
	save("ch04_lkm/01_hello", "broken exit 5\n");
	watcher_see(&w, "why: because");
	ASSERT(!watcher_has(&w, "checking it"));
	save("ch04_lkm/01_hello", "odd exit 77\n");
	watcher_see(&w, "status 77");
	save("ch04_lkm/01_hello", "fine\n");
	watcher_see(&w, "PASSED");
	watcher_quit(&w, 0);
	/* No program at all. */
	ASSERT_EQ(unlink(in_root("check.sh")), 0);
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "lab check cannot be started");
	watcher_quit(&w, 5);
}

/* watcher_end() looks whether the terminal is as it was. */
TEST(watch_gives_the_terminal_back)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGABRT };

	watcher_world();
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		watcher_begin(&w, 24, 80);
		watcher_see(&w, "FAILED");
		ASSERT(w.second);
		kill(w.pid, signals[i]);
		watcher_end(&w);
		ASSERT_EQ(w.signal, signals[i]);
	}
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "FAILED");
	watcher_type(&w, "\003");
	watcher_end(&w);
	ASSERT_EQ(w.signal, SIGINT);
	/* In the middle of a run: that ends first. */
	save("ch04_lkm/01_hello", "sleep\n");
	watcher_begin(&w, 24, 80);
	watcher_await_log(&w, "asleep", 1);
	watcher_type(&w, "\003");
	watcher_end(&w);
	ASSERT_EQ(w.signal, SIGINT);
	ASSERT_EQ(watcher_log("ended"), 1);
}

/* Nothing of ours runs any more: somebody else has to. */
TEST(watch_gives_the_terminal_back_when_killed)
{
	begin();
	kill(w.pid, SIGKILL);
	for (int i = 0; i < 100 && w.second; i++)
		watcher_read(&w, 50);
	watcher_end(&w);
	ASSERT_EQ(w.signal, SIGKILL);
}

static bool is_stopped(pid_t pid)
{
	int status;

	return waitpid(pid, &status, WNOHANG | WUNTRACED) == pid && WIFSTOPPED(status);
}

TEST(watch_stops_and_goes_on)
{
	struct termios now;

	begin();
	for (int i = 0; i < 2; i++) {
		/* As no shell is there to take it, its group is an orphan's, and
		 * would not stop at Ctrl-Z. */
		kill(w.pid, i ? SIGSTOP : SIGTSTP);
		watcher_read(&w, 300);
		if (i && !is_stopped(w.pid))
			FAIL("it has not stopped");
		ASSERT(i || w.second);
		kill(w.pid, SIGCONT);
		watcher_type(&w, "\f");
		watcher_read(&w, 300);
		ASSERT(w.second);
		ASSERT(w.hidden);
		ASSERT_EQ(tcgetattr(w.slave, &now), 0);
		ASSERT_EQ(now.c_lflag & (ICANON | ECHO), 0);
		watcher_see(&w, "verdict one");
	}
	ASSERT_HAS(w.raw.data, "\033[?25h\033[?1049l\033[?1049h");
	watcher_quit(&w, 1);
}

TEST(watch_fits_every_size)
{
	static const int sizes[][2] = {
		{ 10, 40 }, { 5, 80 }, { 3, 20 }, { 2, 10 }, { 1, 1 }, { 2, 2 }, { 60, 200 }, { 24, 80 },
	};
	struct buf text = { 0 };

	watcher_world();
	for (int i = 1; i <= 60; i++)
		buf_addf(&text, "\033[31mline %d, which is long and goes on for ninety columns or so, "
			 "until it has to be \033[1mwrapped\033[0m.\n", i);
	save("ch04_lkm/01_hello", text.data);
	buf_free(&text);
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "PASSED");
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		static const char *const pages[] = { "h", "l", "\033[B", "s", "\033" };

		watcher_resize(&w, sizes[i][0], sizes[i][1]);
		for (size_t j = 0; j < ARRAY_SIZE(pages); j++) {
			watcher_do(&w, pages[j]);
			ASSERT_EQ(w.overruns, 0);
		}
		ASSERT(sizes[i][1] < 20 || watcher_has(&w, "line 1"));
	}
	watcher_see(&w, "again");
	watcher_quit(&w, 0);
}

TEST(watch_without_colour)
{
	watcher_world();
	setenv("NO_COLOR", "1", 1);
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "FAILED");
	watcher_type(&w, "l");
	watcher_see(&w, "> ");
	watcher_quit(&w, 1);
	for (const char *p = w.raw.data; (p = strstr(p, "\033[")); p++) {
		size_t len = strspn(p + 2, "0123456789;?");

		/* Back to plain is said when the screen is taken and left. */
		if (p[2 + len] == 'm')
			ASSERT(!strncmp(p, "\033[0m", 4));
	}
}

TEST(watch_keys_fuzz)
{
	begin();
	for (int i = 0; i < 400; i++) {
		char key[2] = { 1 + test_random() % 255 };

		/* Those that end or stop it: Ctrl-C, -D, -Q, -S, -\, -Z, q. */
		if (strchr("\003\004\021\023\034\032qQ", key[0]))
			continue;
		watcher_type(&w, key);
		if (test_random() % 8 == 0)
			watcher_type(&w, "\033[");
		if (test_random() % 16 == 0)
			watcher_read(&w, 5);
	}
	watcher_do(&w, "x\033");
	ASSERT_EQ(w.overruns, 0);
	watcher_type(&w, "q");
	watcher_end(&w);
	ASSERT_EQ(w.signal, 0);
}

/* A key at each moment: none of them may be taken for the terminal's end. */
TEST(watch_keys_at_any_time)
{
	begin();
	for (int i = 0; i < 1500; i++) {
		watcher_type(&w, test_random() % 2 ? "j" : "k");
		usleep(test_random() % 2000);
		if (i % 50 == 0)
			watcher_read(&w, 1);
	}
	watcher_do(&w, "l");
	watcher_see(&w, "> ");
	watcher_quit(&w, 1);
}

TEST(watch_ends_with_its_terminal)
{
	int status;

	begin();
	close(w.slave);
	close(w.master);
	ASSERT_EQ(waitpid(w.pid, &status, 0), w.pid);
	ASSERT(WIFSIGNALED(status) && WTERMSIG(status) == SIGHUP);
}

TEST(watch_passes_the_kernel_on)
{
	watcher_world();
	watcher_begin(&w, 24, 80, "--kernel", "6.12", "more");
	watcher_await_log(&w, "given --kernel 6.12", 1);
	ASSERT_EQ(watcher_log("began 02_more"), 1);
	watcher_see(&w, "FAILED");
	watcher_quit(&w, 1);
}

TEST(watch_usage)
{
	struct ran ran;

	watcher_world();
	ran = run_lab("watch", "--help");
	ASSERT_EQ(ran.status, LAB_PASSED);
	ASSERT_HAS(ran.out, "Usage: lab watch");
	ASSERT_INT(widest(ran.out), <=, 80);
	ASSERT_EQ(run_lab("watch", "hello", "more").status, LAB_USAGE);
	ASSERT_EQ(run_lab("watch", "--nothing").status, LAB_USAGE);
	ran = run_lab("watch", "nosuch");
	ASSERT_EQ(ran.status, LAB_USAGE);
	ASSERT_HAS(ran.err, "there is no lab 'nosuch'");
	ran = run_lab("watch", "--kernel", "nosuch", "hello");
	ASSERT_EQ(ran.status, LAB_USAGE);
}

/* A verdict below the other, nothing that moves a cursor. */
TEST(watch_without_a_terminal)
{
	setenv("TERM", "dumb", 1);
	watcher_world();
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "watching ch04_lkm/01_hello by inotify; Ctrl-C ends");
	watcher_see(&w, "verdict one");
	save("ch04_lkm/01_hello", "verdict two\n");
	watcher_see(&w, "(a.c saved)");
	watcher_see(&w, "verdict two");
	watcher_type(&w, "\003");
	watcher_end(&w);
	ASSERT_EQ(w.signal, SIGINT);
	ASSERT_HAS_NOT(w.raw.data, "\033");
}

/* ---- its parts ---- */

static char *joined(const char *text, int columns)
{
	struct strlist rows = { 0 };

	text_rows(text, columns, &rows);
	return strlist_join(&rows, "|");
}

TEST(watch_text_rows)
{
	ASSERT_STR(joined("", 10), "");
	ASSERT_STR(joined("one\n\ntwo\n", 10), "one||two");
	ASSERT_STR(joined("abcdefgh", 3), "abc|def|gh");
	ASSERT_STR(joined("abc\n", 3), "abc");
	ASSERT_STR(joined("a\tb\tc", 12), "a       b   |c");
	ASSERT_STR(joined("\033[31mabcd\033[0me\n", 2), "\033[31mab\033[0m|\033[31mcd\033[0m|e");
	ASSERT_STR(joined("a\033[2Jb\033]0;x\a\rc\n", 10), "ab]0;xc");
	ASSERT_STR(joined("漢字", 3), "漢|字");
	ASSERT_STR(joined("a\xff" "b\xc2\x9b" "c", 10), "a?b?c");
	ASSERT_STR(joined("x\n\033[0m", 10), "x");
	ASSERT_STR(text_row("abc\ndef", 2), "ab");
	ASSERT_STR(text_plain("a\033[1;31mb\033[0m"), "ab");
}

TEST(watch_text_fuzz)
{
	static const char *const pieces[] = {
		"\033", "[", "31", "m", "\033[1m", "\033[0m", "\n", "\t", "a", "word ", "é", "漢", "\xff",
		"\xe6", "\xc2", "\x9b", "\r", "\a", ";", "\033[9999999999999999999999999999999999m",
	};

	for (int i = 0; i < 4000; i++) {
		int columns = 1 + test_random() % 12;
		struct strlist rows = { 0 };
		struct buf text = { 0 };

		for (size_t j = test_random() % 40; j; j--)
			buf_adds(&text, pieces[test_random() % ARRAY_SIZE(pieces)]);
		buf_adds(&text, "");
		text_rows(text.data, columns, &rows);
		for (size_t j = 0; j < rows.count; j++) {
			ASSERT_INT(term_columns(rows.items[j]), <=, columns);
			ASSERT(!strpbrk(rows.items[j], "\r\a\n\t"));
		}
		free(text_plain(text.data));
		strlist_free(&rows);
		buf_free(&text);
	}
}
