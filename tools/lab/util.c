// SPDX-License-Identifier: GPL-2.0
/*
 * util.c - memory, strings and time; see util.h. Files are in files.c.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "term.h"
#include "util.h"

static void __attribute__((noreturn)) die_of_memory(void)
{
	static const char text[] = "lab: out of memory\n";

	/* No stdio: it may want memory too. */
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(LAB_FAULT);
	_exit(LAB_FAULT);
}

static void *checked(void *memory)
{
	if (!memory)
		die_of_memory();
	return memory;
}

void *xmalloc(size_t size)
{
	return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	return checked(reallocarray(old, count ? count : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return text ? checked(strdup(text)) : NULL;
}

char *xstrndup(const char *text, size_t len)
{
	return checked(strndup(text, len));
}

char *xvasprintf(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		die_of_memory();
	return text;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	return text;
}

static _Thread_local char *ring[16];

const char *strf(const char *fmt, ...)
{
	static _Thread_local unsigned int next;
	va_list ap;
	char *text;

	/* Formatted first: an argument may itself come from the ring. */
	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);

	free(ring[next]);
	ring[next] = text;
	next = (next + 1) % ARRAY_SIZE(ring);
	return text;
}

void strf_end_thread(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ring); i++) {
		free(ring[i]);
		ring[i] = NULL;
	}
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && strcmp(text + len - tail, suffix) == 0;
}

char *str_trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

/* Levenshtein distance, one row at a time. */
unsigned int str_distance(const char *a, const char *b)
{
	size_t len = strlen(b);
	unsigned int *row = xcalloc(len + 1, sizeof(*row));
	unsigned int result;

	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		unsigned int diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < len; j++) {
			unsigned int best = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			if (best > diagonal + 1)
				best = diagonal + 1;
			if (best > row[j] + 1)
				best = row[j] + 1;
			row[j + 1] = best;
		}
	}
	result = row[len];
	free(row);
	return result;
}

bool parse_u64(const char *text, uint64_t lo, uint64_t hi, uint64_t *out)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *text - '0', &value))
			return false;
	}
	if (value < lo || value > hi)
		return false;
	*out = value;
	return true;
}

void strlist_take(struct strlist *list, char *text)
{
	if (list->count + 2 > list->room) {
		list->room = list->room ? list->room * 2 : 8;
		list->items = xreallocarray(list->items, list->room, sizeof(*list->items));
	}
	list->items[list->count++] = text;
	list->items[list->count] = NULL;
}

void strlist_add(struct strlist *list, const char *text)
{
	strlist_take(list, xstrdup(text));
}

void strlist_addf(struct strlist *list, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strlist_take(list, xvasprintf(fmt, ap));
	va_end(ap);
}

bool strlist_has(const struct strlist *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], text))
			return true;
	return false;
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *list)
{
	if (list->count > 1)
		qsort(list->items, list->count, sizeof(*list->items), compare_text);
}

char *strlist_join(const struct strlist *list, const char *between)
{
	struct buf buf = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		if (i)
			buf_adds(&buf, between);
		buf_adds(&buf, list->items[i]);
	}
	return buf_steal(&buf);
}

void strlist_split(struct strlist *list, const char *text, const char *separators)
{
	while (*text) {
		size_t len = strcspn(text, separators);
		char *piece = xstrndup(text, len);
		const char *trimmed = str_trim(piece);

		if (*trimmed)
			strlist_add(list, trimmed);
		free(piece);
		text += len;
		if (*text)
			text++;
	}
}

void strlist_free(struct strlist *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct strlist){ 0 };
}

void buf_add(struct buf *buf, const void *data, size_t len)
{
	size_t need;

	if (__builtin_add_overflow(buf->len, len, &need) ||
	    __builtin_add_overflow(need, 1, &need))
		die_of_memory();
	if (need > buf->room) {
		buf->room = need < SIZE_MAX / 2 ? need * 2 : need;
		if (buf->room < 64)
			buf->room = 64;
		buf->data = xreallocarray(buf->data, buf->room, 1);
	}
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void buf_adds(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_addf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	buf_adds(buf, text);
	free(text);
}

char *buf_steal(struct buf *buf)
{
	char *data;

	buf_add(buf, "", 0);
	data = buf->data;
	*buf = (struct buf){ 0 };
	return data;
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}

static void print_indented(const char *label, enum term_style style, const char *text)
{
	term_printf(stderr, style, "  %s:", label);
	putc(' ', stderr);
	for (; *text; text++) {
		putc(*text, stderr);
		if (*text == '\n' && text[1])
			fputs("       ", stderr);
	}
	putc('\n', stderr);
}

void complain(const char *what, const char *why, const char *mend)
{
	progress_lock();
	/* What was printed before comes before, also into a common pipe. */
	fflush(stdout);
	term_printf(stderr, T_BAD, "lab:");
	fprintf(stderr, " %s\n", what);
	if (why && *why)
		print_indented("why", T_DIM, why);
	if (mend && *mend)
		print_indented("mend", T_OK, mend);
	progress_unlock();
}

void note(const char *fmt, ...)
{
	va_list ap;

	progress_lock();
	fflush(stdout);
	term_printf(stderr, T_WARN, "lab: note:");
	putc(' ', stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	putc('\n', stderr);
	progress_unlock();
}

const char *errno_text(int error)
{
	return strf("%s", strerror(error < 0 ? -error : error));
}

int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void sleep_ms(int ms)
{
	struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000 };

	/* A signal may cut it short: whoever waits looks again anyway. */
	nanosleep(&ts, NULL);
}
