/* SPDX-License-Identifier: GPL-2.0 */
/*
 * watcher.h - `lab watch` on a terminal of ours, whose screen is kept as the
 * sequences draw it. Its runs are those of a script, not of a machine.
 */
#ifndef WATCHER_H
#define WATCHER_H

#include <termios.h>

#include "fixture.h"

#define ROWS_MAX	100
#define COLUMNS_MAX	300

struct watcher {
	pid_t pid;
	int master, slave;
	struct termios before;
	int rows, columns;
	char cells[ROWS_MAX][COLUMNS_MAX + 1];	/* one byte for a column */
	int row, column;
	bool second;		/* the second screen is shown */
	bool hidden;		/* the cursor */
	int overruns;		/* characters written beyond an edge */
	unsigned int clears;	/* how often all was drawn anew */
	struct buf raw;		/* all that came */
	char tail[32];		/* of an unfinished sequence */
	int status, signal;	/* after watcher_end() */
};

/*
 * The script: `lab check` says what a.c holds, and ends with the status of the
 * line "exit N" in it. "sleep" makes it wait until it is told to end, "die"
 * kills it, "deaf" makes it wait and not listen. It keeps its steps in the
 * file log. `lab hint` says "the hint". Labs: ch04_lkm/01_hello, 02_more
 * (solved), 03_last, ch12_sync/01_locks; 01_hello is in focus.
 */
void watcher_world(void);
void watcher_begin_(struct watcher *w, int rows, int columns, const char *const *args);
#define watcher_begin(w, rows, columns, ...) \
	watcher_begin_(w, rows, columns, (const char *const[]){ "lab watch", ##__VA_ARGS__, NULL })
/* Types text. */
void watcher_type(struct watcher *w, const char *text);
/* Types keys, and reads until what they do is on the screen. */
void watcher_do(struct watcher *w, const char *keys);
/* Reads what comes for so long. */
void watcher_read(struct watcher *w, int ms);
/* Until text is (not) on the screen. */
void watcher_see(struct watcher *w, const char *text);
void watcher_see_not(struct watcher *w, const char *text);
bool watcher_has(const struct watcher *w, const char *text);
void watcher_resize(struct watcher *w, int rows, int columns);
/* Until it has ended, by itself; the terminal must be as before. */
void watcher_end(struct watcher *w);
/* Types q, and waits for the end with this status. */
void watcher_quit(struct watcher *w, int status);
/* What the script has noted, and how often a word is in it. */
unsigned int watcher_log(const char *word);
/* Waits until the word is so often in the log. */
void watcher_await_log(struct watcher *w, const char *word, unsigned int count);

#endif
