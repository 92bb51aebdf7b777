// SPDX-License-Identifier: GPL-2.0
/*
 * The host's second opinion on a machine, as flags for whoever grades: what its
 * memory has that it should not have. What the lab's own solution does as well
 * is no flag, and a flag changes no mark. See grade_run.h.
 */
#include <stdlib.h>
#include <string.h>

#include "grade_run.h"

static const struct {
	const char *kind, *flag, *text;
} kinds[] = {
	{ "kernel-code", "host:kernel-code", "the kernel's own code is not what it was before" },
	{ "kernel-constants", "host:kernel-constants",
	  "what the kernel never changes, such as its table of system calls, was changed" },
	{ "module-code", "host:module-code", "the code of a module that is not the student's was changed" },
	{ "more-code", "host:hidden-code", "code of a module stays, and the guest lists no module" },
};

static char *usual_key(const struct run *run)
{
	return xasprintf("usual %s %s %s %s", run->lab->id, run->kernel, run->variant->name, run->part);
}

static bool has_finding(const json_t *result, const char *gate)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(result, "findings"), i, item)
		if (!strcmp(job_text(item, "gate"), gate))
			return true;
	return false;
}

void keep_usual(struct grade *g, const struct run *run, const json_t *result)
{
	char *key = usual_key(run);

	book_do(g, "INSERT OR REPLACE INTO meta VALUES (?, ?)", "tt", key, job_text(result, "witness"));
	free(key);
}

void keep_witness(struct grade *g, const struct run *run, const json_t *result)
{
	char *key = usual_key(run), *usual = book_value(g, "SELECT value FROM meta WHERE key = ?", "t", key);
	char *where = xasprintf("(memory, Linux %s%s%s%s)", run->kernel, *run->variant->name ? ", " : "",
				run->variant->name, strcmp(run->part, PART_HIDDEN) ? "" : ", hidden");
	struct strlist lines = { 0 };

	book_do(g, "DELETE FROM flags WHERE student = ? AND lab = ? AND file = ?", "ttt", run->student,
		run->lab->id, where);
	strlist_split(&lines, job_text(result, "witness"), "\n");
	for (size_t i = 0; i < lines.count; i++)
		for (size_t j = 0; j < ARRAY_SIZE(kinds); j++) {
			if (!str_starts(lines.items[i], strf("%s ", kinds[j].kind)) ||
			    (usual && strstr(usual, kinds[j].kind)) ||
			    (!strcmp(kinds[j].kind, "more-code") && has_finding(result, "still-loaded")))
				continue;
			book_do(g, "INSERT INTO flags VALUES (?, ?, ?, ?, ?, ?)", "tttitt", run->student,
				run->lab->id, where, (int64_t)0, kinds[j].flag,
				strf("%s:%s", kinds[j].text, lines.items[i] + strlen(kinds[j].kind)));
		}
	strlist_free(&lines);
	free(where);
	free(usual);
	free(key);
}
