// SPDX-License-Identifier: GPL-2.0
/* test_watch.c - lab watch: saves, keys and verdicts. */
#include <fcntl.h>
#include <sys/wait.h>

#include "db.h"
#include "term.h"
#include "watch.h"
#include "watcher.h"

/* Less than lab watch takes for the end of a burst, 120. */
#define BURST_GAP_MS 100

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

/* Files in quick succession; the longest time between two of them. */
static int64_t burst(int nr)
{
	int64_t last = now_ms(), longest = 0;

	for (int i = 0; i < 8; i++) {
		save("ch04_lkm/01_hello", strf("verdict burst%d-%d exit 1\n", nr, i));
		write_file(in_root("ch04_lkm/01_hello/b%d_%d.h", nr, i), "");
		sleep_ms(20);
		if (now_ms() - last > longest)
			longest = now_ms() - last;
		last = now_ms();
	}
	return longest;
}

TEST(watch_waits_for_the_end_of_a_burst)
{
	int64_t longest = BURST_GAP_MS;
	unsigned int before = 0;

	begin();
	/* On a busy machine we may be stopped in the middle: then it was none. */
	for (int nr = 0; nr < 30 && longest >= BURST_GAP_MS; nr++) {
		watcher_read(&w, 1000);
		before = watcher_log("began");
		longest = burst(nr);
		watcher_see(&w, strf("verdict burst%d-7", nr));
	}
	ASSERT_INT(longest, <, BURST_GAP_MS);
	watcher_see(&w, "and 8 more saved");
	ASSERT_EQ(watcher_log("began"), before + 1);
	/* The old file is moved away first, the new one comes later. */
	ASSERT_EQ(rename(in_root("ch04_lkm/01_hello/a.c"), in_root("ch04_lkm/01_hello/a.c~")), 0);
	watcher_read(&w, 400);
	save("ch04_lkm/01_hello", "verdict late\n");
	watcher_see(&w, "verdict late");
	ASSERT_EQ(watcher_log("began"), before + 2);
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
	/* A verdict that comes later takes the message's place. */
	watcher_see(&w, "FAILED");
	watcher_type(&w, "n");
	watcher_see(&w, "All labs are solved");
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
