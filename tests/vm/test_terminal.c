// SPDX-License-Identifier: GPL-2.0
/* test_terminal.c - what people see, on a terminal and without one; the shell. */
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <utmp.h>

#include "proc.h"
#include "term.h"
#include "vmlab.h"

struct screen {
	int status;
	int signal;
	char *text;
	int tty_left;		/* its modes were as before */
};

/*
 * On a terminal of 80 columns; types each of the lines when it sees "# ", and
 * sends the signal (0: none) when there are none left.
 */
static struct screen on_terminal(const char *const *typed, int signo, const char *const *argv)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	int64_t until = now_ms() + 240000;
	struct screen screen = { 0 };
	struct termios before, after;
	struct buf out = { 0 };
	int master, slave, status;
	size_t seen = 0;
	pid_t pid;

	ASSERT_EQ(openpty(&master, &slave, NULL, NULL, &size), 0);
	ASSERT_EQ(tcgetattr(slave, &before), 0);
	fflush(stdout);
	pid = fork();
	ASSERT_INT(pid, >=, 0);
	if (pid == 0) {
		close(master);
		login_tty(slave);
		execv(LAB_PROGRAM, (char *const *)argv);
		_exit(127);
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		struct pollfd pfd = { .fd = master, .events = POLLIN };
		char chunk[4096];
		ssize_t got;
		char *prompt;

		ASSERT_INT(now_ms(), <, until);
		if (poll(&pfd, 1, 20) <= 0)
			continue;
		got = read(master, chunk, sizeof(chunk));
		if (got > 0)
			buf_add(&out, chunk, got);
		prompt = out.data ? strstr(out.data + seen, "# ") : NULL;
		if (!prompt)
			continue;
		seen = prompt + 2 - out.data;
		if (typed && *typed) {
			ASSERT_EQ(write(master, *typed, strlen(*typed)), strlen(*typed));
			typed++;
		} else if (signo) {
			kill(pid, signo);
		}
	}
	ASSERT_EQ(tcgetattr(slave, &after), 0);
	screen.tty_left = before.c_lflag == after.c_lflag && before.c_iflag == after.c_iflag &&
			  before.c_oflag == after.c_oflag;
	close(slave);
	for (;;) {
		char chunk[4096];
		ssize_t got = read(master, chunk, sizeof(chunk));

		if (got <= 0)
			break;
		buf_add(&out, chunk, got);
	}
	close(master);
	screen.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	screen.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	screen.text = buf_steal(&out);
	if (screen.status == 99)
		FAIL("a sanitizer reports:\n%s", screen.text);
	return screen;
}

#define ON_TERMINAL(typed, ...) \
	on_terminal(typed, 0, (const char *const[]){ LAB_PROGRAM, __VA_ARGS__, NULL })

/* A pipe gets lines, and nothing that moves a cursor. */
TEST(without_a_terminal)
{
	struct ran ran = run_lab("check", MISBEHAVE, "--only", "fails");

	EXPECT(ran, 1, "FAILED", "~\033", "~\r");
}

TEST(no_color)
{
	struct screen screen;

	setenv("NO_COLOR", "1", 1);
	screen = ON_TERMINAL(NULL, "check", MISBEHAVE, "--only", "fails");
	ASSERT_EQ(screen.status, 1);
	/* The line of progress clears itself; no colour is set. */
	for (const char *p = screen.text; (p = strchr(p, '\033')); p++)
		ASSERT(str_starts(p, "\033[K"));
	unsetenv("NO_COLOR");
	screen = ON_TERMINAL(NULL, "check", MISBEHAVE, "--only", "fails");
	ASSERT_EQ(screen.status, 1);
	ASSERT_HAS(screen.text, "\033[31m");
}

/* What stands on a screen of 80 columns when all is done. */
TEST(screen_of_80_columns)
{
	char *tmux = proc_find_program("tmux");
	const char *socket = xasprintf("%s/tmux", test_dir);
	const char *command = xasprintf("%s check %s --only fails; echo STATUS $?; exec sleep 1000",
					LAB_PROGRAM, MISBEHAVE);
	const char *const begin[] = {
		"tmux", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y",
		"30", command, NULL
	};
	const char *const capture[] = { "tmux", "-S", socket, "capture-pane", "-p", NULL };
	const char *const end[] = { "tmux", "-S", socket, "kill-server", NULL };
	int64_t until = now_ms() + 240000;
	struct ran ran = { 0 };

	if (!tmux)
		test_skip("there is no tmux to draw a screen");
	free(tmux);
	ran = run_program(begin);
	EXPECT(ran, 0);
	do {
		sleep_ms(200);
		ran = run_program(capture);
	} while (!strstr(ran.out, "STATUS") && now_ms() < until);
	run_program(end);
	/* Nothing of the progress stays, and nothing was broken at the edge. */
	EXPECT(ran, 0, "misbehave on Linux 6.1", "✗ fails", "The module was not loaded.",
	       "FAILED  0 passed, 1 failed", "STATUS 1", "~building", "~checking", "~⠋");
	ASSERT(str_starts(ran.out, "misbehave on Linux 6.1"));
}

static const char *const poweroff[] = { "poweroff -f\n", NULL };
static const char *const panics[] = { "echo c > /proc/sysrq-trigger\n", NULL };

TEST(shell_on_a_terminal)
{
	const char *word = random_word();
	const char *const typed[] = {
		xasprintf("echo %s | tr a-z A-Z\n", word), "insmod misbehave.ko; lsmod | tr -s ' '\n",
		"stty size; exit\n", NULL
	};
	struct screen screen = ON_TERMINAL(typed, "shell", MISBEHAVE);
	char *loud = xstrdup(word);

	for (char *p = loud; *p; p++)
		*p -= 'a' - 'A';
	ASSERT_EQ(screen.status, 0);
	ASSERT_HAS(screen.text, loud);
	ASSERT_HAS(screen.text, "misbehave 16384");
	ASSERT_HAS(screen.text, "24 80");
	ASSERT(screen.tty_left);
	free(loud);
}

TEST(shell_that_ends_the_machine)
{
	struct screen screen = ON_TERMINAL(poweroff, "shell");

	ASSERT_EQ(screen.status, 0);
	ASSERT(screen.tty_left);
	screen = ON_TERMINAL(panics, "shell");
	ASSERT_EQ(screen.status, 3);
	ASSERT_HAS(screen.text, "the kernel panicked");
	ASSERT(screen.tty_left);
}

/* Lines from a file, as a script gives them. */
TEST(shell_without_a_terminal)
{
	const char *word = random_word();
	const char *const argv[] = {
		"sh", "-c", strf("printf 'echo %s | tr a-z A-Z\\nexit 3\\n' | exec %s shell",
				 word, LAB_PROGRAM), NULL
	};
	char *loud = xstrdup(word);
	struct ran ran = run_program(argv);

	for (char *p = loud; *p; p++)
		*p -= 'a' - 'A';
	EXPECT(ran, 0, loud);
	free(loud);
}

/* Interrupted from outside, it leaves the terminal as it found it. */
TEST(shell_that_is_interrupted)
{
	const char *const argv[] = { LAB_PROGRAM, "shell", NULL };
	struct screen screen = on_terminal(NULL, SIGTERM, argv);

	ASSERT_EQ(screen.signal, SIGTERM);
	ASSERT(screen.tty_left);
}
