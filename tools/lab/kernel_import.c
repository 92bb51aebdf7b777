// SPDX-License-Identifier: GPL-2.0
/* Kernels that are not Debian's series: the running one, and any other. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cache.h"
#include "kernel_private.h"
#include "lane.h"
#include "proc.h"
#include "term.h"

/*
 * The release that the headers were prepared for: what uname -r says there.
 * Debian's include/config/kernel.release tells another one.
 */
static char *headers_release(const char *headers)
{
	static const char define[] = "#define UTS_RELEASE \"";
	char *path = xasprintf("%s/include/generated/utsrelease.h", headers);
	char *text = read_whole(path, NULL), *release = NULL;
	const char *at = text ? strstr(text, define) : NULL;

	if (at) {
		at += strlen(define);
		release = xstrndup(at, strcspn(at, "\"\n"));
	}
	free(text);
	free(path);
	return release;
}

static int import_to(const char *tmp, const char *name, const char *image,
		     const char *release, const char *headers,
		     const char *modules)
{
	int err = kernel_extract_image(image, release, tmp);

	if (!err)
		err = kernel_write_info(tmp, &(struct kernel){
			.release = (char *)release, .version = "",
			.build = (char *)headers, .modules = (char *)modules,
		});
	if (!err && interrupt_pending())
		err = -EINTR;
	if (!err)
		err = kernel_put_in_place(tmp, name);
	return err;
}

int kernel_import(const char *name, const char *image, const char *headers,
		  const char *modules)
{
	char *release, *tmp, *real = realpath(headers, NULL);
	char *drivers = modules ? realpath(modules, NULL) : xstrdup("");
	int err, lock;

	if (!kernel_valid_name(name) || kernel_find_series(name) ||
	    lane_find(name)) {
		complain(strf("'%s' cannot be the name of an imported kernel", name),
			 "letters, digits, '.', '+', '-' and '_' only, and not the name of a series or a lane",
			 NULL);
		err = -EINVAL;
		goto out;
	}
	if (!drivers) {
		complain(strf("there is no directory %s", modules),
			 errno_text(errno),
			 "name the one that holds lib/modules");
		err = -EINVAL;
		goto out;
	}
	release = real ? headers_release(real) : NULL;
	if (!release) {
		complain(strf("%s holds no prepared kernel headers", headers),
			 "include/generated/utsrelease.h is not in it",
			 "build the kernel there (make modules_prepare), or name its headers package's directory");
		err = -EINVAL;
		goto out;
	}
	lock = cache_lock(strf("kernel-%s", name));
	err = lock < 0 ? lock : -EIO;
	interrupt_hold();
	tmp = lock < 0 ? NULL : cache_tmpdir("kernel");
	if (tmp) {
		err = import_to(tmp, name, image, release, real, drivers);
		rm_rf(tmp);
		free(tmp);
	}
	cache_unlock(lock);
	interrupt_release();
	free(release);
out:
	free(drivers);
	free(real);
	return err;
}

int kernel_import_running(void)
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

