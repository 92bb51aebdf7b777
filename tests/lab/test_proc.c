// SPDX-License-Identifier: GPL-2.0
/* test_proc.c - programs run to their end, by force where they must be. */
#include <sys/prctl.h>
#include <sys/wait.h>

#include "test.h"

static struct proc_result sh(const char *script, struct proc spec)
{
	const char *argv[] = { "sh", "-c", script, NULL };
	struct proc_result res;

	spec.argv = argv;
	ASSERT_EQ(proc_run(&spec, &res), 0);
	return res;
}

/* True while a process of that number is there, zombies not counted. */
static bool alive(pid_t pid)
{
	char *stat = read_whole(strf("/proc/%d/stat", pid), NULL);
	char *state = stat ? strrchr(stat, ')') : NULL;
	bool is = state && state[2] != 'Z' && state[2] != 'X';

	free(stat);
	return is;
}

static bool gone_within(pid_t pid, int ms)
{
	int64_t until = now_ms() + ms;

	while (alive(pid) && now_ms() < until)
		sleep_ms(5);
	return !alive(pid);
}

TEST(proc_exit_and_output)
{
	struct proc_result res = sh("echo out; echo err >&2; exit 3", (struct proc){ 0 });

	ASSERT_EQ(res.status, 3);
	ASSERT_EQ(res.signal, 0);
	ASSERT_STR(res.out, "out\nerr\n");
	ASSERT_STR(res.err, "");
	ASSERT_STR(proc_describe(&res), "exited with status 3");
	ASSERT(!proc_ok(&res));
	proc_result_free(&res);

	res = sh("echo out; echo err >&2", (struct proc){ .output = PROC_SEPARATE });
	ASSERT_STR(res.out, "out\n");
	ASSERT_STR(res.err, "err\n");
	ASSERT(proc_ok(&res));
	proc_result_free(&res);

	res = sh("kill -SEGV $$", (struct proc){ 0 });
	ASSERT_EQ(res.signal, SIGSEGV);
	ASSERT_EQ(res.status, -1);
	ASSERT_STR(proc_describe(&res), "was killed by SIGSEGV");
	proc_result_free(&res);
}

TEST(proc_not_started)
{
	const char *none[] = { "no-such-program-here", NULL };
	const char *directory[] = { "/tmp", NULL };
	const char *pwd[] = { "pwd", NULL };
	struct proc spec = { .argv = none };
	struct proc_result res = { .status = 42 };

	ASSERT_EQ(proc_run(&spec, &res), -ENOENT);
	ASSERT(!res.out);
	spec.argv = directory;
	ASSERT_EQ(proc_run(&spec, &res), -EACCES);
	spec.argv = pwd;
	spec.cwd = "/no/such/directory";
	ASSERT_EQ(proc_run(&spec, &res), -ENOENT);
	/* Not executable by the kernel: a text without #! */
	ASSERT_EQ(write_whole("text", "hello\n", 6), 0);
	ASSERT_EQ(system("chmod +x text"), 0);
	spec = (struct proc){ .argv = (const char *[]){ "./text", NULL } };
	ASSERT_EQ(proc_run(&spec, &res), -ENOEXEC);
}

TEST(proc_environment_and_directory)
{
	const char *env[] = { "ADDED=yes", "LC_ALL=", "HOME", NULL };
	char *dir = xasprintf("%s/sub", test_dir);
	struct proc_result res;

	ASSERT_EQ(mkdir_p(dir), 0);
	res = sh("echo $ADDED; echo ${LC_ALL-unset}; echo ${HOME-unset}; pwd; test -n \"$PATH\"",
		 (struct proc){ .env = env, .cwd = dir });
	ASSERT_EQ(res.status, 0);
	ASSERT_STR(res.out, strf("yes\n\nunset\n%s\n", dir));
	proc_result_free(&res);

	/* A relative program is ours, not the other directory's. */
	ASSERT_EQ(write_whole("tool", "#!/bin/sh\necho ours in $PWD\n", 28), 0);
	ASSERT_EQ(system("chmod +x tool"), 0);

	const char *argv[] = { "./tool", NULL };
	struct proc spec = { .argv = argv, .cwd = dir };

	ASSERT_EQ(proc_run(&spec, &res), 0);
	ASSERT_STR(res.out, strf("ours in %s\n", dir));
	proc_result_free(&res);
}

TEST(proc_input)
{
	size_t size = 8 << 20;
	char *data = xmalloc(size);
	struct proc_result res;

	for (size_t i = 0; i < size; i++)
		data[i] = 'a' + test_random() % 26;
	res = sh("cat", (struct proc){ .input = data, .input_len = size });
	ASSERT_EQ(res.out_len, size);
	ASSERT(!memcmp(res.out, data, size));
	proc_result_free(&res);
	/* Nobody reads it: no SIGPIPE, no wait. */
	res = sh("exec <&-; exit 4", (struct proc){ .input = data, .input_len = size });
	ASSERT_EQ(res.status, 4);
	proc_result_free(&res);
	res = sh("cat | wc -c", (struct proc){ 0 });
	ASSERT_STR(res.out, "0\n");
	proc_result_free(&res);
	free(data);
}

struct seen {
	size_t lines;
	size_t bytes;
	size_t from_stderr;
	char last[64];
};

static void count_line(const char *line, bool from_stderr, void *data)
{
	struct seen *seen = data;

	seen->lines++;
	seen->bytes += strlen(line);
	seen->from_stderr += from_stderr;
	snprintf(seen->last, sizeof(seen->last), "%s", line);
}

TEST(proc_large_output_is_capped)
{
	struct seen seen = { 0 };
	struct proc_result res;

	res = sh("yes 0123456789abcde | head -c 64000000; printf end",
		 (struct proc){ .cap = 10000, .on_line = count_line, .data = &seen });
	ASSERT_EQ(res.status, 0);
	ASSERT_EQ(res.out_len, 10000);
	ASSERT(res.truncated);
	ASSERT_EQ(seen.lines, 64000000 / 16 + 1);
	ASSERT_STR(seen.last, "end");
	proc_result_free(&res);

	res = sh("head -c 20000000 /dev/zero", (struct proc){ 0 });
	ASSERT_EQ(res.out_len, 20000000);
	ASSERT(!res.truncated);
	proc_result_free(&res);
}

TEST(proc_lines)
{
	struct seen seen = { 0 };
	struct proc_result res;

	/* A line without an end comes in pieces, never without bound. */
	res = sh("head -c 200000 /dev/zero | tr '\\0' x", (struct proc){ .on_line = count_line, .data = &seen });
	ASSERT_EQ(seen.bytes, 200000);
	ASSERT_EQ(seen.lines, 200000 / 65536 + 1);
	proc_result_free(&res);

	seen = (struct seen){ 0 };
	res = sh("echo a; echo; echo b >&2; printf c",
		 (struct proc){ .output = PROC_SEPARATE, .on_line = count_line, .data = &seen });
	ASSERT_EQ(seen.lines, 4);
	ASSERT_EQ(seen.bytes, 3);
	ASSERT_EQ(seen.from_stderr, 1);
	proc_result_free(&res);
}

TEST(proc_deadline_kills_the_group)
{
	int64_t start = now_ms();
	struct proc_result res;
	pid_t grandchild;

	res = sh("trap '' TERM INT HUP; sleep 600 & echo $!; wait", (struct proc){ .deadline_ms = 500 });
	ASSERT(res.timed_out);
	ASSERT_EQ(res.signal, SIGKILL);
	ASSERT_INT(now_ms() - start, >=, 500);
	ASSERT_INT(res.duration_ms, >=, 500);
	grandchild = atoi(res.out);
	ASSERT_INT(grandchild, >, 1);
	ASSERT(gone_within(grandchild, 5000));
	ASSERT_STR(proc_describe(&res), "passed its deadline");
	proc_result_free(&res);
}

TEST(proc_leaves_nothing_behind)
{
	struct proc_result res;
	pid_t left, escaped;

	/* One stays in the group and one leaves it, both with the pipe open. */
	res = sh("sleep 600 & echo $!; setsid sleep 601 & echo $!; exit 0", (struct proc){ 0 });
	ASSERT_EQ(res.status, 0);
	left = atoi(res.out);
	escaped = atoi(strchr(res.out, '\n') + 1);
	ASSERT(gone_within(left, 5000));
	/* Who leaves the group is not ours any more, but is not waited for. */
	ASSERT_INT(res.duration_ms, <, 60000);
	kill(escaped, SIGKILL);
	proc_result_free(&res);
}

TEST(proc_flood_after_the_end_is_not_read_forever)
{
	struct proc_result res;
	pid_t flood;

	res = sh("setsid yes & echo $!; exit 0", (struct proc){ .cap = 1000, .deadline_ms = 30000 });
	flood = atoi(res.out);
	ASSERT_INT(flood, >, 1);
	kill(flood, SIGKILL);
	ASSERT_EQ(res.status, 0);
	ASSERT(!res.timed_out);
	proc_result_free(&res);
}

TEST(proc_child_dies_with_us)
{
	int pipe_fd[2];
	char text[32] = "";
	pid_t parent, child;

	ASSERT_EQ(pipe(pipe_fd), 0);
	parent = fork();
	if (parent == 0) {
		const char *script = strf("echo $$ > /proc/%d/fd/%d; exec sleep 600", getpid(), pipe_fd[1]);

		sh(script, (struct proc){ 0 });
		_exit(0);
	}
	ASSERT_INT(read(pipe_fd[0], text, sizeof(text) - 1), >, 0);
	child = atoi(text);
	ASSERT(alive(child));
	ASSERT_EQ(kill(parent, SIGKILL), 0);
	ASSERT_EQ(waitpid(parent, NULL, 0), parent);
	ASSERT(gone_within(child, 5000));
}

/* The status of a process that runs a child for long, interrupted by signo. */
static int interrupted(int signo, bool hold, pid_t *child)
{
	int pipe_fd[2], status;
	char text[32] = "";
	pid_t parent;

	ASSERT_EQ(pipe(pipe_fd), 0);
	parent = fork();
	if (parent == 0) {
		const char *script = strf("echo $$ > /proc/%d/fd/%d; exec sleep 600", getpid(), pipe_fd[1]);
		struct proc_result res;

		if (hold)
			interrupt_hold();
		res = sh(script, (struct proc){ 0 });
		/* Only who holds gets here, and tidies up. */
		if (res.signal == SIGKILL && interrupt_pending() == signo &&
		    write_whole("tidied", "", 0) == 0)
			interrupt_release();
		_exit(0);
	}
	ASSERT_INT(read(pipe_fd[0], text, sizeof(text) - 1), >, 0);
	*child = atoi(text);
	ASSERT_EQ(kill(parent, signo), 0);
	ASSERT_EQ(waitpid(parent, &status, 0), parent);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	return status;
}

TEST(proc_interrupt_ends_child_and_us)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	/* Often: the moment at which it comes decides. */
	for (size_t i = 0; i < 20 * ARRAY_SIZE(signals); i++) {
		int signo = signals[i % ARRAY_SIZE(signals)];
		pid_t child;
		int status = interrupted(signo, false, &child);

		ASSERT(WIFSIGNALED(status));
		ASSERT_EQ(WTERMSIG(status), signo);
		ASSERT(gone_within(child, 5000));
		ASSERT(!path_exists("tidied"));
	}
}

TEST(proc_interrupt_lets_us_tidy_up)
{
	pid_t child;
	int status = interrupted(SIGINT, true, &child);

	ASSERT(WIFSIGNALED(status));
	ASSERT_EQ(WTERMSIG(status), SIGINT);
	ASSERT(path_exists("tidied"));
	ASSERT(gone_within(child, 5000));
}

TEST(proc_many_runs_leak_no_descriptor)
{
	struct strlist before = { 0 }, after = { 0 };

	ASSERT_EQ(list_dir("/proc/self/fd", &before), 0);
	for (int i = 0; i < 50; i++) {
		struct proc_result res = sh("echo x", (struct proc){ .output = i % 2, .input = "x",
								     .input_len = 1 });

		proc_result_free(&res);
	}
	ASSERT_EQ(list_dir("/proc/self/fd", &after), 0);
	ASSERT_EQ(after.count, before.count);
}

TEST(proc_gives_no_descriptor_away)
{
	struct proc_result res;
	int fd = dup(STDOUT_FILENO);

	ASSERT_INT(fd, >, 2);
	res = sh("ls /proc/self/fd | grep -v '^[0123]$' | wc -l", (struct proc){ 0 });
	ASSERT_STR(res.out, "0\n");
	proc_result_free(&res);
	close(fd);
}
