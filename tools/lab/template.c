// SPDX-License-Identifier: GPL-2.0
/* template.c - see template.h. */
#include <stdlib.h>
#include <string.h>

#include "template.h"

static const char *value_of(const char *name, size_t len, const struct template_word *words,
			    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i].name) == len && !strncmp(words[i].name, name, len))
			return words[i].value;
	return NULL;
}

/* Length of the capital word after an @ that another @ ends; 0: an @ as such. */
static size_t word_length(const char *text)
{
	size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return text[len] == '@' ? len : 0;
}

static bool fill_line(struct buf *out, const char *line, size_t len,
		      const struct template_word *words, size_t count, const char **error)
{
	const char *end = line + len;

	while (line < end) {
		const char *at = memchr(line, '@', end - line);
		const char *value;
		size_t name;

		if (!at) {
			buf_add(out, line, end - line);
			break;
		}
		buf_add(out, line, at - line);
		name = word_length(at + 1);
		if (!name) {
			buf_add(out, "@", 1);
			line = at + 1;
			continue;
		}
		value = value_of(at + 1, name, words, count);
		if (!value) {
			*error = strf("there is no word @%.*s@", (int)name, at + 1);
			return false;
		}
		buf_adds(out, value);
		line = at + name + 2;
	}
	return true;
}

char *template_fill(const char *text, const struct template_word *words, size_t count,
		    const char **error)
{
	struct buf out = { 0 };
	bool inside = false, keep = true;

	while (*text) {
		size_t len = strcspn(text, "\n");

		len += text[len] == '\n';
		if (str_starts(text, "@IF ")) {
			const char *value = value_of(text + 4, word_length(text + 4), words, count);

			if (inside) {
				*error = "an @IF inside another";
				goto fail;
			}
			inside = true;
			keep = value && *value;
		} else if (str_starts(text, "@END@")) {
			inside = false;
			keep = true;
		} else if (keep && !fill_line(&out, text, len, words, count, error)) {
			goto fail;
		}
		text += len;
	}
	if (!inside)
		return buf_steal(&out);
	*error = "an @IF without its @END@";
fail:
	buf_free(&out);
	return NULL;
}
