// SPDX-License-Identifier: GPL-2.0
/* The rubric: an INI file of numbers; docs/grading.md lists its keys. */
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "grade.h"

struct rubric {
	struct strlist keys;	/* "section\nkey" */
	int64_t *values;	/* hundredths */
	const char *file;
	bool bad;
};

/* "2", "2.5", "-0.25": hundredths. */
bool parse_points(const char *text, int64_t *out)
{
	bool minus = *text == '-';
	uint64_t whole = 0, part = 0;
	char *copy = xstrdup(text + (minus || *text == '+'));
	char *dot = strchr(copy, '.');
	bool good = true;

	if (dot) {
		*dot++ = '\0';
		good = strlen(dot) && strlen(dot) <= 2 && parse_u64(dot, 0, 99, &part);
		if (good && strlen(dot) == 1)
			part *= 10;
	}
	good = good && parse_u64(*copy ? copy : "0", 0, 1000000, &whole) && *text;
	free(copy);
	if (good)
		*out = (int64_t)(whole * 100 + part) * (minus ? -1 : 1);
	return good;
}

static int take_value(void *data, const char *section, const char *name, const char *value)
{
	static const struct { const char *section, *key; } known[] = {
		{ "marks", "hidden" }, { "marks", "unfinished" }, { "deductions", "gate" },
		{ "deductions", "checkpatch" }, { "deductions", "checkpatch_max" },
		{ "deductions", "sparse" }, { "deductions", "sparse_max" },
		{ "late", "grace" }, { "late", "day" }, { "late", "max" }, { "late", "zero_after" },
		{ "attempts", "free" }, { "attempts", "each" }, { "attempts", "max" },
	};
	struct rubric *r = data;
	bool fine = strchr(section, '/') || (!strcmp(section, "deductions") && str_starts(name, "gate."));
	int64_t number;

	for (size_t i = 0; i < ARRAY_SIZE(known) && !fine; i++)
		fine = !strcmp(known[i].section, section) && !strcmp(known[i].key, name);
	if (!fine || !parse_points(value, &number) || number < 0) {
		complain(strf("%s: [%s] %s = %s", r->file, section, name, value),
			 fine ? "the value is no number such as 20 or 2.5" : "there is no such key",
			 "docs/grading.md has them all");
		r->bad = true;
		return 1;
	}
	r->values = xreallocarray(r->values, r->keys.count + 1, sizeof(*r->values));
	r->values[r->keys.count] = number;
	strlist_addf(&r->keys, "%s\n%s", section, name);
	return 1;
}

int rubric_read(struct grade *g)
{
	struct rubric *r = xcalloc(1, sizeof(*r));
	char *text;

	g->rubric = r;
	if (!g->rubric_file)
		return 0;
	text = read_whole(g->rubric_file, NULL);
	if (!text) {
		int err = errno;

		complain(strf("cannot read %s", g->rubric_file), errno_text(err), NULL);
		return -err;
	}
	r->file = g->rubric_file;
	if (ini_parse_string(text, take_value, r) && !r->bad) {
		complain(strf("%s is no rubric", r->file), "a line is neither [section] nor key = value",
			 "docs/grading.md has an example");
		r->bad = true;
	}
	free(text);
	return r->bad ? -EINVAL : 0;
}

void rubric_free(struct rubric *r)
{
	if (!r)
		return;
	strlist_free(&r->keys);
	free(r->values);
	free(r);
}

static const int64_t *find(const struct rubric *r, const char *section, const char *key)
{
	const char *name = strf("%s\n%s", section, key);

	/* The last one counts. */
	for (size_t i = r ? r->keys.count : 0; i > 0; i--)
		if (!strcmp(r->keys.items[i - 1], name))
			return &r->values[i - 1];
	return NULL;
}

int64_t rubric_number(const struct rubric *r, const char *section, const char *key,
		      int64_t fallback)
{
	const int64_t *value = find(r, section, key);

	return value ? *value : fallback;
}

bool rubric_has(const struct rubric *r, const char *section, const char *key)
{
	return find(r, section, key);
}
