// SPDX-License-Identifier: GPL-2.0
/* A kernel of Debian's, out of its packages into the store. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "kernel_private.h"
#include "proc.h"

/*
 * The flavour's Makefile of Debian's headers includes the common one by its
 * absolute, installed path. Found from the file's own place, it works wherever
 * the packages were unpacked.
 */
static int relocate_headers(const char *root, const char *release)
{
	char *path = xasprintf("%s/usr/src/linux-headers-%s/Makefile", root,
			       release);
	static const char from[] = "include /usr/src/";
	char *text = read_whole(path, NULL), *new;
	int err = -ENOENT;

	if (text && str_starts(text, from)) {
		new = xasprintf("include $(dir $(lastword $(MAKEFILE_LIST)))../%s",
				text + strlen(from));
		err = write_whole(path, new, strlen(new));
		free(new);
	}
	if (err)
		complain(strf("the headers of %s are not as expected", release),
			 strf("%s does not include the common headers", path),
			 "report it: Debian has changed the package");
	free(text);
	free(path);
	return err;
}

static int make_depmod(const char *root, const char *release)
{
	const char *const argv[] = {
		sbin_program("depmod"), "-b", root, release, NULL
	};
	const struct proc spec = { .argv = argv, .output = PROC_MERGED };
	struct proc_result res;
	int err = proc_run(&spec, &res);

	if (err) {
		complain("cannot run depmod", errno_text(err),
			 "sudo apt-get install kmod");
		return err;
	}
	err = proc_ok(&res) ? 0 : -EIO;
	if (err && !interrupt_pending())
		complain("depmod failed", res.out, "lab doctor");
	proc_result_free(&res);
	return err;
}

/* Image, headers and what the headers need, all of one revision. */
static int unpack_series(const char *image_package, const char *root)
{
	const char *release = image_package + strlen("linux-image-");
	char *headers = xasprintf("linux-headers-%s", release);
	char *common = NULL, *kbuild = NULL;
	int err = -EIO;

	common = debian_depends(headers, "linux-headers-");
	kbuild = common ? debian_depends(headers, "linux-kbuild-") : NULL;
	if (kbuild)
		err = debian_unpack(image_package, root);
	if (!err)
		err = debian_unpack(headers, root);
	if (!err)
		err = debian_unpack(common, root);
	if (!err)
		err = debian_unpack(kbuild, root);
	free(headers);
	free(common);
	free(kbuild);
	return err;
}

int kernel_fetch_series(const struct series *s)
{
	char *package = debian_depends(s->image_package, "linux-image-");
	const char *release = package ? package + strlen("linux-image-") : "";
	char *tmp, *root, *image, *build, *modules, *version;
	int err;

	if (!package)
		return -EIO;
	tmp = cache_tmpdir("kernel");
	if (!tmp) {
		free(package);
		return -EIO;
	}
	root = xasprintf("%s/root", tmp);
	image = xasprintf("%s/boot/vmlinuz-%s", root, release);
	build = cache_path("kernels/%s/root/usr/src/linux-headers-%s", s->name,
			   release);
	modules = cache_path("kernels/%s/root", s->name);
	version = debian_version(package);

	err = mkdir_p(root);
	if (!err)
		err = unpack_series(package, root);
	if (!err)
		err = relocate_headers(root, release);
	if (!err)
		err = make_depmod(root, release);
	if (!err)
		err = kernel_extract_image(image, release, tmp);
	if (!err)
		err = kernel_write_info(tmp, &(struct kernel){
			.release = (char *)release, .version = version,
			.build = build, .modules = modules,
		});
	if (!err)
		err = kernel_put_in_place(tmp, s->name);
	rm_rf(tmp);
	free(tmp);
	free(root);
	free(image);
	free(build);
	free(modules);
	free(version);
	free(package);
	return err;
}
