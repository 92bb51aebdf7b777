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
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cache.h"
#include "kernel_private.h"
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

static bool valid_name(const char *name)
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
	*k = (struct kernel){ 0 };
}

int kernel_write_info(const char *dir, const char *release, const char *version,
		      const char *build, const char *modules)
{
	char *path = xasprintf("%s/info", dir);
	char *text = xasprintf("release=%s\nversion=%s\nbuild=%s\nmodules=%s\n",
			       release, version, build, modules);
	int err = write_whole(path, text, strlen(text));

	if (err)
		complain(strf("cannot write %s", path), errno_text(err),
			 "make room in the cache, then again");
	free(path);
	free(text);
	return err;
}

int kernel_extract_image(const char *image, const char *dir)
{
	struct progress *p = progress_begin("extracting the kernel from %s",
					    base_name(image));
	char *path = xasprintf("%s/vmlinux", dir);
	const char *wrong = image_extract(image, path);

	free(path);
	progress_end(p, !wrong);
	if (!wrong)
		return 0;
	complain(strf("cannot use the kernel image %s", image), wrong,
		 "name a bzImage or an uncompressed ELF kernel for x86-64");
	return -EINVAL;
}

/* Replaces the store's directory of this name by a finished new one. */
int kernel_put_in_place(const char *tmp, const char *name)
{
	char *dir = cache_path("kernels/%s", name);
	char *parent = cache_path("kernels");
	int err = mkdir_p(parent);

	if (!err)
		err = rm_rf(dir);
	if (!err && rename(tmp, dir))
		err = -errno;
	if (err)
		complain(strf("cannot put the kernel into %s", dir),
			 errno_text(err), "lab doctor");
	free(dir);
	free(parent);
	return err;
}

static int import_running(void)
{
	char *image, *headers;
	struct utsname u;
	int err;

	uname(&u);
	image = xasprintf("/boot/vmlinuz-%s", u.release);
	headers = xasprintf("/lib/modules/%s/build", u.release);
	if (access(image, R_OK)) {
		err = -errno;
		complain(strf("the running kernel's image %s cannot be read", image),
			 err == -ENOENT ?
			 "this kernel was not installed as a package (a container, WSL or a cloud machine)" :
			 "only root may read it here",
			 err == -ENOENT ? "use a kernel of the matrix: --kernel 6.1" :
			 strf("sudo cp %s /tmp/vmlinuz && sudo chmod a+r /tmp/vmlinuz && lab kernel import running --image /tmp/vmlinuz --headers %s --modules /",
			      image, headers));
	} else {
		err = kernel_import("running", image, headers, "/");
	}
	free(image);
	free(headers);
	return err;
}

int kernel_fetch(const char *name)
{
	const struct series *s = kernel_find_series(name);
	int lock, err;

	if (!s && strcmp(name, "running")) {
		complain(strf("there is no kernel named %s", name),
			 "it is none of Debian's series and was never imported",
			 "lab kernel list; or: lab kernel import NAME --image FILE --headers DIR");
		return -ENOENT;
	}
	if (!s)
		return import_running();
	if (cache_prepare())
		return -EIO;
	lock = cache_lock(strf("kernel-%s", name));
	if (lock < 0)
		return lock;
	interrupt_hold();
	err = kernel_fetch_series(s);
	cache_unlock(lock);
	interrupt_release();
	return err;
}

int kernel_get(const char *name, struct kernel *out)
{
	int err;

	if (cache_prepare())
		return -EIO;
	err = kernel_load(name, out);
	if (err == -ENOENT) {
		err = kernel_fetch(name);
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
	if (access(out->image, R_OK) || !is_dir(out->build)) {
		complain(strf("the kernel %s in the cache is damaged", name),
			 strf("%s or %s is not there or cannot be read",
			      out->image, out->build),
			 strf("lab kernel fetch %s", name));
		kernel_free(out);
		return -EIO;
	}
	return 0;
}

/* The release that the headers were prepared for. */
static char *headers_release(const char *headers)
{
	char *path = xasprintf("%s/include/config/kernel.release", headers);
	char *text = read_whole(path, NULL);

	free(path);
	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

int kernel_import(const char *name, const char *image, const char *headers,
		  const char *modules)
{
	char *release, *tmp, *real = realpath(headers, NULL);
	int err = -EINVAL;

	if (!valid_name(name) || kernel_find_series(name)) {
		complain(strf("'%s' cannot be the name of an imported kernel", name),
			 "letters, digits, '.', '+', '-' and '_' only, and not a series' name",
			 NULL);
		free(real);
		return -EINVAL;
	}
	release = real ? headers_release(real) : NULL;
	if (!release) {
		complain(strf("%s holds no prepared kernel headers", headers),
			 "include/config/kernel.release is not in it",
			 "build the kernel there (make modules_prepare), or name its headers package's directory");
		free(real);
		return -EINVAL;
	}
	tmp = cache_prepare() ? NULL : cache_tmpdir("kernel");
	if (tmp) {
		err = kernel_extract_image(image, tmp);
		if (!err)
			err = kernel_write_info(tmp, release, "", real,
					 modules ? modules : "");
		if (!err)
			err = kernel_put_in_place(tmp, name);
		rm_rf(tmp);
		free(tmp);
	}
	free(release);
	free(real);
	return err;
}

int kernel_remove(const char *name)
{
	char *dir;
	int err;

	if (!valid_name(name))
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
			     !strcmp(name, "running");

		free(dir);
		if (known && valid_name(name))
			continue;
		complain(strf("there is no kernel named %s", name),
			 "it is none of 6.1, 6.1-rt, 6.12, running, and was never imported",
			 "lab kernel list");
		return -EINVAL;
	}
	return names->count ? 0 : -EINVAL;
}
