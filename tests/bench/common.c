// SPDX-License-Identifier: GPL-2.0
/* Times, and places to work in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(5);
}

void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	if (!f || fputs(text, f) < 0 || fclose(f))
		die(path);
}

int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

void times_add(struct times *s, int64_t value)
{
	if (s->count < RUNS_MAX)
		s->values[s->count++] = value;
}

int64_t cpu_us(void)
{
	struct rusage use;

	getrusage(RUSAGE_CHILDREN, &use);
	return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000LL +
	       use.ru_utime.tv_usec + use.ru_stime.tv_usec;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t times_median(const struct times *s)
{
	struct times sorted = *s;

	if (!s->count)
		return 0;
	qsort(sorted.values, sorted.count, sizeof(*sorted.values), by_value);
	return sorted.values[sorted.count / 2];
}

double ms_of(const struct times *s)
{
	return times_median(s) / 1000.0;
}

static void copy_files(const char *from, const char *to)
{
	struct strlist names = { 0 };

	list_dir(from, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = xasprintf("%s/%s", from, names.items[i]);
		char *text = is_file(path) ? read_whole(path, NULL) : NULL;

		if (text && *names.items[i] != '.')
			put(strf("%s/%s", to, names.items[i]), text);
		free(text);
		free(path);
	}
	strlist_free(&names);
}

/* The first C file that the student edits. */
static const char *edited(const struct lab *lab)
{
	for (size_t i = 0; i < lab->files.count; i++)
		if (str_ends(lab->files.items[i], ".c"))
			return lab->files.items[i];
	die("this lab has no C file to edit");
}

/* Kernels and saved states are those of the cache from. */
void place_make(struct place *p, const char *dir, const struct lab *lab, const char *from)
{
	static const char *const links[] = { "common", "tools", "build" };
	static const char *const shared[] = { "kernels", "states", "accel" };
	char *to;

	p->root = xasprintf("%s/root", dir);
	p->cache = xasprintf("%s/cache", dir);
	p->state = xasprintf("%s/state", dir);
	to = xasprintf("%s/%s", p->root, lab->id);
	if (mkdir_p(to) || mkdir_p(p->cache) || mkdir_p(p->state))
		die(dir);
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (symlink(strf("%s/%s", LAB_TOP, links[i]), strf("%s/%s", p->root, links[i])))
			die(links[i]);
	/* What the kernels of the lanes were configured with. */
	if (mkdir_p(strf("%s/ch02_build", p->root)) ||
	    symlink(LAB_TOP "/ch02_build/lanes", strf("%s/ch02_build/lanes", p->root)))
		die(dir);
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		if (symlink(strf("%s/%s", from, shared[i]), strf("%s/%s", p->cache, shared[i])))
			die(shared[i]);
	copy_files(lab->dir, to);
	if (lab->solution_dir && is_dir(lab->solution_dir))
		copy_files(lab->solution_dir, to);
	p->file = xasprintf("%s/%s", to, edited(lab));
	p->text = read_whole(p->file, NULL);
	if (!p->text)
		die(p->file);
	free(to);
}

void place_edit(const struct place *p, const char *word)
{
	char *all = xasprintf("%s\nstatic const char __attribute__((used)) bench_word[] = \"%s\";\n",
			      p->text, word);

	put(p->file, all);
	free(all);
}
