// SPDX-License-Identifier: GPL-2.0
/* Builds in a sandbox; see grade_build.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade.h"
#include "grade_build.h"
#include "lane.h"
#include "proc.h"
#include "root.h"
#include "sandbox.h"

#define BUILD_SECONDS	300
#define BUILD_CPU	90		/* of one compiler */
#define BUILD_MEMORY	(2ull << 30)
#define BUILD_FILE	(128ull << 20)
#define BUILD_TMP	(256ull << 20)
#define LOG_KEEP	(256u << 10)

/* Where a kernel's headers are, and what their links lead to. */
static void show_kernel(struct strlist *argv, const struct kernel *k)
{
	char *real = realpath(k->build, NULL);

	if (*k->modules)
		sandbox_read(argv, k->modules, k->modules);
	if (!*k->modules || !str_starts(k->build, k->modules))
		sandbox_read(argv, k->build, k->build);
	if (real && strcmp(real, k->build) && !str_starts(real, "/usr/"))
		sandbox_read(argv, real, real);
	free(real);
}

/* The sandbox's path of the lab is nothing to the reader. */
static char *without(const char *text, const char *prefix)
{
	struct buf out = { 0 };
	const char *hit;

	while ((hit = strstr(text, prefix))) {
		buf_add(&out, text, hit - text);
		text = hit + strlen(prefix);
	}
	buf_adds(&out, text);
	return buf_steal(&out);
}

static int run_in(struct strlist *argv, int seconds, struct build *out)
{
	struct proc_result res;
	int err = proc_run(&(struct proc){
		.argv = (const char *const *)argv->items, .cap = LOG_KEEP,
		.output = PROC_MERGED, .deadline_ms = seconds * 1000,
	}, &res);

	if (err) {
		complain("the sandbox cannot be started", errno_text(err), "lab doctor");
		return err;
	}
	out->ok = proc_ok(&res);
	out->timed_out = res.timed_out || strstr(res.out, "CPU time limit exceeded") ||
			 strstr(res.out, "signal terminated program cc1");
	free(out->log);
	out->log = xstrdup(res.out);
	if (out->timed_out) {
		struct buf log = { 0 };

		buf_addf(&log, "%s\nThe build took more than %d s of the processor, or %d s in all, and was ended.\n",
			 res.out, BUILD_CPU, seconds);
		free(out->log);
		out->log = buf_steal(&log);
	}
	proc_result_free(&res);
	return interrupt_pending() ? -EINTR : 0;
}

static void begin(struct strlist *argv, const struct lab *lab, const struct kernel *k,
		  const char *source, const char *dir, char **at)
{
	char *common = root_path("common"), *check = root_path("build/check");
	char *cross = root_path("build/check-arm64");

	*at = xasprintf("/wb/%s", lab->id);
	sandbox_begin(argv, BUILD_TMP);
	sandbox_read(argv, common, "/wb/common");
	sandbox_read(argv, check, "/wb/build/check");
	sandbox_read(argv, cross, "/wb/build/check-arm64");
	show_kernel(argv, k);
	if (source)
		sandbox_read(argv, source, source);
	sandbox_write(argv, dir, *at);
	sandbox_command(argv, *at, &(struct sandbox_limits){
		.memory = BUILD_MEMORY, .cpu = BUILD_CPU, .file = BUILD_FILE, .processes = 512 });
	free(common);
	free(check);
	free(cross);
}

int sandbox_make(const struct lab *lab, const struct kernel *k, const char *dir,
		 const char *const *targets, struct build *out)
{
	struct strlist argv = { 0 };
	char *at, *prefix, *log, *source = NULL;
	int err = lane_build_guest(k);

	if (!err)
		err = kernel_source_for(lab->source, k, &source);
	if (err)
		return err;
	begin(&argv, lab, k, source ? strchr(source, '=') + 1 : NULL, dir, &at);
	strlist_add(&argv, "make");
	strlist_add(&argv, "--no-print-directory");
	strlist_addf(&argv, "KDIR=%s", k->build);
	if (source)
		strlist_add(&argv, source);
	free(source);
	for (; *targets; targets++)
		strlist_add(&argv, *targets);
	err = run_in(&argv, BUILD_SECONDS, out);
	strlist_free(&argv);
	if (!err) {
		prefix = xasprintf("%s/", at);
		log = without(out->log, prefix);
		free(out->log);
		out->log = log;
		free(prefix);
	}
	free(at);
	return err;
}

int copy_tree(const char *from, const char *to)
{
	const char *argv[] = { "cp", "-a", "--reflink=auto", from, to, NULL };
	struct proc_result res;
	int err = proc_run(&(struct proc){ .argv = argv, .cap = 4096 }, &res);

	if (err)
		return err;
	err = proc_ok(&res) ? 0 : -EIO;
	if (err)
		complain(strf("cannot copy %s", from), res.out, "make room there");
	proc_result_free(&res);
	return err;
}

/* The compiler's own words about what its check was made of. */
bool check_needs_student(const struct lab *lab, const char *dir)
{
	char *objects = xasprintf("%s/.prog", dir);
	struct strlist names = { 0 };
	bool needs = false;

	list_dir(objects, &names);
	for (size_t i = 0; i < names.count && !needs; i++) {
		struct strlist words = { 0 };
		char *text;

		if (!str_starts(names.items[i], "check") || !str_ends(names.items[i], ".d"))
			continue;
		text = read_whole(strf("%s/%s", objects, names.items[i]), NULL);
		strlist_split(&words, text ? text : "", " \n\\:");
		for (size_t j = 0; j < words.count; j++)
			needs |= strlist_has(&lab->files, words.items[j]);
		strlist_free(&words);
		free(text);
	}
	strlist_free(&names);
	free(objects);
	return needs;
}

/* Anything but plain files and directories is none of ours: it goes. */
static void drop_strangers(const char *dir)
{
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		char *path = xasprintf("%s/%s", dir, names.items[i]);
		struct stat st;

		if (!lstat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
			unlink(path);
		free(path);
	}
	strlist_free(&names);
}

static void find_modules(struct build *b)
{
	char *text = read_whole(strf("%s/modules.order", b->dir), NULL);
	struct strlist lines = { 0 };

	strlist_split(&lines, text ? text : "", "\n");
	for (size_t i = 0; i < lines.count; i++) {
		char *name = xstrdup(base_name(lines.items[i])), *dot = strrchr(name, '.');

		if (dot)
			*dot = '\0';
		if (is_file(strf("%s/%s.ko", b->dir, name)))
			strlist_addf(&b->modules, "%s.ko", name);
		free(name);
	}
	strlist_free(&lines);
	free(text);
}

static int copy_file(const char *from, const char *to)
{
	size_t len;
	char *data = read_whole(from, &len);
	int err = data ? 0 : -errno;
	struct stat st;

	unlink(to);
	if (!err)
		err = write_whole(to, data, len);
	if (!err && !stat(from, &st) && chmod(to, st.st_mode & 0777))
		err = -errno;
	free(data);
	return err;
}

static unsigned int count_lines(const char *text, const char *const *marks)
{
	unsigned int count = 0;

	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");
		char *line = xstrndup(p, len);

		for (size_t i = 0; marks[i]; i++)
			if (strstr(line, marks[i])) {
				count++;
				break;
			}
		free(line);
		p += len + (p[len] == '\n');
	}
	return count;
}

/* Both tools read what the student wrote: in the sandbox as well. */
static int look_at_style(const struct lab *lab, const struct kernel *k, struct graded_build *g)
{
	static const char *const sparse_marks[] = { "warning:", "error:", NULL };
	static const char *const patch_marks[] = { "WARNING:", "ERROR:", "CHECK:", NULL };
	static const char *const sparse_targets[] = { "sparse", NULL };
	char *script = checkpatch_path(), *dir = xasprintf("%s.style", g->work);
	struct build out = { .lock = -1 };
	struct strlist argv = { 0 };
	struct buf words = { 0 };
	char *at;
	int err;

	rm_rf(dir);
	err = copy_tree(g->work, dir);
	if (!err)
		err = sandbox_make(lab, k, dir, sparse_targets, &out);
	if (!err) {
		g->sparse = count_lines(out.log, sparse_marks);
		if (g->sparse)
			buf_adds(&words, out.log);
	}
	if (!err && script) {
		char *scripts = xstrndup(script, base_name(script) - script);

		scripts[strlen(scripts) - 1] = '\0';
		sandbox_begin(&argv, BUILD_TMP);
		sandbox_read(&argv, scripts, "/scripts");
		sandbox_read(&argv, dir, "/wb");
		sandbox_command(&argv, "/wb", &(struct sandbox_limits){
			.memory = BUILD_MEMORY, .cpu = BUILD_CPU, .file = 1, .processes = 64 });
		at = xasprintf("/scripts/%s", base_name(script));
		strlist_add(&argv, "perl");
		strlist_add(&argv, at);
		strlist_add(&argv, "--strict");
		strlist_add(&argv, "--no-tree");
		strlist_add(&argv, "--terse");
		strlist_add(&argv, "--no-summary");
		strlist_add(&argv, "-f");
		for (size_t i = 0; i < lab->files.count; i++)
			strlist_add(&argv, lab->files.items[i]);
		err = run_in(&argv, 60, &out);
		if (!err) {
			g->checkpatch = count_lines(out.log, patch_marks);
			buf_adds(&words, out.log);
		}
		strlist_free(&argv);
		free(scripts);
		free(at);
	}
	g->words = buf_steal(&words);
	build_free(&out);
	rm_rf(dir);
	free(dir);
	free(script);
	return err;
}

int build_graded(const struct lab *lab, const struct kernel *k, void *data, struct build *out)
{
	static const char *const without_check[] = { "all", NULL };
	static const char *const with_check[] = { "all", "check-prog", NULL };
	struct graded_build *g = data;
	bool theirs = check_needs_student(lab, g->template);
	int err;

	*out = (struct build){ .lock = -1 };
	rm_rf(g->work);
	err = copy_tree(g->template, g->work);
	/* Of what is theirs no trace of the skeleton's build may stay. */
	for (size_t i = 0; i < lab->files.count && !err; i++) {
		char *from = xasprintf("%s/%s", g->files, lab->files.items[i]);
		char *to = xasprintf("%s/%s", g->work, lab->files.items[i]);

		if (is_file(from))
			err = copy_file(from, to);
		free(from);
		free(to);
	}
	if (err)
		return err;
	err = sandbox_make(lab, k, g->work, theirs ? with_check : without_check, out);
	if (err)
		return err;
	out->dir = xstrdup(g->work);
	drop_strangers(g->work);
	if (g->hidden || !theirs) {
		char *from = xasprintf("%s/check", g->hidden ? g->hidden : g->template);
		char *to = xasprintf("%s/check", g->work);

		err = copy_file(from, to);
		free(from);
		free(to);
	}
	find_modules(out);
	if (!err && out->ok && g->style)
		err = look_at_style(lab, k, g);
	return err;
}
