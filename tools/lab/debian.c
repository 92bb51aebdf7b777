// SPDX-License-Identifier: GPL-2.0
/*
 * Debian packages for the virtual machine: looked up and downloaded by apt,
 * unpacked by dpkg-deb, never installed. Needs no root.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "kernel.h"
#include "proc.h"
#include "term.h"

static int run(const char *const argv[], const char *cwd,
	       struct proc_result *res)
{
	static const char *const env[] = { "LC_ALL=C", NULL };
	const struct proc spec = {
		.argv = argv, .cwd = cwd, .env = env, .output = PROC_SEPARATE,
	};
	int err = proc_run(&spec, res);

	if (err)
		complain(strf("cannot run %s", argv[0]), errno_text(err),
			 "sudo apt-get install apt dpkg");
	return err;
}

/* The value of a field in the first stanza of apt-cache's output. */
static char *field(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = text; *p && *p != '\n';) {
		const char *end = strchrnul(p, '\n');

		if (!strncmp(p, name, len) && p[len] == ':')
			return xstrndup(p + len + 2, end > p + len + 2 ?
					end - p - len - 2 : 0);
		p = *end ? end + 1 : end;
	}
	return NULL;
}

/* apt's lists may never have been fetched: then apt-cache knows nothing. */
static bool refresh_lists(void)
{
	static const char *const argv[] = { "apt-get", "-q", "update", NULL };
	struct proc_result res;
	struct progress *p;
	static bool done;
	bool ok;

	if (done || geteuid())
		return false;
	done = true;
	p = progress_begin("refreshing the package lists (apt-get update)");
	if (run(argv, NULL, &res)) {
		progress_end(p, false);
		return false;
	}
	ok = proc_ok(&res);
	progress_end(p, ok);
	proc_result_free(&res);
	return ok;
}

static char *show(const char *package, const char *name)
{
	const char *const argv[] = {
		"apt-cache", "show", "--no-all-versions", package, NULL
	};
	struct proc_result res;
	char *value;

	do {
		if (run(argv, NULL, &res))
			return NULL;
		value = field(res.out, name);
		proc_result_free(&res);
	} while (!value && refresh_lists());
	if (!value)
		complain(strf("the package archive does not know %s", package),
			 "apt's lists are old or empty, or this is not Debian 12",
			 "sudo apt-get update, then again");
	return value;
}

char *debian_depends(const char *package, const char *prefix)
{
	struct strlist parts = { 0 };
	char *depends = show(package, "Depends"), *found = NULL;

	if (!depends)
		return NULL;
	strlist_split(&parts, depends, ",|");
	for (size_t i = 0; i < parts.count && !found; i++) {
		parts.items[i][strcspn(parts.items[i], " (")] = '\0';
		if (str_starts(parts.items[i], prefix))
			found = xstrdup(parts.items[i]);
	}
	if (!found)
		complain(strf("%s depends on no %s* package", package, prefix),
			 "the archive has changed its naming",
			 strf("report it with the output of: apt-cache show %s", package));
	strlist_free(&parts);
	free(depends);
	return found;
}

char *debian_version(const char *package)
{
	char *version = show(package, "Version");

	return version ? version : xstrdup("");
}

static char *find_deb(const char *dir)
{
	struct strlist names = { 0 };
	char *found = NULL;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count && !found; i++)
		if (str_ends(names.items[i], ".deb"))
			found = xasprintf("%s/%s", dir, names.items[i]);
	strlist_free(&names);
	return found;
}

/* Downloads into dir; the path of the file, or NULL (complained). */
static char *download(const char *package, const char *dir)
{
	const char *const argv[] = {
		"apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
		package, NULL
	};
	struct proc_result res;
	char *deb = NULL;

	for (;;) {
		if (run(argv, dir, &res))
			return NULL;
		if (proc_ok(&res))
			deb = find_deb(dir);
		if (deb || res.signal || !refresh_lists())
			break;
		proc_result_free(&res);
	}
	if (!deb && !interrupt_pending())
		complain(strf("cannot download the package %s", package),
			 res.err_len ? res.err : proc_describe(&res),
			 "look at the network and the free space, run: sudo apt-get update, then again");
	proc_result_free(&res);
	return deb;
}

int debian_unpack(const char *package, const char *dir)
{
	struct progress *p = progress_begin("fetching %s", package);
	char *tmp = cache_tmpdir("deb"), *deb;
	struct proc_result res;
	int err = -EIO;

	deb = tmp ? download(package, tmp) : NULL;
	if (deb) {
		const char *const argv[] = {
			"dpkg-deb", "-x", deb, dir, NULL
		};

		progress_note(p, "unpacking");
		if (!run(argv, NULL, &res)) {
			if (proc_ok(&res))
				err = 0;
			else if (!interrupt_pending())
				complain(strf("cannot unpack %s", package),
					 res.err, "make room in the cache (lab doctor shows it), then again");
			proc_result_free(&res);
		}
	}
	progress_end(p, !err);
	if (tmp)
		rm_rf(tmp);
	free(deb);
	free(tmp);
	return err;
}
