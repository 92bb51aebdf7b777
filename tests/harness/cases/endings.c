// SPDX-License-Identifier: GPL-2.0
/* Checks that end in every way but the proper one. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "case.h"

CHECK(segv)
{
	raise(SIGSEGV);
}

__attribute__((no_sanitize("undefined", "address")))
static void write_to_null(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}

CHECK(null_pointer)
{
	write_to_null();
}

CHECK(aborts)
{
	abort();
}

CHECK(exits_zero)
{
	exit(0);
}

CHECK(exits_three)
{
	check_note("before");
	_exit(3);
}

CHECK(kills_its_group)
{
	kill(0, SIGKILL);
	for (;;)
		pause();
}

CHECK(hangs, .deadline = 3)
{
	EXPECT_EQ(1, 2, "said before");
	printf("printed before\n");
	for (;;)
		pause();
}

CHECK(ignores_signals, .deadline = 1)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	signal(SIGTERM, SIG_IGN);
	for (;;)
		pause();
}

CHECK(stops_itself, .deadline = 1)
{
	raise(SIGSTOP);
}

CHECK(changes_group, .deadline = 1)
{
	ASSERT_OK(libc_ret(setpgid(0, getpgid(getppid()))));
	for (;;)
		pause();
}

/* Tell the driver who we are: it looks later whether we are gone. */
static void write_pid(const char *name)
{
	FILE *file = fopen(given(name), "w");

	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
}

static void start_grandchild(bool own_session)
{
	int ready[2];
	char c;

	ASSERT_OK(pipe(ready));
	if (!fork()) {
		if (own_session && setsid() < 0)
			_exit(1);
		write_pid("CASE_PID_FILE");
		close(ready[0]);
		if (write(ready[1], "", 1) == 1)
			close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	ASSERT_EQ(read(ready[0], &c, 1), 1);
	close(ready[0]);
}

CHECK(leaves_grandchild)
{
	start_grandchild(false);
}

CHECK(leaves_daemon)
{
	start_grandchild(true);
}

CHECK(hangs_with_daemon, .deadline = 5)
{
	start_grandchild(true);
	for (;;)
		pause();
}

CHECK(waits_for_the_driver, .deadline = 1000)
{
	write_pid("CASE_PID_FILE");
	for (;;)
		pause();
}

CHECK(closes_everything)
{
	for (int fd = 0; fd < 1024; fd++)
		close(fd);
}

CHECK(garbles_the_report)
{
	for (int fd = 400; fd < 1024; fd++)	/* where the harness keeps it */
		if (fcntl(fd, F_GETFD) >= 0 &&
		    write(fd, "ok 1 garbles_the_report\n", 24) < 0)
			continue;
}

CHECK(child_falls_out)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		return;
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	check_note("the parent goes on");
	EXPECT_EQ(status, 0);
}

CHECK(child_fails)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		ASSERT_EQ(1, 2, "in the child");
		check_note("not reached");
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	check_note("the child's status is %d", WEXITSTATUS(status));
}

static void *thread(void *arg)
{
	EXPECT_EQ(*(int *)arg, 2, "in the thread");
	return NULL;
}

CHECK(thread_fails)
{
	int one = 1;
	pthread_t id;

	ASSERT_EQ(pthread_create(&id, NULL, thread, &one), 0);
	ASSERT_EQ(pthread_join(id, NULL), 0);
	check_note("joined");
}

CHECK(reads_stdin)
{
	char c;

	EXPECT_EQ(read(STDIN_FILENO, &c, 1), 0, "Standard input is empty");
}

CHECK(skips, .title = "Skipped with a reason that tries to forge")
{
	check_skip("no such\nok 99 %s", "hardware");
}

CHECK(skips_after_failure)
{
	EXPECT_EQ(1, 2);
	check_skip("too late");
}

CHECK(passes)
{
}
