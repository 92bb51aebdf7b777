// SPDX-License-Identifier: GPL-2.0
/* main.c - a workbook of copies, its labs edited again and again. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dirs.h"
#include "meta.h"
#include "proc.h"
#include "splitmix.h"
#include "term.h"
#include "twins.h"

static const char *dir, *only = "";
static bool all_edits;
static uint64_t state;
static unsigned int passed, failed;

static uint64_t draw(uint64_t below)
{
	return splitmix64(&state) % below;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void link_to(const char *name)
{
	if (symlink(strf("%s/%s", LAB_TOP, name), strf("%s/root/%s", dir, name)))
		die(name);
}

static void copy_files(const char *from, const char *to)
{
	struct strlist names = { 0 };

	list_dir(from, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = xasprintf("%s/%s", from, names.items[i]);
		char *text = is_file(path) ? read_whole(path, NULL) : NULL;

		/* What was built there is not of the lab. */
		if (text && *names.items[i] != '.' && !memchr(text, 0, 1))
			put(strf("%s/%s", to, names.items[i]), text);
		free(text);
		free(path);
	}
	strlist_free(&names);
}

/* A workbook whose labs are solved, and a cache with kernels and their source alone. */
static void make_places(void)
{
	static char place[] = "/tmp/build-tests.XXXXXX";
	static const char *const links[] = { "common", "tools", "build", "solutions" };
	char *cache = user_dir("LAB_CACHE", "XDG_CACHE_HOME", ".cache");
	char *kernels = xasprintf("%s/kernels", cache);
	char *source = xasprintf("%s/source", cache);
	struct labs labs;

	if (!mkdtemp(place))
		die(place);
	dir = place;
	if (mkdir_p(strf("%s/root", dir)) || mkdir_p(strf("%s/cache", dir)) ||
	    mkdir_p(source) || symlink(source, strf("%s/cache/source", dir)) ||
	    symlink(kernels, strf("%s/cache/kernels", dir)))
		die(dir);
	free(kernels);
	free(source);
	free(cache);
	setenv("LAB_CACHE", strf("%s/cache", dir), 1);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		link_to(links[i]);
	labs_load(LAB_TOP, &labs);
	for (size_t i = 0; i < labs.count; i++) {
		const struct lab *lab = labs.items[i];
		char *to = xasprintf("%s/root/%s", dir, lab->id);

		if (mkdir_p(to))
			die(to);
		copy_files(lab->dir, to);
		if (is_dir(lab->solution_dir))
			copy_files(lab->solution_dir, to);
		free(to);
	}
	labs_free(&labs);
	setenv("LAB_ROOT", strf("%s/root", dir), 1);
}

/* The first C file that the student edits, else the first there is. */
static char *find_file(const struct lab *lab)
{
	struct strlist names = { 0 };
	char *file = NULL;

	for (size_t i = 0; i < lab->files.count; i++)
		strlist_add(&names, lab->files.items[i]);
	list_dir(lab->dir, &names);
	for (size_t i = 0; i < names.count && !file; i++)
		if (str_ends(names.items[i], ".c") && !str_starts(names.items[i], "check") &&
		    is_file(strf("%s/%s", lab->dir, names.items[i])))
			file = xasprintf("%s/%s", lab->dir, names.items[i]);
	strlist_free(&names);
	return file;
}

static bool run_edit(struct subject *s, const struct edit *edit)
{
	char *differ;

	if (!edit->apply(s))
		return false;
	differ = twins_differ(s, edit);
	if (differ)
		printf("FAIL %s, Linux %s, %s: %s\n", s->lab->id, s->kernel->name, edit->name, differ);
	else
		printf("ok   %s, Linux %s, %s\n", s->lab->id, s->kernel->name, edit->name);
	fflush(stdout);
	passed += !differ;
	failed += !!differ;
	free(differ);
	return true;
}

static const struct edit *edit_named(const char *name)
{
	for (size_t i = 0; i < edit_count; i++)
		if (!strcmp(edits[i].name, name))
			return &edits[i];
	abort();
}

/* The header's edits belong together; the others start from the solution. */
static void run_edits(struct subject *s, bool all)
{
	size_t drawn = 3 + draw(edit_count - 3);
	bool header = false, was_header = false;

	s->new_plan = true;
	for (size_t i = 0; i < edit_count && !interrupt_pending(); i++) {
		const struct edit *edit = &edits[i];

		/* Whitespace always: most others want that there was a build. */
		if (!all && i != 2 && i != drawn)
			continue;
		header = !strcmp(edit->name, "changed_header") ||
			 !strcmp(edit->name, "broken_header");
		if (!header)
			edits_undo(s);
		else if (!was_header)
			edit_named("new_header")->apply(s);
		s->new_plan |= edit->again || (header && !was_header);
		if (run_edit(s, edit))
			s->new_plan = edit->again && strcmp(edit->name, "new_header");
		was_header = strstr(edit->name, "_header") && path_exists(strf("%s/edit_extra.h", s->lab->dir));
	}
	edits_undo(s);
}

static void run_lab(const struct lab *lab, const char *kernel, bool all)
{
	struct subject s = { .lab = lab, .file = find_file(lab) };
	struct kernel k;

	if (!s.file || kernel_get(kernel, &k)) {
		printf("FAIL %s on Linux %s: it cannot be had\n", lab->id, kernel);
		failed++;
		return;
	}
	s.kernel = &k;
	s.text = read_whole(s.file, NULL);
	s.makefile = read_whole(strf("%s/Makefile", lab->dir), NULL);
	/* One of the kernel's: its headers, or what kbuild defines for it. */
	s.module = strstr(s.text, "<linux/") || strstr(s.text, "KBUILD_");
	run_edits(&s, all);
	kernel_free(&k);
	free(s.recording);
	free(s.makefile);
	free(s.text);
	free(s.file);
}

static void run_all(void)
{
	static const char *const kernels[] = { "6.1", "6.12", "6.1-rt" };
	size_t whole = draw(2);
	struct labs labs;
	char *root;

	root = xasprintf("%s/root", dir);
	if (labs_load(root, &labs))
		failed++;
	free(root);
	for (size_t i = 0; i < labs.count; i++)
		for (size_t k = 0; k < ARRAY_SIZE(kernels) && !interrupt_pending(); k++) {
			const struct lab *lab = labs.items[i];
			bool first = !strcmp(lab->id, "ch04_lkm/01_hello");

			if (!strstr(lab->id, only))
				continue;
			/* The kernels are built in two ways, 6.1 and 6.12: one
			 * lab is edited in every way on one of them. Of the
			 * others three of four are drawn.
			 */
			if (all_edits || (first && k < 2) || (k == i % 2 && (*only || draw(4))))
				run_lab(lab, kernels[k], all_edits || (first && k == whole));
		}
	labs_free(&labs);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "only", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "long", no_argument, NULL, 'L' },
		{ "keep", no_argument, NULL, 'k' },
		{ 0 }
	};
	bool keep = false;
	int opt;

	state = time(NULL);
	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (opt == 'o')
			only = optarg;
		else if (opt == 'L')
			all_edits = true;
		else if (opt == 'k')
			keep = true;
		else if (opt != 's' || !parse_u64(optarg, 0, UINT64_MAX, &state))
			return 2;
	}
	printf("seed %llu\n", (unsigned long long)state);
	term_init();
	interrupt_init();
	interrupt_hold();
	progress_silence();
	unsetenv("LAB_BUILD");
	make_places();
	run_all();
	if (keep)
		printf("kept: %s\n", dir);
	else
		rm_rf(dir);
	printf("%u passed, %u failed\n", passed, failed);
	interrupt_release();
	return failed || !passed;
}
