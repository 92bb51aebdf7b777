// SPDX-License-Identifier: GPL-2.0
/* Lists of threads: the module's, and the kernel's own. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check_tasks.h"

#define FLAG_KERNEL	0x00200000u	/* PF_KTHREAD of the kernel */

u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static struct task *tasks_add(struct tasks *list)
{
	if (!(list->count & (list->count - 1))) {
		size_t room = list->count ? 2 * list->count : 1;

		list->items = reallocarray(list->items, room,
					   sizeof(*list->items));
		ASSERT_NOTNULL(list->items);
	}
	memset(&list->items[list->count], 0, sizeof(*list->items));
	return &list->items[list->count++];
}

void tasks_free(struct tasks *list)
{
	free(list->items);
	*list = (struct tasks){ 0 };
}

static int by_tid(const void *a, const void *b)
{
	const struct task *s = a, *t = b;

	return s->tid < t->tid ? -1 : s->tid > t->tid;
}

const struct task *tasks_find(const struct tasks *list, int tid)
{
	struct task key = { .tid = tid };

	if (!list->count)
		return NULL;
	return bsearch(&key, list->items, list->count, sizeof(key), by_tid);
}

/* ------------------------------------------------------ the module's list --- */

/* Take back \012 and \134; nothing else is to be escaped. */
static bool unescape(const char *from, size_t len, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < len; n++) {
		unsigned int c = (unsigned char)from[i++];

		if (n + 1 >= size)
			return false;
		if (c == '\\') {
			if (len - i >= 3 && !strncmp(from + i, "012", 3))
				c = '\n';
			else if (len - i < 3 || strncmp(from + i, "134", 3))
				return false;
			i += 3;
		}
		to[n] = (char)c;
	}
	to[n] = '\0';
	return true;
}

static bool parse_line(const char *line, size_t len, struct task *t)
{
	char *copy = strndup(line, len);
	int used = 0, n;
	bool right;

	ASSERT_NOTNULL(copy);
	n = sscanf(copy, "%d %d %d %15[a-z]%n", &t->tgid, &t->tid, &t->ppid,
		   t->kind, &used);
	right = n == 4 && copy[used] == ' ' &&
		unescape(line + used + 1, len - used - 1, t->name,
			 sizeof(t->name));
	free(copy);
	return right;
}

bool tasks_parse(const char *text, struct tasks *list)
{
	*list = (struct tasks){ 0 };
	while (*text) {
		size_t len = strcspn(text, "\n");
		bool right = text[len] &&
			     parse_line(text, len, tasks_add(list));

		EXPECT_TRUE(right,
			    "This line of the list is not of the form TGID TID PPID KIND NAME, with a newline in NAME as \\012, a backslash as \\134 and all else as it is: '%.*s'%s",
			    (int)len, text,
			    text[len] ? "" : " (no newline at its end)");
		if (!right)
			return false;
		text += len + 1;
	}
	for (size_t i = 1; i < list->count; i++) {
		if (by_tid(&list->items[i - 1], &list->items[i]) > 0) {
			qsort(list->items, list->count, sizeof(*list->items),
			      by_tid);
			break;
		}
	}
	return true;
}

struct tasks tasks_read(const char *path)
{
	char *text = file_read(path);
	struct tasks list;

	ASSERT_NOTNULL(text, "%s cannot be read: %s", path, strerror(errno));
	ASSERT_TRUE(tasks_parse(text, &list));
	free(text);
	return list;
}

/* --------------------------------------------------------- /proc's own --- */

/*
 * A field of a line of /proc/PID/stat, counted from 1 as in proc(5); rest is
 * what stands behind the name, which is field 2. 0 if there is none.
 */
static u64 stat_field(const char *rest, int nr)
{
	for (; rest && nr > 2; nr--)
		rest = strchr(rest + 1, ' ');
	return rest ? strtoull(rest, NULL, 10) : 0;
}

/* False when the thread has gone meanwhile. */
static bool scan_thread(const char *dir, int tgid, int tid, struct task *t)
{
	unsigned int flags = 0;
	char path[512], *stat, *comm, *rest;
	bool there;

	snprintf(path, sizeof(path), "%s/%d/task/%d/stat", dir, tgid, tid);
	stat = file_read(path);
	snprintf(path, sizeof(path), "%s/%d/task/%d/comm", dir, tgid, tid);
	comm = file_read(path);
	rest = stat ? strrchr(stat, ')') : NULL;
	there = rest && comm && *comm;
	if (there) {
		t->ppid = (int)stat_field(rest, 4);
		flags = (unsigned int)stat_field(rest, 9);
		t->start = stat_field(rest, 22);
		comm[strlen(comm) - 1] = '\0';
		snprintf(t->name, sizeof(t->name), "%s", comm);
	}
	free(stat);
	free(comm);
	t->tgid = tgid;
	t->tid = tid;
	snprintf(t->kind, sizeof(t->kind), "%s",
		 flags & FLAG_KERNEL ? "kernel" :
		 tid == tgid ? "process" : "thread");
	return there;
}

static void scan_process(const char *procfs, int tgid, struct tasks *list)
{
	char path[512];
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%d/task", procfs, tgid);
	dir = opendir(path);
	if (!dir)
		return;
	while ((e = readdir(dir)))
		if (isdigit((unsigned char)*e->d_name) &&
		    !scan_thread(procfs, tgid, atoi(e->d_name),
				 tasks_add(list)))
			list->count--;
	closedir(dir);
}

struct tasks tasks_scan(const char *procfs)
{
	struct tasks list = { 0 };
	struct dirent *e;
	DIR *dir = opendir(procfs);

	ASSERT_NOTNULL(dir);
	while ((e = readdir(dir)))
		if (isdigit((unsigned char)*e->d_name))
			scan_process(procfs, atoi(e->d_name), &list);
	closedir(dir);
	qsort(list.items, list.count, sizeof(*list.items), by_tid);
	return list;
}

/* --------------------------------------------------------- comparison --- */

/* A name as it can be shown in a message. */
static const char *show(const char *name)
{
	static __thread char buf[2][4 * NAME_MAX_LEN];
	static __thread int which;
	char *to = buf[which ^= 1];

	for (char *p = to; ; name++) {
		if (!*name) {
			*p = '\0';
			return to;
		}
		if (isprint((unsigned char)*name) && *name != '\\')
			*p++ = *name;
		else
			p += sprintf(p, "\\%03o", (unsigned char)*name);
	}
}

/* In /proc a thread of the kernel may have a longer name than its own. */
static bool same_name(const struct task *listed, const struct task *real)
{
	if (!strcmp(real->kind, "kernel"))
		return !strncmp(listed->name, real->name,
				strlen(listed->name)) && *listed->name;
	return !strcmp(listed->name, real->name);
}

static bool expect_same(const struct task *listed, const struct task *real)
{
	bool right = listed->tgid == real->tgid && listed->ppid == real->ppid &&
		     !strcmp(listed->kind, real->kind) &&
		     same_name(listed, real);

	EXPECT_TRUE(right,
		    "Thread %d is listed as '%d %d %d %s %s', and should be '%d %d %d %s %s'.",
		    real->tid, listed->tgid, listed->tid, listed->ppid,
		    listed->kind, show(listed->name), real->tgid, real->tid,
		    real->ppid, real->kind, show(real->name));
	return right;
}

/* The same thread, unchanged, before and after? */
static bool is_stable(const struct task *a, const struct task *b)
{
	return b && a->start == b->start && a->tgid == b->tgid &&
	       a->ppid == b->ppid && !strcmp(a->kind, b->kind) &&
	       (!strcmp(a->kind, "kernel") || !strcmp(a->name, b->name));
}

static bool existed(const struct view *v, const struct task *t)
{
	if (tasks_find(v->before, t->tid) || tasks_find(v->after, t->tid))
		return true;
	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->events[i];

		if (e->tgid == t->tgid && e->from <= v->until &&
		    (!e->until || e->until >= v->from))
			return true;
	}
	/* Workers of the kernel come and go by themselves. */
	return !strcmp(t->kind, "kernel") && !strncmp(t->name, "kworker/", 8);
}

bool view_expect(const struct view *v)
{
	const struct tasks *list = &v->list;

	for (size_t i = 0; i < list->count; i++) {
		const struct task *t = &list->items[i];
		bool twice = i && t[-1].tid == t->tid;
		bool ghost = !existed(v, t);

		EXPECT_FALSE(twice, "Thread %d is listed twice.", t->tid);
		EXPECT_FALSE(ghost,
			     "'%d %d %d %s %s' is listed, but there was no such thread while the list was read.",
			     t->tgid, t->tid, t->ppid, t->kind, show(t->name));
		if (twice || ghost)
			return false;
	}
	for (size_t i = 0; i < v->before->count; i++) {
		const struct task *real = &v->before->items[i], *listed;

		if (!is_stable(real, tasks_find(v->after, real->tid)))
			continue;
		listed = tasks_find(list, real->tid);
		EXPECT_NOTNULL(listed,
			       "Thread %d of process %d (%s %s) is missing, though it existed before, during and after the read.",
			       real->tid, real->tgid, real->kind,
			       show(real->name));
		if (!listed || !expect_same(listed, real))
			return false;
	}
	return true;
}
