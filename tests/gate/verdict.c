// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts from the virtual machine: the skeleton fails what lab.ini names
 * and nothing else, the solution passes with a healthy kernel.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

/* Every state that is not a pass, for the message. */
static char *describe(const json_t *verdict)
{
	struct buf out = { 0 };
	json_t *item;
	size_t i;

	buf_addf(&out, "%s (stage %s) %s", json_text(verdict, "verdict"),
		 json_text(verdict, "stage"), json_text(verdict, "why"));
	json_array_foreach(json_object_get(verdict, "tests"), i, item)
		if (strcmp(json_text(item, "state"), "passed"))
			buf_addf(&out, "\n\t%s %s %s\n\t\t%s",
				 json_text(item, "name"), json_text(item, "state"),
				 json_text(item, "reason"), json_text(item, "diagnostics"));
	json_array_foreach(json_object_get(verdict, "findings"), i, item)
		buf_addf(&out, "\n\tfinding %s: %s", json_text(item, "gate"),
			 json_text(item, "text"));
	if (!strcmp(json_text(verdict, "stage"), "build"))
		buf_addf(&out, "\n%s", json_text(verdict, "build_log"));
	return buf_steal(&out);
}

static bool failed_state(const char *state)
{
	return strcmp(state, "passed") && strcmp(state, "skipped");
}

/* The skeleton's failing checks against lab.ini's list; NULL when equal. */
static char *compare_failures(const struct lab *lab, const json_t *verdict)
{
	struct strlist got = { 0 };
	struct buf wrong = { 0 };
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(verdict, "tests"), i, item)
		if (failed_state(json_text(item, "state")))
			strlist_add(&got, json_text(item, "name"));
	for (i = 0; i < got.count; i++)
		if (!strlist_has(&lab->fails, got.items[i]))
			buf_addf(&wrong, "it fails %s, which lab.ini does not name; ",
				 got.items[i]);
	for (i = 0; i < lab->fails.count; i++)
		if (!strlist_has(&got, lab->fails.items[i]))
			buf_addf(&wrong, "it does not fail %s, which lab.ini names; ",
				 lab->fails.items[i]);
	strlist_free(&got);
	return wrong.len ? buf_steal(&wrong) : NULL;
}

static void judge_skeleton(const struct lab *lab, const char *what,
			   const json_t *verdict, int status)
{
	char *wrong, *all = describe(verdict);

	if (status != LAB_FAILED) {
		fail(what, "the skeleton should fail (exit status 1), and gave %d: %s",
		     status, all);
	} else if (strcmp(json_text(verdict, "stage"), "check")) {
		fail(what, "the skeleton did not come to its check: %s", all);
	} else {
		wrong = compare_failures(lab, verdict);
		if (wrong)
			fail(what, "%s\n\t%s", wrong, all);
		else
			pass("%s: fails %zu checks, as it should", what,
			     lab->fails.count);
		free(wrong);
	}
	free(all);
}

static void judge_solution(const char *what, const json_t *verdict, int status)
{
	char *all = describe(verdict);
	json_t *item;
	size_t i, count = 0;

	if (status != LAB_PASSED) {
		fail(what, "the solution should pass, and gave %d: %s", status,
		     all);
		free(all);
		return;
	}
	json_array_foreach(json_object_get(verdict, "tests"), i, item) {
		count++;
		if (!strcmp(json_text(item, "state"), "skipped"))
			skip(what, strf("%s: %s", json_text(item, "name"),
					json_text(item, "reason")));
	}
	pass("%s: passes %zu checks", what, count);
	free(all);
}

static void judge_one(const struct gate *gate, const struct lab *lab,
		      bool solution)
{
	bool skeleton = lab_is_task(lab) && !solution && !is_test_lab(lab);
	char *what = xasprintf("%s (%s, %s%s)", lab->id,
			       skeleton ? "skeleton" : solution ? "solution" :
			       "as it is", gate->kernel, gate->cold ? ", cold" : "");
	const char *argv[9] = {
		strf("%s/lab", gate->root), "check", lab->dir, "--kernel",
		gate->kernel, "--json", NULL, NULL, NULL
	};
	int status, verdicts = 0, argc = 6;
	char *out;

	if (gate->cold)
		argv[argc++] = "--cold";
	if (solution)
		argv[argc++] = "--solution";
	out = output_of(argv, gate->root, 900, &status);

	/* One JSON object a line, one line a variant; notes in between. */
	for (char *p = out; *p;) {
		size_t len = strcspn(p, "\n");
		json_t *verdict = *p == '{' ? json_loadb(p, len, 0, NULL) : NULL;
		char *label = xasprintf("%s%s%s", what,
					*json_text(verdict, "variant") ? " " : "",
					json_text(verdict, "variant"));

		if (verdict) {
			int code = json_integer_value(json_object_get(verdict,
								      "code"));

			verdicts++;
			if (skeleton)
				judge_skeleton(lab, label, verdict, code);
			else
				judge_solution(label, verdict, code);
		}
		free(label);
		json_decref(verdict);
		p += len + (p[len] == '\n');
	}
	if (!verdicts)
		fail(what, "lab check gave no verdict (status %d):\n%s", status,
		     out);
	free(out);
	free(what);
}

static void one(void *data, size_t i)
{
	const struct gate *gate = data;
	const struct lab *lab = gate_lab(gate, i / 2);
	bool solution = i % 2;
	char *how, *key;

	/* A demo and a test have one side only. */
	if (solution && (!lab_is_task(lab) || is_test_lab(lab)))
		return;
	how = xasprintf("verdict %d%d", solution, gate->cold);
	key = memo_key(gate, lab, how, gate->kernel, NULL);
	if (!memo_recall(key)) {
		judge_one(gate, lab, solution);
		memo_keep(key);
	}
	free(key);
	free(how);
}

void check_verdicts(struct gate *gate)
{
	run_jobs("verdicts", gate_count(gate) * 2, one, gate);
}
