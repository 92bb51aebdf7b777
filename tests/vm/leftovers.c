// SPDX-License-Identifier: GPL-2.0
/* leftovers.c - what no run may leave behind; see vmlab.h. */
#include <ctype.h>
#include <fcntl.h>
#include <sys/file.h>

#include "vmlab.h"

#define GONE_SECONDS	20	/* the kernel may take its time to end a process */

/* The words of a file in /proc with blanks between them; NULL: gone, or not ours. */
static char *words_of(const char *pid, const char *file)
{
	size_t len = 0;
	char *text = read_whole(strf("/proc/%s/%s", pid, file), &len);

	for (size_t i = 0; text && i + 1 < len; i++)
		if (!text[i])
			text[i] = ' ';
	return text;
}

/* A process that was started with our LAB_CACHE, or names what is in it. */
static char *find_process(void)
{
	struct strlist names = { 0 };
	char *found = NULL;

	list_dir("/proc", &names);
	for (size_t i = 0; i < names.count && !found; i++) {
		char *line, *env;

		if (!isdigit((unsigned char)*names.items[i]) || atoi(names.items[i]) == getpid())
			continue;
		line = words_of(names.items[i], "cmdline");
		env = words_of(names.items[i], "environ");
		if ((line && strstr(line, vm_dir)) || (env && strstr(env, vm_dir)))
			found = xasprintf("process %s: %.200s", names.items[i], line);
		free(line);
		free(env);
	}
	strlist_free(&names);
	return found;
}

static pid_t parent_of(const char *pid)
{
	char *text = read_whole(strf("/proc/%s/stat", pid), NULL);
	char *tail = text ? strrchr(text, ')') : NULL;
	int parent = 0;

	if (tail && sscanf(tail, ") %*c %d", &parent) != 1)
		parent = 0;
	free(text);
	return parent;
}

pid_t qemu_of(pid_t lab)
{
	struct strlist names = { 0 };
	pid_t found = 0;

	list_dir("/proc", &names);
	for (size_t i = 0; i < names.count; i++) {
		char *line;

		if (!isdigit((unsigned char)*names.items[i]) || parent_of(names.items[i]) != lab)
			continue;
		line = words_of(names.items[i], "cmdline");
		if (line && strstr(line, "-nodefaults") && strstr(line, "-kernel"))
			found = atoi(names.items[i]);
		free(line);
	}
	strlist_free(&names);
	return found;
}

/* Calls look for DIR/NAME, until it finds something. */
static char *look(const char *dir, const char *name,
		  char *(*look_into)(const char *dir, const char *const *known),
		  const char *const *known)
{
	char *path = xasprintf("%s/%s", dir, name);
	char *found = look_into(path, known);

	free(path);
	return found;
}

/* Anything in dir that is none of these. */
static char *stranger(const char *dir, const char *const *known)
{
	struct strlist names = { 0 };
	char *found = NULL;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count && !found; i++) {
		bool fine = false;

		for (size_t j = 0; known[j] && !fine; j++)
			fine = !strcmp(known[j], names.items[i]);
		if (!fine)
			found = xasprintf("%s/%s", dir, names.items[i]);
	}
	strlist_free(&names);
	return found;
}

/* The same in each directory of dir. */
static char *stranger_below(const char *dir, const char *const *known)
{
	struct strlist names = { 0 };
	char *found = NULL;

	list_dir(dir, &names);
	for (size_t i = 0; i < names.count && !found; i++)
		found = look(dir, names.items[i], stranger, known);
	strlist_free(&names);
	return found;
}

static char *held_lock(const char *dir, const char *const *unused)
{
	struct strlist names = { 0 };
	char *found = NULL;

	(void)unused;
	list_dir(dir, &names);
	for (size_t i = 0; i < names.count && !found; i++) {
		char *path = xasprintf("%s/%s", dir, names.items[i]);
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB))
			found = xasprintf("the lock %s", path);
		if (fd >= 0)
			close(fd);
		free(path);
	}
	strlist_free(&names);
	return found;
}

static char *in_cache(const char *cache, const char *const *none)
{
	static const char *const top[] = {
		"README", "accel", "build", "checkpatch", "kernels", "locks", "logs",
		"source", "states", "tmp", NULL
	};
	static const char *const kernel[] = { "info", "initramfs", "root", "vmlinux", NULL };
	static const char *const saved[] = { "device", "ram", "seal", NULL };
	char *locks = xasprintf("%s/locks", cache);
	char *found = NULL;

	/* No cache, or one that was never used. */
	if (is_dir(locks)) {
		found = look(cache, "tmp", stranger, none);
		if (!found)
			found = stranger(cache, top);
		if (!found)
			found = look(cache, "kernels", stranger_below, kernel);
		if (!found)
			found = look(cache, "states", stranger_below, saved);
		if (!found)
			found = held_lock(locks, NULL);
	}
	free(locks);
	return found;
}

/*
 * What no run may leave: a process of ours, files in a cache's tmp or in TMPDIR,
 * half-written files, locks. Waits some seconds for processes to be gone.
 */
char *leftovers(void)
{
	static const char *const none[] = { NULL };
	int64_t until = now_ms() + GONE_SECONDS * 1000;
	struct strlist names = { 0 };
	char *found;

	while ((found = find_process())) {
		if (now_ms() >= until)
			return found;
		free(found);
		sleep_ms(20);
	}
	found = look(vm_dir, "tmp", stranger, none);
	list_dir(vm_dir, &names);
	for (size_t i = 0; i < names.count && !found; i++)
		found = look(vm_dir, names.items[i], in_cache, none);
	strlist_free(&names);
	return found;
}
