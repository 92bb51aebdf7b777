// SPDX-License-Identifier: GPL-2.0
/* output.c - KTAP, bounded and escaped */

#define _GNU_SOURCE
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Length of the UTF-8 character at text, 0 if it is none or a control one. */
static size_t printable_length(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	static const unsigned int smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned int code;
	size_t n;

	if (s[0] < 0x80)
		return s[0] == '\t' || (s[0] >= 0x20 && s[0] != 0x7f);
	if (s[0] >= 0xc0 && s[0] < 0xe0)
		n = 2;
	else if (s[0] >= 0xe0 && s[0] < 0xf0)
		n = 3;
	else if (s[0] >= 0xf0 && s[0] < 0xf8)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	code = s[0] & (0x7f >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	/* Not shortest, control, surrogate, line separator, out of range. */
	if (code < smallest[n] || code < 0xa0 || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000) ||
	    code == 0x2028 || code == 0x2029)
		return 0;
	return n;
}

/* One line, without its end; what does not print becomes \xNN. */
static void print_escaped(const char *text, size_t len)
{
	size_t n;

	for (size_t i = 0; i < len; i += n) {
		n = printable_length(text + i, len - i);
		if (n) {
			fwrite(text + i, 1, n, stdout);
		} else {
			printf("\\x%02x", (unsigned char)text[i]);
			n = 1;
		}
	}
}

static void print_lines(const char *text, size_t len, const char *prefix)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, '\n', end - text);

		if (!stop)
			stop = end;
		fputs(prefix, stdout);
		print_escaped(text, stop - text);
		putchar('\n');
		text = stop + 1;
	}
}

void bounded_add(struct bounded *kept, const char *text, size_t len)
{
	while (len) {
		char *to;
		size_t at, room;

		if (kept->total < KEPT) {
			to = kept->head;
			at = kept->total;
		} else {
			to = kept->tail;
			at = (kept->total - KEPT) % KEPT;
		}
		room = KEPT - at;
		if (room > len)
			room = len;
		memcpy(to + at, text, room);
		kept->total += room;
		text += room;
		len -= room;
	}
}

void bounded_print(const struct bounded *kept, const char *prefix)
{
	u64 rest = kept->total > KEPT ? kept->total - KEPT : 0;
	char *text = malloc(2 * KEPT);
	size_t begin;

	if (!text) {
		ktap_diagnostic("(no memory to show what was printed)");
		return;
	}
	memcpy(text, kept->head, KEPT);
	if (!rest) {
		print_lines(text, kept->total, prefix);
	} else if (rest <= KEPT) {
		memcpy(text + KEPT, kept->tail, rest);
		print_lines(text, KEPT + rest, prefix);
	} else {
		begin = rest % KEPT;
		memcpy(text + KEPT, kept->tail + begin, KEPT - begin);
		memcpy(text + 2 * KEPT - begin, kept->tail, begin);
		print_lines(text, KEPT, prefix);
		ktap_diagnostic("... %llu bytes are left out here ...",
				rest - KEPT);
		print_lines(text + KEPT, KEPT, prefix);
	}
	free(text);
}

void ktap_diagnostic(const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	if (len < 0) {
		puts("# (no memory for this line)");
		return;
	}
	print_lines(text, len, "# ");
	free(text);
}

void ktap_result(bool ok, unsigned int number, const char *name,
		 const char *why_fmt, ...)
{
	char why[512];
	va_list args;

	printf("%s %u %s", ok ? "ok" : "not ok", number, name);
	if (why_fmt) {
		va_start(args, why_fmt);
		vsnprintf(why, sizeof(why), why_fmt, args);
		va_end(args);
		fputs(" # ", stdout);
		print_escaped(why, strlen(why));
	}
	putchar('\n');
	fflush(stdout);
}
