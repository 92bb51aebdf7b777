// SPDX-License-Identifier: GPL-2.0
/* test_endings.c - a check passes only by its proper end */

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"

/* Run one check of cases/endings.c: these lines and this status. */
static void ending(const char *name, int status, const char *lines)
{
	struct run run = run_case("endings", "--seed", "1", "--only", name, NULL);

	hide_lines(run.out);
	same_text(run.out, "KTAP version 1\n# seed 1\n1..1\n%s", lines);
	same_text(run.err, "%s", "");
	same_number(run.status, status);
}

TEST(crashes)
{
	ending("segv", 1,
	       "# The check's process was ended by SIGSEGV: Segmentation fault.\n"
	       "not ok 1 segv # CRASHED by signal 11\n");
	ending("null_pointer", 1,
	       "# The check's process was ended by SIGSEGV: Segmentation fault.\n"
	       "not ok 1 null_pointer # CRASHED by signal 11\n");
	ending("aborts", 1,
	       "# The check's process was ended by SIGABRT: Aborted.\n"
	       "not ok 1 aborts # CRASHED by signal 6\n");
	ending("kills_its_group", 1,
	       "# The check's process was ended by SIGKILL: Killed. Did memory run out? See the kernel log.\n"
	       "not ok 1 kills_its_group # CRASHED by signal 9\n");
}

TEST(exit_is_no_pass)
{
	ending("exits_zero", 1,
	       "# The check's process exited with status 0 before the check's end.\n"
	       "not ok 1 exits_zero # CRASHED with exit status 0\n");
	ending("exits_three", 1,
	       "# The check's process exited with status 3 before the check's end.\n"
	       "# before\n"
	       "not ok 1 exits_three # CRASHED with exit status 3\n");
	ending("passes", 0, "ok 1 passes\n");
}

TEST(lost_report_is_no_pass)
{
	ending("closes_everything", 1,
	       "# The check's process exited with status 5 before the check's end.\n"
	       "not ok 1 closes_everything # CRASHED with exit status 5\n");
	ending("garbles_the_report", 1,
	       "# Something wrote into the check's own report.\n"
	       "not ok 1 garbles_the_report # CRASHED with exit status 0\n");
}

TEST(deadline)
{
	ending("hangs", 1,
	       "# The check was not done after 3 s and was stopped.\n"
	       "# said before\n# endings.c:N: expected 1 == 2\n"
	       "# It printed:\n# | printed before\n"
	       "not ok 1 hangs # TIMEOUT after 3 s\n");
	ending("ignores_signals", 1,
	       "# The check was not done after 1 s and was stopped.\n"
	       "not ok 1 ignores_signals # TIMEOUT after 1 s\n");
	ending("stops_itself", 1,
	       "# The check was not done after 1 s and was stopped.\n"
	       "not ok 1 stops_itself # TIMEOUT after 1 s\n");
	ending("changes_group", 1,
	       "# The check was not done after 1 s and was stopped.\n"
	       "not ok 1 changes_group # TIMEOUT after 1 s\n");
}

/* The process whose number is in the file; 0 while there is none. */
static pid_t pid_in(const char *path)
{
	FILE *file = fopen(path, "r");
	int pid = 0;

	if (file && fscanf(file, "%d", &pid) != 1)
		pid = 0;
	if (file)
		fclose(file);
	return pid;
}

static void leaves_nothing(const char *name, int status, const char *lines)
{
	char *path = make_file(name, "", 0);
	pid_t pid;

	give("CASE_PID_FILE", "%s", path);
	ending(name, status, lines);
	pid = pid_in(path);
	if (holds(pid > 1))
		holds(kill(pid, 0) < 0 && errno == ESRCH);
}

TEST(grandchildren)
{
	leaves_nothing("leaves_grandchild", 0, "ok 1 leaves_grandchild\n");
	leaves_nothing("leaves_daemon", 0, "ok 1 leaves_daemon\n");
	leaves_nothing("hangs_with_daemon", 1,
		       "# The check was not done after 5 s and was stopped.\n"
		       "not ok 1 hangs_with_daemon # TIMEOUT after 5 s\n");
}

/* Whoever ends the harness ends the check, too. */
static void interrupt(int signal)
{
	char *path = make_file("interrupted", "", 0), *program;
	int status, out[2];
	pid_t harness, check = 0;
	char c;

	give("CASE_PID_FILE", "%s", path);
	if (!holds(pipe(out) == 0))
		return;
	harness = fork();
	if (!harness) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		program = case_path("endings");
		execl(program, program, "--only", "waits_for_the_driver", NULL);
		_exit(127);
	}
	close(out[1]);
	for (int i = 0; i < 1000 && !check; i++) {
		usleep(10000);
		check = pid_in(path);
	}
	holds(check > 1);
	kill(harness, signal);
	waitpid(harness, &status, 0);
	holds(WIFSIGNALED(status));
	same_number(WTERMSIG(status), signal);
	while (read(out[0], &c, 1) > 0)		/* to the end of its output */
		;
	close(out[0]);
	/* The kernel may need a moment to end it; for ever is a failure. */
	for (int i = 0; i < 1000 && !kill(check, 0); i++)
		usleep(10000);
	holds(kill(check, 0) < 0 && errno == ESRCH);
}

TEST(interrupted)
{
	interrupt(SIGTERM);
	interrupt(SIGINT);
	interrupt(SIGKILL);
}

TEST(children_and_threads)
{
	ending("child_falls_out", 0, "# the parent goes on\nok 1 child_falls_out\n");
	ending("child_fails", 1,
	       "# in the child\n# endings.c:N: expected 1 == 2\n"
	       "# the child's status is 1\n"
	       "not ok 1 child_fails\n");
	ending("thread_fails", 1,
	       "# in the thread\n# endings.c:N: expected *(int *)arg == 2\n"
	       "#   *(int *)arg is 1\n# joined\nnot ok 1 thread_fails\n");
	ending("reads_stdin", 0, "ok 1 reads_stdin\n");
}

TEST(skip)
{
	ending("skips", 0, "ok 1 skips # SKIP no such\\x0aok 99 hardware\n");
	ending("skips_after_failure", 1,
	       "# endings.c:N: expected 1 == 2\nnot ok 1 skips_after_failure\n");
}

TEST(stuck_in_the_kernel)
{
	struct run run = run_case("stuck", "--seed", "1", NULL);

	like(run.out, "^KTAP version 1\n# seed 1\n1..4\nok 1 before\n"
	     "# The check was not done after 1 s and was stopped.\n"
	     "# Process [0-9]+ does not end, though it was killed 5 seconds ago.\n"
	     "# A thread in state S is stuck (in the kernel at:\n(# .*\n)+|; the kernel does not say where.\n)"
	     "not ok 2 hangs # TIMEOUT after 1 s\n"
	     "ok 3 next # SKIP the kernel is stuck in [a-z_].* since check hangs\n"
	     "ok 4 last # SKIP the kernel is stuck in [a-z_].* since check hangs\n$");
	same_number(run.status, 1);
}
