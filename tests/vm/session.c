// SPDX-License-Identifier: GPL-2.0
/* session.c - the surroundings of a whole run; see vmlab.h. */
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "cache.h"
#include "proc.h"
#include "vmlab.h"

static const char *const kernel_names_all[] = { "6.1", "6.1-rt", "6.12" };

const char *vm_dir;
static char *kernels;		/* the user's, where everybody may read them */
static bool mounts;

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* The user's kernels; the program fetches those that are missing. */
void session_prepare(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_names_all); i++) {
		const char *const argv[] = { LAB_PROGRAM, "kernel", "path", kernel_names_all[i], NULL };
		const struct proc spec = { .argv = argv, .output = PROC_MERGED };
		struct proc_result res;

		if (proc_run(&spec, &res) || !proc_ok(&res)) {
			fprintf(stderr, "the kernel %s cannot be had:\n%s\n", kernel_names_all[i],
				res.out ? res.out : "");
			exit(1);
		}
		proc_result_free(&res);
	}
}

static bool bind(const char *from, const char *to)
{
	return !mount(from, to, NULL, MS_BIND, NULL) &&
	       !mount("none", to, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL);
}

/* The directory of a kernel in the cache is the user's alone, what is in it is not. */
static bool mount_kernel(const char *from, const char *name)
{
	char *dir = xasprintf("%s/%s", kernels, name);
	char *info = read_whole(strf("%s/%s/info", from, name), NULL);
	bool ok = info && !mkdir_p(strf("%s/root", dir)) &&
		  !write_whole(strf("%s/vmlinux", dir), "", 0) &&
		  !write_whole(strf("%s/info", dir), info, strlen(info)) &&
		  bind(strf("%s/%s/root", from, name), strf("%s/root", dir)) &&
		  bind(strf("%s/%s/vmlinux", from, name), strf("%s/vmlinux", dir));

	free(info);
	free(dir);
	return ok;
}

/*
 * Mounts of ours are seen by us alone, and end with us. The user's kernels are
 * mounted read-only, at a place that other users can reach.
 */
static void mount_kernels(const char *from)
{
	kernels = xasprintf("%s/kernels", vm_dir);
	mounts = !geteuid() && !unshare(CLONE_NEWNS) &&
		 !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(kernel_names_all) && mounts; i++)
		mounts = mount_kernel(from, kernel_names_all[i]);
	if (!mounts) {
		free(kernels);
		kernels = xstrdup(from);
	}
}

bool session_mounts(void)
{
	return mounts;
}

/* Makes vm_dir and the cache that all tests share. */
const char *session_begin(void)
{
	static const char *const dirs[] = { "work", "tmp", "home", "state" };
	static char dir[] = "/tmp/vm-tests.XXXXXX";
	char *from = cache_path("kernels");

	if (!mkdtemp(dir) || chmod(dir, 0755))
		die(dir);
	vm_dir = dir;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		if (mkdir_p(strf("%s/%s", dir, dirs[i])))
			die(dir);
	mount_kernels(from);
	free(from);
	setenv("HOME", strf("%s/home", dir), 1);
	setenv("TMPDIR", strf("%s/tmp", dir), 1);
	setenv("LAB_STATE", strf("%s/state", dir), 1);
	free((char *)use_cache("cache"));
	return xasprintf("%s/work", dir);
}

/* What a test mounts goes with it. */
void session_enter(void)
{
	if (mounts && unshare(CLONE_NEWNS))
		FAIL("unshare: %s", strerror(errno));
}

void session_end(bool keep)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_names_all) && mounts; i++) {
		umount2(strf("%s/%s/root", kernels, kernel_names_all[i]), MNT_DETACH);
		umount2(strf("%s/%s/vmlinux", kernels, kernel_names_all[i]), MNT_DETACH);
	}
	if (keep)
		printf("kept: %s\n", vm_dir);
	else if (rm_rf(vm_dir))
		printf("note: %s could not be removed\n", vm_dir);
	free(kernels);
}

/* A line of a kernel's info file, with the user's cache replaced by kernels. */
static void add_info(struct buf *out, const char *line, size_t len)
{
	char *text = xstrndup(line, len), *from = cache_path("kernels/");
	char *hit = strstr(text, from);

	if (hit)
		buf_addf(out, "%.*s%s/%s\n", (int)(hit - text), text, kernels, hit + strlen(from));
	else
		buf_addf(out, "%s\n", text);
	free(text);
	free(from);
}

static void link_kernel(const char *cache, const char *name)
{
	char *dir = xasprintf("%s/kernels/%s", cache, name);
	char *text = read_whole(strf("%s/%s/info", kernels, name), NULL);
	struct buf info = { 0 };

	if (!text || mkdir_p(dir) ||
	    symlink(strf("%s/%s/vmlinux", kernels, name), strf("%s/vmlinux", dir)))
		die(dir);
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, "\n");

		add_info(&info, p, len);
		p += len + (p[len] == '\n');
	}
	if (write_whole(strf("%s/info", dir), info.data, info.len))
		die(dir);
	buf_free(&info);
	free(text);
	free(dir);
}

const char *make_cache(const char *name)
{
	const char *path = xasprintf("%s/%s", vm_dir, name);

	if (!is_dir(strf("%s/kernels", path)))
		for (size_t i = 0; i < ARRAY_SIZE(kernel_names_all); i++)
			link_kernel(path, kernel_names_all[i]);
	return path;
}

const char *use_cache(const char *name)
{
	const char *path = make_cache(name);

	setenv("LAB_CACHE", path, 1);
	return path;
}

static const char *only_match(const char *dir, const char *prefix)
{
	struct strlist names = { 0 };
	const char *found = NULL;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		if (str_starts(names.items[i], prefix) && !strstr(names.items[i], "common"))
			found = xasprintf("%s/%s", dir, names.items[i]);
	strlist_free(&names);
	if (!found)
		FAIL("there is no %s* in %s", prefix, dir);
	return found;
}

const char *kernel_headers(const char *kernel)
{
	return only_match(strf("%s/%s/root/usr/src", kernels, kernel), "linux-headers-");
}

const char *kernel_bzimage(const char *kernel)
{
	return only_match(strf("%s/%s/root/boot", kernels, kernel), "vmlinuz-");
}

void list_states(struct strlist *paths)
{
	char *dir = xasprintf("%s/states", getenv("LAB_CACHE"));
	struct strlist names = { 0 };

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count; i++)
		strlist_addf(paths, "%s/%s", dir, names.items[i]);
	strlist_free(&names);
	free(dir);
}
