// SPDX-License-Identifier: GPL-2.0
/*
 * watch_files.c - has somebody saved a file of the lab? See watch.h.
 *
 * inotify, or the clock where inotify is blind, only says when to look. What
 * decides is a look at the files: names, sizes, times, inodes. So an editor may
 * write in place or rename a new file over the old one, events may be lost, and
 * what a build leaves in the directory starts nothing.
 */
#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "build_private.h"
#include "watch.h"

#define QUIET_MS	120	/* a burst is over when nothing came for so long */
#define BURST_MS	1500	/* and a longer one is not waited for */
#define POLL_MS		500
#define SAFETY_MS	5000	/* with inotify too: it may be blind unknown to us */

static const struct {
	unsigned long type;
	const char *name;
} blind[] = {
	{ NFS_SUPER_MAGIC, "NFS" },
	{ SMB_SUPER_MAGIC, "SMB" },
	{ CIFS_SUPER_MAGIC, "SMB" },
	{ SMB2_SUPER_MAGIC, "SMB" },
	{ V9FS_MAGIC, "9p" },
	{ FUSE_SUPER_MAGIC, "FUSE" },
	{ CEPH_SUPER_MAGIC, "Ceph" },
	{ AFS_SUPER_MAGIC, "AFS" },
	{ AFS_FS_MAGIC, "AFS" },
	{ CODA_SUPER_MAGIC, "Coda" },
	{ 0x53464846, "WSL" },
	{ 0x786f4256, "VirtualBox's" },
	{ 0xbacbacbc, "VMware's" },
	{ 0x7c7c6673, "Parallels'" },
	{ 0x0bd00bd0, "Lustre" },
	{ 0x47504653, "GPFS" },
	{ 0x01161970, "GFS2" },
	{ 0x7461636f, "OCFS2" },
};

const char *eyes_blind(unsigned long type)
{
	/* statfs() gives some types as negative numbers. */
	type &= 0xffffffff;
	for (size_t i = 0; i < ARRAY_SIZE(blind); i++)
		if (blind[i].type == type)
			return strf("a %s file system does not report every change", blind[i].name);
	return NULL;
}

static bool is_watched(const struct lab *lab, const char *name)
{
	return *name != '.' && (build_is_source(name) || !strcmp(name, "lab.ini") ||
				strlist_has(&lab->files, name));
}

/* One line for each file: name, tab, what changes when it is saved. */
static char *fingerprint(const struct eyes *eyes)
{
	struct buf all = { 0 };

	buf_adds(&all, "");
	for (size_t i = 0; i < eyes->dirs.count; i++) {
		struct strlist names = { 0 };

		list_dir(eyes->dirs.items[i], &names);
		for (size_t j = 0; j < names.count; j++) {
			char *path = xasprintf("%s/%s", eyes->dirs.items[i], names.items[j]);
			struct stat st;

			if (is_watched(eyes->lab, names.items[j]) && !stat(path, &st) &&
			    S_ISREG(st.st_mode))
				buf_addf(&all, "%s\t%llu %lld %lld.%09ld\n", names.items[j],
					 (unsigned long long)st.st_ino, (long long)st.st_size,
					 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
			free(path);
		}
		strlist_free(&names);
	}
	return buf_steal(&all);
}

static bool has_line(const char *text, const char *line, size_t len)
{
	for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
		if (!strncmp(p, line, len + 1))
			return true;
	return false;
}

/* Adds the names of a's lines that are not in b. */
static void add_changed(const char *a, const char *b, struct strlist *names)
{
	for (const char *p = a; *p;) {
		size_t len = strcspn(p, "\n");

		if (!has_line(b, p, len)) {
			char *name = xstrndup(p, strcspn(p, "\t"));

			if (!strlist_has(names, name))
				strlist_add(names, name);
			free(name);
		}
		p += len + 1;
	}
}

static char *what_changed(const char *before, const char *now)
{
	struct strlist names = { 0 };
	char *text = NULL;

	add_changed(now, before, &names);
	add_changed(before, now, &names);
	if (names.count == 1)
		text = xstrdup(names.items[0]);
	else if (names.count)
		text = xasprintf("%s and %zu more", names.items[0], names.count - 1);
	strlist_free(&names);
	return text;
}

static bool file_missing(const struct eyes *eyes)
{
	for (size_t i = 0; i < eyes->lab->files.count; i++)
		if (!is_file(strf("%s/%s", eyes->lab->dir, eyes->lab->files.items[i])))
			return true;
	return false;
}

static void find_dirs(struct eyes *eyes)
{
	const struct lab *lab = eyes->lab;

	strlist_add(&eyes->dirs, lab->dir);
	for (size_t i = 0; i < lab->files.count; i++) {
		const char *name = lab->files.items[i], *slash = strrchr(name, '/');
		char *dir;

		if (!slash)
			continue;
		dir = xasprintf("%s/%.*s", lab->dir, (int)(slash - name), name);
		if (!strlist_has(&eyes->dirs, dir))
			strlist_add(&eyes->dirs, dir);
		free(dir);
	}
}

static const char *find_blind(const struct eyes *eyes)
{
	for (size_t i = 0; i < eyes->dirs.count; i++) {
		struct statfs fs;
		const char *why = statfs(eyes->dirs.items[i], &fs) ? NULL :
				  eyes_blind((unsigned long)fs.f_type);

		if (why)
			return why;
	}
	return NULL;
}

/* A new inotify instance: watches follow a directory that was renamed away. */
static void arm(struct eyes *eyes)
{
	const uint32_t mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
			      IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

	if (eyes->fd >= 0)
		close(eyes->fd);
	eyes->lost = false;
	eyes->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (eyes->fd < 0)
		eyes->blind = xstrdup(strf("inotify: %s", errno_text(errno)));
	for (size_t i = 0; i < eyes->dirs.count && eyes->fd >= 0; i++) {
		if (inotify_add_watch(eyes->fd, eyes->dirs.items[i], mask) >= 0)
			continue;
		if (errno == ENOENT || errno == ENOTDIR) {
			eyes->lost = true;
		} else {
			eyes->blind = xstrdup(strf("inotify: %s", errno_text(errno)));
			close(eyes->fd);
			eyes->fd = -1;
		}
	}
}

void eyes_open(struct eyes *eyes, const struct lab *lab, bool poll)
{
	const char *why;

	*eyes = (struct eyes){ .lab = lab, .fd = -1 };
	find_dirs(eyes);
	why = poll ? "as you asked for" : find_blind(eyes);
	if (why)
		eyes->blind = xstrdup(why);
	else
		arm(eyes);
	eyes->seen = fingerprint(eyes);
	eyes->looked = now_ms();
}

void eyes_close(struct eyes *eyes)
{
	if (eyes->fd >= 0)
		close(eyes->fd);
	strlist_free(&eyes->dirs);
	free(eyes->blind);
	free(eyes->seen);
	*eyes = (struct eyes){ .fd = -1 };
}

const char *eyes_way(const struct eyes *eyes)
{
	return eyes->blind ? strf("polling twice a second (%s)", eyes->blind) : "inotify";
}

static int64_t interval(const struct eyes *eyes)
{
	return eyes->fd < 0 || eyes->lost ? POLL_MS : SAFETY_MS;
}

int eyes_timeout(const struct eyes *eyes)
{
	int64_t until = eyes->looked + interval(eyes);
	int64_t left;

	if (eyes->first && eyes->last + QUIET_MS < until)
		until = eyes->last + QUIET_MS;
	left = until - now_ms();
	return left < 0 ? 0 : (int)left;
}

static bool read_events(struct eyes *eyes)
{
	char room[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool any = false;
	ssize_t got;

	while (eyes->fd >= 0 && (got = read(eyes->fd, room, sizeof(room))) > 0) {
		const struct inotify_event *event;

		for (char *p = room; p < room + got; p += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)p;
			if (event->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF |
					   IN_UNMOUNT))
				eyes->lost = true;
		}
		any = true;
	}
	return any;
}

char *eyes_saved(struct eyes *eyes)
{
	int64_t now = now_ms();
	char *files, *what;

	if (read_events(eyes)) {
		eyes->last = now;
		if (!eyes->first)
			eyes->first = now;
	}
	if (eyes->first) {
		if (now < eyes->last + QUIET_MS && now < eyes->first + BURST_MS)
			return NULL;
	} else if (now < eyes->looked + interval(eyes)) {
		return NULL;
	}
	if (eyes->lost)
		arm(eyes);
	eyes->looked = now;
	files = fingerprint(eyes);
	what = what_changed(eyes->seen, files);
	/*
	 * Seen by the clock, an editor may be in the middle of it; and one that
	 * has moved the old file away will put the new one there.
	 */
	if (what && (!eyes->first ||
		     (file_missing(eyes) && now < eyes->first + BURST_MS))) {
		eyes->last = now;
		if (!eyes->first)
			eyes->first = now;
		free(files);
		free(what);
		return NULL;
	}
	eyes->first = 0;
	free(eyes->seen);
	eyes->seen = files;
	return what;
}
