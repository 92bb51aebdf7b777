// SPDX-License-Identifier: GPL-2.0
/*
 * What /proc/task_list must show
 *
 * The truth is what /proc itself says before and after the list is read: a
 * thread that is in both must be listed once, with the same values, and what is
 * listed must have existed. For this the check makes processes of its own: a
 * crowd that stays, of every sort, and a load that comes and goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "check_crowd.h"
#include "check_probe.h"
#include "check_tasks.h"

#define RCU_HELD \
	"The list was read, and 10 seconds later the kernel still waits for an RCU read section to end. Does each rcu_read_lock() have its rcu_read_unlock()?"

FIXTURE(list) { struct crowd crowd; };

FIXTURE_SETUP(list)
{
	mod_unload("task_list");	/* left by a check that was stopped */
	ASSERT_OK(mod_load("task_list.ko", NULL));
}

FIXTURE_TEARDOWN(list)
{
	bool left;

	if (self->crowd.count)
		crowd_end(&self->crowd);
	/* Unloading waits for readers, and would wait for ourselves. */
	left = grace_period(10000);
	EXPECT_TRUE(left, RCU_HELD);
	if (left)
		EXPECT_OK(mod_unload("task_list"));
}

/* Compare one read of the list with /proc, both below a mount of procfs. */
static bool expect_truth(const char *procfs)
{
	struct tasks before = tasks_scan(procfs), after;
	struct view v = { .before = &before, .after = &after };
	char path[256];
	bool right;

	snprintf(path, sizeof(path), "%s/task_list", procfs);
	v.from = now_ns();
	v.list = tasks_read(path);
	v.until = now_ns();
	after = tasks_scan(procfs);
	right = view_expect(&v);
	tasks_free(&v.list);
	tasks_free(&before);
	tasks_free(&after);
	return right;
}

CHECK(loads, .title = "The module loads, makes its file and unloads")
{
	ASSERT_OK(mod_load("task_list.ko", NULL));
	EXPECT_OK(access(LIST, R_OK), "There is no file " LIST ".");
	ASSERT_OK(mod_unload("task_list"));
	EXPECT_ERR(libc_ret(access(LIST, R_OK)), ENOENT);
}

CHECK_F(list, lists_its_reader, .needs = "loads", .deadline = 60,
	.title = "Who reads the list is in it")
{
	char name[16];
	struct tasks list;
	const struct task *me;

	check_random_word(name, check_random_range(2, sizeof(name)));
	ASSERT_OK(libc_ret(prctl(PR_SET_NAME, name)));
	list = tasks_read(LIST);
	ASSERT_NE(list.count, 0, "The list is empty.");
	me = tasks_find(&list, getpid());
	ASSERT_NOTNULL(me, "Process %d reads the list and is not in it.",
		       getpid());
	EXPECT_EQ(me->tgid, getpid());
	EXPECT_EQ(me->ppid, getppid());
	EXPECT_STREQ(me->kind, "process");
	EXPECT_STREQ(me->name, name);
	tasks_free(&list);
}

CHECK_F(list, same_as_proc, .needs = "lists_its_reader", .deadline = 120,
	.title = "It lists what /proc does: processes, threads, kernel threads")
{
	for (int i = 0; i < 3; i++) {
		crowd_start(&self->crowd, check_random_range(20, 50));
		ASSERT_TRUE(expect_truth("/proc"));
		crowd_end(&self->crowd);
	}
}

CHECK_F(list, reads_anywhere, .needs = "same_as_proc", .deadline = 120,
	.title = "Small reads and reads at any place give the same text")
{
	char *text, *pieces = NULL, *again = NULL;
	int fd = open(LIST, O_RDONLY | O_CLOEXEC);
	size_t len, pieces_len, at, n;
	char buf[512];

	ASSERT_GE(fd, 0);
	crowd_start(&self->crowd, 40);
	/* The kernel's own workers may come and go: wait for a quiet moment. */
	for (int i = 0; i < 50; i++) {
		free(pieces);
		free(again);
		text = file_read(LIST);
		ASSERT_OK(libc_ret(lseek(fd, 0, SEEK_SET)));
		pieces = read_in_pieces(fd, 1, 200, &pieces_len);
		again = file_read(LIST);
		ASSERT_TRUE(text && again);
		if (!strcmp(text, again) && !strcmp(text, pieces))
			break;
	}
	len = strlen(text);
	EXPECT_STREQ(text, again, "Two reads in a row differ, again and again.");
	EXPECT_EQ(pieces_len, len,
		  "Read in pieces of up to 200 bytes, the list has another length.");
	ASSERT_STREQ(pieces, text, "Read in pieces, the list is another one.");
	ASSERT_GT(len, (size_t)sysconf(_SC_PAGESIZE),
		  "The crowd is too small to fill a page.");
	for (int i = 0; i < 200; i++) {
		ssize_t got;

		at = check_random_range(0, len + 10);
		n = check_random_range(1, sizeof(buf));
		got = pread(fd, buf, n, at);
		ASSERT_GE(got, 0, "pread: %s", strerror(errno));
		if (at >= len)
			ASSERT_EQ(got, 0, "There is nothing behind the end.");
		else
			ASSERT_TRUE(got && !memcmp(buf, text + at, got),
				    "%zu bytes read at offset %zu of %zu are not what stands there.",
				    n, at, len);
	}
	close(fd);
}

CHECK_F(list, lets_go, .needs = "same_as_proc", .deadline = 120,
	.title = "Between two reads it holds nothing")
{
	int fd = open(LIST, O_RDONLY | O_CLOEXEC);
	char buf[100];

	ASSERT_GE(fd, 0);
	crowd_start(&self->crowd, 20);
	for (int i = 0; i < 2; i++) {
		ASSERT_GT(read(fd, buf, sizeof(buf)), 0);
		ASSERT_TRUE(grace_period(10000), RCU_HELD);
	}
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	EXPECT_TRUE(grace_period(10000), RCU_HELD);
	close(fd);
}

CHECK_F(list, keeps_nothing, .needs = "lets_go", .deadline = 120,
	.title = "A thread that was listed is freed when it ends")
{
	static const char *const cache[] = { "task_struct", "pid" };
	const int slack = 40;	/* the kernel counts its free ones roughly */
	long before[2], now = 0;

	for (int i = 0; i < 2; i++)
		before[i] = slab_objects(cache[i]);
	for (int i = 0; i < 3; i++) {
		crowd_start(&self->crowd, 50);
		for (int j = 0; j < 3; j++)
			free(file_read(LIST));
		crowd_end(&self->crowd);
	}
	ASSERT_TRUE(grace_period(10000));
	for (int i = 0; i < 2; i++)
		EXPECT_TRUE(WAIT_UNTIL((now = slab_objects(cache[i])) <=
				       before[i] + slack, 5000),
			    "Threads were listed and have ended, but the kernel has %ld objects '%s' and not about %ld as before. Was a reference to each taken, and not given back?",
			    now, cache[i], before[i]);
}

CHECK_F(list, some_end_meanwhile, .needs = "lets_go", .deadline = 120,
	.title = "What ends between two reads does not hide others")
{
	struct tasks before, after;
	struct view v = { .before = &before, .after = &after };
	struct crowd early = { 0 };
	size_t len, first;
	char *start, *rest, *text;
	int fd;

	crowd_start(&early, 30);
	crowd_start(&self->crowd, 30);
	before = tasks_scan("/proc");
	fd = open(LIST, O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	/* Up to the middle of those that are going to end. */
	start = read_up_to(fd, early.pid[15], &first);
	crowd_kill(&early);
	for (size_t i = 0; i < early.count; i++)
		waitpid(early.pid[i], NULL, 0);
	ASSERT_TRUE(grace_period(10000));
	rest = read_in_pieces(fd, 256, 256, &len);
	text = malloc(first + len + 1);
	ASSERT_NOTNULL(text);
	memcpy(text, start, first);
	memcpy(text + first, rest, len + 1);
	after = tasks_scan("/proc");
	ASSERT_TRUE(tasks_parse(text, &v.list));
	if (!view_expect(&v))
		check_note("It was read in pieces; after %zu bytes %zu processes ended.",
			   first, early.count);
	close(fd);
}

CHECK_F(list, survives_their_end, .needs = "some_end_meanwhile",
	.deadline = 120, .title = "Threads may end while their lines are written")
{
	/* About one time in three the reader is stopped where it matters. */
	for (int i = 0; i < 16; i++) {
		struct tasks before, after;
		struct event helper;
		struct view v = {
			.before = &before, .after = &after,
			.events = &helper, .event_count = 1,
		};
		char *text = read_while_ending(&before, &helper);

		after = tasks_scan("/proc");
		ASSERT_TRUE(tasks_parse(text, &v.list));
		ASSERT_TRUE(view_expect(&v),
			    "While the list was read, a process with many threads ended.");
		tasks_free(&v.list);
		tasks_free(&before);
		tasks_free(&after);
		free(text);
	}
}

#define READERS		4
#define READS		12

struct reader {
	pthread_barrier_t *start;
	size_t piece;
	struct { char *text; u64 from, until; } read[READS];
};

static void *reader_run(void *arg)
{
	struct reader *r = arg;
	size_t len;

	pthread_barrier_wait(r->start);
	for (int i = 0; i < READS; i++) {
		int fd = open(LIST, O_RDONLY | O_CLOEXEC);

		ASSERT_GE(fd, 0);
		r->read[i].from = now_ns();
		r->read[i].text = read_in_pieces(fd, r->piece, r->piece, &len);
		r->read[i].until = now_ns();
		close(fd);
	}
	return NULL;
}

CHECK_F(list, right_under_load, .needs = "survives_their_end", .deadline = 120,
	.title = "It is right while processes start and end, for many readers")
{
	static struct reader reader[READERS];
	static const size_t piece[READERS] = { 64, 500, 4096, 1 << 20 };
	struct tasks before, after;
	pthread_barrier_t start;
	pthread_t thread[READERS];
	pid_t loader[LOADERS];
	struct load *load;

	crowd_start(&self->crowd, check_random_range(20, 40));
	load = load_start(loader);
	pthread_barrier_init(&start, NULL, READERS + 1);
	for (int i = 0; i < READERS; i++) {
		reader[i].start = &start;
		reader[i].piece = piece[i];
		ASSERT_EQ(pthread_create(&thread[i], NULL, reader_run,
					 &reader[i]), 0);
	}
	before = tasks_scan("/proc");
	pthread_barrier_wait(&start);
	for (int i = 0; i < READERS; i++)
		pthread_join(thread[i], NULL);
	after = tasks_scan("/proc");
	load_stop(load, loader);
	ASSERT_GT(load->count, 10u, "The machine is too slow for the load.");
	for (int i = 0; i < READERS * READS; i++) {
		struct view v = {
			.before = &before, .after = &after,
			.events = load->event, .event_count = load->count,
			.from = reader[i / READS].read[i % READS].from,
			.until = reader[i / READS].read[i % READS].until,
		};

		ASSERT_TRUE(tasks_parse(reader[i / READS].read[i % READS].text,
					&v.list));
		ASSERT_TRUE(view_expect(&v));
		tasks_free(&v.list);
	}
}

static void in_namespace(struct crowd *crowd, const char *dir)
{
	ASSERT_EQ(getpid(), 1);
	ASSERT_OK(libc_ret(unshare(CLONE_NEWNS)));
	ASSERT_OK(libc_ret(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)));
	ASSERT_OK(libc_ret(mount("proc", dir, "proc", 0, NULL)));
	crowd_start(crowd, check_random_range(4, 10));
	ASSERT_TRUE(expect_truth(dir),
		    "This list was read in a pid namespace of its own, as in a container: it must show that namespace's threads only, with the numbers they have there.");
}

static void wait_for(pid_t pid)
{
	int status = -1;

	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_TRUE(WIFEXITED(status));
}

CHECK_F(list, own_namespace, .needs = "same_as_proc", .deadline = 120,
	.title = "In a container it shows the container's threads and numbers")
{
	char dir[] = "/tmp/task_list.XXXXXX";
	pid_t outer, inner;

	if (access("/proc/self/ns/pid", F_OK))
		check_skip("this kernel was built without namespaces of processes");
	ASSERT_NOTNULL(mkdtemp(dir));
	outer = fork();
	ASSERT_GE(outer, 0);
	if (!outer) {
		/* The next child will be the first process of a new namespace. */
		ASSERT_OK(libc_ret(unshare(CLONE_NEWPID)));
		inner = fork();
		ASSERT_GE(inner, 0);
		if (!inner)
			in_namespace(&self->crowd, dir);
		else
			wait_for(inner);
		_exit(0);
	}
	wait_for(outer);
	EXPECT_OK(libc_ret(rmdir(dir)));
}
