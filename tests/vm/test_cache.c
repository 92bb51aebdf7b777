// SPDX-License-Identifier: GPL-2.0
/* test_cache.c - caches that cannot be used, and disks that are full. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "vmlab.h"

#define NOBODY 65534

static void need_mounts(void)
{
	if (!session_mounts())
		test_skip("this needs root, to mount a small file system");
}

TEST(cache_in_the_place_of_a_file)
{
	const char *file = xasprintf("%s/file", test_dir);
	struct ran ran;

	put_file(file, "not a directory\n");
	setenv("LAB_CACHE", file, 1);
	ran = run_lab("run", MISBEHAVE);
	EXPECT(ran, 5, "cannot be used", "mend:", "export LAB_CACHE=");
	ran = run_lab("check", MUTE);
	EXPECT(ran, 5, "cannot be used", "NO VERDICT");
	setenv("LAB_CACHE", strf("%s/below", file), 1);
	ran = run_lab("shell");
	EXPECT(ran, 5, "cannot be used");
}

/* Everything is read from a copy that everybody can reach. */
static const char *program_for_nobody(void)
{
	const char *top = xasprintf("%s/top", test_dir);

	if (geteuid() || !session_mounts())
		test_skip("this needs root, to become somebody who is not");
	ASSERT_EQ(mkdir_p(top), 0);
	ASSERT_EQ(mount(LAB_TOP, top, NULL, MS_BIND, NULL), 0);
	return top;
}

static struct ran as_nobody(const char *top, const char *what, const char *dir)
{
	const char *const argv[] = {
		"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
		strf("%s/build/lab-san/lab", top), what, strf("%s/tests/vm/%s", top, dir), NULL
	};

	return run_program(argv);
}

TEST(cache_of_somebody_else)
{
	const char *top = program_for_nobody(), *cache = make_cache("private");
	struct ran ran;

	setenv("LAB_CACHE", cache, 1);
	setenv("LAB_STATE", strf("%s/state", test_dir), 1);
	ASSERT_EQ(chmod(cache, 0700), 0);
	ran = as_nobody(top, "run", "misbehave");
	EXPECT(ran, 5, "cannot be used", "sudo chown -R", "export LAB_CACHE=");
	ASSERT_EQ(chmod(cache, 0755), 0);
	ran = as_nobody(top, "check", "mute");
	EXPECT(ran, 5, "cannot be used", "NO VERDICT");
}

TEST(cache_that_is_read_only)
{
	const char *cache = make_cache("readonly");
	struct ran ran;

	need_mounts();
	setenv("LAB_CACHE", cache, 1);
	ASSERT_EQ(mount(cache, cache, NULL, MS_BIND, NULL), 0);
	ASSERT_EQ(mount("none", cache, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
	ran = run_lab("run", MISBEHAVE);
	EXPECT(ran, 5, "cannot be used", "Read-only file system", "export LAB_CACHE=");
}

/* With the search path of a user on Debian, which has no /sbin. */
TEST(user_without_rights)
{
	const char *top = program_for_nobody(), *cache = make_cache("user");
	const char *const argv[] = { "chown", "-R", "65534", cache, NULL };
	const char *home = xasprintf("%s/home", test_dir);
	struct ran ran;

	ran = run_program(argv);
	EXPECT(ran, 0);
	ASSERT_EQ(mkdir_p(home), 0);
	ASSERT_EQ(chown(home, NOBODY, NOBODY), 0);
	setenv("LAB_CACHE", cache, 1);
	setenv("HOME", home, 1);
	setenv("TMPDIR", home, 1);
	setenv("LAB_STATE", strf("%s/state", home), 1);
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games", 1);
	ran = as_nobody(top, "run", "misbehave");
	EXPECT(ran, 0, "unloaded misbehave", "~no saved state");
	ran = as_nobody(top, "check", "mute");
	EXPECT(ran, 0, "PASSED");
}

static char *small_disk(const char *options)
{
	char *cache = xasprintf("%s/disk", test_dir);

	need_mounts();
	ASSERT_EQ(mkdir_p(cache), 0);
	if (mount("none", cache, "tmpfs", 0, options))
		test_skip("no tmpfs can be mounted: %s", strerror(errno));
	return cache;
}

/* Kernels, as make_cache() links them. */
static void put_kernels(const char *cache)
{
	const char *const argv[] = {
		"cp", "-a", strf("%s/kernels", make_cache("model")), cache, NULL
	};
	struct ran ran = run_program(argv);

	EXPECT(ran, 0);
	setenv("LAB_CACHE", cache, 1);
}

static void fill_up(const char *cache, size_t leave)
{
	const char *path = xasprintf("%s/logs", cache);
	struct statvfs fs;
	char *zeros;
	int fd;

	ASSERT_EQ(mkdir_p(path), 0);
	ASSERT_EQ(statvfs(cache, &fs), 0);
	ASSERT_INT(fs.f_bavail * fs.f_bsize, >, leave);
	fd = open(strf("%s/full", path), O_WRONLY | O_CREAT, 0644);
	ASSERT_INT(fd, >=, 0);
	zeros = xcalloc(1, fs.f_bavail * fs.f_bsize - leave);
	ASSERT_INT(write(fd, zeros, fs.f_bavail * fs.f_bsize - leave), >, 0);
	free(zeros);
	close(fd);
}

/* Full at any point of the way: never a student's fault, never a riddle. */
TEST(disk_that_fills_up)
{
	char *cache = small_disk("size=40m");
	unsigned int rounds = test_long ? 20 : 4;

	put_kernels(cache);
	for (unsigned int i = 0; i < rounds; i++) {
		size_t leave = i ? random_range(0, 4 << 20) & ~4095UL : 0;
		struct ran ran;

		fill_up(cache, leave);
		printf("  %zu KiB left\n", leave >> 10);
		ran = i % 2 ? run_lab("check", MUTE, "--seed", "11") : run_way("well");
		unlink(strf("%s/logs/full", cache));
		if (ran.status == 0)
			EXPECT(ran, 0, "booting cold: a saved machine takes up to");
		else
			EXPECT(ran, 5, strstr(ran.err, "o room") ? "o room" : "No space left",
			       "~It does not compile");
		ASSERT_EQ(rm_rf(strf("%s/build", cache)), 0);
		unlink(strf("%s/kernels/6.1/initramfs", cache));
	}
}

/* There is room for all but the saved machine. */
TEST(disk_without_room_for_a_state)
{
	char *cache = small_disk("size=120m");
	struct ran ran;

	put_kernels(cache);
	ran = run_way("well");
	EXPECT(ran, 0, "booting cold: a saved machine takes up to 272 MiB", "MiB left",
	       "unloaded misbehave");
}
