// SPDX-License-Identifier: GPL-2.0
/*
 * test_slurm.c - a class graded by a Slurm of one node, which the test starts
 * and stops: on loopback, with keys, ports and state of its own. The node dies
 * in the middle of a task, an element of the array is cancelled, the grader is
 * killed; nothing is lost and nothing is judged twice.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "gradelab.h"
#include "proc.h"

#define LAB	"ch04_lkm/02_printk"
#define MARK	"WB_TEST_NODE=1"	/* in the environment of slurmd and its children */

static struct cluster {
	const char *dir, *conf, *environment;
	struct running auth, controller, node;
} cluster;

static unsigned int free_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (void *)&at, sizeof(at)) || getsockname(fd, (void *)&at, &len))
		FAIL("no port is free: %s", strerror(errno));
	close(fd);
	return ntohs(at.sin_port);
}

static void write_conf(void)
{
	struct buf conf = { 0 };
	const char *d = cluster.dir;

	buf_addf(&conf, "ClusterName=test\nSlurmctldHost=localhost(127.0.0.1)\n"
		 "SlurmctldPort=%u\nSlurmdPort=%u\n", free_port(), free_port());
	buf_addf(&conf, "AuthType=auth/munge\nAuthInfo=socket=%s/munge/socket\n", d);
	buf_addf(&conf, "StateSaveLocation=%s/state\nSlurmdSpoolDir=%s/spool\n", d, d);
	buf_addf(&conf, "SlurmctldPidFile=%s/ctl.pid\nSlurmdPidFile=%s/d.pid\n", d, d);
	buf_addf(&conf, "SlurmctldLogFile=%s/ctl.log\nSlurmdLogFile=%s/d.log\n", d, d);
	buf_adds(&conf, "SlurmUser=root\nSlurmdUser=root\n"
		 "CommunicationParameters=NoCtldInAddrAny,NoInAddrAny\n"
		 "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n"
		 "JobAcctGatherType=jobacct_gather/none\nMpiDefault=none\nSwitchType=switch/none\n"
		 "SelectType=select/cons_res\nSelectTypeParameters=CR_CPU\n"
		 "ReturnToService=2\nSlurmdTimeout=10\nKillWait=5\nMinJobAge=10\n"
		 "NodeName=localhost NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN\n"
		 "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP\n");
	put_file(cluster.conf, conf.data);
	buf_free(&conf);
}

static char *say(const char *command)
{
	const char *const argv[] = { "sh", "-c", command, NULL };
	struct proc_result res;
	char *out;

	if (proc_run(&(struct proc){ .argv = argv, .output = PROC_MERGED, .deadline_ms = 30000 }, &res))
		return xstrdup("");
	out = xstrdup(str_trim(res.out));
	proc_result_free(&res);
	return out;
}

static void await(const char *command, const char *text, const char *what)
{
	int64_t until = now_ms() + 240000;
	char *out = say(command);

	while (!strstr(out, text) && now_ms() < until) {
		free(out);
		sleep_ms(500);
		out = say(command);
	}
	if (!strstr(out, text))
		FAIL("%s: %s says: %s", what, command, out);
	free(out);
}

static void start_node(void)
{
	start_program(&cluster.node, (const char *const[]){
		"env", MARK, "slurmd", "-D", "-N", "localhost", NULL });
	await("sinfo --noheader --format %T", "idle", "the node does not come up");
}

/* What has all of these words in its environment, and is not one of us. */
static bool carries(const char *pid, const char *word)
{
	size_t len = 0, at = 0;
	char *env = read_whole(strf("/proc/%s/environ", pid), &len);
	bool ours = false, has = false;

	for (; env && at < len; at += strlen(env + at) + 1) {
		ours |= !strcmp(env + at, cluster.environment);
		has |= str_starts(env + at, word);
	}
	free(env);
	return ours && has;
}

/* The node's processes end at once, in whatever they were: its power is cut. */
static void kill_node(void)
{
	struct strlist pids = { 0 };

	kill(cluster.node.pid, SIGKILL);
	list_dir("/proc", &pids);
	for (size_t i = 0; i < pids.count; i++)
		if (isdigit((unsigned char)*pids.items[i]) &&
		    (carries(pids.items[i], MARK) || carries(pids.items[i], "SLURM_ARRAY_TASK_ID=")))
			kill(atoi(pids.items[i]), SIGKILL);
	strlist_free(&pids);
	waitpid(cluster.node.pid, NULL, 0);
}

static void stop_cluster(void)
{
	kill_node();
	kill(cluster.controller.pid, SIGKILL);
	waitpid(cluster.controller.pid, NULL, 0);
	kill(cluster.auth.pid, SIGTERM);
	waitpid(cluster.auth.pid, NULL, 0);
}

static void need_programs(void)
{
	static const char *const names[] = { "munged", "slurmctld", "slurmd", "sbatch" };

	if (geteuid())
		test_skip("Slurm's daemons need root here");
	setenv("PATH", strf("%s:/usr/sbin:/sbin", getenv("PATH")), 1);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = proc_find_program(names[i]);

		if (!path)
			test_skip("there is no %s (sudo apt-get install slurmctld slurmd slurm-client munge)",
				  names[i]);
		free(path);
	}
}

static void start_cluster(void)
{
	static const char *const dirs[] = { "munge", "state", "spool" };
	char key[128];

	need_programs();
	cluster.dir = xasprintf("%s/slurm", test_dir);
	cluster.conf = xasprintf("%s/slurm.conf", cluster.dir);
	cluster.environment = xasprintf("SLURM_CONF=%s", cluster.conf);
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		ASSERT_EQ(mkdir_p(xasprintf("%s/%s", cluster.dir, dirs[i])), 0);
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = test_random();
	ASSERT_EQ(write_whole(strf("%s/munge/key", cluster.dir), key, sizeof(key)), 0);
	ASSERT_EQ(chmod(strf("%s/munge/key", cluster.dir), 0600), 0);
	write_conf();
	setenv("SLURM_CONF", cluster.conf, 1);
	start_program(&cluster.auth, (const char *const[]){
		"munged", "--foreground", "--force", xasprintf("--key-file=%s/munge/key", cluster.dir),
		xasprintf("--socket=%s/munge/socket", cluster.dir),
		xasprintf("--pid-file=%s/munge/pid", cluster.dir),
		xasprintf("--log-file=%s/munge/log", cluster.dir),
		xasprintf("--seed-file=%s/munge/seed", cluster.dir), NULL });
	await(strf("ls %s/munge", cluster.dir), "socket", "munged does not start");
	start_program(&cluster.controller, (const char *const[]){ "slurmctld", "-D", NULL });
	start_node();
}

/* ---- the class ---- */

static const char *subs, *out;

static void make_class(void)
{
	subs = xasprintf("%s/submissions", test_dir);
	out = xasprintf("%s/out", test_dir);
	for (int i = 0; i < 8; i++)
		put_lab_files(xasprintf("%s/s%d", subs, i), LAB, i % 2);
	put_file(xasprintf("%s/broken/none.txt", subs), "nothing\n");
}

static void start(struct running *running)
{
	start_lab(running, "grade", subs, "--labs", LAB, "--out", out, "--seed", "3", "-j", "2", "--engine",
		  "slurm");
}

static int64_t verdicts(void)
{
	if (!is_file(strf("%s/grades.db", out)) ||
	    book_counts(out, "SELECT count(*) FROM sqlite_master WHERE name = 'verdicts'") < 1)
		return 0;
	return book_counts(out, "SELECT count(*) FROM verdicts");
}

static void wait_until(struct running *running, int64_t count, bool task)
{
	int64_t until = now_ms() + 1200000;
	struct strlist at_work = { 0 };

	for (;;) {
		list_dir(strf("%s/.slurm/run", out), &at_work);
		if (verdicts() >= count && (!task || at_work.count))
			break;
		if (waitpid(running->pid, NULL, WNOHANG) || now_ms() > until)
			FAIL("no %lld verdicts came: %s", (long long)count, read_whole(running->err_path, NULL));
		strlist_free(&at_work);
		sleep_ms(200);
	}
	strlist_free(&at_work);
}

static const char *book(void)
{
	return book_says(out, "SELECT group_concat(id || student || at) FROM (SELECT * FROM verdicts ORDER BY id)");
}

TEST(slurm_loses_nothing)
{
	struct running running;
	const char *early, *late;
	struct ran ran;
	char *job;

	start_cluster();
	make_class();
	start(&running);
	/* The node dies in the middle of a task, and comes back. */
	wait_until(&running, 1, true);
	kill_node();
	start_node();
	/* Somebody cancels an element: its tasks are submitted once more. */
	wait_until(&running, 3, true);
	job = read_whole(strf("%s/.slurm/job", out), NULL);
	free(say(strf("scancel --state=RUNNING %s", job ? job : "none")));
	/* The grader dies; its job must not go on behind the next call's back. */
	wait_until(&running, 5, true);
	kill(running.pid, SIGKILL);
	waitpid(running.pid, NULL, 0);
	unlink(running.out_path);
	unlink(running.err_path);
	early = book();
	start(&running);
	ran = finish(&running);
	EXPECT(ran, 0, "8 judged", "4 with full marks", "~WITHOUT A MARK");
	late = book();
	if (strncmp(early, late, strlen(early)))
		FAIL("verdicts of before were made again:\n%s\n%s", early, late);
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM verdicts"), 8);
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM faults"), 0);
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM marks WHERE points = out_of AND student IN "
			      "('s1', 's3', 's5', 's7')"), 4);
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM marks WHERE points < out_of AND status = 'judged' AND "
			      "student IN ('s0', 's2', 's4', 's6')"), 4);
	ASSERT_STR(book_says(out, "SELECT status FROM marks WHERE student = 'broken'"), "missing");
	ASSERT(!path_exists(strf("%s/.slurm", out)) && !path_exists(strf("%s/.work", out)));
	/* All that was submitted has ended. */
	job = say("squeue --noheader");
	ASSERT_STR(job, "");
	stop_cluster();
}

/* Without a Slurm it says so, and judges nothing. */
TEST(slurm_that_is_not_there)
{
	const char *empty = xasprintf("%s/bin", test_dir);
	struct ran ran;

	make_class();
	ran = run_lab("grade", subs, "--labs", LAB, "--out", out, "--engine", "moon");
	EXPECT(ran, 2, "no engine 'moon'");
	ASSERT_EQ(mkdir_p(empty), 0);
	put_file(xasprintf("%s/sbatch", empty), "#!/bin/sh\necho no controller here\nexit 1\n");
	ASSERT_EQ(chmod(xasprintf("%s/sbatch", empty), 0755), 0);
	setenv("PATH", strf("%s:%s", empty, getenv("PATH")), 1);
	ran = run_lab("grade", subs, "--labs", LAB, "--out", out, "--engine", "slurm");
	EXPECT(ran, 5, "Slurm did not take the job", "no controller here");
	ASSERT_EQ(book_counts(out, "SELECT count(*) FROM verdicts"), 0);
}
