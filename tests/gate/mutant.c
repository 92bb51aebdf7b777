// SPDX-License-Identifier: GPL-2.0
/*
 * Mutants: a solution with a mistake that a student would make, kept as a patch
 * in tests/mutants/LAB/NAME.patch. The lab's check must find each, and say what
 * kind of mistake it is. Above its diff a patch says what it is:
 *
 *	kind: the mistake, in a few words
 *	fails: names of checks; or gate:NAME, crash, timeout. "a|b": one of them
 *	says: regular expression that the verdict's words must match
 *	kernel: (optional) judged on this one instead of the first
 *	lane: (optional) judged in this lane
 */
#include <jansson.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

struct mutant {
	const struct lab *lab;
	char *name;
	char *path;
	char *kind, *says, *kernel, *lane;
	struct strlist fails;
	int strip;		/* directories in front of the file's name */
};

struct mutants {
	struct gate *gate;
	struct mutant *items;
	size_t count;
};

static char *header(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = text; *p && !str_starts(p, "--- ");) {
		size_t line = strcspn(p, "\n");

		if (!strncmp(p, key, len) && p[len] == ':') {
			char *value = xstrndup(p + len + 1, line - len - 1);
			char *trimmed = xstrdup(str_trim(value));

			free(value);
			return trimmed;
		}
		p += line + (p[line] == '\n');
	}
	return NULL;
}

static bool mutant_read(struct mutant *m)
{
	char *text = read_whole(m->path, NULL), *fails;
	const char *target = text ? strstr(text, "\n+++ ") : NULL;

	if (!target) {
		fail(m->path, "it holds no unified diff");
		free(text);
		return false;
	}
	m->kind = header(text, "kind");
	m->says = header(text, "says");
	m->kernel = header(text, "kernel");
	m->lane = header(text, "lane");
	fails = header(text, "fails");
	strlist_split(&m->fails, fails ? fails : "", ", ");
	free(fails);
	for (const char *p = target + 5; *p && !strchr("\t\n ", *p); p++)
		m->strip += *p == '/';
	free(text);
	if (m->kind && m->says && m->fails.count)
		return true;
	fail(m->path, "the lines 'kind:', 'fails:' and 'says:' must stand above the diff");
	return false;
}

static void mutant_free(struct mutant *m)
{
	free(m->name);
	free(m->path);
	free(m->kind);
	free(m->says);
	free(m->kernel);
	free(m->lane);
	strlist_free(&m->fails);
}

static void find_mutants(struct mutants *all)
{
	for (size_t i = 0; i < gate_count(all->gate); i++) {
		const struct lab *lab = gate_lab(all->gate, i);
		char *dir = xasprintf("%s/tests/mutants/%s", all->gate->root, lab->id);
		struct strlist names = { 0 };

		if (is_dir(dir))
			list_dir(dir, &names);
		for (size_t j = 0; j < names.count; j++) {
			struct mutant m = { .lab = lab };

			if (!str_ends(names.items[j], ".patch"))
				continue;
			m.name = xstrndup(names.items[j], strlen(names.items[j]) - strlen(".patch"));
			m.path = xasprintf("%s/%s", dir, names.items[j]);
			if (!mutant_read(&m)) {
				mutant_free(&m);
				continue;
			}
			all->items = xreallocarray(all->items, all->count + 1, sizeof(m));
			all->items[all->count++] = m;
		}
		strlist_free(&names);
		free(dir);
	}
}

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

static void judge_mutant(const struct mutant *m, const char *what, const char *out)
{
	struct strlist failed = { 0 };
	struct buf words = { 0 };
	size_t verdicts = 0, missing = 0;

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
			missing++;
		}
	if (!missing && !says(m, words.data ? words.data : ""))
		fail(what, "nothing it is told matches '%s':\n%s", m->says, words.data);
	else if (!missing)
		pass("%s: found (%s)", what, m->kind);
	strlist_free(&failed);
	buf_free(&words);
}

static void one(void *data, size_t i)
{
	const struct mutants *all = data;
	const struct mutant *m = &all->items[i];
	const char *kernel = m->kernel ? m->kernel : all->gate->kernels.items[0];
	char *what = xasprintf("%s mutant %s (%s)", m->lab->id, m->name, kernel);
	char *dir, *out;
	const char *argv[] = {
		NULL, "check", NULL, "--kernel", kernel, "--json",
		m->lane ? "--lane" : NULL, m->lane, NULL
	};
	char *key = memo_key(all->gate, m->lab, "mutant", kernel, m->path);
	int status;

	if (memo_recall(key)) {
		free(key);
		free(what);
		return;
	}
	dir = make_tree(all->gate, m);
	argv[0] = strf("%s/lab", all->gate->root);
	argv[2] = dir;
	if (dir) {
		out = output_of(argv, all->gate->root, 900, &status);
		judge_mutant(m, what, out);
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
	const char *kernel = m->kernel ? m->kernel : all->gate->kernels.items[0];
	char *key = memo_key(all->gate, m->lab, "mutant", kernel, m->path);
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

	find_mutants(&all);
	if (!gate->all_mutants)
		thin_out(&all, 2);
	run_jobs("mutants", all.count, one, &all);
	for (size_t i = 0; i < all.count; i++)
		mutant_free(&all.items[i]);
	free(all.items);
}

/* docs/mutants.md: what the patches say of themselves. */
void print_mutants(struct gate *gate)
{
	struct mutants all = { .gate = gate };

	find_mutants(&all);
	printf("# Mutants\n\n"
	       "Mistakes that students make, each put into a solution as a patch of\n"
	       "[tests/mutants](../tests/mutants). `make check` applies some of each lab, `make check-long`\n"
	       "all of them, and the lab's check must find each and say what kind of mistake it is.\n"
	       "This page is made by `make -C tests/gate mutants`.\n\n"
	       "| lab | the mistake | found by |\n|---|---|---|\n");
	for (size_t i = 0; i < all.count; i++) {
		char *fails = strlist_join(&all.items[i].fails, ", ");

		printf("| %s | %s | ", all.items[i].lab->id, all.items[i].kind);
		/* A bar would be the table's. */
		for (const char *c = fails; *c; c++)
			fputs(*c == '|' ? " or " : (char[]){ *c, '\0' }, stdout);
		puts(" |");
		free(fails);
		mutant_free(&all.items[i]);
	}
	printf("\n%zu mutants.\n", all.count);
	free(all.items);
}
