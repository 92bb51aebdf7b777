// SPDX-License-Identifier: GPL-2.0
/*
 * What checkpatch, sparse and the compiler with W=1 say of skeletons and
 * solutions: nothing. Of a skeleton whose style is what the student mends, that
 * file is left out. Modules are built some labs at a time, in a scratch tree of the
 * workbook's shape: most of what kbuild does for one it does once for all. When it
 * is not silent each is built by itself, to say whose fault it is.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_private.h"
#include "cache.h"
#include "gate.h"
#include "kernel.h"

#define AT_A_TIME 8

struct work {
	struct gate *gate;
	char *scratch, *checkpatch, *kdir;
};

/* What the compiler reads, and what the student edits: the makefile may. */
static void copy_sources(const struct lab *lab, const char *from, const char *to)
{
	struct strlist names = { 0 };

	mkdir_p(to);
	list_dir(from, &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		size_t len;
		char *data;

		if (!build_is_source(name) && !strlist_has(&lab->files, name))
			continue;
		data = read_whole(strf("%s/%s", from, name), &len);
		if (data)
			write_whole(strf("%s/%s", to, name), data, len);
		free(data);
	}
	strlist_free(&names);
}

/* What libelf and libcrypto call their own is not ours to choose. */
static bool is_foreign_name(const char *line)
{
	static const char *const names[] = {
		"Elf", "GElf", "X509_", "PEM_", "i2d_CMS_", "d2i_CMS_",
	};
	const char *name = strstr(line, "CamelCase: <");
	bool foreign = false;

	for (size_t i = 0; name && i < ARRAY_SIZE(names); i++)
		foreign |= str_starts(name + strlen("CamelCase: <"), names[i]);
	return foreign;
}

/* Lines of the tools that speak of a fault, not of their progress. */
static char *faults_in(const char *out)
{
	static const char *const words[] = {
		"warning:", "error:", "WARNING:", "ERROR:", "CHECK:", "*** [",
	};
	struct buf faults = { 0 };

	for (const char *p = out; *p;) {
		size_t len = strcspn(p, "\n");
		char *line = xstrndup(p, len);

		for (size_t i = 0; i < ARRAY_SIZE(words) && !is_foreign_name(line); i++) {
			if (strstr(line, words[i])) {
				buf_addf(&faults, "\n\t%s", line);
				break;
			}
		}
		free(line);
		p += len + (p[len] == '\n');
	}
	return faults.len ? buf_steal(&faults) : NULL;
}

/* A side of a lab that style is demanded of. */
static bool has_side(const struct lab *lab, bool solution)
{
	return solution ? lab->solution_dir && is_dir(lab->solution_dir) : !lab->ugly;
}

static const char *side_of(bool solution)
{
	return solution ? "solution" : "skeleton";
}

/* A tree of the workbook's shape with nothing but common/; malloc'd. */
static char *make_tree(const struct work *w, const char *name)
{
	char *tree = xasprintf("%s/%s", w->scratch, name);
	char *common = xasprintf("%s/common", w->gate->root);

	mkdir_p(tree);
	if (symlink(common, strf("%s/common", tree)))
		fail(name, "cannot link common/ into the scratch tree");
	free(common);
	return tree;
}

static char *add_lab(const struct work *w, const char *tree, const struct lab *lab,
		     bool solution)
{
	char *dir = xasprintf("%s/%s", tree, lab->dir + strlen(w->gate->root) + 1);

	copy_sources(lab, lab->dir, dir);
	if (solution)
		copy_sources(lab, lab->solution_dir, dir);
	return dir;
}

/* Builds what is below dir, a lab or several; what is wrong, or NULL. */
static char *build_modules(const struct work *w, const char *dir)
{
	char *kdir = xasprintf("-C%s", w->kdir), *m = xasprintf("M=%s", dir);
	const char *const argv[] = {
		"make", "--no-print-directory", kdir, m, "CONFIG_DEBUG_INFO_BTF_MODULES=",
		"W=1", "C=2", "CHECK=sparse", "modules", NULL
	};
	int status;
	char *out = output_of(argv, dir, 600, &status), *faults = faults_in(out);

	if (!faults && status)
		faults = xasprintf("\n\tthe build failed with status %d:\n%s", status, out);
	free(out);
	free(kdir);
	free(m);
	return faults;
}

static void build_one(const struct work *w, const struct lab *lab, bool solution)
{
	char *what = xasprintf("%s (%s, %s)", lab->id, side_of(solution), w->gate->kernel);
	char *name = xasprintf("%s-%s", base_name(lab->id), side_of(solution));
	char *tree = make_tree(w, name), *dir = add_lab(w, tree, lab, solution);
	char *faults = build_modules(w, dir);

	if (faults)
		fail(what, "W=1 and sparse are not silent:%s", faults);
	else
		pass("%s: W=1 and sparse are silent", what);
	rm_rf(tree);
	free(faults);
	free(dir);
	free(tree);
	free(name);
	free(what);
}

static char *style_key(const struct work *w, const struct lab *lab, bool solution)
{
	return memo_key(w->gate, lab, solution ? "style 01" : "style 00",
			w->gate->kernel, NULL);
}

/* Jobs: some labs' skeletons, their solutions, those of the next labs ... */
static void modules(void *data, size_t i)
{
	const struct work *w = data;
	size_t first = i / 2 * AT_A_TIME, count = 0;
	const struct lab *labs[AT_A_TIME];
	char *keys[AT_A_TIME], *name = xasprintf("%zu", i), *tree = NULL, *faults = NULL;
	struct buf kbuild = { 0 };

	for (size_t n = first; n < first + AT_A_TIME && n < gate_count(w->gate); n++) {
		const struct lab *lab = gate_lab(w->gate, n);
		char *key = has_side(lab, i % 2) ? style_key(w, lab, i % 2) : NULL;

		if (!key || memo_recall(key)) {
			free(key);
			continue;
		}
		if (!tree)
			tree = make_tree(w, name);
		free(add_lab(w, tree, lab, i % 2));
		buf_addf(&kbuild, "obj-m += %s/\n", lab->dir + strlen(w->gate->root) + 1);
		keys[count] = key;
		labs[count++] = lab;
	}
	if (count) {
		write_whole(strf("%s/Kbuild", tree), kbuild.data, kbuild.len);
		faults = build_modules(w, tree);
		rm_rf(tree);
	}
	for (size_t n = 0; n < count; n++) {
		memo_begin();
		if (faults)
			build_one(w, labs[n], i % 2);
		else
			pass("%s (%s, %s): W=1 and sparse are silent", labs[n]->id,
			     side_of(i % 2), w->gate->kernel);
		memo_keep(keys[n]);
		free(keys[n]);
	}
	buf_free(&kbuild);
	free(faults);
	free(tree);
	free(name);
}

/*
 * What make builds of a lab but for its modules, and its check. They are the host's,
 * so that the kernel is of no account.
 */
static void build_programs(const struct work *w, const struct lab *lab, bool solution)
{
	char *what = xasprintf("%s (%s)", lab->id, side_of(solution));
	char *name = xasprintf("programs-%s-%s", base_name(lab->id), side_of(solution));
	char *tree = make_tree(w, name), *dir = add_lab(w, tree, lab, solution);
	char *kdir = xasprintf("KDIR=%s", w->kdir), *out, *faults;
	const char *const argv[] = {
		"make", "--no-print-directory", "-C", dir, "CFLAGS_EXTRA=-Werror", kdir,
		"obj-m=", "all", solution == lab->ugly ? "check-prog" : NULL, NULL
	};
	int status;

	out = output_of(argv, dir, 300, &status);
	faults = faults_in(out);
	if (faults || status)
		fail(what, "the programs do not build with -Werror (status %d):\n%s", status,
		     out);
	else
		pass("%s: its programs build with -Werror", what);
	rm_rf(tree);
	free(faults);
	free(out);
	free(kdir);
	free(dir);
	free(tree);
	free(name);
	free(what);
}

static void checkpatch(const struct work *w, const char *what,
		       const struct strlist *files)
{
	struct strlist argv = { 0 };
	char *out, *faults;
	int status;

	strlist_add(&argv, "perl");
	strlist_add(&argv, w->checkpatch);
	strlist_add(&argv, "--strict");
	strlist_add(&argv, "--no-tree");
	strlist_add(&argv, "--no-summary");
	strlist_add(&argv, "--terse");
	strlist_add(&argv, "-f");
	for (size_t i = 0; i < files->count; i++)
		strlist_add(&argv, files->items[i]);
	out = output_of((const char *const *)argv.items, w->gate->root, 300,
			&status);
	faults = faults_in(out);
	/* Its status is 1 for names that are forgiven, too. */
	if (faults || status > 1 || status < 0)
		fail(what, "checkpatch --strict is not silent:%s",
		     faults ? faults : out);
	else
		pass("%s: checkpatch --strict is silent (%zu files)", what,
		     files->count);
	free(faults);
	free(out);
	strlist_free(&argv);
}

/* The check of a test of ours is userland that no student reads. */
static void add_sources(const char *dir, bool checks, const struct strlist *without,
			struct strlist *files)
{
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if ((str_ends(names.items[i], ".c") ||
		     str_ends(names.items[i], ".h")) &&
		    (checks || !str_starts(names.items[i], "check")) &&
		    !str_ends(names.items[i], ".mod.c") &&
		    !(without && strlist_has(without, names.items[i])))
			strlist_addf(files, "%s/%s", dir, names.items[i]);
	strlist_free(&names);
}

/* Jobs: for each lab its checkpatch, the skeleton's programs, the solution's. */
static void files(void *data, size_t i)
{
	const struct work *w = data;
	const struct lab *lab = gate_lab(w->gate, i / 3);
	bool solution = i % 3 == 2;
	struct strlist names = { 0 };
	char *how = xasprintf("style files %zu", i % 3);
	char *key = memo_key(w->gate, lab, how, w->gate->kernel, NULL);

	if (memo_recall(key))
		goto out;
	if (i % 3 == 0) {
		add_sources(lab->dir, !is_test_lab(lab), lab->ugly ? &lab->files : NULL,
			    &names);
		if (lab->solution_dir)
			add_sources(lab->solution_dir, true, NULL, &names);
		if (names.count)
			checkpatch(w, lab->id, &names);
		strlist_free(&names);
	} else if (has_side(lab, solution)) {
		build_programs(w, lab, solution);
	}
	memo_keep(key);
out:
	free(key);
	free(how);
}

static bool work_begin(struct work *w)
{
	struct kernel k;

	w->checkpatch = checkpatch_path();
	w->scratch = cache_tmpdir("gate");
	if (!w->checkpatch || !w->scratch) {
		fail("style", "checkpatch cannot be had");
		return false;
	}
	if (kernel_get(w->gate->kernel, &k)) {
		fail("style", "there is no kernel %s", w->gate->kernel);
		return false;
	}
	w->kdir = xstrdup(k.build);
	kernel_free(&k);
	return true;
}

static void work_end(struct work *w)
{
	if (w->scratch)
		rm_rf(w->scratch);
	free(w->scratch);
	free(w->checkpatch);
	free(w->kdir);
}

void check_files(struct gate *gate)
{
	struct work w = { .gate = gate };
	struct strlist common = { 0 };

	if (work_begin(&w)) {
		if (!gate->chosen.count) {
			add_sources(strf("%s/common", gate->root), true, NULL, &common);
			if (common.count)
				checkpatch(&w, "common", &common);
			strlist_free(&common);
		}
		run_jobs("style", gate_count(gate) * 3, files, &w);
	}
	work_end(&w);
}

void check_modules(struct gate *gate)
{
	struct work w = { .gate = gate };

	if (work_begin(&w))
		run_jobs("style of modules",
			 2 * ((gate_count(gate) + AT_A_TIME - 1) / AT_A_TIME), modules, &w);
	work_end(&w);
}
