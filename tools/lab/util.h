/* SPDX-License-Identifier: GPL-2.0 */
/*
 * util.h - what every file of the lab program leans on: memory that never
 * fails quietly, strings, growing buffers, whole files, one style of error.
 *
 * Functions that can fail for the machine's sake return 0 or a negative
 * errno, unless said otherwise. Functions whose name starts with x end the
 * program (exit status LAB_FAULT) when memory runs out.
 */
#ifndef LAB_UTIL_H
#define LAB_UTIL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PRINTF(f, a)	__attribute__((format(printf, f, a)))

/* Exit status of every verb. */
enum lab_exit {
	LAB_PASSED = 0,		/* passed, or the verb did what was asked */
	LAB_FAILED = 1,		/* the submission failed */
	LAB_USAGE = 2,		/* the command line is wrong */
	LAB_CRASHED = 3,	/* the guest crashed */
	LAB_TIMEOUT = 4,	/* a deadline passed */
	LAB_FAULT = 5,		/* our own or the machine's fault */
};

/* ---- memory and strings ---- */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);		/* NULL gives NULL */
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *fmt, ...) PRINTF(1, 2);
char *xvasprintf(const char *fmt, va_list ap) PRINTF(1, 0);

/*
 * A formatted string that nobody has to free: it lives until the 16th further
 * call of strf(). Meant for the arguments of complain() and the like.
 */
const char *strf(const char *fmt, ...) PRINTF(1, 2);
void strf_end_thread(void);	/* a thread's last call: frees its strings */

bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
char *str_trim(char *text);		/* in place; returns the first non-blank */
unsigned int str_distance(const char *a, const char *b); /* edit distance */

/* Whole text as a decimal number within [lo, hi]; else false, *out untouched. */
bool parse_u64(const char *text, uint64_t lo, uint64_t hi, uint64_t *out);

/* ---- string list; items is NULL-terminated, so it can be an argv ---- */
struct strlist {
	char **items;
	size_t count;
	size_t room;
};

void strlist_add(struct strlist *list, const char *text);	/* copies */
void strlist_addf(struct strlist *list, const char *fmt, ...) PRINTF(2, 3);
void strlist_take(struct strlist *list, char *text);		/* owns text */
bool strlist_has(const struct strlist *list, const char *text);
void strlist_sort(struct strlist *list);
char *strlist_join(const struct strlist *list, const char *between);
/* Pieces of text between any of the characters in separators; blanks around
 * a piece go, empty pieces are left out. */
void strlist_split(struct strlist *list, const char *text, const char *separators);
void strlist_free(struct strlist *list);	/* leaves an empty list */

/* ---- growing buffer; data is NUL-terminated whenever it is not NULL ---- */
struct buf {
	char *data;
	size_t len;
	size_t room;
};

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_adds(struct buf *buf, const char *text);
void buf_addf(struct buf *buf, const char *fmt, ...) PRINTF(2, 3);
char *buf_steal(struct buf *buf);	/* never NULL; the buffer is empty after */
void buf_free(struct buf *buf);

/* ---- errors, printed once, in one style, on stderr ----
 *
 *	lab: WHAT
 *	  why: WHY
 *	  mend: MEND
 *
 * why and mend may be NULL; further lines of a text are indented. A progress
 * line on the terminal is cleared first.
 */
void complain(const char *what, const char *why, const char *mend);
void note(const char *fmt, ...) PRINTF(1, 2);	/* "lab: note: ..." on stderr */
const char *errno_text(int error);		/* takes errno or -errno */

/* ---- files ---- */
/*
 * The whole file, whatever its size (also /proc files of size 0), with a NUL
 * after it; *len (may be NULL) is without the NUL. NULL with errno set else.
 */
char *read_whole(const char *path, size_t *len);
/* Written to a temporary name beside it, synced, renamed: all or nothing. */
int write_whole(const char *path, const void *data, size_t len);
int mkdir_p(const char *path);
/* Removes path and all below; never follows a symbolic link, stays on one
 * file system. A path that does not exist is no error. */
int rm_rf(const char *path);
bool path_exists(const char *path);	/* follows links */
bool is_file(const char *path);
bool is_dir(const char *path);
/* Bytes free for us on the file system that path is or would be on. */
int free_space(const char *path, uint64_t *bytes);
/* Names in a directory, sorted, without . and .. */
int list_dir(const char *path, struct strlist *names);
const char *base_name(const char *path);	/* after the last slash */

/* ---- time ---- */
int64_t now_ms(void);			/* monotonic */
void sleep_ms(int ms);

#endif
