// SPDX-License-Identifier: GPL-2.0
/*
 * What modules are built with: makefiles, headers, kbuild's programs, and the
 * symbols' versions. A hundredth of the source, and no object file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lane.h"

static int copy_data(int in, int out)
{
	for (;;) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, 1 << 24, 0);

		if (n <= 0)
			return n ? -errno : 0;
	}
}

static int copy_file(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = in < 0 ? -1 : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
				     mode & 0755);
	int err = out < 0 ? -errno : copy_data(in, out);

	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) && !err)
		err = -errno;
	return err;
}

/* Below arch/: no source, but all that makefiles and sources include. */
static bool is_header(const char *name)
{
	return str_ends(name, ".h") || str_ends(name, ".lds") ||
	       str_ends(name, ".tbl") || str_starts(name, "Makefile") ||
	       str_starts(name, "Kbuild") || str_starts(name, "Platform");
}

static bool is_product(const char *name)
{
	return !str_ends(name, ".o") && !str_ends(name, ".cmd") &&
	       !str_ends(name, ".a");
}

static bool any(const char *name)
{
	(void)name;
	return true;
}

/* Symbolic links are followed to files, never to directories. */
static int copy_tree(const char *from, const char *to,
		     bool (*wanted)(const char *))
{
	struct strlist names = { 0 };
	int err = list_dir(from, &names);
	bool made = false;

	for (size_t i = 0; i < names.count && !err; i++) {
		char *a = xasprintf("%s/%s", from, names.items[i]);
		char *b = xasprintf("%s/%s", to, names.items[i]);
		struct stat st, linked;

		if (lstat(a, &st)) {
			err = -errno;
		} else if (S_ISDIR(st.st_mode)) {
			err = copy_tree(a, b, wanted);
		} else if (wanted(names.items[i]) && !stat(a, &linked) &&
			   S_ISREG(linked.st_mode)) {
			if (!made)
				err = mkdir_p(to);
			made = true;
			if (!err)
				err = copy_file(a, b, linked.st_mode);
		}
		free(a);
		free(b);
	}
	strlist_free(&names);
	return err == -ENOENT ? 0 : err;
}

static int copy_below(const char *from, const char *to, const char *what,
		      bool (*wanted)(const char *))
{
	char *a = xasprintf("%s/%s", from, what);
	char *b = xasprintf("%s/%s", to, what);
	int err = copy_tree(a, b, wanted);

	free(a);
	free(b);
	return err;
}

static int copy_one(const char *from, const char *to, const char *what,
		    bool required)
{
	char *a = xasprintf("%s/%s", from, what);
	char *b = xasprintf("%s/%s", to, what);
	char *parent = xstrndup(b, base_name(b) - b - 1);
	struct stat st;
	int err = stat(a, &st) ? -errno : mkdir_p(parent);

	if (!err)
		err = copy_file(a, b, st.st_mode);
	free(a);
	free(b);
	free(parent);
	return err == -ENOENT && !required ? 0 : err;
}

/*
 * Whoever builds with it need not know for what machine it is: kbuild finds it
 * in the Makefile, lab.mk in workbook.mk.
 */
static int write_makefile(const char *source, const char *dir,
			  const struct lane *lane)
{
	char *text = read_whole(strf("%s/Makefile", source), NULL);
	struct buf all = { 0 };
	char *mk = NULL;
	int err = text ? mkdir_p(dir) : -errno;

	buf_addf(&all, "ARCH := %s\n", lane->arch);
	if (lane->cross) {
		buf_addf(&all, "CROSS_COMPILE := %s\n", lane->cross);
		mk = xasprintf("WB_ARCH := %s\nWB_CROSS := %s\n", lane->arch, lane->cross);
	}
	/* Where UBSAN is not for all, a module's makefile would have to ask. */
	buf_addf(&all, "export UBSAN_SANITIZE := y\n%s", text ? text : "");
	if (!err)
		err = write_whole(strf("%s/Makefile", dir), all.data, all.len);
	if (!err && mk)
		err = write_whole(strf("%s/workbook.mk", dir), mk, strlen(mk));
	free(mk);
	free(text);
	buf_free(&all);
	return err;
}

int lane_copy_headers(const char *source, const char *objects,
		      const struct lane *lane, const char *dir)
{
	const char *const arches[] = { "x86", lane->arch };
	int err = write_makefile(source, dir, lane);

	if (!err)
		err = copy_one(source, dir, "Kbuild", false);
	if (!err)
		err = copy_below(source, dir, "include", any);
	if (!err)
		err = copy_below(source, dir, "scripts", any);
	for (size_t i = 0; i < ARRAY_SIZE(arches) && !err; i++) {
		const char *below = strf("arch/%s", arches[i]);

		err = copy_below(source, dir, below, is_header);
		if (!err)
			err = copy_below(objects, dir, below, is_header);
	}
	if (!err)
		err = copy_below(objects, dir, "include", is_product);
	if (!err)
		err = copy_below(objects, dir, "scripts", is_product);
	if (!err)
		err = copy_one(objects, dir, "tools/objtool/objtool", false);
	if (!err)
		err = copy_one(objects, dir, "Module.symvers", true);
	if (!err)
		err = copy_one(objects, dir, ".config", true);
	/* A kernel that verifies signatures trusts this key, made with it. */
	if (!err)
		err = copy_one(objects, dir, "certs/signing_key.pem", false);
	return err;
}
