// SPDX-License-Identifier: GPL-2.0
/* What the workbook takes out of Debian's linux-source packages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "kernel.h"
#include "proc.h"
#include "term.h"

/* Members of the source's tar that match patterns, into dir, top name gone. */
static int untar(const char *tarball, const char *dir,
		 const char *const patterns[])
{
	struct strlist argv = { 0 };
	struct proc_result res;
	struct proc spec = { .output = PROC_MERGED };
	int err;

	strlist_add(&argv, "tar");
	strlist_add(&argv, "-xJf");
	strlist_add(&argv, tarball);
	strlist_add(&argv, "-C");
	strlist_add(&argv, dir);
	strlist_add(&argv, "--strip-components=1");
	if (patterns)
		strlist_add(&argv, "--wildcards");
	for (size_t i = 0; patterns && patterns[i]; i++)
		strlist_add(&argv, patterns[i]);
	spec.argv = (const char *const *)argv.items;
	err = proc_run(&spec, &res);
	if (!err) {
		err = proc_ok(&res) ? 0 : -EIO;
		if (err && !interrupt_pending())
			complain(strf("cannot unpack %s", base_name(tarball)),
				 res.out, "make room in the cache, then again");
		proc_result_free(&res);
	} else {
		complain("cannot run tar", errno_text(err),
			 "sudo apt-get install tar xz-utils");
	}
	strlist_free(&argv);
	return err;
}

/* Fetches linux-source-VERSION and unpacks (a part of) it as CACHE/place. */
static int take_source(const char *version, const char *place,
		       const char *const patterns[])
{
	char *tmp = cache_tmpdir("source"), *final = cache_path("%s", place);
	char *tarball, *out;
	struct progress *p;
	int err;

	if (!tmp) {
		free(final);
		return -EIO;
	}
	out = xasprintf("%s/out", tmp);
	tarball = xasprintf("%s/usr/src/linux-source-%s.tar.xz", tmp, version);
	err = mkdir_p(out);
	if (!err)
		err = debian_unpack(strf("linux-source-%s", version), tmp);
	if (!err) {
		p = progress_begin("unpacking the kernel's source %s", version);
		err = untar(tarball, out, patterns);
		progress_end(p, !err);
	}
	if (!err) {
		char *parent = xstrndup(final, base_name(final) - final - 1);

		mkdir_p(parent);
		free(parent);
		rm_rf(final);
		if (rename(out, final)) {
			err = -errno;
			complain(strf("cannot make %s", final), errno_text(err),
				 "lab doctor");
		}
	}
	rm_rf(tmp);
	free(tmp);
	free(final);
	free(tarball);
	free(out);
	return err;
}

/* A directory made by take_source(), taken once; malloc'd path or NULL. */
static char *taken_once(const char *version, const char *place,
			const char *proof, const char *const patterns[])
{
	char *path = cache_path("%s/%s", place, proof);
	int lock, err = 0;

	if (cache_prepare()) {
		free(path);
		return NULL;
	}
	if (path_exists(path))
		return path;
	lock = cache_lock("source");
	if (lock < 0) {
		free(path);
		return NULL;
	}
	interrupt_hold();
	if (!path_exists(path))
		err = take_source(version, place, patterns);
	cache_unlock(lock);
	interrupt_release();
	if (!err)
		return path;
	free(path);
	return NULL;
}

char *checkpatch_path(void)
{
	static const char *const patterns[] = {
		"*/scripts/checkpatch.pl", "*/scripts/spelling.txt",
		"*/scripts/const_structs.checkpatch", NULL
	};

	return taken_once("6.12", "checkpatch", "scripts/checkpatch.pl",
			  patterns);
}

char *source_path(const char *version)
{
	char *makefile = taken_once(version, strf("source/%s", version),
				    "Makefile", NULL);

	if (makefile)
		makefile[strlen(makefile) - strlen("/Makefile")] = '\0';
	return makefile;
}

int kernel_source_for(bool wanted, const struct kernel *kernel, char **out)
{
	char *version, *path;

	*out = NULL;
	if (!wanted)
		return 0;
	version = xstrdup(KERNEL_DEFAULT);
	/* 6.1-rt is the source 6.1 with another configuration. */
	for (size_t i = 0; i < series_count; i++) {
		if (!kernel->series || strcmp(series[i].name, kernel->series))
			continue;
		free(version);
		version = xstrndup(kernel->series, strcspn(kernel->series, "-"));
	}
	path = source_path(version);
	free(version);
	if (!path)
		return -EIO;
	*out = xasprintf("WB_SOURCE=%s", path);
	free(path);
	return 0;
}
