// SPDX-License-Identifier: GPL-2.0
/*
 * Mutants: a solution with a mistake that a student would make, kept as a patch (see
 * mutant_file.c). The lab's check must find each, and say what kind of mistake it is.
 */
#include <jansson.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "mutant.h"

static int copy_files(const char *from, const char *to)
{
	struct strlist names = { 0 };
	int err = is_dir(from) ? list_dir(from, &names) : 0;

	for (size_t i = 0; i < names.count && !err; i++) {
		size_t len;
		char *data = is_file(strf("%s/%s", from, names.items[i])) ?
			     read_whole(strf("%s/%s", from, names.items[i]), &len) : NULL;

		if (data)
			err = write_whole(strf("%s/%s", to, names.items[i]), data, len);
		free(data);
	}
	strlist_free(&names);
	return err;
}

/* The makefile finds common/ two levels up; the mutant's is two levels deeper. */
static void deepen_makefile(const char *dir)
{
	char *path = xasprintf("%s/Makefile", dir);
	char *text = read_whole(path, NULL);
	char *hit = text ? strstr(text, "/../../common/") : NULL;

	if (hit) {
		char *deep = xasprintf("%.*s/../..%s", (int)(hit - text), text, hit);

		write_whole(path, deep, strlen(deep));
		free(deep);
	}
	free(text);
	free(path);
}

/* The lab's files, the solution over them, and the patch over that. */
static char *make_tree(const struct gate *gate, const struct mutant *m)
{
	char *dir = xasprintf("%s/build/mutants/%s/%s", gate->root,
			      base_name(m->lab->id), m->name);
	char *strip = xasprintf("-p%d", m->strip), *out;
	const char *const argv[] = { "git", "apply", strip, m->path, NULL };
	int status;

	rm_rf(dir);
	if (mkdir_p(dir) || copy_files(m->lab->dir, dir) ||
	    (m->lab->solution_dir && copy_files(m->lab->solution_dir, dir))) {
		fail(m->path, "its files cannot be copied to %s", dir);
		free(strip);
		free(dir);
		return NULL;
	}
	deepen_makefile(dir);
	/* Not the repository that the copy happens to lie in. */
	setenv("GIT_CEILING_DIRECTORIES", dir, 1);
	setenv("GIT_DIR", "/dev/null", 1);
	out = output_of(argv, dir, 60, &status);
	unsetenv("GIT_DIR");
	unsetenv("GIT_CEILING_DIRECTORIES");
	if (status) {
		fail(m->path, "it does not apply to the solution:\n%s", out);
		rm_rf(dir);
		free(dir);
		dir = NULL;
	}
	free(out);
	free(strip);
	return dir;
}

/* All that the verdict says of what is wrong, and the names of it. */
static void read_verdict(const json_t *verdict, struct buf *words, struct strlist *failed)
{
	int code = json_integer_value(json_object_get(verdict, "code"));
	json_t *item;
	size_t i;

	buf_addf(words, "%s %s\n", json_text(verdict, "verdict"), json_text(verdict, "why"));
	json_array_foreach(json_object_get(verdict, "tests"), i, item) {
		const char *state = json_text(item, "state");

		if (!strcmp(state, "passed") || !strcmp(state, "skipped"))
			continue;
		strlist_add(failed, json_text(item, "name"));
		buf_addf(words, "%s %s %s\n%s\n", json_text(item, "name"), state,
			 json_text(item, "reason"), json_text(item, "diagnostics"));
	}
	json_array_foreach(json_object_get(verdict, "findings"), i, item) {
		strlist_addf(failed, "gate:%s", json_text(item, "gate"));
		buf_addf(words, "%s: %s\n%s\n", json_text(item, "gate"), json_text(item, "text"),
			 json_text(item, "advice"));
	}
	if (!strcmp(json_text(verdict, "stage"), "build"))
		buf_addf(words, "the build: %s\n", json_text(verdict, "build_log"));
	if (code == LAB_CRASHED)
		strlist_add(failed, "crash");
	if (code == LAB_TIMEOUT)
		strlist_add(failed, "timeout");
}

/* One of the names between bars. */
static bool has_one(const struct strlist *failed, const char *names)
{
	struct strlist any = { 0 };
	bool hit = false;

	strlist_split(&any, names, "|");
	for (size_t i = 0; i < any.count; i++)
		hit |= strlist_has(failed, any.items[i]);
	strlist_free(&any);
	return hit;
}

static bool says(const struct mutant *m, const char *words)
{
	regex_t pattern;
	bool hit;

	if (regcomp(&pattern, m->says, REG_EXTENDED | REG_NOSUB))
		return false;
	hit = !regexec(&pattern, words, 0, NULL, 0);
	regfree(&pattern);
	return hit;
}

static bool judge_mutant(const struct mutant *m, const char *what, const char *out)
{
	struct strlist failed = { 0 };
	struct buf words = { 0 };
	size_t verdicts = 0;
	bool found = true;

	for (const char *p = out; *p;) {
		size_t len = strcspn(p, "\n");
		json_t *verdict = *p == '{' ? json_loadb(p, len, 0, NULL) : NULL;

		if (verdict) {
			verdicts++;
			read_verdict(verdict, &words, &failed);
		}
		json_decref(verdict);
		p += len + (p[len] == '\n');
	}
	for (size_t i = 0; i < m->fails.count; i++)
		if (!has_one(&failed, m->fails.items[i])) {
			fail(what, "it does not fail %s: %s", m->fails.items[i],
			     verdicts ? words.data : out);
			found = false;
		}
	if (found && !says(m, words.data ? words.data : "")) {
		fail(what, "nothing it is told matches '%s':\n%s", m->says, words.data);
		found = false;
	}
	if (found)
		pass("%s: found (%s)", what, m->kind);
	strlist_free(&failed);
	buf_free(&words);
	return found;
}

static void one(void *data, size_t i)
{
	const struct mutants *all = data;
	const struct mutant *m = &all->items[i];
	const char *kernel = mutant_kernel(all, m);
	char *what = xasprintf("%s mutant %s (%s)", m->lab->id, m->name, kernel);
	char *dir, *out;
	const char *argv[] = {
		NULL, "check", NULL, "--kernel", kernel, "--json",
		m->lane ? "--lane" : NULL, m->lane, NULL
	};
	char *key = memo_key(all->gate, m->lab, "mutant", kernel, m->path);
	int status;

	all->fates[i] = TRIED;
	if (memo_recall(key)) {
		all->fates[i] = FOUND;
		free(key);
		free(what);
		return;
	}
	dir = make_tree(all->gate, m);
	argv[0] = strf("%s/lab", all->gate->root);
	argv[2] = dir;
	if (dir) {
		out = output_of(argv, all->gate->root, 900, &status);
		if (judge_mutant(m, what, out))
			all->fates[i] = FOUND;
		free(out);
		rm_rf(dir);
	}
	memo_keep(key);
	free(key);
	free(dir);
	free(what);
}

static bool is_known(const struct mutants *all, const struct mutant *m)
{
	char *key = memo_key(all->gate, m->lab, "mutant", mutant_kernel(all, m), m->path);
	bool known = memo_known(key);

	free(key);
	return known;
}

/*
 * The short form: of each lab those that are known to be found, and if there are
 * fewer than per_lab, others that are drawn anew each time.
 */
static void thin_out(struct mutants *all, unsigned int per_lab)
{
	size_t kept = 0, same;

	srandom(now_ms());
	for (size_t i = 0; i < all->count; i += same) {
		struct mutant *of_lab = &all->items[i];
		unsigned int known = 0;

		for (same = 0; i + same < all->count && of_lab[same].lab == of_lab->lab; same++) {
			size_t other = random() % (same + 1);
			struct mutant m = of_lab[same];

			known += is_known(all, &m);
			of_lab[same] = of_lab[other];
			of_lab[other] = m;
		}
		for (size_t j = 0; j < same; j++) {
			struct mutant m = of_lab[j];

			if (is_known(all, &m) || known < per_lab) {
				known += !is_known(all, &m);
				all->items[kept++] = m;
			} else {
				mutant_free(&m);
			}
		}
	}
	if (kept < all->count)
		printf("%zu of %zu mutants are tried; check-long tries them all\n", kept,
		       all->count);
	all->count = kept;
}

void check_mutants(struct gate *gate)
{
	struct mutants all = { .gate = gate };
	FILE *page;

	mutants_find(&all);
	if (!gate->all_mutants)
		thin_out(&all, 2);
	all.fates = mmap(NULL, all.count + 1, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all.fates == MAP_FAILED)
		abort();
	run_jobs("mutants", all.count, one, &all);
	if (gate->page) {
		page = fopen(gate->page, "w");
		if (page)
			mutants_print(&all, page);
		if (!page || fclose(page))
			fail(gate->page, "it cannot be written");
	}
	munmap(all.fates, all.count + 1);
	for (size_t i = 0; i < all.count; i++)
		mutant_free(&all.items[i]);
	free(all.items);
}
