// SPDX-License-Identifier: GPL-2.0
/* The report as text and as JSON. */
#include <stdio.h>
#include <string.h>

#include "envreport.h"

/* Bytes of the well-formed UTF-8 character at text; 0 when it is none. */
static int utf8_len(const unsigned char *text)
{
	unsigned int min, c;
	int len;

	if (text[0] < 0x80)
		return 1;
	if ((text[0] & 0xe0) == 0xc0)
		len = 2, min = 0x80, c = text[0] & 0x1f;
	else if ((text[0] & 0xf0) == 0xe0)
		len = 3, min = 0x800, c = text[0] & 0x0f;
	else if ((text[0] & 0xf8) == 0xf0)
		len = 4, min = 0x10000, c = text[0] & 0x07;
	else
		return 0;
	for (int i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (text[i] & 0x3f);
	}
	if (c < min || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return len;
}

/*
 * What comes from files may hold anything. A terminal must not obey it, and
 * JSON is UTF-8 without control characters: all else is shown as \x1b, or as
 * \u001b in JSON, where a byte stands for the character of the same number.
 */
static void print_escaped(const char *s, bool json)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p) {
		int len = utf8_len(p);
		bool c1 = len == 2 && p[0] == 0xc2 && p[1] < 0xa0;

		if (json && (*p == '"' || *p == '\\'))
			putchar('\\');
		if (len && *p >= 0x20 && *p != 0x7f && !c1) {
			fwrite(p, 1, len, stdout);
			p += len;
		} else {
			printf(json ? "\\u%04x" : "\\x%02x", *p++);
		}
	}
}

/* The name of a fact, for people: blanks for its underscores. */
static void print_name(const char *name)
{
	int width = printf("  ");

	for (; *name; name++)
		width += putchar(*name == '_' ? ' ' : *name) != EOF;
	printf("%*s", 20 - width, "");
}

void print_text(const struct report *report)
{
	for (size_t i = 0; i < report->facts; i++) {
		const struct fact *fact = &report->fact[i];

		print_name(fact->name);
		print_escaped(fact->value ? fact->value : "unknown", false);
		printf("  (");
		print_escaped(fact->why, false);
		printf(")\n");
	}
	if (!*fact_value(report, "config"))
		return;
	printf("\n");
	for (size_t i = 0; i < KCONFIGS; i++) {
		const char *value = report->option[i];

		printf("  %-30s", kconfigs[i].name);
		print_escaped(value ? value : "-", false);
		printf("  (%s)\n", kconfigs[i].purpose);
	}
}

static void print_json_string(const char *text)
{
	if (!text) {
		printf("null");
		return;
	}
	putchar('"');
	print_escaped(text, true);
	putchar('"');
}

void print_json(const struct report *report)
{
	printf("{\n  \"facts\": {\n");
	for (size_t i = 0; i < report->facts; i++) {
		const struct fact *fact = &report->fact[i];

		printf("    \"%s\": { \"value\": ", fact->name);
		print_json_string(fact->value);
		printf(", \"why\": ");
		print_json_string(fact->why);
		printf(" }%s\n", i + 1 < report->facts ? "," : "");
	}
	printf("  },\n  \"config\": {\n");
	for (size_t i = 0; i < KCONFIGS; i++) {
		printf("    \"%s\": ", kconfigs[i].name);
		print_json_string(report->option[i]);
		printf("%s\n", i + 1 < KCONFIGS ? "," : "");
	}
	printf("  }\n}\n");
}
