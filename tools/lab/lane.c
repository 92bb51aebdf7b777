// SPDX-License-Identifier: GPL-2.0
/*
 * Builds the lanes' kernels. The object tree stays in CACHE/lanes/NAME until
 * its kernel is in the store: what was interrupted goes on where it was.
 */
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cache.h"
#include "kernel_private.h"
#include "lane.h"
#include "proc.h"
#include "root.h"
#include "term.h"
#include "vm.h"

#define OWN "ch02_build/02_build_boot/kernel.config"

const struct lane lanes[] = {
	{ .name = "memory", .bit = LANE_MEMORY, .arch = "um", .source = "6.1",
	  .config = "ch02_build/lanes/memory.config", .steps = 900, .minutes = 3,
	  .what = "KASAN, UBSAN, kmemleak, failing allocations (User-Mode Linux)" },
	{ .name = "locking", .bit = LANE_LOCKING, .arch = "x86", .source = "6.1",
	  .config = "ch02_build/lanes/locking.config", .steps = 1400, .minutes = 8,
	  .what = "lockdep, sleeping in atomic context, RCU, object lifetimes" },
	{ .name = "race", .bit = LANE_RACE, .arch = "x86", .source = "6.1",
	  .config = "ch02_build/lanes/race.config", .steps = 1400, .minutes = 8,
	  .what = "KCSAN, the detector of data races" },
	{ .name = "own", .bit = LANE_OWN, .arch = "um", .source = "6.1",
	  .config = OWN, .steps = 900, .minutes = 3,
	  .what = "of your own configuration, " OWN },
	{ .name = "own-solution", .bit = LANE_OWN, .arch = "um", .source = "6.1",
	  .config = "solutions/" OWN, .solution = true, .steps = 900, .minutes = 3,
	  .what = "of the solution's configuration, solutions/" OWN },
	{ .name = "arm64", .bit = LANE_ARM64, .arch = "arm64", .source = "6.1",
	  .cross = "aarch64-linux-gnu-", .config = "ch02_build/lanes/arm64.config",
	  .steps = 950, .minutes = 4,
	  .what = "another architecture, cross-built, with pages of 16 KiB" },
};
const size_t lane_count = ARRAY_SIZE(lanes);

const struct lane *lane_find(const char *name)
{
	for (size_t i = 0; i < lane_count; i++)
		if (!strcmp(lanes[i].name, name))
			return &lanes[i];
	return NULL;
}

const char *lane_name(const struct lane *lane)
{
	return lane->bit == LANE_OWN ? "own" : lane->name;
}

static char *fragment_path(const struct lane *lane)
{
	return root_path("%s", lane->config);
}

/* What a built kernel depends on: its configuration and its source. */
static char *lane_key(const struct lane *lane)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char *path = fragment_path(lane), *text, *key = NULL;
	struct buf all = { 0 };
	unsigned int len = 0;
	size_t size;

	text = read_whole(path, &size);
	if (text) {
		buf_addf(&all, "%s %s\n", lane->arch, lane->source);
		buf_add(&all, text, size);
		if (EVP_Digest(all.data, all.len, digest, &len, EVP_sha256(),
			       NULL) && len >= 8) {
			key = xmalloc(17);
			for (int i = 0; i < 8; i++)
				snprintf(key + 2 * i, 3, "%02x", digest[i]);
		}
	} else {
		complain(strf("cannot read %s", path), errno_text(errno),
			 strf("git checkout %s", lane->config));
	}
	buf_free(&all);
	free(text);
	free(path);
	return key;
}

const char *lane_missing(const struct lane *lane)
{
	const char *why = NULL;
	struct kernel k;
	char *key;

	if (kernel_load(lane->name, &k))
		return "its kernel was not built yet";
	key = lane_key(lane);
	if (!key || strcmp(key, k.key))
		why = "its kernel was built from another configuration";
	else if (!image_whole(k.image) || !is_dir(k.build))
		why = "its kernel in the cache is damaged";
	free(key);
	kernel_free(&k);
	return why;
}

const char *lane_unusable(const struct lane *lane)
{
	if (lane->cross)
		return lane_lacks(lane);
	return strcmp(lane->arch, "um") ? NULL : vm_process_unusable();
}

bool lane_is_of_lab(const struct lane *lane)
{
	return lane->bit & (LANE_OWN | LANE_ARM64);
}

struct watch {
	struct progress *progress;
	const struct lane *lane;
	unsigned int steps, last_error;
	int64_t begin;
	struct buf errors;
};

/* kbuild's "  CC      kernel/fork.o": one step of a known number. */
static void on_line(const char *line, bool from_stderr, void *data)
{
	struct watch *w = data;
	unsigned int total = w->lane->steps, left;
	int64_t spent = now_ms() - w->begin;

	(void)from_stderr;
	if (!str_starts(line, "  ") || line[2] < 'A' || line[2] > 'Z') {
		if (w->errors.len < 16384)
			buf_addf(&w->errors, "%s\n", line);
		return;
	}
	w->steps++;
	left = w->steps < total ? total - w->steps : 0;
	if (w->steps < 20)
		progress_note(w->progress, "%s", line + 2);
	else if (!left)
		progress_note(w->progress, "nearly done: %s", line + 2);
	else
		progress_note(w->progress, "%u%%, about %lld s left: %s",
			      w->steps * 100 / total,
			      (long long)(spent * left / w->steps / 1000),
			      line + 2);
}

static int run_make(const struct lane *lane, const char *objects,
		    const char *const extra[], struct watch *w)
{
	char *tmp = cache_tmpdir("lane"), *source = source_path(lane->source);
	char *tmpdir = xasprintf("TMPDIR=%s", tmp ? tmp : "");
	const char *const env[] = {
		"LC_ALL=C", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "KERNELRELEASE",
		"KCONFIG_CONFIG", "ARCH", "CROSS_COMPILE", "W", "V", "C", tmpdir,
		NULL
	};
	struct strlist argv = { 0 };
	struct proc spec = {
		.env = env, .output = PROC_MERGED, .cap = 4096,
		.on_line = on_line, .data = w,
	};
	struct proc_result res;
	int err = -EIO;

	strlist_add(&argv, "make");
	strlist_add(&argv, "--no-print-directory");
	strlist_addf(&argv, "-C%s", source ? source : "");
	strlist_addf(&argv, "O=%s", objects);
	strlist_addf(&argv, "ARCH=%s", lane->arch);
	if (lane->cross)
		strlist_addf(&argv, "CROSS_COMPILE=%s", lane->cross);
	for (size_t i = 0; extra[i]; i++)
		strlist_add(&argv, extra[i]);
	spec.argv = (const char *const *)argv.items;
	if (tmp && source) {
		err = proc_run(&spec, &res);
		if (err)
			complain("cannot run make", errno_text(err),
				 "sudo apt-get install make gcc");
		else
			err = proc_ok(&res) ? 0 : -EIO;
		proc_result_free(&res);
	}
	if (tmp)
		rm_rf(tmp);
	free(tmp);
	free(tmpdir);
	free(source);
	strlist_free(&argv);
	return interrupt_pending() ? -EINTR : err;
}

/* An option that has another value now was renamed, or needs another one. */
static int compare_config(const struct lane *lane, const char *fragment,
			  const char *objects)
{
	char *path = xasprintf("%s/.config", objects);
	char *want = read_whole(fragment, NULL), *is = read_whole(path, NULL);
	struct strlist lines = { 0 };
	struct buf lost = { 0 };
	int err = want && is ? 0 : -EIO;

	strlist_split(&lines, want ? want : "", "\n");
	for (size_t i = 0; i < lines.count && !err; i++) {
		const char *line = lines.items[i];
		char *there = xasprintf("\n%s\n", line);

		if (str_starts(line, "CONFIG_") && !str_ends(line, "=n") &&
		    !strstr(is, there))
			buf_addf(&lost, "%s%s", lost.len ? ", " : "", line);
		free(there);
	}
	if (!err && lost.len) {
		complain(strf("this source does not take the configuration of the lane %s",
			      lane->name), strf("lost: %s", lost.data),
			 strf("mend %s", fragment));
		err = -EINVAL;
	}
	buf_free(&lost);
	strlist_free(&lines);
	free(want);
	free(is);
	free(path);
	return err;
}

static int configure(const struct lane *lane, const char *objects,
		     struct watch *w)
{
	char *fragment = fragment_path(lane);
	char *setting = xasprintf("KCONFIG_ALLCONFIG=%s", fragment);
	const char *const extra[] = { setting, "allnoconfig", NULL };
	int err = run_make(lane, objects, extra, w);

	if (!err)
		err = compare_config(lane, fragment, objects);
	else if (err == -EIO)
		complain(strf("the kernel of the lane %s cannot be configured",
			      lane->name),
			 w->errors.len ? w->errors.data : "make failed",
			 strf("what is missing? lab setup; then again: lab kernel build %s",
			      lane->name));
	free(setting);
	free(fragment);
	return err;
}

static int compile(const struct lane *lane, const char *objects,
		   struct watch *w)
{
	char *jobs = xasprintf("-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	const char *image = lane->cross ? "Image" :
			    strcmp(lane->arch, "um") ? "vmlinux" : "linux";
	const char *const extra[] = { jobs, image, "modules", NULL };
	int err = run_make(lane, objects, extra, w);

	if (err == -EIO)
		complain(strf("the kernel of the lane %s does not build",
			      lane->name),
			 w->errors.len ? w->errors.data : "make failed",
			 strf("what is missing? lab setup; then again: lab kernel build %s",
			      lane->name));
	free(jobs);
	return err;
}

static int strip(const char *from, const char *to)
{
	const char *const argv[] = { "strip", "--strip-debug", "-o", to, from, NULL };
	const struct proc spec = { .argv = argv, .output = PROC_MERGED };
	struct proc_result res;
	int err = proc_run(&spec, &res);

	if (!err)
		err = proc_ok(&res) ? 0 : -EIO;
	proc_result_free(&res);
	return err;
}

/* The image without its debugging information, what builds modules, info. */
static int store(const struct lane *lane, const char *objects, const char *tmp)
{
	char *image = xasprintf("%s/%s", objects, lane->cross ?
				"arch/arm64/boot/Image" : "vmlinux");
	char *stripped = xasprintf("%s/vmlinux", tmp);
	char *build = xasprintf("%s/build", tmp);
	char *final = cache_path("kernels/%s/build", lane->name);
	char *source = source_path(lane->source), *key = lane_key(lane);
	char *path = xasprintf("%s/include/config/kernel.release", objects);
	char *release = read_whole(path, NULL);
	int err = !source || !key || !release ? -EIO :
		  lane->cross ? lane_copy_image(image, stripped) : strip(image, stripped);

	if (!err)
		err = lane_copy_headers(source, objects, lane, build);
	if (!err)
		err = kernel_write_info(tmp, &(struct kernel){
			.release = str_trim(release), .version = "",
			.build = final, .modules = "", .key = key,
			.arch = (char *)lane->arch,
			.series = (char *)lane->source,
		});
	if (err)
		complain(strf("cannot keep the kernel of the lane %s", lane->name),
			 errno_text(err), "make room in the cache, then again");
	free(image);
	free(stripped);
	free(build);
	free(final);
	free(source);
	free(key);
	free(release);
	free(path);
	return err;
}

static int build_in(const struct lane *lane, const char *objects)
{
	struct watch w = { .lane = lane, .begin = now_ms() };
	char *tmp = NULL;
	int err = mkdir_p(objects);

	w.progress = progress_begin("building the kernel of the lane %s, about %u minutes",
				    lane->name, lane->minutes);
	if (!err)
		err = configure(lane, objects, &w);
	if (!err)
		err = compile(lane, objects, &w);
	if (!err) {
		progress_note(w.progress, "keeping what modules need");
		tmp = cache_tmpdir("kernel");
		err = tmp ? store(lane, objects, tmp) : -EIO;
	}
	if (!err)
		err = kernel_put_in_place(tmp, lane->name);
	progress_end(w.progress, !err);
	if (tmp)
		rm_rf(tmp);
	free(tmp);
	buf_free(&w.errors);
	return err;
}

int lane_build(const struct lane *lane)
{
	char *objects = cache_path("lanes/%s", lane->name), *source;
	const char *lacks = lane_lacks(lane);
	int lock, err;

	if (lacks) {
		complain(strf("the kernel of the lane %s cannot be built", lane->name),
			 lacks, NULL);
		free(objects);
		return -ENOENT;
	}
	source = cache_prepare() ? NULL : source_path(lane->source);
	if (!source) {
		free(objects);
		return -EIO;
	}
	free(source);
	lock = cache_lock(strf("kernel-%s", lane->name));
	if (lock < 0) {
		free(objects);
		return lock;
	}
	interrupt_hold();
	err = lane_missing(lane) ? build_in(lane, objects) : 0;
	if (!err)
		rm_rf(objects);
	cache_unlock(lock);
	interrupt_release();
	free(objects);
	return err;
}
