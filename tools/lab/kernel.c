// SPDX-License-Identifier: GPL-2.0
/*
 * The store of kernels: CACHE/kernels/NAME/ holds
 *
 *	info		name=value lines, written last: a directory without it
 *			is the rest of an interrupted fetch
 *	vmlinux		the uncompressed kernel
 *	root/		the packages' files: headers, modules, config
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "kernel_private.h"
#include "lane.h"
#include "proc.h"
#include "term.h"

const struct series series[] = {
	{ "6.1", "linux-image-amd64" },
	{ "6.1-rt", "linux-image-rt-amd64" },
	{ "6.12", "linux-image-6.12-amd64" },
};
const size_t series_count = ARRAY_SIZE(series);

const struct series *kernel_find_series(const char *name)
{
	for (size_t i = 0; i < series_count; i++)
		if (!strcmp(series[i].name, name))
			return &series[i];
	return NULL;
}

bool kernel_valid_name(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz"
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_") ==
	       strlen(name) && *name != '.' && *name != '-';
}

static char *info_value(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = text; p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (!strncmp(p, key, len) && p[len] == '=')
			return xstrndup(p + len + 1, strcspn(p + len + 1, "\n"));
	}
	return xstrdup("");
}

int kernel_load(const char *name, struct kernel *out)
{
	char *path = cache_path("kernels/%s/info", name);
	char *text = read_whole(path, NULL);
	int err = text ? 0 : -errno;

	free(path);
	*out = (struct kernel){ 0 };
	if (!text)
		return err;
	out->name = xstrdup(name);
	out->image = cache_path("kernels/%s/vmlinux", name);
	out->release = info_value(text, "release");
	out->version = info_value(text, "version");
	out->build = info_value(text, "build");
	out->modules = info_value(text, "modules");
	out->arch = info_value(text, "arch");
	out->series = info_value(text, "series");
	out->key = info_value(text, "key");
	if (!*out->series) {
		free(out->series);
		out->series = xstrdup(name);
	}
	free(text);
	return 0;
}

void kernel_free(struct kernel *k)
{
	free(k->name);
	free(k->release);
	free(k->image);
	free(k->build);
	free(k->modules);
	free(k->version);
	free(k->arch);
	free(k->series);
	free(k->key);
	*k = (struct kernel){ 0 };
}

int kernel_write_info(const char *dir, const struct kernel *k)
{
	char *path = xasprintf("%s/info", dir);
	struct buf text = { 0 };
	int err;

	buf_addf(&text, "release=%s\nversion=%s\nbuild=%s\nmodules=%s\n",
		 k->release, k->version, k->build, k->modules);
	if (k->arch)
		buf_addf(&text, "arch=%s\nseries=%s\nkey=%s\n", k->arch,
			 k->series, k->key);
	err = write_whole(path, text.data, text.len);

	if (err)
		complain(strf("cannot write %s", path), errno_text(err),
			 "make room in the cache, then again");
	free(path);
	buf_free(&text);
	return err;
}

int kernel_extract_image(const char *image, const char *release, const char *dir)
{
	struct progress *p = progress_begin("extracting the kernel from %s",
					    base_name(image));
	char *path = xasprintf("%s/vmlinux", dir);
	const char *wrong;
	int err = image_extract(image, release, path, &wrong);

	free(path);
	progress_end(p, !err);
	if (err)
		complain(strf("cannot use the kernel image %s", image), wrong,
			 err == -EINVAL ?
			 "name a bzImage or an uncompressed ELF kernel for x86-64, and the headers it was built with" :
			 err == -ENOSPC ? "make room in the cache, then again" :
			 "lab doctor");
	return err;
}

int kernel_put_in_place(const char *tmp, const char *name)
{
	char *dir = cache_path("kernels/%s", name);
	char *parent = cache_path("kernels");
	int err = mkdir_p(parent);

	/* Exchanged, the name always stands for a whole kernel; what was there
	 * before is now the temporary one, which the caller removes.
	 */
	if (!err && renameat2(AT_FDCWD, tmp, AT_FDCWD, dir, RENAME_EXCHANGE)) {
		err = errno == ENOENT ? 0 : rm_rf(dir);
		if (!err && rename(tmp, dir))
			err = -errno;
	}
	if (err)
		complain(strf("cannot put the kernel into %s", dir),
			 errno_text(err), "lab doctor");
	free(dir);
	free(parent);
	return err;
}

/* Unless again: not when another process has fetched it while we waited. */
static int fetch(const char *name, bool again)
{
	const struct series *s = kernel_find_series(name);
	struct kernel there = { 0 };
	int lock, err = 0;

	if (lane_find(name)) {
		complain(strf("the kernel of the lane %s is not there", name),
			 lane_missing(lane_find(name)), kernel_again(name));
		return -ENOENT;
	}
	if (!s && strcmp(name, "running")) {
		complain(strf("there is no kernel named %s", name),
			 "it is none of Debian's series and was never imported",
			 "lab kernel list; or: lab kernel import NAME --image FILE --headers DIR");
		return -ENOENT;
	}
	if (!s)
		return kernel_import_running();
	if (cache_prepare())
		return -EIO;
	lock = cache_lock(strf("kernel-%s", name));
	if (lock < 0)
		return lock;
	interrupt_hold();
	if (again || kernel_load(name, &there))
		err = kernel_fetch_series(s);
	kernel_free(&there);
	cache_unlock(lock);
	interrupt_release();
	return err;
}

int kernel_fetch(const char *name)
{
	return fetch(name, true);
}

const char *kernel_again(const char *name)
{
	if (lane_find(name))
		return strf("lab kernel build %s", name);
	if (kernel_find_series(name) || !strcmp(name, "running"))
		return strf("lab kernel fetch %s", name);
	return strf("lab kernel import %s --image FILE --headers DIR", name);
}

static const char *damage(const struct kernel *k)
{
	if (access(k->image, R_OK))
		return strf("%s: %s", k->image, errno_text(errno));
	if (!image_whole(k->image))
		return strf("%s is cut short, or no kernel", k->image);
	if (!is_dir(k->build))
		return strf("there are no headers in %s", k->build);
	return NULL;
}

int kernel_get(const char *name, struct kernel *out)
{
	const char *wrong;
	int err;

	if (cache_prepare())
		return -EIO;
	err = kernel_load(name, out);
	if (err == -ENOENT) {
		err = fetch(name, false);
		if (!err)
			err = kernel_load(name, out);
		if (err)
			return err;
	}
	if (err) {
		complain(strf("cannot read the kernel %s in the cache", name),
			 errno_text(err), strf("lab kernel fetch %s", name));
		return err;
	}
	wrong = damage(out);
	if (!wrong)
		return 0;
	complain(strf("the kernel %s in the cache is damaged", name), wrong,
		 kernel_again(name));
	kernel_free(out);
	return -EIO;
}

int kernel_remove(const char *name)
{
	char *dir;
	int err;

	if (!kernel_valid_name(name))
		return -EINVAL;
	dir = cache_path("kernels/%s", name);
	err = is_dir(dir) ? rm_rf(dir) : -ENOENT;
	free(dir);
	return err;
}

int kernel_names(struct strlist *names)
{
	char *dir = cache_path("kernels");
	int err = list_dir(dir, names);

	free(dir);
	return err == -ENOENT ? 0 : err;
}

int kernel_choice(const char *text, struct strlist *names)
{
	if (!text || !*text)
		text = KERNEL_DEFAULT;
	if (!strcmp(text, "all")) {
		for (size_t i = 0; i < series_count; i++)
			strlist_add(names, series[i].name);
		return 0;
	}
	strlist_split(names, text, ",");
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->items[i];
		char *dir = cache_path("kernels/%s/info", name);
		bool known = kernel_find_series(name) || path_exists(dir) ||
			     lane_find(name) ||
			     !strcmp(name, "running");

		free(dir);
		if (known && kernel_valid_name(name))
			continue;
		complain(strf("there is no kernel named %s", name),
			 "it is none of 6.1, 6.1-rt, 6.12, running, and was never imported",
			 "lab kernel list");
		strlist_free(names);
		return -EINVAL;
	}
	return names->count ? 0 : -EINVAL;
}
