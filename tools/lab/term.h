/* SPDX-License-Identifier: GPL-2.0 */
/*
 * term.h - what people see: colour by meaning, wrapping, a progress line.
 *
 * Colour only on a terminal, never with NO_COLOR set (not empty) or TERM=dumb,
 * always with CLICOLOR_FORCE set (not empty, not 0); NO_COLOR wins.
 */
#ifndef LAB_TERM_H
#define LAB_TERM_H

#include <stdio.h>

#include "util.h"

enum term_style {
	T_PLAIN,
	T_OK,		/* passed, present */
	T_BAD,		/* failed, must be mended */
	T_WARN,		/* works, but */
	T_DIM,		/* beside the point */
	T_BOLD,
	T_HEADING,
	T_CODE,		/* a command or a name to be typed */
};

void term_init(void);			/* once, by main(): locale */
bool term_is_tty(FILE *stream);
bool term_colour(FILE *stream);
/* Escape sequences, or "" without colour. */
const char *term_on(FILE *stream, enum term_style style);
const char *term_off(FILE *stream);
/* printf in a style. */
void term_printf(FILE *stream, enum term_style style, const char *fmt, ...) PRINTF(3, 4);
/* A mark of one column for T_OK, T_BAD, T_WARN, T_DIM: UTF-8 where the locale
 * has it, else ASCII. */
const char *term_mark(enum term_style style);
bool term_utf8(void);
/* Columns of the terminal (COLUMNS, else the tty's, else 80), 20 at least. */
int term_width(void);
/* Length in bytes of the character or escape sequence that stands at text, the
 * columns that it takes in *columns. */
size_t term_glyph(const char *text, int *columns);
/* Columns a text takes, escape sequences not counted. */
int term_columns(const char *text);
/* At most this many columns of text, control characters as blanks; strf(). */
const char *term_clip(const char *text, int columns);
/* A blank that term_wrap() does not break at; term_text() prints it as one. */
#define TERM_GLUE	'\037'
void term_text(FILE *stream, const char *text);
/* Text, wrapped at the terminal's width; first and further lines after these
 * prefixes. Newlines in text stay; escape sequences take no room. */
void term_wrap(FILE *stream, const char *first, const char *further, const char *text);
/* Asks a yes/no question on the terminal; no terminal: false. */
bool term_ask(const char *question);

/*
 * ---- progress ----
 * Goes to stderr. On a terminal one line that rewrites itself (a thread does
 * it, the caller need not tick); else plain lines, one at the begin, one every
 * 2 s with the last note, one at the end. One progress at a time: a second
 * begin inside a first is shown as its note. While one is shown print with
 * progress_print(), not with printf() (complain() and note() know).
 */
struct progress;

struct progress *progress_begin(const char *fmt, ...) PRINTF(1, 2);
void progress_note(struct progress *p, const char *fmt, ...) PRINTF(2, 3);
/* A whole line on stdout, above the progress line. */
void progress_print(const char *fmt, ...) PRINTF(1, 2);
/* Replaces the line by a mark, the title and the time taken; frees p. */
void progress_end(struct progress *p, bool ok);
/* Removes the line without a word; frees p. */
void progress_drop(struct progress *p);
/* No progress lines at all (--quiet). */
void progress_silence(void);

/* Around writes of other modules to stdout or stderr: the line is cleared,
 * and comes back with the next beat. complain() does it itself. */
void progress_lock(void);
void progress_unlock(void);
/* Clears the line from a signal handler. */
void progress_on_signal(void);

#endif
