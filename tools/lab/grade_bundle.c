// SPDX-License-Identifier: GPL-2.0
/*
 * What a platform is given once, so that it judges each submission by itself:
 * the workbook, the rubric and the hidden checks in one archive, with the
 * scripts of tools/grade that the platform starts. See grade.h.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grade.h"
#include "root.h"
#include "verbs.h"

/* 1980-01-01 and a day: no zip can say less. Equal files, equal bundles. */
#define BUNDLE_TIME	315619200

struct bundle {
	struct archive *archive;
	const char *top;	/* what all names begin with */
	const struct grade *g;
	const char *why;	/* it failed */
};

/* Scripts of tools/grade, and where the platform looks for them. */
static const struct form {
	const char *name, *file, *top;
	int (*begin)(struct archive *archive);
	struct { const char *script, *as; } scripts[4];
} forms[] = {
	{ "gradescope", "autograder.zip", "", archive_write_set_format_zip,
	  { { "setup.sh", "setup.sh" }, { "run_autograder", "run_autograder" }, { "judge", "judge" } } },
	{ "autolab", "autograde.tar", "autograde/", archive_write_set_format_pax_restricted,
	  { { "autolab", "autolab" }, { "judge", "judge" } } },
};

static void put(struct bundle *b, const char *name, const char *data, size_t len, unsigned int mode)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, strf("%s%s", b->top, name));
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, mode);
	archive_entry_set_size(entry, len);
	archive_entry_set_mtime(entry, BUNDLE_TIME, 0);
	if (!b->why && (archive_write_header(b->archive, entry) != ARCHIVE_OK ||
			archive_write_data(b->archive, data, len) != (la_ssize_t)len))
		b->why = strf("%s", archive_error_string(b->archive));
	archive_entry_free(entry);
}

static void put_file(struct bundle *b, const char *name, const char *path)
{
	struct stat st;
	size_t len;
	char *data = lstat(path, &st) || !S_ISREG(st.st_mode) ? NULL : read_whole(path, &len);

	if (data)
		put(b, name, data, len, st.st_mode & 0100 ? 0755 : 0644);
	else if (!b->why)
		b->why = strf("%s: %s", path, errno_text(errno));
	free(data);
}

/* In a lab's directory only sources count; what was built there stays there. */
static bool is_source(const char *name)
{
	static const char *const ends[] = {
		".c", ".h", ".md", ".ini", ".svg", ".txt", ".config", ".S",
	};

	if (!strcmp(name, "Makefile") || !strcmp(name, "Kbuild") || !strcmp(name, "Kconfig"))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (str_ends(name, ends[i]) && !str_ends(name, ".mod.c"))
			return true;
	return false;
}

/* All below dir, as name; both are copied, as they may be of strf(). */
static void put_tree(struct bundle *b, const char *as_name, const char *in, bool sources)
{
	char *name = xstrdup(as_name), *dir = xstrdup(in);
	struct strlist names = { 0 };
	int err = list_dir(dir, &names);

	if (err && !b->why)
		b->why = strf("%s: %s", dir, errno_text(err));
	for (size_t i = 0; i < names.count && !b->why; i++) {
		char *path = xasprintf("%s/%s", dir, names.items[i]);
		char *as = xasprintf("%s/%s", name, names.items[i]);
		struct stat st;

		if (*names.items[i] != '.' && !lstat(path, &st)) {
			if (S_ISDIR(st.st_mode))
				put_tree(b, as, path, sources);
			else if (S_ISREG(st.st_mode) && (!sources || is_source(names.items[i])))
				put_file(b, as, path);
		}
		free(as);
		free(path);
	}
	strlist_free(&names);
	free(name);
	free(dir);
}

/* All labs, as the pages refer to each other; solutions of those judged only. */
static void put_workbook(struct bundle *b)
{
	static const char *const whole[] = { "common", "tools", "docs" };
	static const char *const single[] = { "lab", "Makefile", "LICENSE", "README.md" };
	struct strlist names = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		put_file(b, strf("workbook/%s", single[i]), strf("%s/%s", root_dir(), single[i]));
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		put_tree(b, strf("workbook/%s", whole[i]), strf("%s/%s", root_dir(), whole[i]), false);
	list_dir(root_dir(), &names);
	for (size_t i = 0; i < names.count; i++)
		if (str_starts(names.items[i], "ch") && strchr(names.items[i], '_'))
			put_tree(b, strf("workbook/%s", names.items[i]),
				 strf("%s/%s", root_dir(), names.items[i]), true);
	strlist_free(&names);
	for (size_t i = 0; i < b->g->lab_count; i++)
		put_tree(b, strf("workbook/solutions/%s", b->g->labs[i]->id), b->g->labs[i]->solution_dir,
			 true);
}

/* The call's own words, one a line, for the script judge. */
static void put_options(struct bundle *b)
{
	const struct grade *g = b->g;
	struct buf out = { 0 };
	char *kernels = strlist_join(&g->kernels, ",");

	buf_adds(&out, "--labs\n");
	for (size_t i = 0; i < g->lab_count; i++)
		buf_addf(&out, "%s%s", i ? "," : "", g->labs[i]->id);
	buf_addf(&out, "\n--kernel\n%s\n", kernels);
	if (g->seed)
		buf_addf(&out, "--seed\n%llu\n", (unsigned long long)g->seed);
	put(b, "options", out.data, out.len, 0644);
	if (g->rubric_file)
		put_file(b, "rubric.ini", g->rubric_file);
	if (g->checks)
		put_tree(b, "checks", g->checks, false);
	free(kernels);
	buf_free(&out);
}

static int make(struct grade *g, const struct form *form, const char *path)
{
	struct bundle b = { .archive = archive_write_new(), .top = form->top, .g = g };

	if (!b.archive || form->begin(b.archive) != ARCHIVE_OK ||
	    archive_write_open_filename(b.archive, path) != ARCHIVE_OK)
		b.why = strf("%s", b.archive ? archive_error_string(b.archive) : "out of memory");
	for (size_t i = 0; i < ARRAY_SIZE(form->scripts) && form->scripts[i].script && !b.why; i++)
		put_file(&b, form->scripts[i].as,
			 strf("%s/tools/grade/%s", root_dir(), form->scripts[i].script));
	if (!b.why)
		put_options(&b);
	if (!b.why)
		put_workbook(&b);
	if (b.archive && archive_write_close(b.archive) != ARCHIVE_OK && !b.why)
		b.why = strf("%s", archive_error_string(b.archive));
	archive_write_free(b.archive);
	if (!b.why)
		return 0;
	complain(strf("%s could not be made", path), b.why, NULL);
	unlink(path);
	return -EIO;
}

/* Autolab's makefile lies beside the archive, and knows what is handed in. */
static int put_makefile(const struct grade *g)
{
	char *from = root_path("tools/grade/autograde-Makefile"), *text = read_whole(from, NULL);
	const struct lab *lab = g->labs[0];
	bool single = g->lab_count == 1 && lab->files.count == 1;
	struct buf out = { 0 };
	int err = text ? 0 : -errno;

	if (!err) {
		buf_addf(&out, "HANDIN = %s\n%s", single ? lab->files.items[0] : "handin.tgz", text);
		err = write_whole(strf("%s/autograde-Makefile", g->out), out.data, out.len);
	}
	if (err)
		complain(strf("%s/autograde-Makefile could not be made", g->out), errno_text(err), NULL);
	buf_free(&out);
	free(text);
	free(from);
	return err;
}

int bundle_make(struct grade *g, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		char *path;
		int err;

		if (strcmp(forms[i].name, name))
			continue;
		err = mkdir_p(g->out);
		path = xasprintf("%s/%s", g->out, forms[i].file);
		if (err)
			complain(strf("cannot make %s", g->out), errno_text(err), NULL);
		if (!err)
			err = make(g, &forms[i], path);
		if (!err && !strcmp(name, "autolab"))
			err = put_makefile(g);
		if (!err)
			printf("%s: to be given to %s, see docs/grading.md\n", path, name);
		free(path);
		return err ? LAB_FAULT : LAB_PASSED;
	}
	return usage_error("lab grade", "there is no bundle for '%s': gradescope or autolab", name);
}
