// SPDX-License-Identifier: GPL-2.0
/* test_watch_end.c - lab watch: the terminal, its sizes, and how it ends. */
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

static void begin(void)
{
	watcher_world();
	watcher_begin(&w, 24, 80);
	watcher_see(&w, "FAILED");
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
