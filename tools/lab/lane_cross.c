// SPDX-License-Identifier: GPL-2.0
/*
 * Lanes of another architecture: their compiler and their emulator are packages
 * that few have, and what runs in their guests is compiled with that compiler.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cache.h"
#include "lane.h"
#include "packages.h"
#include "proc.h"
#include "root.h"

const struct lane *lane_crossed(const struct kernel *kernel)
{
	const struct lane *lane = lane_find(kernel->name);

	return lane && lane->cross ? lane : NULL;
}

const char *lane_lacks(const struct lane *lane)
{
	const struct package **list;
	struct buf names = { 0 };
	const char *why = NULL;
	char *command;
	size_t count;

	if (!lane->cross)
		return NULL;
	list = packages_missing(NEED_CROSS, &count);
	for (size_t i = 0; i < count; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", list[i]->name);
	command = packages_command(list, count);
	if (count)
		why = strf("for another architecture it needs packages that are not here, %s: %s",
			   names.data, command);
	free(command);
	buf_free(&names);
	free(list);
	return why;
}

static int make_in(const char *dir, const struct lane *lane)
{
	char *cross = xasprintf("WB_CROSS=%s", lane->cross);
	char *arch = xasprintf("WB_ARCH=%s", lane->arch);
	char *path = root_path("%s", dir);
	const char *const argv[] = {
		"make", "--no-print-directory", "-C", path, cross, arch, NULL
	};
	/* As in build_make(): no option of a make above this one. */
	const char *const env[] = {
		"LC_ALL=C", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CC", "V", NULL
	};
	const struct proc spec = {
		.argv = argv, .env = env, .output = PROC_MERGED, .cap = 16384,
	};
	struct proc_result res;
	int err = proc_run(&spec, &res);

	if (!err) {
		err = proc_ok(&res) ? 0 : -EIO;
		if (err && !interrupt_pending())
			complain(strf("%s cannot be compiled for %s", dir, lane->arch),
				 res.out, "git status; lab doctor");
		proc_result_free(&res);
	} else {
		complain("cannot run make", errno_text(err), "sudo apt-get install make");
	}
	free(path);
	free(arch);
	free(cross);
	return err;
}

int lane_build_guest(const struct kernel *kernel)
{
	const struct lane *lane = lane_crossed(kernel);
	const char *lacks;
	static bool built;
	int lock, err;

	if (!lane || built)
		return 0;
	lacks = lane_lacks(lane);
	if (lacks) {
		complain(strf("nothing can be built for the lane %s", lane->name), lacks, NULL);
		return -ENOENT;
	}
	lock = cache_lock(strf("guest-%s", lane->name));
	err = lock < 0 ? lock : make_in("tools/init", lane);
	if (!err)
		err = make_in("common/check", lane);
	cache_unlock(lock);
	built = !err;
	return err;
}

/* The file ends where what starts with zeroes begins. */
int lane_copy_image(const char *from, const char *to)
{
	size_t len, whole;
	char *data = read_whole(from, &len);
	uint64_t size = 0;
	int err = -errno;

	if (!data)
		return err;
	if (len >= 64)
		memcpy(&size, data + 16, sizeof(size));
	whole = le64toh(size);
	err = whole < len || whole > (256u << 20) ? -EINVAL : 0;
	if (!err) {
		data = xreallocarray(data, whole, 1);
		memset(data + len, 0, whole - len);
		err = write_whole(to, data, whole);
	}
	free(data);
	return err;
}
