// SPDX-License-Identifier: GPL-2.0
/* Who there is, and what they gave in; see grade.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "grade.h"
#include "term.h"

static const struct form {
	const char *suffix, *form;
} forms[] = {
	{ ".tar.gz", "archive" }, { ".tgz", "archive" }, { ".tar.xz", "archive" },
	{ ".tar.bz2", "archive" }, { ".tar.zst", "archive" }, { ".tar", "archive" },
	{ ".zip", "archive" }, { ".bundle", "bundle" }, { ".c", "single" },
};

struct entry {
	char *name, *student;
	const char *form;
	struct stat st;
	const char *error;	/* why it cannot be taken, for the book */
};

struct class {
	struct grade *g;
	struct entry *items;
	size_t count, next;
	size_t unknown;		/* not on the roster */
};

static void add_entry(struct class *c, const char *name)
{
	char *path = xasprintf("%s/%s", c->g->submissions, name);
	struct entry e = { .name = xstrdup(name) };

	/* A link could lead anywhere. */
	if (lstat(path, &e.st)) {
		e.error = "it cannot be read";
	} else if (S_ISDIR(e.st.st_mode)) {
		e.form = "folder";
		e.student = xstrdup(name);
	} else if (S_ISREG(e.st.st_mode)) {
		for (size_t i = 0; i < ARRAY_SIZE(forms) && !e.form; i++) {
			if (!str_ends(name, forms[i].suffix))
				continue;
			e.form = forms[i].form;
			e.student = xstrndup(name, strlen(name) - strlen(forms[i].suffix));
		}
		if (!e.form)
			e.error = "it is none of the forms that can be taken: folder, .tar(.gz, .xz, .bz2, .zst), .tgz, .zip, .bundle, .c";
	} else {
		e.error = "it is a link or a device, neither folder nor file";
	}
	if (!e.student)
		e.student = xstrdup(name);
	free(path);
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->items[i].student, e.student))
			c->items[i].error = e.error = "there are two submissions under this name";
	c->items = xreallocarray(c->items, c->count + 1, sizeof(e));
	c->items[c->count++] = e;
}

static json_t *intake_job(const struct grade *g, const struct entry *e)
{
	json_t *labs = json_array();

	for (size_t i = 0; i < g->lab_count; i++) {
		json_t *files = json_array();

		for (size_t j = 0; j < g->labs[i]->files.count; j++)
			json_array_append_new(files, json_string(g->labs[i]->files.items[j]));
		json_array_append_new(labs, json_pack("{s:s,s:s,s:o}", "id", g->labs[i]->id, "name",
						      g->labs[i]->name, "files", files));
	}
	return json_pack("{s:s,s:s,s:s,s:o}", "kind", "intake", "form", e->form, "name",
			 "submission.c", "labs", labs);
}

/* An archive that is as it was need not be read again; a folder is. */
static char *entry_key(const struct grade *g, const struct entry *e)
{
	struct sum *sum = sum_begin();

	sum_text(sum, e->name);
	sum_add(sum, &e->st.st_size, sizeof(e->st.st_size));
	sum_add(sum, &e->st.st_mtim, sizeof(e->st.st_mtim));
	for (size_t i = 0; i < g->lab_count; i++)
		sum_text(sum, g->labs[i]->id);
	return sum_end(sum);
}

static int book_entry(struct class *c, const struct entry *e, const char *error)
{
	struct grade *g = c->g;
	char *key = entry_key(g, e);
	int err;

	err = book_do(g, "INSERT INTO students (student, entry, entry_key, entry_time, error) "
		      "VALUES (?, ?, ?, ?, ?) ON CONFLICT (student) DO UPDATE SET "
		      "entry = excluded.entry, entry_key = excluded.entry_key, "
		      "entry_time = excluded.entry_time, error = excluded.error", "tttit",
		      e->student, e->name, key,
		      (int64_t)e->st.st_mtime, error);
	free(key);
	return err;
}

struct scan_to {
	struct grade *g;
	const char *student, *lab;
	struct strlist usual;	/* flags that the lab's own solution has as well */
};

static void note_usual(void *data, const char *name, unsigned int line, const char *flag,
		       const char *text)
{
	(void)name;
	(void)line;
	(void)text;
	strlist_add(data, flag);
}

static void find_usual(const struct lab *lab, struct strlist *usual)
{
	for (size_t i = 0; lab && i < lab->files.count; i++) {
		char *text = read_whole(strf("%s/%s", lab->solution_dir, lab->files.items[i]), NULL);

		if (text)
			scan_source(lab->files.items[i], text, note_usual, usual);
		free(text);
	}
}

static void found_flag(void *data, const char *name, unsigned int line, const char *flag,
		       const char *text)
{
	struct scan_to *to = data;

	if (strlist_has(&to->usual, flag))
		return;
	book_do(to->g, "INSERT INTO flags VALUES (?, ?, ?, ?, ?, ?)", "tttitt", to->student, to->lab,
		name, (int64_t)line, flag, text);
}

/* Writes the files of one lab, and what the book says of them. */
static void take_lab(struct class *c, const char *student, const json_t *result,
		     const char *refused, const char *notes)
{
	struct grade *g = c->g;
	const char *lab = job_text(result, "id"), *ambiguous = job_text(result, "ambiguous");
	const char *missing = job_text(result, "missing"), *state = "taken";
	char *dir = grade_taken_dir(g, student, lab), *digest;
	struct sum *sum = sum_begin();
	struct scan_to to = { .g = g, .student = student, .lab = lab };
	struct buf note = { 0 };
	json_t *file;
	size_t i;

	find_usual(grade_lab(g, lab), &to.usual);
	rm_rf(dir);
	book_do(g, "DELETE FROM files WHERE student = ? AND lab = ?", "tt", student, lab);
	/* Those of the host are about a run: they go when the files are others. */
	book_do(g, "DELETE FROM flags WHERE student = ? AND lab = ? AND flag NOT LIKE 'host:%'", "tt",
		student, lab);
	json_array_foreach(json_object_get(result, "files"), i, file) {
		const char *name = job_text(file, "name");
		struct sum *one = sum_begin();
		size_t len = 0;
		char *data = base64_decode(job_text(file, "data"), &len), *hex;
		char *path = xasprintf("%s/%s", dir, name);

		if (!data || mkdir_p(dir) || write_whole(path, data, len)) {
			complain(strf("%s cannot be written", path), NULL, "make room there");
			g->failed = true;
		} else {
			sum_text(sum, name);
			sum_add(sum, &len, sizeof(len));
			sum_add(sum, data, len);
			sum_add(one, data, len);
			scan_source(name, data, found_flag, &to);
		}
		hex = sum_end(one);
		book_do(g, "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)", "ttttit", student, lab, name,
			job_text(file, "path"), (int64_t)len, hex);
		free(hex);
		free(path);
		free(data);
	}
	if (refused) {
		state = "refused";
		buf_adds(&note, refused);
	} else if (*ambiguous) {
		state = "ambiguous";
		buf_addf(&note, "there are several files of one name, and they differ: %s", ambiguous);
	} else if (!i) {
		state = "missing";
		buf_addf(&note, "there is no file %s in it", missing);
	} else if (*missing) {
		buf_addf(&note, "%s was not in it: judged with the lab's untouched file", missing);
	}
	if (*notes)
		buf_addf(&note, "%s%s", note.len ? "\n" : "", notes);
	digest = sum_end(sum);
	book_do(g, "DELETE FROM flags WHERE student = ? AND lab = ? AND NOT EXISTS (SELECT 1 FROM submissions s "
		"WHERE s.student = flags.student AND s.lab = flags.lab AND s.digest = ?) AND flag LIKE 'host:%'",
		"ttt", student, lab, digest);
	book_do(g, "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?, ?, ?)", "ttttt", student, lab,
		state, digest, note.data ? note.data : "");
	free(digest);
	buf_free(&note);
	strlist_free(&to.usual);
	free(dir);
}

static void refuse_all(struct class *c, const struct entry *e, const char *state, const char *why)
{
	for (size_t i = 0; i < c->g->lab_count; i++) {
		json_t *none = json_pack("{s:s,s:[]}", "id", c->g->labs[i]->id, "files");

		take_lab(c, e->student, none, why, "");
		book_do(c->g, "UPDATE submissions SET state = ? WHERE student = ? AND lab = ?", "ttt",
			state, e->student, c->g->labs[i]->id);
		json_decref(none);
	}
}

/* A name may be no UTF-8, which JSON must be. */
static void put_path(json_t *job, const char *key, char *path)
{
	char *text = base64_encode(path, strlen(path));

	json_object_set_new(job, key, json_string(text));
	free(text);
	free(path);
}

static bool next_entry(void *data, struct task *task)
{
	struct class *c = data;

	while (c->next < c->count && !c->g->failed) {
		struct entry *e = &c->items[c->next++];
		char *key;
		bool known;

		if (e->error) {
			if (!book_begin(c->g) && !book_entry(c, e, e->error))
				refuse_all(c, e, "refused", e->error);
			book_commit(c->g);
			continue;
		}
		key = entry_key(c->g, e);
		known = strcmp(e->form, "folder") &&
			book_number(c->g, "SELECT count(*) FROM students WHERE student = ? AND entry_key = ?",
				    "tt", e->student, key);
		free(key);
		if (known)
			continue;
		task->title = xstrdup(e->student);
		task->job = intake_job(c->g, e);
		put_path(task->job, "program", xasprintf("%s/.work/program", c->g->out));
		put_path(task->job, "entry", xasprintf("%s/%s", c->g->submissions, e->name));
		task->seconds = 180;
		task->data = e;
		return true;
	}
	return false;
}

static void entry_done(void *data, struct task *task, json_t *result, const char *why)
{
	struct class *c = data;
	const struct entry *e = task->data;
	const char *refused = NULL, *error = NULL;
	json_t *lab, *note;
	struct buf notes = { 0 };
	size_t i;

	if (!result)
		error = refused = strf("it could not be looked through: %s", why);
	else
		refused = json_string_value(json_object_get(result, "refused"));
	json_array_foreach(json_object_get(result, "notes"), i, note)
		buf_addf(&notes, "%s%s", i ? "\n" : "", json_string_value(note));
	if (!book_begin(c->g) && !book_entry(c, e, error ? error : refused)) {
		if (!result) {
			/* Ours, until the contrary is shown: asked again next time. */
			refuse_all(c, e, "unread", refused);
			book_do(c->g, "UPDATE students SET entry_key = '' WHERE student = ?", "t",
				e->student);
		}
		json_array_foreach(json_object_get(result, "labs"), i, lab)
			take_lab(c, e->student, lab, refused, notes.data ? notes.data : "");
	}
	book_commit(c->g);
	buf_free(&notes);
}

int class_take(struct grade *g)
{
	struct class c = { .g = g };
	struct pool pool = { .jobs = g->jobs, .title = "taking the submissions", .data = &c,
			     .next = next_entry, .done = entry_done };
	struct strlist names = { 0 };
	int err = list_dir(g->submissions, &names);

	if (err)
		complain(strf("cannot read %s", g->submissions), errno_text(err), NULL);
	for (size_t i = 0; i < names.count; i++)
		if (*names.items[i] != '.' && strcmp(names.items[i], "__MACOSX"))
			add_entry(&c, names.items[i]);
	strlist_free(&names);
	pool.total = c.count;
	if (!err)
		err = pool_run(&pool);
	for (size_t i = 0; i < c.count; i++) {
		free(c.items[i].name);
		free(c.items[i].student);
	}
	free(c.items);
	return err ? err : g->failed ? -EIO : 0;
}
