// SPDX-License-Identifier: GPL-2.0
/* What kmemleak found after the module had gone. */
#include <stdlib.h>
#include <string.h>

#include "judge.h"

#define SHOWN 3

/* From one "unreferenced object" to the next. */
static const char *next_object(const char *p)
{
	const char *next = strstr(p + 1, "unreferenced object ");

	return next ? next : p + strlen(p);
}

/*
 * The innermost frame that was the module's; NULL: it is none of ours. A frame
 * without a name was in a module that has gone, but not where we know of: "".
 */
static char *owner(struct decoder *d, const char *object, size_t len)
{
	char *text = xstrndup(object, len), *found = NULL;
	char *trace = strstr(text, "backtrace");
	struct strlist lines = { 0 };
	bool nameless = false;

	/* Of a cache that cannot be entered into sysfs 6.1 loses the name, in
	 * sysfs_slab_add() of mm/slub.c: that is not the module's doing.
	 */
	if (trace && strstr(trace, "] sysfs_slab_add+"))
		trace = NULL;
	strlist_split(&lines, trace ? trace : "", "\n");
	for (size_t i = 1; i < lines.count && !found; i++) {
		const char *frame = strchr(lines.items[i], ']');

		found = decode_line(d, frame ? frame + 1 : lines.items[i]);
		if (!found && frame && str_starts(frame, "] 0x"))
			nameless = true;
	}
	if (!found && nameless)
		found = xstrdup("");
	strlist_free(&lines);
	free(text);
	return found;
}

/* Takes places and text; NULL: there was nothing. */
static void add_leak(struct finding **findings, size_t *count,
		     struct buf *places, char *text)
{
	struct finding *f = text ? finding_add(findings, count, "leak") : NULL;

	if (!f) {
		buf_free(places);
		free(text);
		return;
	}
	f->advice = "The module has gone, and nothing points to this memory any more: what was allocated there was never freed.";
	f->concept = "memory leaks";
	f->see = "ch08_alloc";
	f->text = text;
	f->where = places->len ? buf_steal(places) : NULL;
}

void gates_read_leaks(const char *text, struct decoder *decoder,
		      struct finding **findings, size_t *count)
{
	const char *p = strstr(text, "unreferenced object ");
	unsigned int objects = 0, shown = 0;
	unsigned long bytes = 0;
	struct buf places = { 0 };

	for (; p && *p; p = next_object(p)) {
		const char *size = strstr(p, "(size ");
		char *place = owner(decoder, p, next_object(p) - p);

		if (!place)
			continue;
		objects++;
		bytes += size ? strtoul(size + strlen("(size "), NULL, 10) : 0;
		if (*place && shown < SHOWN && !(places.data && strstr(places.data, place))) {
			buf_addf(&places, "%s%s", shown ? "\n" : "", place);
			shown++;
		}
		free(place);
	}
	add_leak(findings, count, &places, objects == 1 ?
		 xasprintf("1 object, %lu bytes, not freed", bytes) :
		 objects ? xasprintf("%u objects, %lu bytes, not freed", objects,
				     bytes) : NULL);
}

void gates_read_areas(const char *text, struct decoder *decoder,
		      struct finding **findings, size_t *count)
{
	struct buf places = { 0 };
	unsigned long bytes = 0;
	unsigned int areas = 0;

	for (const char *p = text; *p;) {
		char *line = xstrndup(p, strcspn(p, "\n")), *place;
		const char *size = strchr(line, ' '), *caller;

		bytes += size ? strtoul(size, NULL, 10) : 0;
		caller = size ? strstr(size, " 0x") : NULL;
		place = caller ? decode_line(decoder, caller) : NULL;
		if (place && areas < SHOWN)
			buf_addf(&places, "%s%s", places.len ? "\n" : "", place);
		free(place);
		areas++;
		p += strlen(line);
		p += *p == '\n';
		free(line);
	}
	add_leak(findings, count, &places, areas ?
		 xasprintf("%lu bytes from vmalloc(), not freed", bytes) : NULL);
}
