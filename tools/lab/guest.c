// SPDX-License-Identifier: GPL-2.0
/*
 * The base initramfs of a kernel: our init, busybox for `lab shell` and
 * commands, and the drivers of the channel where they are modules.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "lane.h"
#include "pack.h"
#include "proc.h"
#include "root.h"
#include "vm.h"

#define BUSYBOX "/bin/busybox"

static const char *const drivers[] = { "virtio_pci", "virtio_console" };

static int run_quiet(const char *const argv[], struct proc_result *res)
{
	const struct proc spec = { .argv = argv, .output = PROC_SEPARATE };

	return proc_run(&spec, res);
}

/* Adds a driver and what it needs; modprobe knows the order. */
static int add_driver(struct pack *pack, const struct kernel *k,
		      const char *driver, struct strlist *listed)
{
	const char *const argv[] = {
		sbin_program("modprobe"), "-d", k->modules, "-S", k->release,
		"--show-depends", driver, NULL
	};
	struct strlist lines = { 0 };
	struct proc_result res;
	int err = run_quiet(argv, &res);

	if (err)
		return err;
	if (!proc_ok(&res))
		err = -ENOENT;
	strlist_split(&lines, res.out, "\n");
	for (size_t i = 0; i < lines.count && !err; i++) {
		const char *path = lines.items[i] + strlen("insmod ");
		char *name;

		if (!str_starts(lines.items[i], "insmod "))
			continue;	/* "builtin NAME" */
		name = xasprintf("modules/%s", base_name(path));
		name[strlen("modules/") +
		     strcspn(name + strlen("modules/"), ".")] = '\0';
		if (!strlist_has(listed, name)) {
			err = pack_unpacked(pack, name, path);
			strlist_add(listed, name);
		}
		free(name);
	}
	strlist_free(&lines);
	proc_result_free(&res);
	return err;
}

static int add_busybox(struct pack *pack)
{
	const char *const argv[] = { BUSYBOX, "--list", NULL };
	struct strlist names = { 0 };
	struct proc_result res;
	int err = pack_file(pack, "bin/busybox", BUSYBOX, 0755);

	if (err)
		return err;
	err = run_quiet(argv, &res);
	if (err)
		return err;
	strlist_split(&names, res.out, "\n");
	for (size_t i = 0; i < names.count; i++)
		if (strcmp(names.items[i], "busybox"))
			pack_symlink(pack, strf("bin/%s", names.items[i]),
				     "busybox");
	strlist_free(&names);
	proc_result_free(&res);
	return 0;
}

/* The init for a kernel's architecture; malloc'd. */
static char *init_path(const struct kernel *k)
{
	const struct lane *lane = lane_crossed(k);

	return root_path("build/init%s%s/init", lane ? "-" : "", lane ? lane->arch : "");
}

static int fill(struct pack *pack, const struct kernel *k, const char **what)
{
	static const char *const dirs[] = {
		"bin", "dev", "etc", "lab", "modules", "proc", "root", "run",
		"sys", "tmp",
	};
	char *init = init_path(k);
	struct strlist listed = { 0 };
	struct buf load = { 0 };
	int err;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		pack_dir(pack, dirs[i]);
	*what = init;
	err = pack_file(pack, "init", init, 0755);
	/* The host's busybox runs on the host's architecture. */
	if (!err && !lane_crossed(k)) {
		*what = BUSYBOX " (package busybox-static)";
		err = add_busybox(pack);
	}
	for (size_t i = 0; i < ARRAY_SIZE(drivers) && !err && *k->modules; i++) {
		*what = drivers[i];
		err = add_driver(pack, k, drivers[i], &listed);
	}
	for (size_t i = 0; i < listed.count; i++)
		buf_addf(&load, "/%s\n", listed.items[i]);
	pack_data(pack, "modules.load", load.data, load.len, 0644);
	*what = strf("%s", *what);
	buf_free(&load);
	strlist_free(&listed);
	free(init);
	return err;
}

/* Newer than all that it is made of? */
static bool fresh(const char *path, const struct kernel *k)
{
	char *init = init_path(k);
	const char *const from[] = { init, lane_crossed(k) ? init : BUSYBOX, k->image };
	struct stat made, st;
	bool ok = !stat(path, &made);

	for (size_t i = 0; i < ARRAY_SIZE(from) && ok; i++)
		ok = !stat(from[i], &st) &&
		     (st.st_mtim.tv_sec < made.st_mtim.tv_sec ||
		      (st.st_mtim.tv_sec == made.st_mtim.tv_sec &&
		       st.st_mtim.tv_nsec <= made.st_mtim.tv_nsec));
	free(init);
	return ok;
}

/* The archive; 0 or a negative errno, complained about. */
static int make(const struct kernel *k, struct buf *out)
{
	struct pack *pack = pack_begin();
	const char *what = "";
	int err = fill(pack, k, &what), end_err = pack_end(pack, out);

	if (!err)
		err = end_err;
	if (!err)
		return 0;
	buf_free(out);
	if (!interrupt_pending())
		complain(strf("cannot make the guest's file system for %s",
			      k->name),
			 strf("%s: %s", what, errno_text(err)), "lab setup");
	return err;
}

static int put(const char *path, const struct buf *data)
{
	int err = write_whole(path, data->data, data->len);

	if (err)
		complain(strf("cannot write %s", path), errno_text(err),
			 err == -ENOSPC ? "make room in the cache: lab kernel list shows what it holds"
					: "lab doctor");
	return err;
}

char *guest_initramfs(const struct kernel *k)
{
	char *path = cache_path("kernels/%s/initramfs", k->name);
	struct buf out;
	int err, lock;

	if (lane_build_guest(k)) {
		free(path);
		return NULL;
	}
	if (fresh(path, k))
		return path;
	lock = cache_lock("initramfs");
	err = lock < 0 ? lock : 0;
	/* Another process may have made it while we waited. */
	if (!err && !fresh(path, k)) {
		err = make(k, &out);
		if (!err) {
			err = put(path, &out);
			buf_free(&out);
		}
	}
	cache_unlock(lock);
	if (!err)
		return path;
	free(path);
	return NULL;
}

bool guest_repair(const struct kernel *k)
{
	char *path = cache_path("kernels/%s/initramfs", k->name), *old = NULL;
	struct buf out = { 0 };
	bool other = false;
	size_t len;

	if (!make(k, &out)) {
		old = read_whole(path, &len);
		other = !old || len != out.len || memcmp(old, out.data, len);
		if (other)
			other = !put(path, &out);
	}
	buf_free(&out);
	free(old);
	free(path);
	return other;
}
