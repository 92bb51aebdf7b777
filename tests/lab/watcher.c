// SPDX-License-Identifier: GPL-2.0
/* watcher.c - see watcher.h. */
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utmp.h>

#include "db.h"
#include "term.h"
#include "verbs.h"
#include "watch.h"
#include "watcher.h"

#define WAIT_MS 50000

static const char script[] =
	"#!/bin/sh\n"
	"cd \"$2\" || exit 5\n"
	"log=$LAB_ROOT/../log\n"
	"case $1 in\n"
	"hint) echo 'Hint 1 of 3'; echo 'the hint'; exit 0;;\n"
	"esac\n"
	"echo \"began ${2##*/}\" >>$log\n"
	"[ \"$3\" ] && echo \"given $3 $4\" >>$log\n"
	"text=$(cat a.c 2>&1)\n"
	"case $text in\n"
	"*deaf*) trap '' TERM; sleep 1000 & wait; wait; sleep 1000;;\n"
	"*sleep*) trap 'echo ended >>$log; kill $!; trap - TERM; kill -TERM $$' TERM\n"
	"  echo asleep >>$log; echo 'half a verdict'; sleep 1000 & wait;;\n"
	"*die*) kill -9 $$;;\n"
	"*broken*) echo 'checking it: 1.9 s' >&2; echo 'lab: a reason' >&2; echo '  why: because' >&2;;\n"
	"esac\n"
	"echo \"$text\"\n"
	"echo finished >>$log\n"
	"set -- $(grep -o 'exit [0-9]*' a.c)\n"
	"exit ${2:-0}\n";

void watcher_world(void)
{
	static const char *const ids[] = {
		"ch04_lkm/01_hello", "ch04_lkm/02_more", "ch04_lkm/03_last", "ch12_sync/01_locks",
	};

	make_root();
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		add_lab(ids[i], GOOD_INI);
		write_file(in_root("%s/a.c", ids[i]), "verdict one exit 1\n");
		write_file(in_root("solutions/%s/a.c", ids[i]), "our\tsolution\n");
	}
	write_file(in_root("check.sh"), script);
	ASSERT_EQ(chmod(in_root("check.sh"), 0755), 0);
	write_file(strf("%s/log", test_dir), "");
	ASSERT_EQ(db_record_attempt(&(struct attempt){ .lab = ids[1], .kernel = "6.1",
						       .passed = 3 }), 0);
	db_close();
	watch_program = xstrdup(in_root("check.sh"));
}

static _Noreturn void be_the_program(int slave, const char *const *args)
{
	const char *argv[16] = { NULL };
	int argc = 0;

	for (; args[argc]; argc++)
		argv[argc] = args[argc];
	if (login_tty(slave))
		_exit(126);
	/* As main() does. */
	term_init();
	interrupt_init();
	optind = 1;
	argc = verb_watch(argc, (char **)argv);
	fflush(stdout);
	db_close();
	_exit(argc);
}

void watcher_begin_(struct watcher *w, int rows, int columns, const char *const *args)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	*w = (struct watcher){ .rows = rows, .columns = columns };
	ASSERT_EQ(openpty(&w->master, &w->slave, NULL, NULL, &size), 0);
	ASSERT_EQ(tcgetattr(w->slave, &w->before), 0);
	fflush(stdout);
	w->pid = fork();
	ASSERT_INT(w->pid, >=, 0);
	if (w->pid == 0) {
		close(w->master);
		be_the_program(w->slave, args);
	}
}

static void clear_row(struct watcher *w, int row)
{
	memset(w->cells[row], ' ', COLUMNS_MAX);
	w->cells[row][COLUMNS_MAX] = '\0';
}

static void clear(struct watcher *w)
{
	for (int i = 0; i < ROWS_MAX; i++)
		clear_row(w, i);
	w->row = w->column = 0;
}

static void put(struct watcher *w, char c)
{
	if (c == '\r') {
		w->column = 0;
	} else if (c == '\n') {
		w->row++;
	} else if (w->row >= w->rows || w->column >= w->columns) {
		w->overruns++;
	} else {
		if (!w->cells[w->row][0])
			clear_row(w, w->row);
		w->cells[w->row][w->column++] = c;
	}
}

/* Those that lab watch uses, and no other. */
static void obey(struct watcher *w, const char *sequence, char what)
{
	int row, column;

	if (what == 'm')
		return;
	if (!strcmp(sequence, "?1049") && (what == 'h' || what == 'l')) {
		w->second = what == 'h';
		clear(w);
	} else if (!strcmp(sequence, "?25") && (what == 'h' || what == 'l')) {
		w->hidden = what == 'l';
	} else if (what == 'J' && !strcmp(sequence, "2")) {
		clear(w);
		/* All is drawn anew from here on, in the size that holds now. */
		w->clears++;
		w->overruns = 0;
	} else if (what == 'K' && !strcmp(sequence, "2")) {
		/* Below the last row: it was drawn for another size. */
		if (w->row < w->rows)
			clear_row(w, w->row);
	} else if (what == 'H' && sscanf(sequence, "%d;%d", &row, &column) == 2) {
		w->row = row - 1;
		w->column = column - 1;
		w->overruns += w->row >= w->rows;
	} else if (what == 'K' && !*sequence) {
		return;		/* of a progress line, after the end */
	} else {
		FAIL("the sequence ESC [ %s %c", sequence, what);
	}
}

static void take(struct watcher *w, const char *data, size_t len)
{
	buf_add(&w->raw, data, len);
	for (size_t i = 0; i < len; i++) {
		size_t at = strlen(w->tail);
		char c = data[i];

		if (!at && c != '\033') {
			/* A character of more bytes is one column. */
			if (((unsigned char)c & 0xc0) != 0x80)
				put(w, (unsigned char)c < 0x80 ? c : '~');
			continue;
		}
		ASSERT_INT(at, <, sizeof(w->tail) - 1);
		if (at >= 2 && c >= 0x40 && c <= 0x7e) {
			char sequence[32];

			strcpy(sequence, w->tail + 2);
			w->tail[0] = '\0';
			obey(w, sequence, c);
			continue;
		}
		w->tail[at] = c;
		w->tail[at + 1] = '\0';
	}
}

static bool read_some(struct watcher *w, int ms)
{
	struct pollfd pfd = { .fd = w->master, .events = POLLIN };
	char chunk[4096];
	ssize_t got;

	if (poll(&pfd, 1, ms) <= 0)
		return false;
	got = read(w->master, chunk, sizeof(chunk));
	if (got > 0)
		take(w, chunk, got);
	return got > 0;
}

void watcher_read(struct watcher *w, int ms)
{
	int64_t until = now_ms() + ms, left;

	while ((left = until - now_ms()) > 0)
		read_some(w, left);
}

void watcher_type(struct watcher *w, const char *text)
{
	ASSERT_EQ(write(w->master, text, strlen(text)), strlen(text));
}

bool watcher_has(const struct watcher *w, const char *text)
{
	for (int i = 0; i < w->rows && i < ROWS_MAX; i++)
		if (strstr(w->cells[i], text))
			return true;
	return false;
}

static _Noreturn void fail_with_screen(struct watcher *w, const char *what, const char *text)
{
	struct buf all = { 0 };

	for (int i = 0; i < w->rows && i < ROWS_MAX; i++)
		buf_addf(&all, "|%.*s|\n", w->columns, w->cells[i]);
	kill(w->pid, SIGKILL);
	FAIL("%s: %s\n%s\n", what, text, all.data);
}

static void until_seen(struct watcher *w, const char *text, bool wanted)
{
	int64_t until = now_ms() + WAIT_MS;

	while (watcher_has(w, text) != wanted) {
		if (now_ms() > until)
			fail_with_screen(w, wanted ? "never seen" : "seen for ever", text);
		read_some(w, 50);
	}
}

void watcher_see(struct watcher *w, const char *text)
{
	until_seen(w, text, true);
}

void watcher_see_not(struct watcher *w, const char *text)
{
	until_seen(w, text, false);
}

static void until_cleared(struct watcher *w, unsigned int clears)
{
	int64_t until = now_ms() + WAIT_MS;

	while (w->clears == clears) {
		if (now_ms() > until)
			fail_with_screen(w, "nothing is drawn anew", "");
		read_some(w, 50);
	}
	/* The frame that the clearing belongs to comes in one write. */
	while (read_some(w, 50))
		;
}

void watcher_resize(struct watcher *w, int rows, int columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };
	unsigned int clears;

	while (read_some(w, 100))
		;
	clears = w->clears;
	w->rows = rows;
	w->columns = columns;
	ASSERT_EQ(ioctl(w->master, TIOCSWINSZ, &size), 0);
	until_cleared(w, clears);
}

void watcher_do(struct watcher *w, const char *keys)
{
	unsigned int clears = w->clears;

	/* Ctrl-L, which draws all anew, is obeyed after them. */
	watcher_type(w, keys);
	watcher_type(w, "\f");
	until_cleared(w, clears);
}

void watcher_end(struct watcher *w)
{
	int64_t until = now_ms() + WAIT_MS;
	struct termios after;
	int status;

	while (waitpid(w->pid, &status, WNOHANG) == 0) {
		if (now_ms() > until)
			fail_with_screen(w, "it does not end", "");
		read_some(w, 20);
	}
	while (read_some(w, 100))
		;
	w->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	w->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	if (w->status == 99 || strstr(w->raw.data ? w->raw.data : "", "runtime error:"))
		FAIL("a sanitizer reports:\n%s", w->raw.data);
	ASSERT_EQ(tcgetattr(w->slave, &after), 0);
	ASSERT_EQ(after.c_lflag, w->before.c_lflag);
	ASSERT_EQ(after.c_iflag, w->before.c_iflag);
	ASSERT_EQ(after.c_oflag, w->before.c_oflag);
	ASSERT(!w->second);
	ASSERT(!w->hidden);
	close(w->slave);
	close(w->master);
}

void watcher_quit(struct watcher *w, int status)
{
	watcher_type(w, "q");
	watcher_end(w);
	ASSERT_EQ(w->signal, 0);
	ASSERT_EQ(w->status, status);
}

unsigned int watcher_log(const char *word)
{
	char *text = read_whole(strf("%s/log", test_dir), NULL);
	unsigned int count = 0;

	for (const char *p = text; p && (p = strstr(p, word)); p++)
		count++;
	free(text);
	return count;
}

void watcher_await_log(struct watcher *w, const char *word, unsigned int count)
{
	int64_t until = now_ms() + WAIT_MS;

	while (watcher_log(word) < count) {
		if (now_ms() > until)
			fail_with_screen(w, "never in the log", word);
		read_some(w, 20);
	}
}
