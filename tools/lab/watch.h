/* SPDX-License-Identifier: GPL-2.0 */
/*
 * watch.h - the parts of `lab watch`: eyes on the lab's files, the check that
 * runs beside, the terminal, and what stands on it. Nobody else includes this.
 */
#ifndef LAB_WATCH_H
#define LAB_WATCH_H

#include "meta.h"

/* ---- watch_files.c: has somebody saved a file of the lab? ---- */

struct eyes {
	const struct lab *lab;
	struct strlist dirs;	/* that hold the lab's files */
	int fd;			/* of inotify; -1: polling */
	char *blind;		/* why polling, or NULL */
	bool lost;		/* a directory is not there now */
	char *seen;		/* the files as they were at the last word */
	int64_t first, last;	/* events that wait for silence; 0: none */
	int64_t looked;
};

void eyes_open(struct eyes *eyes, const struct lab *lab, bool poll);
void eyes_close(struct eyes *eyes);
/* "inotify", or "polling: ..." with the reason. */
const char *eyes_way(const struct eyes *eyes);
/* For poll(): eyes->fd where that is not -1, and so many milliseconds. */
int eyes_timeout(const struct eyes *eyes);
/*
 * Once for each burst of saves, when it is over: what was saved, malloc'd, as
 * "params.c" or "params.c and 2 more". NULL: nothing yet.
 */
char *eyes_saved(struct eyes *eyes);
/* Why inotify does not see all changes on a file system of this statfs() type;
 * NULL: it does. */
const char *eyes_blind(unsigned long type);

/* ---- watch_run.c: one `lab check` beside us ---- */

struct watch_run {
	pid_t pid;		/* 0: none */
	int pidfd;
	int out, err;		/* -1 after their end */
	struct buf text;	/* its stdout */
	struct buf noise;	/* its stderr */
	int64_t start;
	int64_t kill_at;	/* told to end; 0: not told */
};

/* The program whose verb check is run; tests set another. */
extern const char *watch_program;

/* 0 or a negative errno. */
int run_begin(struct watch_run *run, const struct lab *lab, const char *kernel, int columns);
/* It ends soon, without a verdict. */
void run_stop(struct watch_run *run);
/* What it wrote so far is taken, in pieces; true when it has ended. */
bool run_look(struct watch_run *run);
/* Waits for the end of one that was told to end. */
void run_await(struct watch_run *run);
/* Its enum lab_exit, once ended; text gets what there is to read. */
int run_verdict(struct watch_run *run, char **text);
/* The last line of its progress, or ""; strf(). */
const char *run_progress(const struct watch_run *run);
void run_free(struct watch_run *run);
/* Another verb, to its end: what it printed, malloc'd. */
char *run_verb_text(const char *verb, const struct lab *lab, int columns);

/* ---- watch_tty.c: the terminal ---- */

enum key {			/* else a character */
	KEY_NONE = 0,
	KEY_ENTER = '\r',
	KEY_ESCAPE = 256,
	KEY_UP, KEY_DOWN, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME, KEY_END,
	KEY_REDRAW,		/* Ctrl-L */
	KEY_GONE,		/* the terminal is not there any more */
};

/* Are we on a terminal that can be drawn on? */
bool tty_usable(void);
/* Takes the terminal; whatever ends us gives it back. 0 or a negative errno. */
int tty_begin(void);
void tty_end(void);
/* For poll(): readable when tty_signals() has something to do. */
int tty_signal_fd(void);
/* Ctrl-Z, coming back, another size: true when all must be drawn anew. */
bool tty_signals(void);
/* The keys typed, one at a call. */
int tty_key(void);
void tty_size(int *columns, int *rows);
/* Shows these rows; only what differs from before is written. */
void tty_draw(const struct strlist *rows);
void tty_forget(void);		/* the next tty_draw() writes all */

/* ---- watch_text.c: text in rows ---- */

/* Lines of text, wrapped at columns; tabs are blanks then, colours stay, other
 * control characters go. */
void text_rows(const char *text, int columns, struct strlist *rows);
/* The same text in one row, cut at columns; strf(). */
const char *text_row(const char *text, int columns);
/* Without its escape sequences, malloc'd. */
char *text_plain(const char *text);

/* ---- verb_watch.c, watch_keys.c, watch_view.c ---- */

enum page { PAGE_VERDICT, PAGE_TEXT, PAGE_LIST };

struct watch {
	const struct labs *labs;
	const struct lab *lab;	/* in focus */
	const char *kernel;	/* NULL: the default */
	bool poll;
	bool lines;		/* no terminal: a verdict below the other */
	bool quit;

	struct eyes eyes;
	struct watch_run run;
	bool again;		/* a run is due */
	char *reason;		/* why: "params.c saved" */

	char *verdict;		/* the last one's text, or NULL */
	int code;		/* enum lab_exit of it, -1: none yet */
	char *when;		/* its time of day, how long, why */
	bool passed;		/* this lab, while we watched or before */

	enum page page;
	char *text;		/* of PAGE_TEXT */
	size_t chosen;		/* of PAGE_LIST: index in labs */
	int top;		/* first row of the page shown */
	int room, length;	/* rows for it, rows it has */
	char *notice;		/* in place of the status, until the next key */
	char *head;		/* the rows above the page, made once */
	unsigned int beat;
};

/* Another lab in focus: its files are watched, a run is due. */
void watch_focus(struct watch *w, const struct lab *lab);
/* A run is due; one in hand is ended first. */
void watch_again(struct watch *w, const char *reason);
void watch_key(struct watch *w, int key);
void watch_draw(struct watch *w);
/* The progress of the labs may be another one now. */
void watch_new_head(struct watch *w);

#endif
