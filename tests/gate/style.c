// SPDX-License-Identifier: GPL-2.0
/*
 * What checkpatch, sparse and the compiler with W=1 say of skeletons and
 * solutions: nothing. Built in a scratch tree of the workbook's shape. Of a
 * skeleton whose style is what the student mends, that file is left out.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build_private.h"
#include "cache.h"
#include "gate.h"
#include "kernel.h"

struct work {
	struct gate *gate;
	char *scratch, *checkpatch;
	struct strlist kdirs;
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

/* Lines of the tools that speak of a fault, not of their progress. */
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

static void build(const struct work *w, const struct lab *lab, bool solution,
		  size_t k)
{
	const char *kernel = w->gate->kernels.items[k];
	const char *side = solution ? "solution" : "skeleton";
	char *tree = xasprintf("%s/%s-%s", w->scratch, kernel, side);
	char *dir = xasprintf("%s/%s", tree,
			      lab->dir + strlen(w->gate->root) + 1);
	char *kdir = xasprintf("KDIR=%s", w->kdirs.items[k]);
	char *what = xasprintf("%s (%s, %s)", lab->id, side, kernel);
	/* The check's program is the host's: it is the same for each kernel and side. */
	const char *const modules[] = {
		"make", "--no-print-directory", "-C", dir, "CFLAGS_EXTRA=-Werror", "W=1",
		"C=2", "CHECK=sparse", kdir, "all",
		!k && solution == lab->ugly ? "check-prog" : NULL, NULL
	};
	char *common = xasprintf("%s/common", w->gate->root), *out, *faults;
	int status;

	mkdir_p(tree);
	if (symlink(common, strf("%s/common", tree)) && !path_exists(strf("%s/common", tree)))
		fail(what, "cannot link common/ into the scratch tree");
	copy_sources(lab, lab->dir, dir);
	if (solution)
		copy_sources(lab, lab->solution_dir, dir);
	out = output_of(modules, dir, 300, &status);
	faults = faults_in(out);
	if (faults)
		fail(what, "W=1 and sparse are not silent:%s", faults);
	else if (status)
		fail(what, "the build failed with status %d:\n%s", status, out);
	else
		pass("%s: W=1, sparse and -Werror are silent", what);
	rm_rf(dir);
	free(faults);
	free(out);
	free(common);
	free(what);
	free(kdir);
	free(dir);
	free(tree);
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

/* Jobs: for each lab one checkpatch, and a build for each kernel and side. */
static void one(void *data, size_t i)
{
	const struct work *w = data;
	size_t per_lab = 1 + 2 * w->kdirs.count;
	const struct lab *lab = gate_lab(w->gate, i / per_lab);
	size_t step = i % per_lab;
	size_t k = step ? (step - 1) / 2 : 0;
	bool solution = step && (step - 1) % 2;
	struct strlist files = { 0 };
	char *how = xasprintf("style %d%d", !step, solution);
	char *key = memo_key(w->gate, lab, how, w->gate->kernels.items[k], NULL);

	if (memo_recall(key))
		goto out;
	if (!step) {
		add_sources(lab->dir, !is_test_lab(lab), lab->ugly ? &lab->files : NULL,
			    &files);
		if (lab->solution_dir)
			add_sources(lab->solution_dir, true, NULL, &files);
		if (files.count)
			checkpatch(w, lab->id, &files);
		strlist_free(&files);
	} else if (!solution ? !lab->ugly : (lab->solution_dir && is_dir(lab->solution_dir))) {
		build(w, lab, solution, k);
	}
	memo_keep(key);
out:
	free(key);
	free(how);
}

void check_styles(struct gate *gate)
{
	struct work w = { .gate = gate };
	struct strlist common = { 0 };

	w.checkpatch = checkpatch_path();
	w.scratch = cache_tmpdir("gate");
	for (size_t i = 0; i < gate->kernels.count; i++) {
		struct kernel k;

		if (kernel_get(gate->kernels.items[i], &k)) {
			fail("style", "there is no kernel %s",
			     gate->kernels.items[i]);
			goto out;
		}
		strlist_add(&w.kdirs, k.build);
		kernel_free(&k);
	}
	if (!w.checkpatch || !w.scratch) {
		fail("style", "checkpatch cannot be had");
		goto out;
	}
	if (!gate->chosen.count) {
		add_sources(strf("%s/common", gate->root), true, NULL, &common);
		if (common.count)
			checkpatch(&w, "common", &common);
		strlist_free(&common);
	}
	run_jobs(gate_count(gate) * (1 + 2 * w.kdirs.count), one, &w);
out:
	if (w.scratch)
		rm_rf(w.scratch);
	free(w.scratch);
	free(w.checkpatch);
	strlist_free(&w.kdirs);
}
