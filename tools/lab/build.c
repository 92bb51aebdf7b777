// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build_private.h"
#include "cache.h"
#include "lane.h"
#include "pack.h"
#include "root.h"

static bool wanted_foreign(const char *name)
{
	return !build_is_output(name);
}

/* Modules in the order that kbuild built them, which is the makefile's. */
static void find_modules(struct build *b)
{
	char *path = xasprintf("%s/modules.order", b->dir);
	char *text = read_whole(path, NULL);
	struct strlist lines = { 0 };

	strlist_split(&lines, text ? text : "", "\n");
	for (size_t i = 0; i < lines.count; i++) {
		char *name = xstrdup(base_name(lines.items[i]));
		char *dot = strrchr(name, '.');

		if (dot)	/* 6.1 writes .ko, 6.12 writes .o */
			*dot = '\0';
		/* Modules of subdirectories keep their way. */
		if (is_file(strf("%s/%s.ko", b->dir, name)))
			strlist_addf(&b->modules, "%s.ko", name);
		free(name);
	}
	strlist_free(&lines);
	free(text);
	free(path);
}

/* make takes its lists apart at blanks, the compiler some options at commas. */
static int refuse_cache(void)
{
	if (!strpbrk(cache_dir(), " ,\t\n:;#$%&'\"\\|*?()<>"))
		return 0;
	complain(strf("make cannot build in the cache directory '%s'", cache_dir()),
		 "there is a blank or another character in its name that has a meaning to make or the compiler",
		 "choose another one: export LAB_CACHE=/some/directory");
	return -EIO;
}

static int lock_dir(struct build *b, const char *label)
{
	char *name;

	if (refuse_cache())
		return -EIO;
	name = xasprintf("build-%s", label);

	for (char *p = name; *p; p++)
		if (*p == '/')
			*p = '-';
	b->lock = cache_lock(name);
	free(name);
	return b->lock < 0 ? b->lock : 0;
}

static int copy_failed(const char *dir, int err)
{
	complain(strf("cannot copy the sources to %s", dir), errno_text(err),
		 err == -ENOSPC ? "make room: lab kernel list shows what the cache holds"
				: "lab doctor");
	return err;
}

/* The path of a lab below the workbook's root: where it is in the mirror. */
static const char *below_root(const struct lab *lab)
{
	const char *root = root_dir();

	if (str_starts(lab->dir, root) && lab->dir[strlen(root)] == '/')
		return lab->dir + strlen(root) + 1;
	return lab->id;
}

/* Untouched when it is right: its time is what make looks at. */
static int link_common(const char *common, const char *link)
{
	char *now = realpath(link, NULL), *want = realpath(common, NULL);
	bool right = now && want && !strcmp(now, want);

	free(now);
	free(want);
	if (right)
		return 0;
	unlink(link);
	return symlink(common, link) && errno != EEXIST ? -errno : 0;
}

static int copy_lab(const struct lab *lab, const char *over, struct build *b,
		    struct strlist *seen)
{
	int err;

	strlist_free(seen);
	err = build_sync(lab->dir, over, b->dir, build_is_source, SYNC_DEPTH,
			 seen);
	if (!err && over)
		err = build_sync(over, NULL, b->dir, build_is_source,
				 SYNC_DEPTH, seen);
	if (err)
		return copy_failed(b->dir, err);
	build_drop_stale(b->dir, seen);
	return 0;
}

int build_lab(const struct lab *lab, const struct kernel *k,
	      enum build_of of, struct build *out)
{
	const char *who = of == BUILD_SOLUTION ? "solution" : "student";
	char *tree = cache_path("build/%s/%s", k->name, who);
	char *common = root_path("common"), *link;
	char *kdir = xasprintf("KDIR=%s", k->build), *source = NULL;
	const char *argv[] = {
		"make", "--no-print-directory", "all", "check-prog", kdir, NULL, NULL
	};
	const char *over = of == BUILD_SOLUTION && lab->solution_dir &&
			   is_dir(lab->solution_dir) ? lab->solution_dir : NULL;
	struct strlist seen = { 0 };
	struct progress *p;
	int err;

	*out = (struct build){ .lock = -1 };
	if (of == BUILD_SOLUTION && lab_is_task(lab) && !over) {
		complain(strf("%s has no solution", lab->id),
			 strf("there is no directory %s", lab->solution_dir ?
			      lab->solution_dir : "for it"),
			 "judge your own file: leave --solution out");
		free(tree);
		free(common);
		free(kdir);
		return -ENOENT;
	}
	out->dir = xasprintf("%s/%s", tree, below_root(lab));
	link = xasprintf("%s/common", tree);
	/* Its check is linked with a harness for its architecture. */
	err = lane_build_guest(k);
	if (!err)
		err = kernel_source_for(lab->source, k, &source);
	if (source)
		argv[5] = source;
	if (!err)
		err = lock_dir(out, strf("%s-%s-%s", k->name, who, below_root(lab)));
	if (!err)
		err = mkdir_p(tree);
	if (!err)
		err = link_common(common, link);
	if (!err) {
		p = progress_begin("building %s for Linux %s", lab->id, k->name);
		do {
			err = copy_lab(lab, over, out, &seen);
			if (!err)
				err = build_quick(argv, &seen, out, p);
		} while (err == -EAGAIN);
		progress_drop(p);
		find_modules(out);
	}
	strlist_free(&seen);
	free(tree);
	free(common);
	free(link);
	free(kdir);
	free(source);
	return err;
}

/*
 * The way of a foreign directory below the cache. What make cannot take in a
 * name is replaced, and a number keeps two such names apart.
 */
static char *foreign_way(const char *real)
{
	char *way = xstrdup(real);
	uint32_t sum = 2166136261u;	/* FNV-1a */
	bool changed = false;

	for (char *p = way; *p; p++) {
		sum = (sum ^ (unsigned char)*p) * 16777619u;
		if (isalnum((unsigned char)*p) || strchr("/._+-", *p))
			continue;
		*p = '_';
		changed = true;
	}
	if (changed) {
		char *numbered = xasprintf("%s-%08x", way, sum);

		free(way);
		way = numbered;
	}
	return way;
}

/*
 * Samples of the kernel hang their objects on configuration options, such as
 * obj-$(CONFIG_SAMPLE_KOBJECT); asked for out of tree, each of them is on.
 */
static void add_options(const char *dir, struct strlist *argv)
{
	static const char *const files[] = { "Kbuild", "Makefile" };
	char *text = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(files) && !text; i++)
		text = read_whole(strf("%s/%s", dir, files[i]), NULL);
	for (char *p = text; p && (p = strstr(p, "obj-$(CONFIG_"));) {
		char *name = p + strlen("obj-$(");
		size_t len = strcspn(name, ")\n");
		char *option = xasprintf("%.*s=m", (int)len, name);

		if (!strlist_has(argv, option))
			strlist_add(argv, option);
		free(option);
		p = name + len;
	}
	free(text);
}

int build_foreign(const char *dir, const struct kernel *k, struct build *out)
{
	char *real = realpath(dir, NULL), *way;
	struct strlist argv = { 0 }, seen = { 0 };
	struct progress *p;
	int err;

	*out = (struct build){ .lock = -1 };
	if (!real) {
		complain(strf("there is no directory %s", dir),
			 errno_text(errno),
			 "name a directory with a module's source and makefile");
		return -EINVAL;
	}
	if (!path_exists(strf("%s/Makefile", real)) &&
	    !path_exists(strf("%s/Kbuild", real))) {
		complain(strf("%s has no Makefile and no Kbuild", dir),
			 "kbuild reads there which objects make the module",
			 "write one; the shortest is: obj-m := NAME.o");
		free(real);
		return -EINVAL;
	}
	way = foreign_way(real);
	out->dir = cache_path("build/%s/foreign%s", k->name, way);
	free(way);
	err = lock_dir(out, strf("%s-foreign-%s", k->name, base_name(real)));
	if (!err) {
		err = build_sync(real, NULL, out->dir, wanted_foreign, 0,
			       &seen);
		if (err)
			copy_failed(out->dir, err);
		else
			build_drop_stale(out->dir, &seen);
	}
	strlist_add(&argv, "make");
	strlist_add(&argv, "--no-print-directory");
	strlist_addf(&argv, "-C%s", k->build);
	strlist_addf(&argv, "M=%s", out->dir);
	strlist_add(&argv, "CONFIG_DEBUG_INFO_BTF_MODULES=");
	add_options(real, &argv);
	strlist_add(&argv, "modules");
	if (!err) {
		p = progress_begin("building %s for Linux %s", base_name(real),
				   k->name);
		err = build_make((const char *const *)argv.items, NULL, out,
				 p);
		progress_drop(p);
		find_modules(out);
	}
	strlist_free(&argv);
	strlist_free(&seen);
	free(real);
	return err;
}

/* Everything in the build's directory that is not a step on the way to it. */
static bool belongs_in_guest(const char *name)
{
	return str_ends(name, ".ko") ||
	       (!build_is_source(name) && !build_is_output(name)) || str_ends(name, ".txt");
}

int build_pack(const struct build *b, const char *job, const char *command,
	       struct buf *out)
{
	struct pack *pack = pack_begin();
	struct strlist names = { 0 };
	int err = b->dir ? list_dir(b->dir, &names) : 0;

	pack_data(pack, ".job", job, strlen(job), 0644);
	if (command)
		pack_data(pack, ".command", command, strlen(command), 0644);
	for (size_t i = 0; i < names.count && !err; i++) {
		char *path = xasprintf("%s/%s", b->dir, names.items[i]);
		struct stat st;

		if (belongs_in_guest(names.items[i]) && !stat(path, &st) &&
		    S_ISREG(st.st_mode))
			err = pack_file(pack, names.items[i], path,
					st.st_mode & 0755);
		free(path);
	}
	strlist_free(&names);
	if (err) {
		pack_end(pack, out);
		buf_free(out);
		return err;
	}
	return pack_end(pack, out);
}

void build_unlock(struct build *b)
{
	if (b->lock >= 0)
		cache_unlock(b->lock);
	b->lock = -1;
}

void build_free(struct build *b)
{
	build_unlock(b);
	strlist_free(&b->modules);
	free(b->dir);
	free(b->log);
	*b = (struct build){ .lock = -1 };
}
