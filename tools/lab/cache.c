// SPDX-License-Identifier: GPL-2.0
/*
 * cache.c - where fetched and built things are kept, and the locks between two
 * lab processes; see cache.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cache.h"
#include "dirs.h"
#include "proc.h"
#include "term.h"

#define LOCK_POLL_MS	100
#define LOCK_NOTE_MS	2000

const char *cache_dir(void)
{
	static char *dir;

	if (!dir)
		dir = user_dir("LAB_CACHE", "XDG_CACHE_HOME", ".cache");
	return dir;
}

char *cache_path(const char *fmt, ...)
{
	va_list ap;
	char *tail, *path;

	va_start(ap, fmt);
	tail = xvasprintf(fmt, ap);
	va_end(ap);
	path = xasprintf("%s/%s", cache_dir(), tail);
	free(tail);
	return path;
}

static void complain_unusable(int error, const char *what)
{
	const char *dir = cache_dir();

	if (error == -ENOSPC || error == -EDQUOT)
		complain(strf("there is no room left in the cache, %s", dir),
			 strf("%s: %s", what, errno_text(error)),
			 strf("make room on that file system, or choose another directory: "
			      "export LAB_CACHE=/where/there/is/room"));
	else
		complain(strf("the cache directory %s cannot be used", dir),
			 strf("%s: %s", what, errno_text(error)),
			 strf("make it yours: sudo chown -R \"$(id -un)\" %s && chmod -R u+rwX %s\n"
			      "or choose another one: export LAB_CACHE=/some/directory", dir, dir));
}

int cache_prepare(void)
{
	static const char mark[] = "This directory can be removed at any time: lab fetches and builds "
				   "what is in it again.\n";
	static int result;
	static bool done;
	char *readme;

	if (done)
		return result;
	done = true;
	result = mkdir_p(cache_dir());
	if (result) {
		complain_unusable(result, "it cannot be made");
		return result;
	}
	if (access(cache_dir(), R_OK | W_OK | X_OK)) {
		result = -errno;
		complain_unusable(result, "it cannot be read and written");
		return result;
	}
	/* A full disk and a read-only mount show only at a real write. */
	readme = cache_path("README");
	if (!is_file(readme)) {
		result = write_whole(readme, mark, sizeof(mark) - 1);
		if (result)
			complain_unusable(result, "a file cannot be written in it");
	}
	free(readme);
	return result;
}

static int open_lock(const char *name)
{
	char *dir = cache_path("locks");
	char *path = cache_path("locks/%s", name);
	int result = cache_prepare();

	if (!result) {
		result = mkdir_p(dir);
		if (!result) {
			result = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
			if (result < 0)
				result = -errno;
		}
		if (result < 0)
			complain_unusable(result, strf("the lock %s cannot be opened", path));
	}
	free(dir);
	free(path);
	return result;
}

int cache_trylock(const char *name)
{
	int fd = open_lock(name);
	int error;

	if (fd < 0)
		return fd;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	error = -errno;
	close(fd);
	return error;
}

int cache_lock(const char *name)
{
	int64_t start = now_ms();
	struct progress *waiting = NULL;
	int fd = open_lock(name);
	int result = fd;

	if (fd < 0)
		return fd;
	interrupt_hold();
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			result = -errno;
			complain_unusable(result, strf("the lock %s cannot be taken", name));
			break;
		}
		if (interrupt_pending()) {
			result = -EINTR;
			break;
		}
		if (!waiting && now_ms() - start >= LOCK_NOTE_MS) {
			note("waiting for another lab process, which is at work on the same thing (%s)",
			     name);
			waiting = progress_begin("Waiting for another lab process");
		}
		sleep_ms(LOCK_POLL_MS);
	}
	if (waiting)
		progress_drop(waiting);
	if (result < 0)
		close(fd);
	interrupt_release();
	return result;
}

void cache_unlock(int fd)
{
	/* The last descriptor's close releases it; the file stays, so that
	 * nobody locks a name that another has just removed.
	 */
	if (fd >= 0)
		close(fd);
}

/*
 * Who was killed could not remove its directories. Each process that makes one
 * has the lock "tmp" in common with the others until it ends; who gets it alone
 * knows that all that is there was left behind.
 */
static void sweep_tmp(void)
{
	static int held = -1;
	struct strlist names = { 0 };
	char *parent;

	if (held >= 0)
		return;
	held = open_lock("tmp");
	if (held < 0)
		return;
	if (!flock(held, LOCK_EX | LOCK_NB)) {
		parent = cache_path("tmp");
		list_dir(parent, &names);
		for (size_t i = 0; i < names.count; i++)
			rm_rf(strf("%s/%s", parent, names.items[i]));
		strlist_free(&names);
		free(parent);
	}
	/* Others sweep only for a moment. */
	while (flock(held, LOCK_SH) && errno == EINTR)
		;
}

char *cache_tmpdir(const char *prefix)
{
	char *parent = cache_path("tmp");
	char *path = cache_path("tmp/%s.XXXXXX", prefix);
	int error = cache_prepare();

	if (!error) {
		sweep_tmp();
		error = mkdir_p(parent);
		if (!error && !mkdtemp(path))
			error = -errno;
		if (error)
			complain_unusable(error, strf("no directory can be made in %s", parent));
	}
	free(parent);
	if (error) {
		free(path);
		return NULL;
	}
	return path;
}
