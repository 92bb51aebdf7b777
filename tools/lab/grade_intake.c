// SPDX-License-Identifier: GPL-2.0
/*
 * A worker's first kind of task: one submission, of whatever form, is looked
 * through for the files of the labs, by a second worker. That runs in a sandbox in which the
 * submission is /submission and nothing can be written but /tmp; what it
 * found goes back as text.
 */
#include <stdlib.h>
#include <string.h>

#include "grade.h"
#include "grade_archive.h"
#include "proc.h"
#include "sandbox.h"

#define SUBMISSION	"/submission"
#define NOTES_MAX	20
#define LOOK_TMP		(160u << 20)
#define MEMORY_MAX	(1u << 30)
#define RESULT_MAX	(32u << 20)
#define LOOK_MS		120000
#define CANDIDATES_MAX	256

struct candidate {
	char *path;
	char *data;
	size_t len;
};

struct intake {
	const json_t *labs;
	struct candidate items[CANDIDATES_MAX];
	size_t count;
	json_t *notes;
	bool any_c;		/* a single file under a name of its own */
};

/* What the JSON of a worker may hold. */
static json_t *clean_string(const char *text)
{
	json_t *value = json_string(text);
	char *clean;

	if (value)
		return value;
	clean = xstrdup(text);
	for (char *c = clean; *c; c++)
		if ((unsigned char)*c >= 0x80)
			*c = '?';
	value = json_string(clean);
	free(clean);
	return value;
}

static bool wanted(void *data, const char *base)
{
	struct intake *in = data;
	json_t *lab, *file;
	size_t i, j;

	json_array_foreach(in->labs, i, lab)
		json_array_foreach(json_object_get(lab, "files"), j, file)
			if (!strcmp(json_string_value(file), base))
				return true;
	return false;
}

static void add_note(void *data, const char *text)
{
	struct intake *in = data;
	size_t n = json_array_size(in->notes);

	if (n < NOTES_MAX)
		json_array_append_new(in->notes, clean_string(text));
	else if (n == NOTES_MAX)
		json_array_append_new(in->notes, json_string("there is more of that kind"));
}

static void add_file(void *data, const char *path, const void *bytes, size_t len)
{
	struct intake *in = data;
	struct candidate *c = &in->items[in->count];

	if (in->count == CANDIDATES_MAX) {
		add_note(in, "there are too many files of the wanted names");
		return;
	}
	in->count++;
	c->path = xstrdup(path);
	c->data = xmalloc(len + 1);
	memcpy(c->data, bytes, len);
	c->data[len] = '\0';
	c->len = len;
}

static bool same(const struct candidate *a, const struct candidate *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/* Is there a directory of that name on the way to the file? */
static bool on_the_way(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	for (const char *p = path; (p = strstr(p, dir)); p++)
		if ((p == path || p[-1] == '/') && p[len] == '/')
			return true;
	return false;
}

/*
 * The one file of this name: in a directory with the lab's name, if there is
 * any; copies of one text are one. NULL: none, or *others tells of several.
 */
static const struct candidate *choose(const struct intake *in, const char *lab,
				      const char *name, struct strlist *others)
{
	for (int only_in_dir = 1; only_in_dir >= 0; only_in_dir--) {
		const struct candidate *found = NULL;
		bool several = false;

		for (size_t i = 0; i < in->count; i++) {
			const struct candidate *c = &in->items[i];

			if (!in->any_c && strcmp(base_name(c->path), name))
				continue;
			if (only_in_dir && !on_the_way(c->path, lab))
				continue;
			if (found && !same(found, c))
				several = true;
			if (!found)
				found = c;
		}
		if (found && several) {
			for (size_t i = 0; i < in->count; i++)
				if (!strcmp(base_name(in->items[i].path), name))
					strlist_add(others, in->items[i].path);
			return NULL;
		}
		if (found)
			return found;
	}
	return NULL;
}

static json_t *choose_for_lab(const struct intake *in, const json_t *lab)
{
	json_t *files = json_array(), *file, *out;
	struct strlist several = { 0 }, missing = { 0 };
	size_t i;
	char *text;

	json_array_foreach(json_object_get(lab, "files"), i, file) {
		const char *name = json_string_value(file);
		const struct candidate *c = choose(in, job_text(lab, "name"), name, &several);
		char *data;

		if (!c) {
			strlist_add(&missing, name);
			continue;
		}
		data = base64_encode(c->data, c->len);
		json_array_append_new(files, json_pack("{s:s,s:o,s:s}", "name", name, "path",
						       clean_string(c->path), "data", data));
		free(data);
	}
	text = strlist_join(&several, ", ");
	out = json_pack("{s:s,s:o,s:o}", "id", job_text(lab, "id"), "files", files,
			"ambiguous", clean_string(text));
	free(text);
	text = strlist_join(&missing, ", ");
	json_object_set_new(out, "missing", clean_string(text));
	free(text);
	strlist_free(&several);
	strlist_free(&missing);
	return out;
}

json_t *worker_look(const json_t *job)
{
	struct intake in = { .labs = json_object_get(job, "labs"), .notes = json_array() };
	const struct take take = { wanted, add_file, add_note, &in };
	const char *form = job_text(job, "form"), *refused;
	json_t *labs = json_array(), *lab, *out;
	size_t i;

	if (!strcmp(form, "folder")) {
		refused = take_folder(SUBMISSION, &take);
	} else if (!strcmp(form, "single")) {
		in.any_c = true;
		refused = take_single(SUBMISSION, job_text(job, "name"), &take);
	} else if (!strcmp(form, "bundle")) {
		refused = take_bundle(SUBMISSION, &take);
	} else {
		refused = take_archive(SUBMISSION, &take);
	}
	json_array_foreach(in.labs, i, lab)
		json_array_append_new(labs, choose_for_lab(&in, lab));
	out = json_pack("{s:o,s:o,s:o}", "labs", labs, "notes", in.notes, "refused",
			refused ? clean_string(refused) : json_null());
	for (i = 0; i < in.count; i++) {
		free(in.items[i].path);
		free(in.items[i].data);
	}
	return out;
}

/* The sandbox in which a second worker looks: it sees the entry and itself. */
static void look_command(struct strlist *argv, const char *program, const char *entry)
{
	static const char *const names[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS" };

	sandbox_begin(argv, LOOK_TMP);
	sandbox_read(argv, program, "/lab-program");
	sandbox_read(argv, entry, SUBMISSION);
	/* What the sanitizers of a test's program need is told on. */
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (getenv(names[i]))
			sandbox_env(argv, names[i], getenv(names[i]));
	sandbox_command(argv, "/", &(struct sandbox_limits){
		/* The address sanitizer reserves terabytes. */
		.memory = getenv("ASAN_OPTIONS") ? 0 : MEMORY_MAX, .cpu = 60, .file = LOOK_TMP,
		.processes = 256 });
	strlist_add(argv, "/lab-program");
	strlist_add(argv, "grade");
	strlist_add(argv, "--worker");
}

json_t *worker_intake(const json_t *job)
{
	size_t len;
	char *program = base64_decode(job_text(job, "program"), &len);
	char *entry = base64_decode(job_text(job, "entry"), &len), *text;
	json_t *look = json_copy((json_t *)job), *result = NULL;
	struct strlist argv = { 0 };
	struct proc_result res;
	int err;

	json_object_set_new(look, "kind", json_string("look"));
	text = json_dumps(look, JSON_COMPACT);
	look_command(&argv, program, entry);
	err = proc_run(&(struct proc){ .argv = (const char *const *)argv.items,
				       .output = PROC_SEPARATE, .input = text, .input_len = strlen(text),
				       .cap = RESULT_MAX, .deadline_ms = LOOK_MS }, &res);
	if (!err) {
		result = json_loadb(res.out, res.out_len, 0, NULL);
		if (!result)
			complain(strf("looking through it %s", proc_describe(&res)), str_trim(res.err), NULL);
		proc_result_free(&res);
	} else {
		complain("the sandbox cannot be started", errno_text(err), "lab doctor");
	}
	strlist_free(&argv);
	json_decref(look);
	free(text);
	free(program);
	free(entry);
	return result;
}
