// SPDX-License-Identifier: GPL-2.0
/* value.c - operands as text */

#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SHOWN	1000		/* bytes of a string in a failure's text */

struct check_value check_bool_(bool value)
{
	return (struct check_value){ CHECK_BOOL_, false, value };
}

struct check_value check_char_(char value)
{
	long long number = value;	/* not every architecture's char has a sign */

	return (struct check_value){ CHECK_CHAR_, number < 0, (u64)number };
}

struct check_value check_signed_(long long value)
{
	return (struct check_value){ CHECK_INTEGER_, value < 0, (u64)value };
}

struct check_value check_unsigned_(u64 value)
{
	return (struct check_value){ CHECK_INTEGER_, false, value };
}

struct check_value check_pointer_(const volatile void *value)
{
	return (struct check_value){ CHECK_POINTER_, false, (uintptr_t)value };
}

/* One character as in a C string. */
static void char_print(FILE *out, unsigned char c, char quote)
{
	static const char from[] = "\n\t\r\\";
	static const char to[] = "ntr\\";
	const char *special = c ? strchr(from, c) : NULL;

	if (c == (unsigned char)quote)
		fprintf(out, "\\%c", c);
	else if (special)
		fprintf(out, "\\%c", to[special - from]);
	else if (c < 0x20 || c == 0x7f)
		fprintf(out, "\\x%02x", c);
	else
		fputc(c, out);
}

void value_print(FILE *out, struct check_value value)
{
	switch (value.kind) {
	case CHECK_BOOL_:
		fputs(value.bits ? "true" : "false", out);
		return;
	case CHECK_POINTER_:
		if (value.bits)
			fprintf(out, "%p", (void *)(uintptr_t)value.bits);
		else
			fputs("NULL", out);
		return;
	case CHECK_CHAR_:
		fprintf(out, "%lld", (long long)value.bits);
		if (!value.negative && value.bits < 0x80) {
			fputs(" '", out);
			char_print(out, value.bits, '\'');
			fputc('\'', out);
		}
		return;
	case CHECK_INTEGER_:
		break;
	}
	if (value.negative)
		fprintf(out, "%lld", (long long)value.bits);
	else if (value.bits < 4096)
		fprintf(out, "%llu", value.bits);
	else
		fprintf(out, "%llu (0x%llx)", value.bits, value.bits);
}

/* Is the operand's source the number that would be printed anyway? */
static bool is_literal(const char *text)
{
	if (*text == '-')
		text++;
	if (!strcmp(text, "true") || !strcmp(text, "false") ||
	    !strcmp(text, "NULL"))
		return true;
	return isdigit((unsigned char)*text) && strlen(text) < 5 &&
	       text[strspn(text, "0123456789")] == '\0' &&
	       (text[0] != '0' || !text[1]);
}

/* "  count is 7"; nothing for a literal, which says so itself. */
void value_describe(FILE *out, const char *text, struct check_value value)
{
	if (is_literal(text))
		return;
	fprintf(out, "  %s is ", text);
	value_print(out, value);
	fputc('\n', out);
}

/*
 * Errors that the kernel uses inside and that have no name in user space;
 * include/linux/errno.h of the kernel.
 */
static const struct {
	unsigned int number;
	const char *name;
} internal_errors[] = {
	{ 512, "ERESTARTSYS" },
	{ 513, "ERESTARTNOINTR" },
	{ 514, "ERESTARTNOHAND" },
	{ 515, "ENOIOCTLCMD" },
	{ 516, "ERESTART_RESTARTBLOCK" },
	{ 517, "EPROBE_DEFER" },
	{ 524, "ENOTSUPP" },
};

void errno_print(FILE *out, u64 err)
{
	const char *name = err <= 4095 ? strerrorname_np(err) : NULL;

	if (name) {
		fprintf(out, "%s: %s", name, strerrordesc_np(err));
		return;
	}
	for (size_t i = 0; i < sizeof(internal_errors) /
			       sizeof(internal_errors[0]); i++) {
		if (internal_errors[i].number == err) {
			fprintf(out, "%s: for use inside the kernel only",
				internal_errors[i].name);
			return;
		}
	}
	fputs("no error number", out);
}

static void lines_print(FILE *out, const char *string, size_t len)
{
	const char *end = string + len;

	while (string < end) {
		size_t line = strcspn(string, "\n");

		if (line > (size_t)(end - string))
			line = end - string;
		fprintf(out, "    | %.*s\n", (int)line, string);
		string += line + 1;
	}
}

/* A line in quotes as in C; several as they are, behind a bar. */
void string_describe(FILE *out, const char *text, const char *string)
{
	size_t len = string ? strlen(string) : 0;
	size_t shown = len > SHOWN ? SHOWN : len;

	if (text[0] == '"' && len < SHOWN)
		return;
	fprintf(out, "  %s is ", text);
	if (!string) {
		fputs("NULL\n", out);
		return;
	}
	if (memchr(string, '\n', len) &&
	    strchr(string, '\n') != string + len - 1) {
		fprintf(out, "%zu bytes:\n", len);
		if (len > 2 * SHOWN) {
			lines_print(out, string, SHOWN);
			fprintf(out, "    ... %zu bytes are left out here ...\n",
				len - 2 * SHOWN);
			lines_print(out, string + len - SHOWN, SHOWN);
		} else {
			lines_print(out, string, len);
		}
		return;
	}
	fputc('"', out);
	for (size_t i = 0; i < shown; i++)
		char_print(out, string[i], '"');
	fputs(shown < len ? "\"...\n" : "\"\n", out);
}
